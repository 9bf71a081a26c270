"""Figures of a text: what they say, and which of a reply differ from the case."""

import time
from decimal import Decimal

import pytest

from kefu.intake.addresses import Address
from kefu.intake.amounts import Amount
from kefu.intake.figures import Figure, differing, figures, is_sensitive, may_hold
from kefu.intake.times import Moment

EVM = "0x52908400098527886E0F7030069857D2E4169EE7"
TRON = "TJRabPrwbZy45sbavfcjinPJC18kjpRTv8"
BTC = "bc1qar0srrr7xfkvy5l643lydnw9re59gtzzwf5mdq"
SOLANA = "7EcDhSYGxXyscszYEp35KHN8vvw3svAuLKTzXwCFLtV"
HASH = "0x88df016429689c079f3b2f6ad39fa052532c56795b733da78a91ebe6a713944b"

AMOUNTS = {
    "I sent 1,500.5 USDT": ("1500.5", "USDT"),
    "it was 0.1 BTC": ("0.1", "BTC"),
    "0.25btc": ("0.25", "BTC"),
    "转了1.2万 USDT": ("12000", "USDT"),
    "还差500U": ("500", "USDT"),
    "提了两千U": ("2000", "USDT"),
    "¥2000": ("2000", "CNY"),
    "￥２０００": ("2000", "CNY"),
    "五百块钱": ("500", "CNY"),
    "十万块": ("100000", "CNY"),
    "$50 fee": ("50", "$"),
    "US$ 50": ("50", "USD"),
    "about 10k USDT": ("10000", "USDT"),
    "10kUSDT": ("10000", "USDT"),
    "1.5M USDT": ("1500000", "USDT"),
    "2 million dollars": ("2000000", "USD"),
    "USDT 500": ("500", "USDT"),
    "RMB 300": ("300", "CNY"),
    "1.500,50 EUR": ("1500.50", "EUR"),
    "0,5 ETH": ("0.5", "ETH"),
    "1 000 EUR": ("1000", "EUR"),
    "50 sats": ("0.0000005", "BTC"),
    "20 gwei": ("0.00000002", "ETH"),
    "3 SOL": ("3", "SOL"),
    "3个比特币": ("3", "BTC"),
    "100 euros": ("100", "EUR"),
}


@pytest.mark.parametrize(("text", "said"), AMOUNTS.items())
def test_an_amount_is_its_value_and_its_unit(text: str, said: tuple[str, str]) -> None:
    found = [one.value for one in figures(text) if one.kind == "amount"]
    assert found == [Amount(Decimal(said[0]), said[1])]


@pytest.mark.parametrize(
    "text",
    [
        "Sent over TRC-20, USDT as always",
        "ERC20 USDT",
        "within 24 hours, at most 1-3 business days",
        "order 20260302123456",
        "5% of it, 100x leverage",
        "2FA and 3 API keys",
        "我有3点建议，一块儿说",
        "24小时内",
        "版本 v2.30 不行",
        "it may 3 times fail",
        "a masked ⟪card_number:4242⟫ USDT",
        "link 3 accounts",
        "I sent it 2 u",
    ],
)
def test_what_is_no_amount_address_or_time_is_not_taken_for_one(text: str) -> None:
    assert not is_sensitive([text])


@pytest.mark.parametrize("address", [EVM, TRON, BTC, SOLANA])
@pytest.mark.parametrize("frame", ["to {} please", "地址：{}。", "({})"])
def test_an_address_is_found_whatever_stands_around_it(address: str, frame: str) -> None:
    [found] = figures(frame.format(address))
    assert (found.kind, found.text) == ("address", address)


@pytest.mark.parametrize("written", [HASH, HASH[2:], HASH[2:].upper()])
def test_a_transaction_hash_is_the_same_with_and_without_its_prefix(written: str) -> None:
    [found] = figures(f"txid {written}")
    assert (found.kind, found.value) == ("txid", Address(HASH[2:], "", True))


TIMES = {
    "at 14:30 UTC+8": Moment(870, zone=frozenset({480})),
    "14:30 (GMT+08:00)": Moment(870, zone=frozenset({480})),
    "下午3点到账": Moment(900),
    "晚上八点半": Moment(20 * 60 + 30),
    "凌晨12点": Moment(0),
    "3pm EST": Moment(900, zone=frozenset({-300})),
    "12 a.m.": Moment(0),
    "2026-03-02T14:30:00+08:00": Moment(870, frozenset({(2026, 3, 2)}), frozenset({480})),
    "2026-03-02T14:30:00-0500": Moment(870, frozenset({(2026, 3, 2)}), frozenset({-300})),
    "UTC+5:30 09:00": Moment(540, zone=frozenset({330})),
    "北京时间14:30": Moment(870, zone=frozenset({480})),
    "东八区 14:30": Moment(870, zone=frozenset({480})),
    "3:30": Moment(210, is_vague=True),
    "2026-03-02T14:30:00Z": Moment(870, frozenset({(2026, 3, 2)}), frozenset({0})),
    "3月2日下午3点": Moment(900, frozenset({(None, 3, 2)})),
    "March 2, 2026 at 5:00 PM PT": Moment(1020, frozenset({(2026, 3, 2)}), frozenset({-480, -420})),
}


