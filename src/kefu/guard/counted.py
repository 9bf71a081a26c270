"""One-time codes told otherwise: by their number of digits, by what they are for, or spelled out.

Steps: docs/guard.md, section 9.
"""

import re
from collections.abc import Iterator
from itertools import islice
from typing import Final

from kefu.guard.fold import folded
from kefu.guard.pack import PACK, ROLE, roles
from kefu.guard.reading import Reading, is_filler, is_told
from kefu.guard.spans import Span

_P: Final = PACK.shapes["otp"]
UNITS: Final = "|".join(
    sorted(map(re.escape, map(folded, PACK.shapes["units"]["words"])), key=len, reverse=True)
)
UNIT: Final = re.compile(f"[ ]?(?:{UNITS})(?![a-z\u0400-\u052f])")
_UNREAL: Final = re.compile(_P["unreal"])
_SHOWN: Final = re.compile(_P["shown"])
_COUNTED: Final = {int(size): re.compile(shape) for size, shape in _P["counted"].items()}
_STEMS: Final[list[str]] = _P["counted_stems"]
_PART: Final = re.compile(_P["counted_part"])
_PAST: Final = re.compile(_P["counted_past"])
_SPELLED: Final = re.compile(_P["spelled"])
_SUM: Final = (
    rf"(?:(?<![0-9.,])[0-9][0-9.,]{{0,14}}(?![0-9.,])[ ]?(?:{UNITS})"
    rf"|{_P['currency']}[ ]?[0-9][0-9.,]{{0,14}})"
)
_AMOUNT: Final = re.compile(f"{_SUM}(?![a-z\u0400-\u052f])")
_PURPOSE: Final = re.compile(f"{_SUM}{_P['purpose']}")
_REACH: Final[int] = _P["counted_reach"]
_FAR: Final[int] = _P["purpose_reach"]
_BY_MESSAGE: Final = re.compile(_P["by_message"])
_MESSAGE: Final = ROLE["message"]
_STRONG: Final = ROLE["otp"]
_SECRET: Final = roles("otp", "code")
_NEWS: Final = roles("told", "came", "message", "handset", "sms")
_OTHER: Final = roles("error", "card", "cvv", "expiry", "password", "iban", "passport")
_OWNED: Final = _OTHER | roles("hash", "amount")
_EXPIRY: Final = ROLE["expiry"]
PUBLIC: Final = roles("number", "hash", "amount", "error", "card", "cvv", "expiry", "password") | (
    roles(*(role for role in PACK.cues if role.startswith("id_") or role in {"iban", "passport"}))
)
_FLEETING: Final = re.compile(_P["fleeting"])
YEAR: Final = re.compile("(?:19|20)[0-9]{2}")
DATE: Final = re.compile("(?:19|20)[0-9]{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])")
_JUST: Final = _NEWS | ROLE["enter"]
_SPOKEN: Final = _OWNED | ROLE["number"]
_DUMP: Final = 40
_SYLLABLES: Final = "\u1100"  # from here on a sign is a word
_BETWEEN: Final = re.compile("[ ,.、-]+")
_SIZES: Final = frozenset(_P["sizes"])
_USUAL: Final[int] = _P["usual"]
_LEAST, _MOST = min(_SIZES), max(_SIZES)
_WHOLE: Final = frozenset(_P["spelled_sizes"])


def told_plainly(reading: Reading, start: int, end: int) -> bool | None:
    """Return what its digits alone say, or the words that count them; None where that is nothing.

    Zeros are what a field shows before the code is put in, 123456 what an example is.
    """
    size = digits_in(reading.low[start:end])
    counted = _is_counted(reading, start, size)
    word = reading.low[start:end]
    if counted is False or not word.strip("0 -"):
        return False
    if _UNREAL.fullmatch(word) and _SHOWN.search(
        reading.low, max(0, start - _P["shown_near"]), start
    ):
        return False
    if _is_by_message(reading, start, end):
        return True
    if counted or _is_for_amount(reading, start, size):
        return not UNIT.match(reading.low, end)
    return True if _is_fleeting(reading, start, end) else None


