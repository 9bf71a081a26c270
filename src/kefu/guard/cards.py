"""Payment card numbers: issuer prefix, length and Luhn digit, then the words beside them.

Steps: docs/guard.md, section 5.
"""

import re
from collections.abc import Iterator
from typing import Final, NamedTuple

from kefu.guard.checks import luhn
from kefu.guard.pack import PACK, roles
from kefu.guard.reading import Reading
from kefu.guard.spans import Span

_P: Final = PACK.shapes["card"]
_RUN: Final = re.compile(_P["run"])
_GROUP: Final = re.compile("[0-9]+")
_ISSUERS: Final = [(re.compile(prefix), frozenset(sizes)) for prefix, sizes in _P["issuers"]]
_LAYOUTS: Final = frozenset(tuple(layout) for layout in _P["layouts"])
_LONGEST: Final = max(map(len, _LAYOUTS))
_TOUCHING: Final = re.compile(_P["touching_after"])
_BARE: Final = frozenset(_P["bare"])
_DUMP: Final[int] = _P["dump"]
_EXPIRY: Final = re.compile(_P["expiry"])
_CODE: Final = re.compile(_P["code"])
_BARE_CODE: Final = re.compile(_P["bare_code"])
_SECRET: Final = roles("card", "cvv", "expiry")
_PUBLIC: Final = roles(
    *("number", "hash", "error", "iban", "passport"),
    *(role for role in PACK.cues if role.startswith("id_")),
)
_NEAR: Final[int] = _P["near"]
_CVV: Final = roles("cvv")
_AFTER_CARD: Final[int] = _P["after_card"]


class _Groups(NamedTuple):
    """Digit groups of one run, as places in the text."""

    places: list[tuple[int, int]]
    low: str

    def digits(self, first: int, end: int) -> str:
        return "".join(self.low[a:b] for a, b in self.places[first:end])


def find_cards(reading: Reading) -> Iterator[Span]:
    """Yield the card numbers in a text, each followed by its security code if it stands there.

    A bound on the time, beyond what a message can hold: after _DUMP cards the words beside the
    next are not read.
    """
    found = 0
    for match in _RUN.finditer(reading.low):
        places = [(g.start(), g.end()) for g in _GROUP.finditer(reading.low, *match.span())]
        groups = _Groups(places, reading.low)
        first = 0
        while first < len(places):
            size = _card_at(groups, first)
            start, end = places[first][0], places[first + max(size, 1) - 1][1]
            digits = groups.digits(first, first + size)
            if size and not _in_word(reading, start, end) and (found >= _DUMP or _is_card(reading, start, end, digits, size)):
                found += 1
                yield Span(start, end, "card_number", digits[-4:], ambiguous=True)
                if found < _DUMP:
                    yield from _security_code(reading, end)
                first += size
            else:
                first += 1


def _in_word(reading: Reading, start: int, end: int) -> bool:
    """Return whether letters touch the number, other than those of a cue."""
    low = reading.low
    before = low[start - 1 : start]
    after = low[end : end + 1]
    return bool(
        (before.isascii() and before.isalpha() and start not in reading.ends)
        or (after.isascii() and after.isalpha() and not _TOUCHING.match(low, end))
    )


def _card_at(groups: _Groups, first: int) -> int:
    """Return how many groups from `first` on are a card number, or 0."""
    places = groups.places
    sizes = [b - a for a, b in places[first : first + _LONGEST]]
    if sizes[0] >= 12 or tuple(sizes[:1]) in _LAYOUTS:
        return int(_is_number(groups.digits(first, first + 1)) and not _decimal(groups, first))
    for count in range(len(sizes), 1, -1):
        if tuple(sizes[:count]) in _LAYOUTS and _is_number(groups.digits(first, first + count)):
            return count
    whole = sum(b - a for a, b in places) if first == 0 and len(places) <= 19 else 0
    if 13 <= whole <= 19 and _is_number(groups.digits(0, len(places))):
        return len(places)
    return 0


def _decimal(groups: _Groups, at: int) -> bool:
    start, end = groups.places[at]
    low = groups.low
    return low[start - 1 : start] in {".", ","} and low[start - 2 : start - 1].isdigit()


def _is_number(digits: str) -> bool:
    size = len(digits)
    if not 13 <= size <= 19 or not luhn(digits):
        return False
    return any(size in sizes and prefix.match(digits) for prefix, sizes in _ISSUERS)


def _is_card(reading: Reading, start: int, end: int, digits: str, size: int) -> bool:
    """Return whether the words beside it, or its form where there are none, say card."""
    link = reading.link(start, end, _SECRET, _PUBLIC)
    if link:
        if link.secret:
            return True
        if link.tight or (size == 1 and link.distance <= _NEAR):
            return _followed(reading, end)
    return size > 1 or len(digits) in _BARE or _followed(reading, end)


def _followed(reading: Reading, end: int) -> bool:
    """Return whether an expiry date or a security code follows the number."""
    after = reading.low[end : end + _AFTER_CARD]
    return bool(_EXPIRY.match(after)) or reading.has(roles("cvv", "expiry"), end, end + 40)


def _security_code(reading: Reading, end: int) -> Iterator[Span]:
    """Yield the code that follows a card number, with or without an expiry date between."""
    after = reading.low[end : end + _AFTER_CARD]
    expiry = _EXPIRY.match(after)
    code = _CODE.match(after, expiry.end()) if expiry else _BARE_CODE.match(after)
    if code:
        yield Span(end + code.start(1), end + code.end(1), "card_cvv")
