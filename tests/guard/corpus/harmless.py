"""What looks like a secret and must be kept: addresses, transactions, numbers of every use."""

import base64
from random import Random
from typing import Final

from tests.guard.corpus.checksums import RIPPLE58, base58, base58check, bech32, luhn
from tests.guard.corpus.credentials import BASES
from tests.guard.corpus.keys import solana, stellar_key
from tests.guard.corpus.value import ALNUM, DIGITS, UPPER, Case, Value, hexes, number, pick

_ERRORS: Final = (
    "50113", "51000", "60012", "58350", "429", "403", "E1007", "ERR_4021", "0x80070005", "-1021",
    "-2015", "10004", "1-20041", "AUTH-0031", "500123", "HTTP 502", "401", "30001", "710221",
    "WD-3017", "#4402", "0x8004210B", "KYC_1120", "-32603", "1015",
)  # fmt: skip
_DIAL: Final = ("1", "44", "86", "852", "7", "84", "82", "81", "90", "55", "33", "34", "62", "971")
_CALL: Final = ("+{c} {a} {b} {d}", "+{c}-{a}-{b}-{d}", "+{c}{a}{b}{d}", "(0{a}) {b} {d}")
_EXPLORERS: Final = (
    "https://etherscan.io/tx/0x", "https://tronscan.org/#/transaction/",
    "https://mempool.space/tx/", "https://bscscan.com/tx/0x",
)  # fmt: skip


def address(case: Case) -> Value:
    """Return an address of one of the chains."""
    random = case.random
    name = random.choice([*_ADDRESSES, "eth", "tron"])
    return Value(_ADDRESSES[name](random), (f"addr:{name}",))


def _mixed(random: Random) -> str:
    return "0x" + "".join(
        char.upper() if random.random() < 0.5 else char for char in hexes(random, 40)
    )


def _ton(random: Random) -> str:
    body = base64.urlsafe_b64encode(random.randbytes(36)).decode()
    return random.choice(("EQ", "UQ")) + body[:46]


_ADDRESSES: Final = {
    "eth": lambda random: "0x" + hexes(random, 40),
    "eth_mixed": _mixed,
    "btc1": lambda random: base58check(b"\0" + random.randbytes(20)),
    "btc3": lambda random: base58check(b"\5" + random.randbytes(20)),
    "bc1q": lambda random: bech32("bc", random.randbytes(20), 0),
    "bc1p": lambda random: bech32("bc", random.randbytes(32), 1),
    "tron": lambda random: base58check(b"\x41" + random.randbytes(20)),
    "sol": lambda random: base58(random.randbytes(32)),
    "xrp": lambda random: base58check(b"\0" + random.randbytes(20), RIPPLE58),
    "cosmos": lambda random: bech32(random.choice(("cosmos", "osmo", "inj")), random.randbytes(20)),
    "stellar": lambda random: stellar_key(random, 6 << 3),
    "ada": lambda random: bech32("addr", b"\1" + random.randbytes(56)),
    "doge": lambda random: base58check(b"\x1e" + random.randbytes(20)),
    "ltc": lambda random: bech32("ltc", random.randbytes(20), 0),
    "ton": _ton,
}


def txid(case: Case) -> Value:
    """Return the name of a transaction, whole, short or in an explorer's address."""
    random = case.random
    digits = hexes(random, 64)
    drawn = random.random()
    short = "0x" + digits[:8] + random.choice(("...", "…", "****")) + digits[-6:]
    for limit, name, text in (
        (0.36, "0x", "0x" + digits),
        (0.66, "hex", digits),
        (0.74, "upper", digits.upper()),
        (0.88, "sol", solana(random)),
        (0.94, "short", short),
    ):
        if drawn < limit:
            return Value(text, (f"tx:{name}",))
    return Value(random.choice(_EXPLORERS) + digits, ("tx:url",))


def order(case: Case) -> Value:
    """Return the number of an order; some pass the check of a card by chance."""
    random = case.random
    size = random.choice((8, 9, 10, 11, 12, 13, 14, 15, 16, 16, 17, 18, 18, 18, 19, 19, 20, 22))
    digits = number(random, size)
    if size in (13, 15, 16, 19) and random.random() < 0.35:
        digits = random.choice("4562") + digits[1:-1]
        return Value(digits + luhn(digits), ("order:luhn",))
    if random.random() < 0.1:
        digits = random.choice(("ORD-", "P2P", "C2C", "WD", "TKT-")) + digits[:14]
    return Value(digits, (f"order:{size}",))


def uid(case: Case) -> Value:
    """Return the number of an account."""
    return Value(number(case.random, case.random.choice((7, 8, 8, 9, 9, 10, 18))))


def amount(case: Case) -> Value:
    """Return a sum."""
    random = case.random
    return Value(
        random.choice(
            (
                f"{random.randrange(10, 99999)}",
                f"{random.uniform(1, 9999):,.2f}",
                f"{random.uniform(0, 9):.8f}",
                f"{random.uniform(1, 999):.4f}",
                f"{random.randrange(1, 99)},{random.randrange(999):03d}",
                f"{random.randrange(1, 99)}00",
            )
        )
    )


def phone(case: Case) -> Value:
    """Return a telephone number."""
    random = case.random
    parts = {"a": number(random, 3), "b": number(random, 3), "d": number(random, 4)}
    text = random.choice(_CALL).format(c=random.choice(_DIAL), **parts)
    mainland = "1" + random.choice("35789") + number(random, 9)
    return Value(random.choice((text, text, text, mainland, "+86-" + mainland)))