def _is_counted(reading: Reading, start: int, size: int) -> bool | None:
    """Return whether words before a number say how many digits it has, as a code's; None if not.

    size: its number of digits. False: they are a part of another number, such as its last six.
    """
    shape = _COUNTED.get(size)
    low = reading.low
    floor = max(0, start - _REACH)
    near = low[floor:start]
    likely = shape and any(stem in near for stem in _STEMS)
    counts = list(shape.finditer(low, floor, start)) if shape and likely else []
    if not counts:
        return None
    first, end = counts[-1].span()
    gap = low[end:start]
    if _PART.search(low, max(0, first - 16), first) or _PAST.match(low, end):
        return False
    close = is_filler(gap) or is_told(gap) or (gap.rstrip().endswith(":") and len(gap) <= 32)
    if not close or re.search("[0-9\n]", gap):
        return None
    if reading.has(_OTHER, first - 24, start) or reading.has(_OWNED, end, start):
        return None
    return True


def _is_for_amount(reading: Reading, start: int, size: int) -> bool:
    """Return whether an amount before the number says what the code is for: `code for 5 BTC: N`."""
    low = reading.low
    if size not in _SIZES:
        return False
    amount = _PURPOSE.search(low, max(0, start - 40), start)
    if not amount:
        return False
    cues = reading.between(_SECRET, max(amount.start() - _FAR, 0), amount.start())
    if not cues or reading.clause(amount.start()) > cues[-1].start:
        return False
    if size != _USUAL and not cues[-1].roles & _STRONG:
        return False
    return not reading.has(_OTHER, cues[-1].start - 24, start)


def _is_by_message(reading: Reading, start: int, end: int) -> bool:
    """Return whether six digits came by message, as what follows says: `I got N by sms`."""
    low = reading.low
    way = _BY_MESSAGE.match(low, end)
    if not way or end - start != _USUAL or low[end - 2 : end] == "00":
        return False
    return reading.has(_MESSAGE, end, way.end() + 1)


def _is_fleeting(reading: Reading, start: int, end: int) -> bool:
    """Return whether a number that came runs out, or the person asks where to put it."""
    low = reading.low
    first, last = max(0, start - _P["fleeting_before"]), end + _P["fleeting_after"]
    if digits_in(low[start:end]) not in _SIZES or is_date(low, start, end):
        return False
    if low[end - 2 : end] == "00" or UNIT.match(low, end) or not reading.has(_JUST, first, last):
        return False
    if not (_FLEETING.search(low, end, last) or _FLEETING.search(low, first, start)):
        return False
    return not reading.has(PUBLIC & ~_EXPIRY, first, last)


def is_date(low: str, start: int, end: int) -> bool:
    return bool(YEAR.fullmatch(low, start, end) or DATE.fullmatch(low, start, end))


def digits_in(text: str) -> int:
    return sum("0" <= sign <= "9" for sign in text)


def is_owned(reading: Reading, first: int, start: int) -> bool:
    """Return whether all of text[first:start] that names an amount has its own number there."""
    return bool(_AMOUNT.search(reading.low, max(0, first), start))


def find_spelled(reading: Reading) -> Iterator[Span]:
    """Yield codes in words: `my code is four eight two nine one three`."""
    yield from _read_out(reading)
    last = -1
    for cue in reading.of(_SECRET)[: min(_DUMP, reading.few)]:
        match = _SPELLED.search(reading.low, max(last, cue.end), cue.end + _FAR)
        if not match:
            continue
        start, last = match.span()
        if not _LEAST <= _count(match[0]) <= _MOST:
            continue
        link = reading.link(start, last, _SECRET, _SPOKEN)
        if not link or not link.secret:
            continue
        gap = reading.low[link.cue.end : start]
        if link.tight or (link.before and (is_told(gap) or len(gap) <= _P["spelled_gap"])):
            yield Span(start, last, "otp")


def _read_out(reading: Reading) -> Iterator[Span]:
    """Yield six or eight digits in words beside what says that they came."""
    if not reading.roles & _NEWS:
        return
    for match in islice(_SPELLED.finditer(reading.low), min(_DUMP, reading.few)):
        start, end = match.span()
        if _count(match[0]) not in _WHOLE:
            continue
        link = reading.link(start, end, _SECRET | _NEWS, _SPOKEN)
        if link and link.secret and link.distance <= _P["spelled_near"]:
            yield Span(start, end, "otp")


def _count(spelled: str) -> int:
    """Return how many digits stand in words, or in signs that are a digit each."""
    parts = _BETWEEN.split(spelled)
    return len(parts) if spelled[0] < _SYLLABLES else len("".join(parts))
