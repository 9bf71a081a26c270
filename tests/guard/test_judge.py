"""`guard.judge` and its command: agents cannot ask for secrets, scam talk is noticed."""

import json
import time
from collections import Counter
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from kefu import guard
from kefu.cli.guard import guard as command
from kefu.guard.talk import opinion
from kefu.guard.talk.clauses import Talk
from tests.guard.talk import GROUPS, HERE, corpus
from tests.guard.talk.__main__ import wrong
from tests.guard.talk.labelled import ORDINARY, Labelled, labelled
from tests.guard.talk.train_opinion import examples, fit, packed

CASES = [
    tuple(line.split(" ", 2))
    for line in Path(HERE / "cases.txt").read_text("utf-8").splitlines()
    if not line.startswith("#")
]
BARS = {
    "asks": 0.05,
    "agents": 0.01,
    "scams": 0.03,
    "posts": 0.02,
    "warnings": 0.03,
    "bribes": 0.1,
    "tales": 0.1,
    "customers": 0.02,
}
"""The share of each group that may be judged wrong, on templates held out."""


UNRULED: list[tuple[str, guard.Role, str]] = [
    (
        "agent",
        "agent",
        "Whatever the authenticator shows now, I need you to put it in the chat.",
    ),
    ("agent", "agent", "认证器上现在的六个数字，您报一下"),
    ("agent", "agent", "钱包备份的英文单词，一个一个念给我听"),
    ("post", "post", "I pay 200 USDT a month for a verified account, you only hand over the login"),
    ("post", "post", "收已实名的交易所账号，月付两百U，交出登录就行"),
    ("bribe", "customer", "Half of what is in there is yours if my ban quietly goes away tonight"),
    ("customer", "customer", "She wants me to install an app and show my screen to save my coins"),
]
"""What the opinion objects to by itself; none of it is among the texts it was trained on."""


@pytest.mark.parametrize(("role", "verdict", "text"), CASES)
def test_a_single_text_gets_its_verdict(role: guard.Role, verdict: str, text: str) -> None:
    assert guard.judge(text, role=role).verdict in verdict.split("/")


def test_held_out_templates_keep_the_bars() -> None:
    rows = list(corpus("held_out", per_template=3))
    count, missed = (Counter(row.group for row in part) for part in (rows, wrong(rows)))
    assert {group for group in GROUPS if missed[group] > BARS[group] * count[group]} == set()


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("Please send me your seed phrase", "asks.mnemonic"),
        ("请把私钥发给我", "asks.private_key"),
        ("Hello! Please tell me your password", "asks.password"),
        ("Назовите код из смс", "asks.otp"),
        ("Envíeme el número completo de la tarjeta", "asks.card"),
        ("カードのセキュリティコードを教えてください", "asks.cvv"),
        ("API 시크릿을 보내 주세요", "asks.api_secret"),
        ("Write to me on Telegram @desk1", "scam.other_app"),
        ("Install AnyDesk so I can help", "scam.remote_control"),
        ("把资产转到安全账户", "scam.safe_wallet"),
        ("Pay the release fee before you withdraw", "scam.fee"),
        ("Don't tell the bank it is for crypto", "scam.secrecy"),
    ],
)
def test_an_agent_is_told_why(text: str, reason: str) -> None:
    verdict = guard.judge(text, role="agent")
    assert verdict.verdict == "block"
    assert reason in verdict.reasons


def test_a_bribe_beside_a_scam_tale_tells_of_both() -> None:
    tale = "A man on Telegram told me to move my coins to a safe wallet."
    verdict = guard.judge(f"{tale} 500 USDT to your personal wallet if you do it", role="customer")
    assert verdict.verdict == "hold"
    assert {"scam.bribe", "scam.safe_wallet"} <= set(verdict.reasons)


@pytest.mark.parametrize(
    "text",
    [
        "send me your p a s s w o r d",
        "send me your pa55w0rd",
        "send me your p\u200ba\u200bs\u200bs\u200bword",
        "send me your \uff50\uff41\uff53\uff53\uff57\uff4f\uff52\uff44",
        "send me your p\u0430ssw\u043erd",
        "请把验 证 码发给我",
        "请把助.记.词发给我",
    ],
)
def test_a_disguise_does_not_help(text: str) -> None:
    assert guard.judge(text, role="agent").verdict == "block"


def test_mask_tokens_say_nothing() -> None:
    text = "Please send me ⟪password⟫ ⟪mnemonic:12⟫, I mean your UID"
    assert guard.judge(text, role="agent").verdict == "pass"


def test_a_post_with_a_secret_is_held() -> None:
    phrase = "legal winner thank year wave sausage worth useful legal winner thank yellow"
    assert guard.judge(f"my words: {phrase}", role="post") == ("hold", ("secret.mnemonic",))


