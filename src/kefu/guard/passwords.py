"""Passwords and PINs: a cue and near it a value that looks like a credential.

Steps: docs/guard.md, section 8.
"""

import re
from collections.abc import Iterator
from typing import Final

from kefu.guard.compounds import Cue
from kefu.guard.credentials import (
    EMAIL,
    NEVER,
    STOP,
    STRICT,
    TOKEN,
    URL,
    WEAK_NUMBER,
    is_credential,
    is_free_number,
    is_short,
    is_strict,
    stripped,
)
from kefu.guard.entered import earlier, entered, others
from kefu.guard.fold import folded
from kefu.guard.implied import is_strong
from kefu.guard.pack import PACK, roles
from kefu.guard.reading import Reading, is_filler, is_told
from kefu.guard.spans import Span

_P: Final = PACK.shapes["password"]
_STRICT: Final = [re.compile(pattern) for pattern in _P["strict"]]
_EPOCH: Final = re.compile(_P["epoch"])
_RECENT: Final = re.compile(_P["recent"])
_COPULA: Final = re.compile(_P["told"])
_VERBS: Final = frozenset(_P["verbs"])
_QUOTED_VALUE: Final = re.compile(_P["quoted_value"])
_WEAK_WORD: Final = re.compile(_P["weak_word"])
_QUOTED_BACK: Final = re.compile(_P["quoted_back"])
_VERB_VALUE: Final = re.compile(_P["plain_verb_value"])
_CHOSEN: Final = re.compile(_P["chosen"])
_LATIN: Final = re.compile(_P["latin"])
_BESIDE_LOGIN: Final = re.compile(_P["beside_login"])
_NAMES: Final = frozenset(_P["names"])
_ERRORS: Final = frozenset(_P["error_words"])
_VERB_BEFORE: Final = re.compile(_P["verb_before"])
_ONE_TIME: Final = roles("otp")
_BACK: Final = re.compile(_P["copula_back"])
_QUOTED: Final = re.compile(_P["quoted"])
_COMBO: Final = re.compile(_P["combo"])
_BREAK: Final = re.compile("[.!?。！？](?:\\s|$)|\n\\s*\n")
_LINE: Final = re.compile("[^\\s:=]\\s*\n")
_WORDS: Final = re.compile("[a-z\u0400-\u052f\u0600-\u06ff]+")
_CUE: Final = roles("password")
_LOGIN: Final = roles("login", "password")
_API: Final = roles("secret", "api")
_API_PASS: Final = roles("apipass")
_API_ONLY: Final = roles("api")
_OWNED: Final = roles("number", "login") & ~_CUE
_ENTER: Final = roles("enter")
_FOREIGN: Final = re.compile(_P["foreign"])
_OTHER: Final = roles("otp", "cvv", "totp", "phrase")
_PUBLIC: Final = roles("number", "hash", "error", "code", "otp", "cvv", "expiry", "card")
_HASH: Final = roles("hash")
_PHRASE: Final = roles("phrase")
_ABSENT: Final = roles("absent")
_DUMP: Final = 400


def find_passwords(reading: Reading) -> Iterator[Span]:
    """Yield passwords and PINs. After _DUMP cues the words beside the next are not read."""
    if "@" in reading.low:
        yield from _combos(reading)
    for tries, cue in enumerate(reading.of(_CUE)[:_DUMP]):
        if tries >= reading.few:
            reading.claim(cue.start, "password")
            break
        after = _ahead(reading, cue)
        if after:
            yield after
            yield from others(reading, after.end)
        before = _behind(reading, cue)
        if before:
            yield before
            yield from others(reading, cue.end)
        for found in (after, before):
            if found:
                yield from earlier(reading, found.start)
    if reading.roles & _CUE and reading.roles & _ENTER:
        for cue in reading.of(_ENTER)[:_DUMP]:
            yield from entered(reading, cue)


def _ahead(reading: Reading, cue: Cue) -> Span | None:
    """Return the first value after the cue."""
    plain, low = reading.plain, reading.low
    limit = min(len(plain), cue.end + _P["ahead"])
    others = reading.between(_OTHER | _CUE, cue.end, limit + 1)
    reach = others[0].start if others else limit
    at = cue.end
    for _ in range(_P["tokens"]):
        match = TOKEN.search(plain, at, min(len(plain), limit + 64))
        if not match or match.start() >= limit:
            return None
        start, end = stripped(plain, match.start(), match.end())
        gap = low[cue.end : start]
        if start > reach and not (others and others[0].roles & _PHRASE and is_told(gap)):
            if not others or not others[0].roles & _PHRASE:
                return None
            at = match.end()
            continue
        if not _goes_on(gap, plain[start:end]):
            at = match.end()
            continue
        opens = start - 1 > cue.end or not plain[cue.end - 1].isascii()  # else the quote ends there
        quoted = _QUOTED_VALUE.match(plain, start - 1) if opens and start > cue.end else None
        told = not _is_verb(low, cue, gap)
        if quoted and " " in quoted[1] and told and is_filler(gap) and not _stops(quoted[1]):
            return Span(quoted.start(1), quoted.end(1), "password")
        if start < end and _accepts(reading, cue, start, end, gap):
            return Span(start, end, "password")
        at = match.end()
    return None


def _goes_on(gap: str, word: str) -> bool:
    """Return whether the value still belongs to the cue: after a full stop only as `It is ...`."""
    last = max((match.end() for match in _BREAK.finditer(gap)), default=0)
    tail = gap[last:].strip()
    return not last or (bool(tail) and is_strict(word) and is_filler(tail))


