"""National identity numbers with right check digits, by the language of the message."""

from collections.abc import Callable
from random import Random
from typing import Final

from tests.guard.corpus.checksums import luhn, weighted
from tests.guard.corpus.value import DIGITS, Case, Value, date, in_groups, number, pick


def national_id(case: Case) -> Value:
    """Return a number of a country where the language is spoken."""
    name, make = case.random.choice(_BY_LANGUAGE[case.lang])
    return Value(make(case.random), (f"nid:{name}",))


def _china(random: Random) -> str:
    area = random.choice(("110101", "310115", "440305", "330106", "510104", "420106", "320508"))
    text = area + date(random, 1955, 2005) + pick(random, DIGITS, 3)
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    last = "10X98765432"[weighted(text, weights) % 11]
    return text + (last.lower() if random.random() < 0.3 else last)


def _taiwan(random: Random) -> str:
    letter = random.choice("ABCDEFGHJKLMNPQRSTUVXY")
    code = "ABCDEFGHJKLMNPQRSTUVXYWZIO".index(letter) + 10
    text = random.choice("12") + pick(random, DIGITS, 7)
    total = code // 10 + code % 10 * 9 + weighted(text, range(8, 0, -1))
    return letter + text + str(-total % 10)


def _hong_kong(random: Random) -> str:
    letter, text = random.choice("ABCDEGHKMPRSVYZ"), pick(random, DIGITS, 6)
    check = -(36 * 9 + (ord(letter) - 55) * 8 + weighted(text, range(7, 1, -1))) % 11
    return f"{letter}{text}({'A' if check == 10 else check})"


def _united_states(random: Random) -> str:
    area = random.choice([area for area in range(100, 770) if area != 666])
    return f"{area}-{random.randint(10, 99)}-{random.randint(1000, 9999)}"


def _brazil(random: Random) -> str:
    text = number(random, 9)
    for _ in range(2):
        text += str(weighted(text, range(len(text) + 1, 1, -1)) * 10 % 11 % 10)
    a, b, c, d = text[:3], text[3:6], text[6:9], text[9:]
    return random.choice((f"{a}.{b}.{c}-{d}", f"{a}.{b}.{c}-{d}", text))


def _korea(random: Random) -> str:
    text = date(random, 1960, 1998)[2:] + random.choice("12") + pick(random, DIGITS, 5)
    text += str((11 - weighted(text, (2, 3, 4, 5, 6, 7, 8, 9, 2, 3, 4, 5)) % 11) % 10)
    return text[:6] + random.choice(("-", "-", "")) + text[6:]


def _spain(random: Random) -> str:
    letters = "TRWAGMYFPDXBNJZSQVHLCKE"
    if random.random() < 0.25:
        lead, text = random.randrange(3), number(random, 7)
        return "XYZ"[lead] + text + letters[int(f"{lead}{text}") % 23]
    text = number(random, 8)
    return text + random.choice(("", "-")) + letters[int(text) % 23]


def _france(random: Random) -> str:
    place = random.choice((75, 69, 13, 33, 59, 31))
    text = random.choice("12") + f"{random.randint(50, 98)}{random.randint(1, 12):02d}{place}"
    text += f"{random.randint(1, 899):03d}{random.randint(1, 998):03d}"
    key = f"{97 - int(text) % 97:02d}"
    return random.choice((text + key, " ".join([*in_groups(text, (1, 2, 2, 2, 3, 3)), key])))


def _turkey(random: Random) -> str:
    digits = [int(char) for char in number(random, 9)]
    digits.append((sum(digits[0:9:2]) * 7 - sum(digits[1:8:2])) % 10)
    return "".join(map(str, [*digits, sum(digits) % 10]))


def _russia_pension(random: Random) -> str:
    text = number(random, 9)
    check = weighted(text, range(9, 0, -1)) % 101 % 100
    return f"{text[:3]}-{text[3:6]}-{text[6:]} {check:02d}"


def _russia_tax(random: Random) -> str:
    text = "77" + pick(random, DIGITS, 8)
    for weights in ((7, 2, 4, 10, 3, 5, 9, 4, 6, 8), (3, 7, 2, 4, 10, 3, 5, 9, 4, 6, 8)):
        text += str(weighted(text, weights) % 11 % 10)
    return text


def _japan(random: Random) -> str:
    text = number(random, 11)
    rest = weighted(text, (6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2)) % 11
    text += str(0 if rest <= 1 else 11 - rest)
    return random.choice(("", " ", "-")).join(in_groups(text, (4,)))


def _vietnam(random: Random) -> str:
    place = random.choice(("001", "079", "048", "031", "092"))
    return place + random.choice("01") + f"{random.randint(60, 99)}" + pick(random, DIGITS, 6)


def _indonesia(random: Random) -> str:
    place = random.choice(("317401", "327304", "357812", "320105"))
    day, month = random.randint(1, 28), random.randint(1, 12)
    return f"{place}{day:02d}{month:02d}{random.randint(60, 99)}{random.randint(1, 98):04d}"


def _egypt(random: Random) -> str:
    return "2" + date(random, 1960, 1999)[2:] + "01" + number(random, 5)


def _saudi(random: Random) -> str:
    text = random.choice("12") + pick(random, DIGITS, 8)
    return text + luhn(text)


def _portugal(random: Random) -> str:
    text = random.choice("12") + pick(random, DIGITS, 7)
    check = 11 - weighted(text, range(9, 1, -1)) % 11
    return text + str(0 if check >= 10 else check)


Make = Callable[[Random], str]
_BY_LANGUAGE: Final[dict[str, tuple[tuple[str, Make], ...]]] = {
    "en": (("us", _united_states),),
    "zh-Hans": (("cn", _china),),
    "zh-Hant": (("tw", _taiwan), ("tw", _taiwan), ("hk", _hong_kong)),
    "es": (("es", _spain),),
    "ru": (("ru-pension", _russia_pension), ("ru-tax", _russia_tax)),
    "vi": (("vn", _vietnam),),
    "ko": (("kr", _korea),),
    "ja": (("jp", _japan),),
    "tr": (("tr", _turkey),),
    "pt": (("br", _brazil), ("br", _brazil), ("pt", _portugal)),
    "fr": (("fr", _france),),
    "ar": (("eg", _egypt), ("sa", _saudi)),
    "id": (("id", _indonesia),),
}
