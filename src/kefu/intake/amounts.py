"""Amounts of a text: a number with its unit, and numbers that have none."""

import json
import re
from collections.abc import Iterator
from decimal import Decimal
from functools import cache
from importlib.resources import files
from typing import Any, Final, NamedTuple

from kefu.intake.folding import HANZI, hanzi


class Amount(NamedTuple):
    """A value in a unit as `BTC`; `$` is some kind of dollar, and None no unit at all."""

    value: Decimal
    unit: str | None

    def equals(self, other: "Amount") -> bool:
        """Return whether both are the same money, as far as their units say."""
        if self.value != other.value:
            return False
        return None in (self.unit, other.unit) or bool(_units(self.unit) & _units(other.unit))


@cache
def pack() -> dict[str, Any]:
    """Return the words that figures are read by."""
    path = files("kefu.intake") / "pack" / "figures.json"
    held: dict[str, Any] = json.loads(path.read_text("utf-8"))
    return held


def _units(unit: str | None) -> frozenset[str]:
    return frozenset(pack()["dollars"]) if unit == "$" else frozenset((unit or "",))


class _Units:
    """What follows or precedes a number, and what it says."""

    def __init__(self) -> None:
        held = pack()
        self.of: dict[str, tuple[str, Decimal]] = {}
        for coin in held["coins"].split():
            self.of[coin.lower()] = (coin, Decimal(1))
        for unit, names in held["names"].items():
            self.of |= {name: (unit, Decimal(1)) for name in names}
        for name, (unit, part) in held["parts"].items():
            self.of[name] = (unit, Decimal(part))
        for sign, unit in held["signs"].items():
            self.of[sign] = (unit, Decimal(1))
        self.of["u"] = ("USDT", Decimal(1))
        capitals = held["capitals"].split()
        self.of |= {coin.lower(): (coin, Decimal(1)) for coin in capitals}
        words = sorted(self.of.keys() - {c.lower() for c in capitals} - {"u"}, key=len)[::-1]
        latin = _any(word for word in words if word[0].isascii() and word[0].isalpha())
        others = _any(word for word in words if not (word[0].isascii() and word[0].isalpha()))
        capital = _any(capitals)
        power = _any(sorted(held["times_ten"], key=len)[::-1])
        number = r"\d{1,3}(?:[,' ]\d{3})+(?:\.\d+)?(?!\d)|\d{1,3}(?:\.\d{3})+,\d+|\d+(?:[.,]\d+)?"
        written = f"[{HANZI}]*[{HANZI[3:]}]"
        front = rf"(?P<front>\b(?i:{latin})(?:\s|(?=\d))|{others})"
        unit = (
            rf"(?P<unit>(?i:{latin})(?![A-Za-z])|(?:{capital})(?![A-Za-z])"
            rf"|(?:(?<=\d)[uU]|(?<=\s)U|(?<=[kK万千百])[uU])(?![A-Za-z])|{others})"
        )
        self.pattern: Final = re.compile(
            rf"(?:{front}\s?)?(?<![A-Za-z0-9.,:])(?<![A-Za-z]-)"
            rf"(?:(?P<number>{number})|(?P<written>{written}))"
            rf"(?:\s?(?P<power>(?i:{power})(?![a-z])|M(?![a-z])|(?i:k)(?={latin})))?"
            rf"(?:[\s-]?{unit})?(?![\d%])"
        )


def _any(words: Any) -> str:
    return "|".join(re.escape(word) for word in words)


@cache
def _known() -> _Units:
    return _Units()


def amounts(text: str) -> Iterator[tuple[int, int, Amount]]:
    """Yield (start, end, amount) of a folded text; numbers without a unit among them."""
    units = _known()
    for match in units.pattern.finditer(text):
        sign = match["unit"] or (match["front"] or "").strip()
        if match["front"] and match["unit"] and not match["front"].strip().isalpha():
            sign = match["unit"]
        if match["written"] and (not sign or match["written"] + sign == "一块"):
            continue
        unit, part = units.of[sign.lower()] if sign else (None, Decimal(1))
        yield match.start(), match.end(), Amount(_value(match) * part, unit)


def _value(match: re.Match[str]) -> Decimal:
    value = Decimal(hanzi(match["written"])) if match["written"] else _number(match["number"])
    power = match["power"]
    if power == "M":
        return value * 10**6
    return value * 10 ** pack()["times_ten"][power.lower()] if power else value


def _number(text: str) -> Decimal:
    """Return the number: 1,500.5 as English and Chinese write it, 1.500,5 and 0,5 as others do."""
    bare = text.replace(" ", "").replace("'", "")
    head, comma, tail = bare.rpartition(",")
    is_decimal = comma and (len(tail) != 3 or "." in head or head == "0")
    if is_decimal and "." not in tail:
        return Decimal(f"{head.replace('.', '').replace(',', '')}.{tail}")
    return Decimal(bare.replace(",", ""))