@pytest.mark.parametrize(("text", "moment"), TIMES.items())
def test_a_time_is_read_with_its_date_and_zone(text: str, moment: Moment) -> None:
    assert [one.value for one in figures(text)] == [moment]


def test_a_range_has_the_zone_that_stands_behind_it() -> None:
    found = [one.value for one in figures("between 14:00-16:00 UTC")]
    assert found == [Moment(840, zone=frozenset({0})), Moment(960, zone=frozenset({0}))]


def test_a_figure_stands_where_it_says() -> None:
    text = "⟪card_number:4242⟫ 我在北京时间14:30把１．２万 USDT 转到 " + EVM
    for one in figures(text):
        assert text[one.start : one.end].strip() == one.text
    assert [one.kind for one in figures(text)] == ["time", "amount", "address"]


SAME = [
    ("We found your 12,000 USDT.", "我转了1.2万USDT"),
    ("0.001 BTC arrived", "I sent 100000 sats"),
    ("$50 was taken", "they took 50 USDT"),
    ("It was 1,500 USDT", "I deposited 1500 and then 2 BTC"),
    ("at 06:30 UTC", "在14:30 UTC+8的时候"),
    ("06:30 UTC on March 2", "2026-03-02 14:30 UTC+8"),
    ("on March 3, 01:00 UTC+8", "March 2, 17:00 UTC"),
    ("at 14:30", "at 2:30 pm"),
    ("at 15:30", "at 3:30 this afternoon"),
    ("sent to " + EVM.lower(), "my address is " + EVM),
    ("sent to 0x5290...9EE7", "my address is " + EVM),
    ("the transaction 0x88df…944b", "txid " + HASH[2:]),
    ("on 2 March", "3月2日"),
]


@pytest.mark.parametrize(("reply", "fact"), SAME)
def test_what_says_the_same_does_not_differ(reply: str, fact: str) -> None:
    assert differing(reply, [fact]) == []


OTHER = [
    ("We found your 1.2 USDT.", "我转了1.2万USDT", "1.2 USDT"),
    ("0.1 ETH arrived", "I sent 0.1 BTC", "0.1 ETH"),
    ("It was 15,000 USDT", "I deposited 1,500 USDT", "15,000 USDT"),
    ("at 14:30 UTC", "14:30 UTC+8", "14:30 UTC"),
    ("01:00 UTC+8 on March 2", "March 2, 17:00 UTC", "01:00 UTC+8 on March 2"),
    ("下午4点", "下午3点到账的", "下午4点"),
    ("sent to " + EVM[:-1] + "8", "my address is " + EVM, EVM[:-1] + "8"),
    ("sent to 0x5290...9EE8", "my address is " + EVM, "0x5290...9EE8"),
    ("sent to " + TRON.replace("J", "j", 1), "to " + TRON, TRON.replace("J", "j", 1)),
    ("txid " + HASH[:-1] + "c", HASH, HASH[:-1] + "c"),
    ("on 3 March", "3月2日", "3 March"),
]


@pytest.mark.parametrize(("reply", "fact", "figure"), OTHER)
def test_what_says_something_else_differs(reply: str, fact: str, figure: str) -> None:
    assert [one.text for one in differing(reply, [fact])] == [figure]


def test_a_kind_of_which_the_case_has_nothing_does_not_differ() -> None:
    assert (
        differing("The fee is 1 USDT, we open at 9:00.", ["where is my money", "3 days ago"]) == []
    )
    assert differing("It arrives at 14:30 UTC", ["I sent 5 USDT"]) == []


def test_what_an_agent_said_before_is_not_asked_again() -> None:
    facts = ["I sent 1,500 USDT"]
    assert differing("You get 1,499 USDT", facts) != []
    assert differing("You get 1,499 USDT", facts, ["It will be 1499 USDT"]) == []


def test_a_case_with_money_or_a_time_is_sensitive() -> None:
    assert is_sensitive(["hello", "我充了500U没到账"])
    assert is_sensitive(["it was at 3pm EST"])
    assert not is_sensitive(["how do I change my e-mail address?", "it is 3 days late"])


def test_the_quick_look_never_misses_a_figure() -> None:
    texts = [*AMOUNTS, *TIMES, EVM, TRON, HASH, *(one for pair in SAME for one in pair)]
    assert all(may_hold(text) for text in texts if figures(text))
    assert not may_hold("Hello, how can I help you today? 您好")


@pytest.mark.parametrize(
    "piece",
    [
        "1",
        "1,",
        "1.",
        "一",
        "万",
        "0x1",
        "$1",
        "9:",
        "1:11 ",
        "1 " * 3 + " " * 20,
        "Aa1",
        "1..a1",
        "三点",
    ],
)
def test_no_text_takes_long(piece: str) -> None:
    text = (piece * 8_000)[:8_000]
    began = time.process_time()
    figures(text)
    assert time.process_time() - began < 2


def test_a_figure_is_a_plain_value() -> None:
    [one] = figures("5 USDT")
    assert one == Figure("amount", "5 USDT", 0, 6, Amount(Decimal(5), "USDT"))