def email(case: Case) -> Value:
    """Return a mail address."""
    random = case.random
    name = random.choice(BASES) + random.choice((".", "_", "")) + random.choice(BASES)
    host = random.choice(("example.com", "example.org", "mail.example.net", "example.net"))
    return Value(f"{name}{number(random, random.choice((1, 2, 3)))}@{host}")


def error(case: Case) -> Value:
    """Return an error code."""
    return Value(case.random.choice(_ERRORS))


def timestamp(case: Case) -> Value:
    """Return a moment in one of the ways of writing it."""
    random = case.random
    seconds = 1700000000 + random.randrange(10**8)
    year, month, day = random.choice((2025, 2026)), random.randint(1, 12), random.randint(1, 28)
    clock = f"{random.randrange(24):02d}:{random.randrange(60):02d}"
    return Value(
        random.choice(
            (
                str(seconds),
                str(seconds * 1000 + 7),
                f"{year}-{month:02d}-{day:02d} {clock}:{random.randrange(60):02d}",
                f"{day}/{month}/{year}",
                f"{day:02d}.{month:02d}.{year}",
                f"{year}年{month}月{day}日" if case.lang in ("ja", "zh-Hans", "zh-Hant") else clock,
                clock,
                f"{year}{month:02d}{day:02d}",
                f"{year}-{month:02d}-{day:02d}T{clock}:00Z",
            )
        )
    )


def day(case: Case) -> Value:
    """Return a day as a sentence names it, with or without the time."""
    random = case.random
    year, month, day = random.choice((2025, 2026)), random.randint(1, 12), random.randint(1, 28)
    time = random.choice(("", "", f" {random.randrange(24):02d}:{random.randrange(60):02d}"))
    iso = f"{year}-{month:02d}-{day:02d}{time}"
    forms = [iso, f"{day}/{month}/{year}", f"{day:02d}.{month:02d}"]
    if case.lang in ("ja", "zh-Hans", "zh-Hant"):
        forms = [f"{year}年{month}月{day}日", f"{month}月{day}日", iso]
    return Value(random.choice(forms))


def clock(case: Case) -> Value:
    """Return a time of the day."""
    return Value(f"{case.random.randrange(24)}:{case.random.randrange(60):02d}")


def epoch(case: Case) -> Value:
    """Return a moment in milliseconds."""
    return Value(str(1700000000000 + case.random.randrange(10**11)))


def last4(case: Case) -> Value:
    """Return the last four digits of a card."""
    return Value(pick(case.random, DIGITS, 4))


def masked(case: Case) -> Value:
    """Return a number of which stars hide the middle."""
    random = case.random
    head, tail = number(random, 4), pick(random, DIGITS, 4)
    return Value(
        random.choice(
            (
                f"{head} **** **** {tail}",
                f"{head}********{tail}",
                f"**** **** **** {tail}",
                f"xxxx-xxxx-xxxx-{tail}",
                f"{head} 02** **** {tail}",
                f"•••• {tail}",
                f"0x{hexes(random, 4)}...{hexes(random, 4)}",
            )
        )
    )


def reference(case: Case) -> Value:
    """Return the name of a case."""
    random = case.random
    name = f"{random.choice(('INV', 'CASE', 'REF'))}-2026-{number(random, 6)}"
    return Value(random.choice((f"Ticket #{number(random, 7)}", name)))


def device(case: Case) -> Value:
    """Return the model of a phone, or the version of a program on it."""
    random = case.random
    version = f"v{random.randint(1, 9)}.{random.randrange(20)}.{random.randrange(99)}"
    phone = "iPhone " + random.choice(("14", "15 Pro", "16 Pro Max"))
    return Value(random.choice((version, phone, f"SM-{random.choice('SAG')}{number(random, 3)}B")))


def tracking(case: Case) -> Value:
    """Return the number of a parcel."""
    random = case.random
    return Value(
        random.choice(
            (
                "SF" + number(random, 13),
                "1Z" + pick(random, UPPER + DIGITS, 16),
                f"{pick(random, UPPER, 2)}{number(random, 9)}CN",
                number(random, 12),
            )
        )
    )


def coupon(case: Case) -> Value:
    """Return a code that earns a discount."""
    random = case.random
    word = random.choice(("WELCOME", "SPRING", "VIP", "KEFU", "BONUS", "FRIEND"))
    return Value(random.choice((word + number(random, 2), pick(random, UPPER + DIGITS, 8))))


def block(case: Case) -> Value:
    """Return the height of a block."""
    return Value(number(case.random, case.random.choice((6, 8, 9))))


def memo(case: Case) -> Value:
    """Return the tag that goes with a deposit."""
    return Value(number(case.random, case.random.choice((6, 7, 9, 10))))


def postcode(case: Case) -> Value:
    """Return a postal code."""
    return Value(number(case.random, case.random.choice((5, 6))))


def ip(case: Case) -> Value:
    """Return a network address."""
    return Value(".".join(str(case.random.randrange(1, 255)) for _ in range(4)))


def sui_address(case: Case) -> Value:
    """Return an address that is as long as a key."""
    return Value("0x" + hexes(case.random, 64), ("addr:sui",))


def checksum(case: Case) -> Value:
    """Return the digest of a file."""
    return Value(hexes(case.random, 64), ("hash:sha256",))


def session(case: Case) -> Value:
    """Return the name of a request, as error pages print it."""
    return Value(pick(case.random, ALNUM, 20))
