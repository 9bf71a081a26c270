"""`guard.judge` and its command: agents cannot ask for secrets, scam talk is noticed."""

import json
import time
from collections import Counter
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from kefu import guard
from kefu.cli.guard import guard as command
from tests.guard.talk import GROUPS, HERE, corpus
from tests.guard.talk.__main__ import wrong

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
    "customers": 0.02,
}
"""The share of each group that may be judged wrong, on templates held out."""


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
    started = time.perf_counter()
    guard.judge(text, role="agent")
    guard.judge(text, role="customer")
    assert time.perf_counter() - started < 3  # noise aside 0.1 to 0.4; quadratic time is minutes


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
