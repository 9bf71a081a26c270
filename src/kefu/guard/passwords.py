"""Passwords and PINs: a cue and near it a value that looks like a credential.

Steps: docs/guard.md, section 8.
"""

import re
from collections.abc import Iterator
from typing import Final

from kefu.guard.fold import folded
from kefu.guard.pack import PACK, roles
from kefu.guard.reading import Cue, Reading, is_filler
from kefu.guard.spans import Span

_P: Final = PACK.shapes["password"]
_TOKEN: Final = re.compile(_P["token"])
_EMAIL: Final = re.compile(_P["email"])
_URL: Final = re.compile(_P["url"])
_STRICT: Final = [re.compile(pattern) for pattern in _P["strict"]]
_NEVER: Final = re.compile("|".join(_P["never"]))
_NOT_STRICT: Final = re.compile("|".join(_P["not_strict"]))
_NOT_STRICT_CASE: Final = re.compile("|".join(_P["not_strict_case"]))
_ADDRESS: Final = re.compile("|".join(PACK.shapes["address"]))
_EPOCH: Final = re.compile(_P["epoch"])
_RECENT: Final = re.compile(_P["recent"])
_CHANGED: Final = re.compile(_P["changed"])
_COPULA: Final = re.compile(_P["told"])
_VERBS: Final = frozenset(_P["verbs"])
_MONEY: Final = re.compile(
    f"[ ]?(?:{'|'.join(map(re.escape, map(folded, PACK.shapes['units']['words'])))})(?![a-z])"
)
_QUOTED_VALUE: Final = re.compile(_P["quoted_value"])
_WEAK_NUMBER: Final = re.compile(_P["weak_number"])
_WEAK_WORD: Final = re.compile(_P["weak_word"])
_STOP: Final = frozenset(map(folded, _P["stop"]))
_BACK: Final = re.compile(_P["copula_back"])
_QUOTED: Final = re.compile(_P["quoted"])
_COMBO: Final = re.compile(_P["combo"])
_BREAK: Final = re.compile("[.!?。！？](?:\\s|$)|\n\\s*\n")
_LINE: Final = re.compile("[^\\s:=]\\s*\n")
_WORDS: Final = re.compile("[a-z\u0400-\u052f\u0600-\u06ff]+")
_UNIT: Final = re.compile(_P["units"])
_CUE: Final = roles("password")
_LOGIN: Final = roles("login", "password")
_API: Final = roles("secret", "api")
_API_PASS: Final = roles("apipass")
_API_ONLY: Final = roles("api")
_OWNED: Final = roles("number", "login") & ~_CUE
_ENTER: Final = roles("enter")
_OR: Final = re.compile(_P["or"])
_OTHER: Final = roles("otp", "cvv", "totp", "phrase")
_PUBLIC: Final = roles("number", "hash", "error", "code", "otp", "cvv", "expiry", "card")
_ABSENT: Final = roles("absent")
_DUMP: Final = 400


def find_passwords(reading: Reading) -> Iterator[Span]:
    """Yield passwords and PINs. After _DUMP cues the words beside the next are not read."""
    if reading.roles & _LOGIN and "@" in reading.low:
        yield from _combos(reading)
    for cue in reading.of(_CUE)[:_DUMP]:
        after = _ahead(reading, cue)
        if after:
            yield after
            yield from _others(reading, after.end)
        before = _behind(reading, cue)
        if before:
            yield before
            yield from _others(reading, cue.end)


def _others(reading: Reading, end: int) -> Iterator[Span]:
    """Yield further values after the first: "it is this or that"."""
    for _ in range(3):
        gap = _OR.match(reading.low, end)
        if not gap:
            return
        for word in list(_TOKEN.finditer(reading.plain, gap.end(), gap.end() + 80))[:3]:
            start, last = _stripped(reading.plain, word.start(), word.end())
            if start - gap.end() <= 16 and looks_chosen(reading.plain[start:last]):
                yield Span(start, last, "password")
                end = last
                break
        else:
            return


def looks_chosen(word: str) -> bool:
    """Return whether word looks like a credential: letters with digits or signs, or a number."""
    return is_strict(word) or bool(_WEAK_NUMBER.fullmatch(word))


def is_strict(word: str) -> bool:
    """Return whether word looks like a credential wherever it stands."""
    low = word.lower()
    return is_credential(word) and not (
        _NOT_STRICT.fullmatch(low) or _NOT_STRICT_CASE.fullmatch(word)
    )


def is_credential(word: str) -> bool:
    """Return whether word looks like a credential where a cue points at it."""
    if len(word) > _P["longest"] or not any(shape.fullmatch(word) for shape in _STRICT):
        return False
    low = word.lower()
    return not (
        _NEVER.fullmatch(low) or _ADDRESS.fullmatch(word) or _EMAIL.match(word) or _URL.match(low)
    )


def _ahead(reading: Reading, cue: Cue) -> Span | None:
    """Return the first value after the cue."""
    plain, low = reading.plain, reading.low
    limit = min(len(plain), cue.end + _P["ahead"])
    at = cue.end
    for _ in range(_P["tokens"]):
        match = _TOKEN.search(plain, at, min(len(plain), limit + 64))
        if not match or match.start() >= limit:
            return None
        start, end = _stripped(plain, match.start(), match.end())
        gap = low[cue.end : start]
        if _BREAK.search(gap) or reading.has(_OTHER | _CUE, cue.end, start):
            return None
        quoted = _QUOTED_VALUE.match(plain, start - 1) if start > cue.end else None
        told = low[cue.start : cue.end] not in _VERBS or _COPULA.search(gap)
        if quoted and " " in quoted[1] and told and is_filler(gap) and not _stops(quoted[1]):
            return Span(quoted.start(1), quoted.end(1), "password")
        if start < end and _accepts(reading, cue, start, end, gap):
            return Span(start, end, "password")
        at = match.end()
    return None