@pytest.mark.parametrize(
    "text",
    [
        "send your password " * 5_000,
        "we need the password " * 5_000 + "in the app",
        "请把密码发给我" * 15_000,
        "s.e.e.d." * 12_000,
        "0x" * 50_000,
        "+1 " * 33_000,
        "\n" * 100_000,
        "@" * 100_000,
        "a," * 50_000,
        "\ud800" * 100_000,
    ],
)
def test_hostile_text_takes_linear_time(text: str) -> None:
    started = time.process_time()
    guard.judge(text, role="agent")
    guard.judge(text, role="customer")
    opinion.suspected(Talk(text), "customer")
    assert time.process_time() - started < 3  # noise aside 0.1 to 0.4; quadratic time is minutes


def _judged(role: str, lines: str) -> Result:
    return CliRunner().invoke(command, ["judge", "--as", role], input=lines)


def test_each_row_is_answered_in_order() -> None:
    rows = [
        {"id": "a", "text": "Send me your password", "lang": "en"},
        {"id": 2, "text": "您好"},
        {"id": None, "text": "\ud83d"},
    ]
    result = _judged("agent", "".join(json.dumps(row) + "\n" for row in rows))
    assert result.exit_code == 0
    assert [json.loads(line) for line in result.stdout.splitlines()] == [
        {"id": "a", "verdict": "block", "reasons": ["asks.password"]},
        {"id": 2, "verdict": "pass", "reasons": []},
        {"id": None, "verdict": "pass", "reasons": []},
    ]


def test_a_wrong_row_is_answered_and_the_next_one_too() -> None:
    result = _judged("post", '{"id": 1}\n[]\n{"id": 4, "text": 5}\n{"id": 5, "text": "hi"}')
    answers = [json.loads(line) for line in result.stdout.splitlines()]
    assert result.exit_code == 0
    assert ["error" in answer for answer in answers] == [True, True, True, False]


def test_another_writer_is_refused() -> None:
    assert _judged("robot", '{"id": 1, "text": "hi"}').exit_code == 2


@pytest.mark.parametrize("kind", opinion.KINDS)
def test_a_model_learns_what_it_is_shown(kind: str) -> None:
    groups = {"agent": "asks", "customer": "tales", "bribe": "bribes", "post": "scams"}
    harmless = {"agent": "agents", "post": "posts"}.get(kind, "customers")
    rows = [Labelled("x", groups[kind], f"hand the golden ticket to me {at}") for at in range(9)]
    rows += [Labelled("x", harmless, f"the lift goes up to floor {at}") for at in range(9)]
    table = opinion.table(packed(*fit(examples(rows, kind)), 0.0))
    scores = [table.score(opinion.features(Talk(row.text))) for row in rows]
    assert min(scores[:9]) > 0 > max(scores[9:])


def test_the_opinion_found_in_the_pack_is_small_and_whole() -> None:
    path = Path(opinion.__file__).parents[1] / "pack" / "opinion.bin"
    assert path.stat().st_size == len(opinion.KINDS) * (opinion.HEAD.size + opinion.BUCKETS)
    assert path.stat().st_size < 400_000


def test_the_opinion_objects_to_few_ordinary_texts() -> None:
    rows = [row for row in labelled() if row.source == ORDINARY and row.group == "customers"][::5]
    assert sum(
        opinion.suspected(Talk(row.text), "customer") is not None for row in rows
    ) < 0.01 * len(rows)


@pytest.mark.parametrize(("kind", "role", "text"), UNRULED)
def test_the_opinion_hears_what_it_never_read(kind: str, role: guard.Role, text: str) -> None:
    assert opinion.suspected(Talk(text), kind)
    assert guard.judge(text, role=role).verdict in {"agent": {"block"}, "post": {"hold"}}.get(
        role, {"warn", "hold"}
    )


@pytest.mark.parametrize(
    "text",
    [
        "Never share your recovery phrase or the code from the SMS with anybody.",
        "请不要把验证码告诉任何人，我们也不会问您要。",
        "Мы никогда не спрашиваем код из смс.",
        "Cover the card number before you send the screenshot.",
    ],
)
def test_no_opinion_on_what_tells_to_keep_a_secret(text: str) -> None:
    assert not opinion.may_object(Talk(text), "agent")
    assert guard.judge(text, role="agent").verdict == "pass"


def test_the_opinion_reads_the_folded_text() -> None:
    plain, hidden = "write down the twelve words", "wri\u200bte d\uff4fwn the tw\u0435lve words"
    features = [[*map(sorted, part)] for part in opinion.features(Talk(plain))]
    assert features == [[*map(sorted, part)] for part in opinion.features(Talk(hidden))]


def test_every_part_of_a_long_text_is_heard() -> None:
    asked = UNRULED[0][2]
    long = "The transfer is on its way. " * 40
    assert opinion.suspected(Talk(f"{long}{asked} {long}"), "agent")
