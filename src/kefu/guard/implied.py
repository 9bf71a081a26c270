"""Passwords that no word names: changed from one to another, or good here and not there.

Steps: docs/guard.md, section 8.
"""

import re
from collections.abc import Iterator
from itertools import islice
from typing import Final

from kefu.guard.compounds import Cue
from kefu.guard.credentials import (
    TOKEN,
    WEAK_NUMBER,
    is_credential,
    is_lone,
    is_strict,
    is_worded,
    stripped,
)
from kefu.guard.pack import ANY, PACK, ROLE, roles
from kefu.guard.reading import Reading, is_filler
from kefu.guard.spans import Span

_P: Final = PACK.shapes["implied"]
_STRONG: Final = [re.compile(pattern) for pattern in _P["strong"]]
_FAIR: Final = re.compile(_P["fair"])
_NEVER: Final = re.compile(_P["never"])
_MODEL: Final = re.compile(_P["model"])
_DATE: Final = re.compile(_P["date"])
_INTO: Final = re.compile(_P["into"])
_ONTO: Final = re.compile(_P["onto"])
_THEN: Final = re.compile(_P["then"])
_ALONE: Final = re.compile(PACK.shapes["password"]["alone"])
_CHANGED: Final = ROLE["changed"]
_DEVICE: Final = ROLE["device"]
_HANDSET: Final = ROLE["handset"]
_PASSWORD: Final = ROLE["password"]
_PUBLIC: Final = roles("number", "hash", "amount", "error", "card", "otp", "code", "expiry", "cvv")
_OTHERS: Final = _PUBLIC & ~ROLE["code"] | roles("digits", "id_jp")
_DUMP: Final = 60


def find_implied(reading: Reading) -> Iterator[Span]:
    """Yield passwords told by what was done with them."""
    for cue in reading.of(_CHANGED)[:_DUMP]:
        yield from _changed(reading, cue)
        yield from _chosen(reading, cue)
    if reading.roles & _DEVICE and reading.roles & _HANDSET:
        for cue in reading.of(_DEVICE)[:_DUMP]:
            yield from _works_here(reading, cue)


def is_strong(word: str) -> bool:
    """Return whether word can hardly be anything but a password: letters, digits and signs."""
    return is_strict(word) and any(shape.fullmatch(word) for shape in _STRONG)


def _line(low: str, cue: Cue, back: int, ahead: int) -> tuple[int, int]:
    """Return the part of the cue's line at most so far from the cue."""
    start, end = max(0, cue.start - back), min(len(low), cue.end + ahead)
    first, last = low.rfind("\n", start, cue.start), low.find("\n", cue.end, end)
    return max(start, first + 1), end if last < 0 else last


def _values(reading: Reading, start: int, end: int) -> Iterator[Span]:
    """Yield the words that look like credentials, and long numbers."""
    plain = reading.plain
    for match in islice(TOKEN.finditer(plain, start, end), _P["tokens"]):
        first, last = stripped(plain, match.start(), match.end())
        word = plain[first:last]
        if TOKEN.match(plain, match.start() - 1) and match.start() == start > 0:
            continue  # the window cuts it
        if match.end() == end and TOKEN.match(plain, end):
            continue
        if _NEVER.fullmatch(word) and not is_worded(word):
            continue
        if (
            is_credential(word)
            or is_worded(word)
            or (WEAK_NUMBER.fullmatch(word) and not _DATE.fullmatch(word))
        ):
            yield Span(first, last, "password")


def _changed(reading: Reading, cue: Cue) -> Iterator[Span]:
    """Yield the old and the new one beside a word for changing, where both look the part."""
    start, end = _line(reading.low, cue, _P["back"], _P["ahead"])
    found = list(_values(reading, start, end))
    if not found or len(found) > _P["most"]:
        return
    named = reading.has(_PASSWORD, start, end)
    sure = named or any(is_strong(reading.plain[span.start : span.end]) for span in found)
    found = [span for span in found if _fits(reading, span, sure=sure)]
    words = [reading.plain[span.start : span.end] for span in found]
    if (
        len(found) == 2
        and any(map(is_credential, words))
        and (named or any(map(is_strong, words)) or all(map(_FAIR.fullmatch, words)))
    ):
        yield from found
    elif len(found) == 1 and (is_strict(words[0]) or is_worded(words[0])):
        away = max(found[0].start - cue.end, cue.start - found[0].end)
        follows = found[0].start >= cue.end and is_filler(reading.low[cue.end : found[0].start])
        chosen = is_strong(words[0]) or is_worded(words[0]) or _FAIR.fullmatch(words[0])
        told = follows and chosen and len(words[0]) >= _P["told"]
        if (named and away <= _P["next"]) or told:
            yield from found


def _chosen(reading: Reading, cue: Cue) -> Iterator[Span]:
    """Yield a bare number or word that something was changed to, if a password is spoken of."""
    plain, low = reading.plain, reading.low
    start, end = _line(low, cue, _P["back"], _P["ahead"])
    for match in islice(TOKEN.finditer(plain, start, end), _P["tokens"]):
        first, last = stripped(plain, match.start(), match.end())
        word = plain[first:last].rstrip(".?")
        last = first + len(word)
        into = first >= cue.end and _INTO.search(low[cue.start : first])
        onto = 0 <= cue.start - last <= _P["beside_onto"] and _ONTO.match(low[last : cue.end])
        if not (into or onto):
            continue
        number = len(word) >= _P["told"] and WEAK_NUMBER.fullmatch(word) is not None
        named = reading.has(_PASSWORD, start, end) and not reading.has(_OTHERS, start, end)
        if (number and named and not _DATE.fullmatch(word)) or (
            into and _is_new(reading, word, first, last)
        ):
            yield Span(first, last, "password")


def _is_new(reading: Reading, word: str, start: int, end: int) -> bool:
    """Return whether a long word is followed by what the new password did."""
    if not (word.islower() and _ALONE.fullmatch(word) and is_lone(word)) or reading.has(
        ANY, start, end
    ):
        return False
    then = _THEN.match(reading.low, end)
    return bool(then and reading.has(_PASSWORD, then.end(), then.end() + _P["then_near"]))


def _fits(reading: Reading, span: Span, *, sure: bool) -> bool:
    """Return whether no word in or beside the value says that it is something else."""
    word = reading.plain[span.start : span.end]
    if is_worded(word) and (reading.has(ANY, span.start, span.end) or not (sure or "@" in word)):
        return False
    if _MODEL.fullmatch(word) and not sure:
        return False
    link = reading.link(span.start, span.end, _PASSWORD | _CHANGED, _PUBLIC)
    return link is None or link.secret or link.distance >= _P["far"]


def _works_here(reading: Reading, cue: Cue) -> Iterator[Span]:
    """Yield a value beside a computer of a text that also speaks of a phone."""
    for span in _values(reading, *_line(reading.low, cue, _P["near"], _P["near"])):
        word = reading.plain[span.start : span.end]
        away = max(span.start - cue.end, cue.start - span.end)
        other = reading.has(_HANDSET, span.end, span.end + _P["other"])
        plain = is_strong(word) or away <= _P["beside"]
        if not (other and plain and (is_strict(word) or (len(word) >= 6 and away <= 1))):
            continue
        public = _PUBLIC & ~ROLE["number"]
        if reading.has(public, cue.start - 24, span.start) or reading.has(
            public, span.end, span.end + 16
        ):
            continue
        yield span
