"""Passwords found by what a person did: typed them in, or named a second one beside the first.

Steps: docs/guard.md, section 8.
"""

import re
from collections import deque
from collections.abc import Iterable, Iterator
from typing import Final

from kefu.guard.compounds import Cue
from kefu.guard.credentials import (
    STOP,
    TOKEN,
    is_credential,
    is_free_number,
    is_strict,
    looks_chosen,
    stripped,
)
from kefu.guard.pack import PACK, roles
from kefu.guard.reading import Reading, is_filler
from kefu.guard.spans import Span

_P: Final = PACK.shapes["password"]
_OR: Final = re.compile(_P["or"])
_OTHERWISE: Final = re.compile(_P["otherwise"])
_CUE: Final = roles("password")
_CODE: Final = roles("code")
_RIVALS: Final = roles("otp", "code", "number", "hash", "amount", "error", "cvv", "expiry", "card")


def entered(reading: Reading, cue: Cue) -> Iterator[Span]:
    """Yield what was typed, if the nearest cue on either side speaks of a password."""
    plain, low = reading.plain, reading.low
    after = TOKEN.search(plain, cue.end, cue.end + 40)
    before: Iterable[re.Match[str]] = ()
    if not low[cue.start].isascii():  # where the verb comes last
        before = deque(TOKEN.finditer(plain, max(0, cue.start - 40), cue.start), 1)
    for match in (after, *before):
        if match:
            start, end = stripped(plain, match.start(), match.end())
            gap = low[cue.end : start] if match is after else low[end : cue.start]
            if is_filler(gap) and _is_typed(reading, start, end):
                yield Span(start, end, "password")


def _is_typed(reading: Reading, start: int, end: int) -> bool:
    word = reading.plain[start:end].rstrip(".?")
    if not word or word.lower() in STOP:
        return False
    if not (is_credential(word) or is_free_number(reading.low, word, end)):
        return False
    rivals = _RIVALS if word.isdigit() else _RIVALS & ~_CODE
    link = reading.link(start, end, _CUE, rivals & ~_CUE)
    return bool(link and link.secret and link.distance <= _P["entered"])


def others(reading: Reading, end: int) -> Iterator[Span]:
    """Yield further values after the first: "it is this or that"."""
    for _ in range(3):
        gap = _OR.match(reading.low, end)
        if not gap:
            return
        for word in list(TOKEN.finditer(reading.plain, gap.end(), gap.end() + 80))[:3]:
            start, last = stripped(reading.plain, word.start(), word.end())
            if start - gap.end() <= 16 and looks_chosen(reading.plain[start:last]):
                yield Span(start, last, "password")
                end = last
                break
        else:
            return


def earlier(reading: Reading, start: int) -> Iterator[Span]:
    """Yield the value before the first: "this or that is my password"."""
    plain = reading.plain
    for word in deque(TOKEN.finditer(plain, max(0, start - 80), start), 3):
        first, last = stripped(plain, word.start(), word.end())
        if is_strict(plain[first:last]) and _OTHERWISE.fullmatch(reading.low, last, start):
            yield Span(first, last, "password")
