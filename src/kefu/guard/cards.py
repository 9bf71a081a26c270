"""Payment card numbers: issuer prefix, length and Luhn digit, then the words beside them.

Steps: docs/guard.md, section 5.
"""

import re
from collections.abc import Iterator
from functools import cached_property
from itertools import accumulate
from typing import Final

from kefu.guard.checks import luhn
from kefu.guard.pack import PACK, roles
from kefu.guard.reading import Link, Reading
from kefu.guard.spans import Span

_P: Final = PACK.shapes["card"]
_RUN: Final = re.compile(_P["run"])
_NOT_DIGIT: Final = re.compile("[^0-9]+")
_GROUP: Final = re.compile("[0-9]+")
_ISSUERS: Final = {
    size: re.compile("|".join(prefix for prefix, sizes in _P["issuers"] if size in sizes))
    for size in range(13, 20)
}
_LAYOUTS: Final = frozenset(tuple(layout) for layout in _P["layouts"])
_STARTS: Final = frozenset(layout[0] for layout in _P["layouts"])
_BEGINS: Final = _STARTS | set(range(13, 20))
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
    *("number", "hash", "iban", "passport"),
    *(role for role in PACK.cues if role.startswith("id_")),
)
_NEAR: Final[int] = _P["near"]
_CVV: Final = roles("cvv")
_HASH: Final = roles("hash")
_LETTER: Final = re.compile("[a-z]")
_PART: Final = re.compile("[,;/|]")
_OWN_AFTER: Final = re.compile("[ :#+]{1,3}[0-9]")
_OWN: Final = re.compile(_P["own"])
_BARE_PREFIX: Final[str] = _P["bare_prefix"]
_AFTER_CARD: Final[int] = _P["after_card"]


class _Groups:
    """Digit groups of one run: their places, their digits, where each begins among the digits."""

    def __init__(self, low: str, start: int, end: int) -> None:
        self._run = low, start, end
        pieces = _NOT_DIGIT.split(low[start:end])
        self.sizes = list(map(len, pieces))
        self.digits = "".join(pieces)

    @cached_property
    def places(self) -> list[tuple[int, int]]:
        return [group.span() for group in _GROUP.finditer(*self._run)]

    @cached_property
    def begins(self) -> list[int]:
        return [0, *accumulate(self.sizes)]

    def taken(self, first: int, count: int) -> str:
        """Return the digits of `count` groups from `first` on."""
        return self.digits[self.begins[first] : self.begins[first + count]]


def find_cards(reading: Reading) -> Iterator[Span]:
    """Yield the card numbers in a text, each followed by its security code if it stands there.

    Two bounds on the time, beyond what a message can hold: after _DUMP numbers with a card's
    digits the words beside the next are not read and it counts, after _TRIES that are none not
    each group is tried.
    """
    for seen, (start, end, digits, size) in enumerate(_numbers(reading), 1):
        if seen > reading.few:
            reading.claim(start, "card_number")
            return
        if seen > _DUMP or _is_card(reading, start, end, digits, size):
            yield Span(start, end, "card_number", digits[-4:], ambiguous=True)
            if seen <= _DUMP:
                yield from _security_code(reading, end)


def _numbers(reading: Reading) -> Iterator[tuple[int, int, str, int]]:
    """Yield what has a card's digits: its start and end, its digits, how many groups it has."""
    failed = 0
    for match in _RUN.finditer(reading.low):
        if match.end() - match.start() < _SHORTEST:
            continue
        groups = _Groups(reading.low, *match.span())
        if len(groups.digits) < _SHORTEST:
            continue
        first = 0
        if _BEGINS.isdisjoint(groups.sizes) and not _card_at(reading.low, groups, 0):
            continue
        while first < len(groups.sizes):
            size = _card_at(reading.low, groups, first)
            if size == 0:
                failed += groups.sizes[first] in _STARTS
                first += 4 if failed > _TRIES else 1
                continue
            start, end = groups.places[first][0], groups.places[first + size - 1][1]
            if not _in_word(reading, start, end):
                yield start, end, groups.taken(first, size), size
            first += size


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
        if not _is_number(groups.taken(first, 1)):
            return 0
        start = groups.places[first][0]
        decimal = low[start - 1 : start] in {".", ","} and low[start - 2 : start - 1].isdigit()
        return int(not decimal)
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
    return size in _ISSUERS and _ISSUERS[size].match(digits) is not None and luhn(digits)


def _is_card(reading: Reading, start: int, end: int, digits: str, size: int) -> bool:
    """Return whether the words beside it, or its form where there are none, say card."""
    link = reading.link(start, end, _SECRET, _PUBLIC)
    spent = link and (_is_occasion(reading, link, start) or _is_spent(reading, link, start, end))
    if link and not spent:
        if link.secret:
            return True
        if link.tight or (size == 1 and link.distance <= _NEAR):
            return _followed(reading, end)
    bare = len(digits) in _BARE or digits.startswith(_BARE_PREFIX)
    return size > 1 or bare or _followed(reading, end)


def _is_occasion(reading: Reading, link: Link, start: int) -> bool:
    """Return whether a word such as transaction is about what happened: "a transaction on ..."."""
    between = reading.low[link.cue.end : start]
    return link.before and not link.cue.roles & ~_HASH and _LETTER.search(between) is not None


def _is_spent(reading: Reading, link: Link, start: int, end: int) -> bool:
    """Return whether a harmless word has its own number: `order 5829104, paid with ...`."""
    if link.secret or end - start < _P["own_size"]:
        return False
    if link.before:
        return _OWN.search(reading.low[link.cue.end : start]) is not None
    between = reading.low[end : link.cue.start]
    return bool(_PART.search(between) and _OWN_AFTER.match(reading.low, link.cue.end))


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
