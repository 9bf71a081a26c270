"""Passwords that stand before the word that names them: `X is my password`.

Steps: docs/guard.md, section 8.
"""

import re
from typing import Final

from kefu.guard.compounds import Cue
from kefu.guard.credentials import (
    EMAIL,
    NEVER,
    STOP,
    TOKEN,
    WEAK_NUMBER,
    is_lone,
    is_phrase,
    is_strict,
    is_worded,
    stripped,
)
from kefu.guard.entered import is_joined
from kefu.guard.pack import ANY, PACK, roles
from kefu.guard.reading import Reading, is_filler
from kefu.guard.spans import Span

_P: Final = PACK.shapes["password"]
_VERBS: Final = frozenset(_P["verbs"])
_BACK: Final = re.compile(_P["copula_back"])
_QUOTED_BACK: Final = re.compile(_P["quoted_back"])
_BREAK: Final = re.compile("[.!?。！？](?:\\s|$)|\n\\s*\n")
_APART: Final = re.compile("[0-9!@#$%^&*]")
_ALONE: Final = re.compile(_P["alone"])
_MINE: Final = re.compile(_P["mine"])
_MINE_BEFORE: Final = re.compile(_P["mine_before"])
_WORDS: Final = re.compile("[a-z\u0400-\u052f\u0600-\u06ff]+")
_CUE: Final = roles("password")
_ONE_TIME: Final = roles("otp")
_ENTER: Final = roles("enter")
_OTHER: Final = roles("otp", "cvv", "totp", "phrase")
_PUBLIC: Final = roles("number", "hash", "error", "code", "otp", "cvv", "expiry", "card")


def behind(reading: Reading, cue: Cue) -> Span | None:
    """Return the value before the cue, where a copula or quotes join the two."""
    return _set_apart(reading, cue) or _alone(reading, cue)


def _set_apart(reading: Reading, cue: Cue) -> Span | None:
    """Return the nearest one that its signs, quotes or script set apart."""
    plain, low = reading.plain, reading.low
    floor = max(0, cue.start - _P["back"])
    phrase = _QUOTED_BACK.search(plain, floor, cue.start)
    if phrase and is_phrase(phrase[1]) and _is_put(reading, phrase, cue):
        return Span(phrase.start(1), phrase.end(1), "password")
    last = _last_value(plain, floor, cue.start, foreign=not low[cue.start].isascii())
    if last is None:
        return None
    start, end = stripped(plain, last.start(), last.end())
    gap = low[end : cue.start]
    if low[cue.start : cue.end] in _VERBS and not _BACK.search(gap):
        return None
    if start >= end or _BREAK.search(gap) or len(_WORDS.findall(gap)) > _P["back_words"]:
        return None
    quoted = plain[start - 1 : start] == '"' and plain[end : end + 1] == '"'
    joined = quoted or bool(_BACK.search(gap)) or reading.has(_ENTER, start - 24, cue.start)
    joined = joined or (is_filler(gap) and reading.has(_ENTER, cue.end, cue.end + 16))
    word = plain[start:end].rstrip(".?") or plain[start:end]
    if cue.roles & _ONE_TIME and WEAK_NUMBER.fullmatch(word):
        return None
    if not joined or low[start:end] in STOP or reading.has(_OTHER | _PUBLIC, end, cue.start):
        return None
    near = reading.link(start, end, _CUE, _PUBLIC)
    if near and not near.secret and near.before and near.tight:
        return None
    plainly = quoted and len(word) >= 5 and not (EMAIL.match(word) or NEVER.fullmatch(word))
    good = is_strict(word) or plainly or _is_said(reading, cue, start, end)
    good = good or (is_filler(gap) and bool(WEAK_NUMBER.fullmatch(word)))
    return Span(start, end, "password") if good else None


def _is_put(reading: Reading, phrase: re.Match[str], cue: Cue) -> bool:
    """Return whether a quoted phrase is said, or was put in, to be what the cue names."""
    gap = reading.low[phrase.end(1) : cue.start]
    if len(gap) > _P["back_quoted"]:
        return bool(_BACK.match(gap.lstrip('" ')))
    entered = is_filler(gap) and reading.has(_ENTER, phrase.start() - 24, phrase.start())
    return bool(entered or _BACK.search(gap))


def _last_value(plain: str, floor: int, end: int, *, foreign: bool) -> re.Match[str] | None:
    """Return the last word that digits, signs, a quote or its script set apart, unless cut."""
    last = None
    for match in TOKEN.finditer(plain, floor, end):
        quoted = plain[match.start() - 1 : match.start()] == '"'
        if (
            quoted
            or _APART.search(match[0])
            or is_worded(match[0])
            or (foreign and is_lone(match[0]))
        ):
            last = match
    return None if last and last.start() == floor and floor else last


def _is_said(reading: Reading, cue: Cue, start: int, end: int) -> bool:
    """Return whether words that a sign joins are said to be the password: `a_b is my password`."""
    gap = reading.low[end : cue.start]
    said = _BACK.search(gap)
    close = is_filler(gap) or (said and said.start() <= 2 and "\n" not in gap)
    foreign = not reading.low[cue.start].isascii()
    put = reading.has(_ENTER, cue.end, cue.end + 8)
    if is_lone(reading.plain[start:end]) and not (put or (said and said.start() <= 2)):
        return False
    return (
        bool(close)
        and reading.low[cue.start : cue.end] not in _VERBS
        and is_joined(reading, start, end, foreign=foreign)
    )


def _alone(reading: Reading, cue: Cue) -> Span | None:
    """Return a long word without a digit that begins a clause: `sunnymeadow is my password`."""
    plain, low = reading.plain, reading.low
    for match in TOKEN.finditer(plain, max(0, cue.start - _P["back"]), cue.start):
        start, end = match.span()
        if (
            _leads_to(low, end, cue)
            and _MINE_BEFORE.search(low, max(0, start - 4), start)
            and _ALONE.fullmatch(match[0])
            and is_lone(match[0])
            and not reading.has(ANY, start, end)
        ):
            return Span(start, end, "password")
    return None


def _leads_to(low: str, end: int, cue: Cue) -> bool:
    """Return whether the words behind text[:end] call the cue one's own: `is my`."""
    said = _MINE.match(low, end, cue.end)
    return said is not None and cue.start <= said.end() < cue.end