def _is_verb(low: str, cue: Cue, gap: str) -> bool:
    """Return whether a cue such as pass is a verb here: no copula follows."""
    return low[cue.start : cue.end] in _VERBS and not _COPULA.search(gap)


def _stops(words: str) -> bool:
    """Return whether quoted words are a remark such as `wrong password`."""
    parts = folded(words).split()
    stopped = sum(word in STOP for word in parts)
    return 2 * stopped >= len(parts) or any(word in _ERRORS for word in parts)


def _accepts(reading: Reading, cue: Cue, start: int, end: int, gap: str) -> bool:
    plain, low = reading.plain, reading.low
    word = plain[start:end].rstrip(".?") or plain[start:end]
    if EMAIL.match(word) or URL.match(word.lower()) or word.lower() in STOP:
        return False
    tight = is_filler(gap) or _is_told(reading, cue, start, gap)
    if _is_verb(low, cue, gap):
        named = reading.has(_LOGIN & ~_CUE, cue.start - 64, end + 40) or (
            "@" in low[max(0, cue.start - 64) : end + 40]
        )
        if not (tight and (named or _is_object(low, cue, word))):
            return False
    if cue.roles & _ONE_TIME and WEAK_NUMBER.fullmatch(word):
        return False
    if tight and (is_credential(word) or is_short(word)):
        return True
    if is_strict(word):
        return _is_loose(reading, cue, start, end)
    if not tight:
        return False
    if WEAK_NUMBER.fullmatch(word):
        told = gap.rstrip().endswith((":", "="))
        if not told and _names_other(reading, cue.end, start):
            return False
        dated = _EPOCH.fullmatch(word) or _RECENT.fullmatch(word)
        return (told or not dated) and (told or is_free_number(reading.low, word, end))
    return _is_plain_word(reading, cue, start, end)


def _is_told(reading: Reading, cue: Cue, start: int, gap: str) -> bool:
    """Return whether a copula joins the two although words stand between."""
    return is_told(gap) and not reading.has(_PUBLIC & ~_HASH, cue.end, start)


def _is_object(low: str, cue: Cue, word: str) -> bool:
    """Return whether what follows `pass` is plainly a password: `pass kitten2020`."""
    if len(word) < _P["plain_verb"] or not (_VERB_VALUE.fullmatch(word) and is_strict(word)):
        return False
    before = low[max(0, cue.start - 8) : cue.start]
    return bool(STRICT[0].fullmatch(word)) and not _VERB_BEFORE.search(before)


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


def _is_plain_word(reading: Reading, cue: Cue, start: int, end: int) -> bool:
    """Return whether a word without digits is given as a value: quoted, or alone after a colon."""
    plain, gap = reading.plain, reading.low[cue.end : start]
    word = plain[start:end]
    if not (_WEAK_WORD.fullmatch(word) or len(word) >= 4):
        return False
    before, after = plain[start - 1 : start], plain[end : end + 1]
    if before and _QUOTED.match(before) and after and _QUOTED.match(after):
        return True
    told = gap.rstrip().endswith((":", "=")) or gap.endswith("> ")
    if word.lower() in _NAMES:
        return False
    if _COPULA.search(gap) and _CHOSEN.fullmatch(word):
        return True
    if not plain[cue.end - 1].isascii() and _FOREIGN.search(gap) and _LATIN.fullmatch(word):
        return True
    if _BESIDE_LOGIN.fullmatch(word) and EMAIL.search(plain, max(0, cue.start - 48), cue.start):
        return True
    ends = not after or after in "\n,;)" or plain[end : end + 2] in {". ", ".", ".\n"}
    return told and ends


def _is_phrase(words: str) -> bool:
    return " " in words and not _stops(words)


def _last_value(plain: str, floor: int, end: int) -> re.Match[str] | None:
    """Return the last word that digits, signs or a quote set apart, unless floor cuts it."""
    last = None
    for match in TOKEN.finditer(plain, floor, end):
        if any(character.isdigit() or character in "!@#$%^&*" for character in match[0]) or (
            plain[match.start() - 1 : match.start()] == '"'
        ):
            last = match
    return None if last and last.start() == floor and floor else last


def _behind(reading: Reading, cue: Cue) -> Span | None:
    """Return the value before the cue, where a copula or quotes join the two."""
    plain, low = reading.plain, reading.low
    floor = max(0, cue.start - _P["back"])
    phrase = _QUOTED_BACK.search(plain, floor, cue.start)
    if phrase and _is_phrase(phrase[1]) and _BACK.search(low[phrase.end(1) : cue.start]):
        return Span(phrase.start(1), phrase.end(1), "password")
    last = _last_value(plain, floor, cue.start)
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
    good = is_strict(word) or plainly or (is_filler(gap) and bool(WEAK_NUMBER.fullmatch(word)))
    return Span(start, end, "password") if good else None


def _combos(reading: Reading) -> Iterator[Span]:
    """Yield passwords in `mail:password` pairs."""
    named = bool(reading.roles & _LOGIN)
    for match in list(_COMBO.finditer(reading.low))[:_DUMP]:
        start, end = stripped(reading.plain, match.start(1), match.end(1))
        word = reading.plain[start:end]
        if start < end and (is_strong(word) or (named and is_strict(word))):
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
