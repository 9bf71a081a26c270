"""Passwords and PINs: a cue and near it a value that looks like a credential.

Steps: docs/guard.md, section 8.
"""

import re
from collections.abc import Iterator
from typing import Final

from kefu.guard.behind import behind
from kefu.guard.compounds import Cue
from kefu.guard.credentials import (
    EMAIL,
    NAMES,
    STOP,
    STRICT,
    TOKEN,
    URL,
    WEAK_NUMBER,
    is_credential,
    is_free_number,
    is_lone,
    is_phrase,
    is_short,
    is_strict,
    stripped,
)
from kefu.guard.entered import earlier, entered, is_joined, others
from kefu.guard.native import native, spoken
from kefu.guard.pack import PACK, roles
from kefu.guard.reading import Reading, is_filler, is_told
from kefu.guard.spans import Span

_P: Final = PACK.shapes["password"]
_EPOCH: Final = re.compile(_P["epoch"])
_RECENT: Final = re.compile(_P["recent"])
_COPULA: Final = re.compile(_P["told"])
_BIRTHDAY: Final = re.compile(_P["birthday"])
_VERBS: Final = frozenset(_P["verbs"])
_QUOTED_VALUE: Final = re.compile(_P["quoted_value"])
_WEAK_WORD: Final = re.compile(_P["weak_word"])
_VERB_VALUE: Final = re.compile(_P["plain_verb_value"])
_CHOSEN: Final = re.compile(_P["chosen"])
_ALONE: Final = re.compile(_P["alone"])
_SURELY: Final = re.compile(_P["surely"])
_LATIN: Final = re.compile(_P["latin"])
_BESIDE_LOGIN: Final = re.compile(_P["beside_login"])
_WRONG: Final = re.compile(f"(?:{'|'.join(_P['error_words'])}) $")
_VERB_BEFORE: Final = re.compile(_P["verb_before"])
_ONE_TIME: Final = roles("otp")
_QUOTED: Final = re.compile(_P["quoted"])
_BREAK: Final = re.compile("[.!?。！？](?:\\s|$)|\n\\s*\n")
_LINE: Final = re.compile("[^\\s:=]\\s*\n")
_CUE: Final = roles("password")
_LOGIN: Final = roles("login", "password")
_OWNED: Final = roles("number", "login") & ~_CUE
_ENTER: Final = roles("enter")
_FOREIGN: Final = re.compile(_P["foreign"])
_OTHER: Final = roles("otp", "cvv", "totp", "phrase")
_PUBLIC: Final = roles("number", "hash", "error", "code", "otp", "cvv", "expiry", "card")
_OTHERS: Final = _PUBLIC | roles("amount")
_HASH: Final = roles("hash")
_PHRASE: Final = roles("phrase")
_ABSENT: Final = roles("absent")
_DUMP: Final = 400


def find_passwords(reading: Reading) -> Iterator[Span]:
    """Yield passwords and PINs. After _DUMP cues the words beside the next are not read."""
    for tries, cue in enumerate(reading.of(_CUE)[:_DUMP]):
        if tries >= reading.few:
            reading.claim(cue.start, "password")
            break
        after = native(reading, cue.end) or _ahead(reading, cue) or spoken(reading, cue)
        if after:
            yield after
            yield from others(reading, after.end)
        before = behind(reading, cue)
        if before:
            yield before
            yield from others(reading, cue.end)
        for found in (after, before):
            if found:
                yield from earlier(reading, found.start)
    if reading.roles & _ENTER:
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
        if quoted and told and is_filler(gap) and is_phrase(quoted[1]):
            return Span(quoted.start(1), quoted.end(1), "password")
        if start < end and _accepts(reading, cue, start, end, gap):
            return Span(start, end, "password")
        at = match.end()
    return None


def _goes_on(gap: str, word: str) -> bool:
    """Return whether the value still belongs to the cue: after a full stop only as `It is ...`."""
    if not _BREAK.search(gap):
        return True
    tail = gap[max(match.end() for match in _BREAK.finditer(gap)) :].strip()
    return bool(tail) and is_strict(word) and is_filler(tail)


def _is_verb(low: str, cue: Cue, gap: str) -> bool:
    """Return whether a cue such as pass is a verb here: no copula follows."""
    return low[cue.start : cue.end] in _VERBS and not _COPULA.search(gap)


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
    if WEAK_NUMBER.fullmatch(word) and _BIRTHDAY.search(gap):
        return True
    if not tight:
        return False
    if WEAK_NUMBER.fullmatch(word):
        return _is_number(reading, cue, start, end)
    return _is_plain_word(reading, cue, start, end)


def _is_told(reading: Reading, cue: Cue, start: int, gap: str) -> bool:
    """Return whether a copula joins the two although words stand between."""
    return is_told(gap) and not reading.has(_OTHERS & ~_HASH, cue.end, start)


def _is_object(low: str, cue: Cue, word: str) -> bool:
    """Return whether what follows `pass` is plainly a password: `pass kitten2020`."""
    if len(word) < _P["plain_verb"] or not (_VERB_VALUE.fullmatch(word) and is_strict(word)):
        return False
    before = low[max(0, cue.start - 8) : cue.start]
    return bool(STRICT[0].fullmatch(word)) and not _VERB_BEFORE.search(before)


def _is_number(reading: Reading, cue: Cue, start: int, end: int) -> bool:
    """Return whether a number right behind the cue is the password."""
    low, gap = reading.low, reading.low[cue.end : start]
    word = reading.plain[start:end].rstrip(".?")
    if gap.rstrip().endswith((":", "=")):
        return True
    if not gap.strip() and _WRONG.search(low, max(0, cue.start - 16), cue.start):
        return False  # `wrong password 60012`: the number of an error
    if _names_other(reading, cue.end, start) or _EPOCH.fullmatch(word) or _RECENT.fullmatch(word):
        return False
    return is_free_number(low, word, end)


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
    if word.lower() in NAMES:
        return False
    named = told or is_told(gap) or bool(_COPULA.search(gap))
    if named and _CHOSEN.fullmatch(word):
        return True
    foreign = not plain[cue.end - 1].isascii()
    if foreign and _FOREIGN.search(gap) and _LATIN.fullmatch(word):
        return True
    if is_joined(reading, start, end, foreign=foreign):
        return True
    if _BESIDE_LOGIN.fullmatch(word) and EMAIL.search(plain, max(0, cue.start - 48), cue.start):
        return True
    ends = not after or after in "\n,;)" or plain[end : end + 2] in {". ", ".", ".\n"}
    if named and ends and _ALONE.fullmatch(word) and is_lone(word):
        return told or _SURELY.search(reading.low, max(0, cue.start - 40), start) is not None
    return told and ends
