"""Payment card numbers: issuer prefix, length and Luhn digit, then the words beside them.

Steps: docs/guard.md, section 5.
"""

import re
from collections.abc import Iterator
from itertools import accumulate
from typing import Final, NamedTuple

from kefu.guard.checks import luhn
from kefu.guard.pack import PACK, roles
from kefu.guard.reading import Reading
from kefu.guard.spans import Span

_P: Final = PACK.shapes["card"]
_RUN: Final = re.compile(_P["run"])
_NOT_DIGIT: Final = re.compile("[^0-9]+")
_GROUP: Final = re.compile("[0-9]+")
_ISSUERS: Final = [(re.compile(prefix), frozenset(sizes)) for prefix, sizes in _P["issuers"]]
_LAYOUTS: Final = frozenset(tuple(layout) for layout in _P["layouts"])
_STARTS: Final = frozenset(layout[0] for layout in _P["layouts"])
_TRIES: Final[int] = _P["tries"]
_LONGEST: Final = max(map(len, _LAYOUTS))
_TOUCHING: Final = re.compile(_P["touching_after"])
_BARE: Final = frozenset(_P["bare"])
_SHORTEST: Final = 13
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
    """Digit groups of one run: their places, their digits, where each begins among the digits."""

    places: list[tuple[int, int]]
    sizes: list[int]
    digits: str
    begins: list[int]

    def taken(self, first: int, count: int) -> str:
        """Return the digits of `count` groups from `first` on."""
        return self.digits[self.begins[first] : self.begins[first + count]]


def _groups(low: str, start: int, end: int) -> _Groups:
    places = [group.span() for group in _GROUP.finditer(low, start, end)]
    sizes = [after - before for before, after in places]
    return _Groups(places, sizes, _NOT_DIGIT.sub("", low[start:end]), [0, *accumulate(sizes)])


def find_cards(reading: Reading) -> Iterator[Span]:
    """Yield the card numbers in a text, each followed by its security code if it stands there.

    Two bounds on the time, beyond what a message can hold: after _DUMP cards the words beside
    the next are not read, after _TRIES numbers that are none not each group is tried.
    """
    found = failed = 0
    for match in _RUN.finditer(reading.low):
        if match.end() - match.start() < _SHORTEST:
            continue
        groups = _groups(reading.low, *match.span())
        first = 0
        while first < len(groups.sizes):
            size = _card_at(reading.low, groups, first)
            if size == 0:
                failed += groups.sizes[first] in _STARTS
                first += 4 if failed > _TRIES else 1
                continue
            start, end = groups.places[first][0], groups.places[first + size - 1][1]
            digits = groups.taken(first, size)
            first += size
            if _in_word(reading, start, end):
                continue
            if found >= _DUMP or _is_card(reading, start, end, digits, size):
                found += 1
                yield Span(start, end, "card_number", digits[-4:], ambiguous=True)
                if found < _DUMP:
                    yield from _security_code(reading, end)


def _in_word(reading: Reading, start: int, end: int) -> bool:
    """Return whether letters touch the number, other than those of a cue."""
    low = reading.low
    before = low[start - 1 : start]
    after = low[end : end + 1]
    return bool(
        (before.isascii() and before.isalpha() and start not in reading.ends)
        or (after.isascii() and after.isalpha() and not _TOUCHING.match(low, end))
    )


def _card_at(low: str, groups: _Groups, first: int) -> int:
    """Return how many groups from `first` on are a card number, or 0."""
    size = groups.sizes[first]
    if size >= _SHORTEST:
        start = groups.places[first][0]
        decimal = low[start - 1 : start] in {".", ","} and low[start - 2 : start - 1].isdigit()
        return int(not decimal and _is_number(groups.taken(first, 1)))
    if size in _STARTS:
        for count in range(min(_LONGEST, len(groups.sizes) - first), 1, -1):
            layout = tuple(groups.sizes[first : first + count])
            if layout in _LAYOUTS and _is_number(groups.taken(first, count)):
                return count
    if first == 0 and _SHORTEST <= len(groups.digits) <= 19 and _is_number(groups.digits):
        return len(groups.sizes)
    return 0


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