def _stops(words: str) -> bool:
    return any(word in _STOP for word in folded(words).split())


def _stripped(plain: str, start: int, end: int) -> tuple[int, int]:
    while start < end and plain[start] in _P["strip_left"]:
        start += 1
    while start < end and plain[end - 1] in _P["strip_right"]:
        end -= 1
    if plain[start:end].startswith("**") and plain[start:end].endswith("**"):
        start, end = start + 2, end - 2
    if start < end < len(plain) and plain[end] in ".?" and not plain[start:end].isdigit():
        end += 1  # it may be part of the value; a lost full stop costs less than a kept sign
    return start, end


def _accepts(reading: Reading, cue: Cue, start: int, end: int, gap: str) -> bool:
    plain, low = reading.plain, reading.low
    word = plain[start:end].rstrip(".?") or plain[start:end]
    if _EMAIL.match(word) or _URL.match(word.lower()) or word.lower() in _STOP:
        return False
    tight = is_filler(gap)
    if low[cue.start : cue.end] in _VERBS and not _COPULA.search(gap):
        tight = tight and (reading.has(_LOGIN & ~_CUE, cue.start - 64, end + 40))
        if not tight:
            return False
    if tight and is_credential(word):
        return True
    if is_strict(word):
        return _is_loose(reading, cue, start, end)
    if not tight:
        return False
    if _WEAK_NUMBER.fullmatch(word):
        told = gap.rstrip().endswith((":", "="))
        if not told and _names_other(reading, cue.end, start):
            return False
        dated = _EPOCH.fullmatch(word) or _RECENT.fullmatch(word)
        if len(word) < 6 and not told and _MONEY.match(low, end):
            return False
        return (told or not dated) and not (_UNIT.match(low, end) or _CHANGED.match(low, end))
    return _is_plain_word(plain, start, end, gap)


def _is_loose(reading: Reading, cue: Cue, start: int, end: int) -> bool:
    """Return whether a credential not far from the cue is the password and nothing else."""
    gap = reading.low[cue.end : start]
    if len(gap) > _P["loose"] or _LINE.search(gap) or reading.has(_ABSENT, cue.start, end):
        return False
    near = reading.link(start, end, _CUE, _PUBLIC)
    return not near or near.secret or near.distance >= 4


def _names_other(reading: Reading, start: int, end: int) -> bool:
    """Return whether the number belongs to a word such as account that stands between."""
    last = max((cue.end for cue in reading.between(_OWNED, start, end)), default=0)
    return bool(last) and not _COPULA.search(reading.low[last:end])


def _is_plain_word(plain: str, start: int, end: int, gap: str) -> bool:
    """Return whether a word without digits is given as a value: quoted, or alone after a colon."""
    word = plain[start:end]
    if not (_WEAK_WORD.fullmatch(word) or len(word) >= 4):
        return False
    before, after = plain[start - 1 : start], plain[end : end + 1]
    if before and _QUOTED.match(before) and after and _QUOTED.match(after):
        return True
    told = gap.rstrip().endswith((":", "=")) or gap.endswith("> ")
    ends = not after or after in "\n,;)" or plain[end : end + 2] in {". ", ".", ".\n"}
    return told and ends


def _behind(reading: Reading, cue: Cue) -> Span | None:
    """Return the value before the cue, where a copula or quotes join the two."""
    plain, low = reading.plain, reading.low
    floor = max(0, cue.start - _P["back"])
    last = None
    for match in _TOKEN.finditer(plain, floor, cue.start):
        if any(character.isdigit() or character in "!@#$%^&*" for character in match[0]) or (
            plain[match.start() - 1 : match.start()] == '"'
        ):
            last = match
    if last is None or (last.start() == floor and floor):
        return None
    start, end = _stripped(plain, last.start(), last.end())
    gap = low[end : cue.start]
    if start >= end or _BREAK.search(gap) or len(_WORDS.findall(gap)) > _P["back_words"]:
        return None
    quoted = plain[start - 1 : start] == '"' and plain[end : end + 1] == '"'
    joined = quoted or bool(_BACK.search(gap)) or reading.has(_ENTER, start - 24, cue.start)
    word = plain[start:end].rstrip(".?") or plain[start:end]
    if not joined or low[start:end] in _STOP or reading.has(_OTHER | _PUBLIC, end, cue.start):
        return None
    near = reading.link(start, end, _CUE, _PUBLIC)
    if near and not near.secret and near.before and near.tight:
        return None
    plainly = quoted and len(word) >= 5 and not (_EMAIL.match(word) or _NEVER.fullmatch(word))
    good = is_strict(word) or plainly or (is_filler(gap) and bool(_WEAK_NUMBER.fullmatch(word)))
    return Span(start, end, "password") if good else None


def _combos(reading: Reading) -> Iterator[Span]:
    """Yield passwords in `mail:password` pairs."""
    for match in list(_COMBO.finditer(reading.low))[:_DUMP]:
        start, end = _stripped(reading.plain, match.start(1), match.end(1))
        if start < end and is_strict(reading.plain[start:end]):
            yield Span(start, end, "password")


def in_api_context(reading: Reading, span: Span, secrets: list[int]) -> bool:
    """Return whether a password belongs to an API key. secrets: where API secrets end."""
    if not reading.has(_API_PASS, span.start - 40, span.start):
        return False
    if reading.has(_API_ONLY, span.start - 40, span.start):
        return True
    last = max((end for end in secrets if end <= span.start), default=-1)
    near: int = PACK.shapes["api"]["near_pass"]
    return last >= 0 and span.start - last <= near and "@" not in reading.low[last : span.start]
