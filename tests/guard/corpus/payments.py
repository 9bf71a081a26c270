"""Cards and bank accounts."""

from typing import Final

from tests.guard.corpus.checksums import iban_check, luhn
from tests.guard.corpus.value import DIGITS, UPPER, Case, Value, full_width, in_groups, pick

_BRANDS: Final = (
    *[("visa", "4", 16)] * 3,
    *[("mastercard", prefix, 16) for prefix in ("51", "53", "55", "2221", "2680")],
    *[("amex", prefix, 15) for prefix in ("34", "37")],
    *[("unionpay", prefix, 19) for prefix in ("6217", "6222", "6228")],
    *[("unionpay", prefix, 16) for prefix in ("6225", "6250")],
    ("unionpay", "6214", 17), ("jcb", "3566", 16), ("discover", "6011", 16), ("diners", "36", 14),
    ("rupay", "6521", 16), ("mir", "2202", 16), ("troy", "9792", 16), ("visa", "4", 19),
)  # fmt: skip
_HOME_ONLY: Final = {"mir": "ru", "troy": "tr"}
_GROUPS: Final = {15: (4, 6, 5), 14: (4, 6, 4), 17: (4, 4, 4, 5)}
_GAPS: Final = {
    "plain": "", "space": " ", "dash": "-", "dot": ".", "dblspace": "  ", "nbsp": "\xa0",
    "slash": "/", "thin": "\u2009", "zw": "\u200b", "endash": "–", "fulldash": "－",
    "underscore": "_",
}  # fmt: skip
_CARD_LAYOUTS: Final = (
    *["plain"] * 8, *["space"] * 7, *["dash"] * 4, *_GAPS, "full", "fullspace", "newline",
)  # fmt: skip
_ACCOUNTS: Final = {  # digits after the letters of the bank
    "DE": ("", 18), "FR": ("", 23), "ES": ("", 20), "GB": ("4", 14), "NL": ("4", 10),
    "IT": ("1", 22), "TR": ("", 22), "PT": ("", 21), "PL": ("", 24), "AE": ("", 19),
    "SA": ("", 20), "CH": ("", 17), "AT": ("", 16), "BE": ("", 12), "LT": ("", 16), "EE": ("", 16),
    "EG": ("", 25), "UA": ("", 25), "RO": ("4", 16), "KW": ("4", 22),
}  # fmt: skip
_AT_HOME: Final = {"es": "ES", "fr": "FR BE", "pt": "PT", "tr": "TR", "ar": "AE SA EG KW"}


def card(case: Case) -> Value:
    """Return a card number in one of its spellings."""
    random = case.random
    brand, digits = _card(case)
    parts = in_groups(digits, _GROUPS.get(len(digits), (4,)))
    layout = random.choice(_CARD_LAYOUTS)
    if layout == "full":
        text = full_width(digits)
    elif layout == "fullspace":
        text = "\u3000".join(map(full_width, parts))
    elif layout == "newline":
        text = " ".join(parts[:2]) + "\n" + " ".join(parts[2:])
    else:
        text = _GAPS[layout].join(parts)
    return Value(text, (f"card:{layout}", f"brand:{brand}"))


def plain_card(case: Case) -> Value:
    """Return a card number as digits only."""
    brand, digits = _card(case)
    return Value(digits, ("card:plain", f"brand:{brand}"))


def _card(case: Case) -> tuple[str, str]:
    random = case.random
    brands = [one for one in _BRANDS if _HOME_ONLY.get(one[0], case.lang) == case.lang]
    brand, prefix, size = random.choice(brands)
    digits = prefix + pick(random, DIGITS, size - 1 - len(prefix))
    case.cvv_digits = 4 if brand == "amex" else 3
    return brand, digits + luhn(digits)


def cvv(case: Case) -> Value:
    """Return the security code that fits the card before it."""
    return Value(pick(case.random, DIGITS, case.cvv_digits), (f"cvv:{case.cvv_digits}",))


def expiry(case: Case) -> Value:
    """Return the month a card ends in."""
    random = case.random
    month, year = f"{random.randint(1, 12):02d}", random.randint(26, 33)
    forms = ("{m}/{y}", "{m}/{y}", "{m}/20{y}", "{m}-{y}", "{m}{y}", "{m} / {y}", "20{y}-{m}")
    return Value(random.choice(forms).format(m=month, y=year))


def iban(case: Case) -> Value:
    """Return an account number with right check digits."""
    random = case.random
    at_home = _AT_HOME.get(case.lang, "DE GB NL PL").split()
    country = random.choice([*at_home, *at_home, *_ACCOUNTS])
    letters, digits = _ACCOUNTS[country]
    account = pick(random, UPPER, int(letters or 0)) + pick(random, DIGITS, digits)
    text = country + iban_check(country, account) + account
    layout = random.choice(("plain", "plain", "space", "space", "space", "lower", "dash"))
    if layout in ("space", "dash"):
        text = _GAPS[layout].join(in_groups(text, (4,)))
    text = text.lower() if layout == "lower" else text
    return Value(text, (f"iban:{country}", f"iban:{layout}"))
