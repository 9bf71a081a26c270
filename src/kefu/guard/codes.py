"""One-time codes and card security codes, found by the words beside them.

Steps: docs/guard.md, section 9.
"""

import re
from collections.abc import Iterator
from typing import Final

from kefu.guard.fold import folded
from kefu.guard.pack import PACK, ROLE, roles
from kefu.guard.reading import Link, Reading
from kefu.guard.spans import Span

_P: Final = PACK.shapes["otp"]
_NUMBER: Final = re.compile(_P["number"])
_LETTERS: Final = re.compile(_P["letters"])
_MONEY: Final = re.compile(_P["money_before"])
_UNITS: Final = "|".join(
    sorted(map(re.escape, map(folded, PACK.shapes["units"]["words"])), key=len, reverse=True)
)
_UNIT: Final = re.compile(f"[ ]?(?:{_UNITS})(?![a-z\u0400-\u052f])")
_CVV: Final = re.compile(
    r"(?<![0-9][.,:/-])(?<![0-9A-Za-z+*.])[0-9]{3,4}(?![0-9A-Za-z%*]|[.,:/-][0-9])"
)
_YEAR: Final = re.compile("(?:19|20)[0-9]{2}")
_DATE: Final = re.compile("(?:19|20)[0-9]{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])")
_STRONG: Final = ROLE["otp"]
_WEAK: Final = ROLE["code"]
_MESSAGE: Final = ROLE["message"]
_SMS: Final = ROLE["sms"]
_ERROR: Final = ROLE["error"]
_ABSENT: Final = ROLE["absent"]
_SECRET: Final = _STRONG | _WEAK
_PUBLIC: Final = roles("number", "hash", "amount", "error", "card", "cvv", "expiry", "password") | (
    roles(*(role for role in PACK.cues if role.startswith("id_") or role in {"iban", "passport"}))
)
_CVV_CUE: Final = ROLE["cvv"]
_CARD: Final = ROLE["card"]
_NOT_CVV: Final = roles("expiry", "number", "amount", "otp", "password", "error", "hash")


def find_codes(reading: Reading) -> Iterator[Span]:
    """Yield one-time codes. After `dump` numbers the words beside the next are not read."""
    if not reading.roles & (_SECRET | _MESSAGE):
        return
    for tries, match in enumerate(_NUMBER.finditer(reading.low)):
        if tries >= _P["dump"] or _is_code(reading, match.start(), match.end()):
            yield Span(match.start(), match.end(), "otp")
    if reading.roles & _STRONG:
        for match in list(_LETTERS.finditer(reading.plain))[: _P["dump"]]:
            link = reading.link(match.start(), match.end(), _STRONG, _PUBLIC)
            if link and link.secret and link.tight and _drawn(match[0]):
                yield Span(match.start(), match.end(), "otp")


def _drawn(word: str) -> bool:
    return any(character.isdigit() for character in word) and ("-" in word or not word.isalpha())


def _is_code(reading: Reading, start: int, end: int) -> bool:
    """Return whether the words beside a number make it a one-time code."""
    low = reading.low
    if _MONEY.search(low[max(0, start - 6) : start]):
        return False
    link = reading.link(start, end, _SECRET | _MESSAGE, _PUBLIC)
    if not link or not link.secret:
        return False
    if not link.cue.roles & _SECRET:
        other = reading.link(start, end, _SECRET, _PUBLIC)
        if not other or not other.secret:
            return _in_message(reading, link, start, end)
        link = other
    usual = link.tight and end - start >= 6 and link.before
    if _UNIT.match(low, end) and not usual:
        return False
    if start and "a" <= low[start - 1] <= "z" and link.cue.end != start:
        return False
    word = low[start:end]
    strong = bool(link.cue.roles & _STRONG)
    if _YEAR.fullmatch(word) or _DATE.fullmatch(word):
        return link.tight and (strong or not _YEAR.fullmatch(word))
    if strong:
        return link.tight or _is_loose(reading, link, start, end)
    return _is_weak(reading, link, start, end)


def _in_message(reading: Reading, link: Link, start: int, end: int) -> bool:
    """Return whether a number beside a word for text message has a code's six or eight digits."""
    if sum("0" <= sign <= "9" for sign in reading.low[start:end]) not in {6, 8}:
        return False
    if link.distance > _P["message"] or not _is_loose(reading, link, start, end):
        return False
    return not _UNIT.match(reading.low, end)


def _is_loose(reading: Reading, link: Link, start: int, end: int) -> bool:
    away = max(start - link.cue.end, link.cue.start - end)
    if away > (_P["loose"] if end - start > 4 else _P["loose_short"]):
        return False
    span = _P["absent"]
    first, last = min(start, link.cue.start), max(end, link.cue.end)
    return not reading.has(_ABSENT, first - span, last)


def _is_weak(reading: Reading, link: Link, start: int, end: int) -> bool:
    """Return whether a bare word for code means a one-time code here."""
    if reading.has(_ERROR, start - 48, end + 32):
        return False
    usual = sum("0" <= sign <= "9" for sign in reading.low[start:end]) == 6
    if not link.tight:
        said = usual or reading.has(_SMS, start - 40, end + 40)
        return said and _is_loose(reading, link, start, end)
    if link.before and reading.low[link.cue.end : start].strip():
        return True
    return (
        usual
        or reading.has(_SMS, link.cue.start - 40, end + 40)
        or (link.before and end - start >= 4 and len(reading.low) < 25)
    )


def find_security_codes(reading: Reading) -> Iterator[Span]:
    """Yield card security codes that a cue announces."""
    if not reading.roles & _CVV_CUE:
        return
    for tries, match in enumerate(_CVV.finditer(reading.low)):
        start, end = match.span()
        if _MONEY.search(reading.low[max(0, start - 6) : start]):
            continue
        if tries >= _P["dump"]:
            yield Span(start, end, "card_cvv")
            continue
        link = reading.link(start, end, _CVV_CUE, _NOT_CVV)
        if not link or not link.secret:
            continue
        if end - start == 4 and link.cue.roles & _STRONG and not reading.roles & _CARD:
            continue
        away = max(start - link.cue.end, link.cue.start - end)
        if link.tight or (away <= 24 and not _UNIT.match(reading.low, end)):
            yield Span(start, end, "card_cvv")
