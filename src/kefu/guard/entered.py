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
    is_lone,
    is_signed,
    is_strict,
    is_worded,
    looks_chosen,
    stripped,
)
from kefu.guard.pack import ANY, PACK, roles
from kefu.guard.reading import Reading, is_filler
from kefu.guard.spans import Span

_P: Final = PACK.shapes["password"]
_OR: Final = re.compile(_P["or"])
_ALONE: Final = re.compile(_P["alone"])
_AS_PASSWORD: Final = re.compile(_P["as_password"])
_CASED: Final = re.compile(_P["cased"])
_OLD: Final = re.compile(_P["old_before"])
_OTHERWISE: Final = re.compile(_P["otherwise"])
_CUE: Final = roles("password")
_CODE: Final = roles("code")
_LOGIN: Final = roles("login")
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
            if is_filler(gap) and _is_typed(reading, cue, start, end):
                yield Span(start, end, "password")


def _is_typed(reading: Reading, cue: Cue, start: int, end: int) -> bool:
    word = reading.plain[start:end].rstrip(".?")
    if not word or word.lower() in STOP:
        return False
    words = is_joined(reading, start, end, foreign=not reading.low[cue.start].isascii())
    number = is_free_number(reading.low, word, end)
    if not (is_credential(word) or words or number or _is_named(reading, word, start, end)):
        return False
    rivals = _RIVALS if word.isdigit() else _RIVALS & ~_CODE
    link = reading.link(start, end, _CUE, rivals & ~_CUE)
    if link is None:
        login = reading.has(_LOGIN, cue.start - 16, cue.start + 1) and is_signed(word)
        login = login or _CASED.search(reading.low) is not None
        return is_strict(word) and (login or reading.has(_CUE, end, end + _P["typed_before"]))
    return link.secret and link.distance <= _P["entered"]


def _is_named(reading: Reading, word: str, start: int, end: int) -> bool:
    """Return whether a long word was put in as a password: `I typed sunnymeadow as password`."""
    if not (_ALONE.fullmatch(word) and is_lone(word)) or reading.has(ANY, start, end):
        return False
    return any(
        _AS_PASSWORD.fullmatch(reading.low, end, cue.start)
        for cue in reading.between(_CUE, end, end + _P["typed_before"])
    )


def is_joined(reading: Reading, start: int, end: int, *, foreign: bool) -> bool:
    """Return whether words without a digit are a value: joined by a sign, and none a cue.

    foreign: the text round it is in another script than Latin. Then one long word may be a value
        too, and the sign a hyphen.
    """
    word = reading.plain[start:end].rstrip(".?")
    if reading.has(ANY, start, end):
        return False
    return (is_worded(word) and (foreign or "-" not in word)) or (foreign and is_lone(word))


def others(reading: Reading, end: int) -> Iterator[Span]:
    """Yield further values after the first: "it is this or that"."""
    for _ in range(3):
        gap = _OR.match(reading.low, end)
        if not gap:
            return
        for word in list(TOKEN.finditer(reading.plain, gap.end(), gap.end() + 80))[:3]:
            start, last = stripped(reading.plain, word.start(), word.end())
            if start - gap.end() > 16 or reading.has(_RIVALS, end, start):
                continue
            if looks_chosen(reading.plain[start:last]) or is_joined(
                reading, start, last, foreign=not gap[0].isascii()
            ):
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
        if not is_strict(plain[first:last]):
            continue
        old = reading.has(_CUE, last, start) and _OLD.search(reading.low, max(0, first - 16), first)
        if old or _OTHERWISE.fullmatch(reading.low, last, start):
            yield Span(first, last, "password")
