"""One-time codes and card security codes, found by the words beside them.

Steps: docs/guard.md, section 9.
"""

import re
from bisect import bisect_left
from collections.abc import Iterator
from itertools import islice
from typing import Final

from kefu.guard.fold import folded
from kefu.guard.pack import PACK, ROLE, roles
from kefu.guard.reading import Link, Reading, is_told
from kefu.guard.spans import Span

_P: Final = PACK.shapes["otp"]
NUMBER: Final = re.compile(_P["number"])
_LETTERS: Final = re.compile(_P["letters"])
_PLAIN_LETTERS: Final = re.compile(_P["plain_letters"])
_PHONE: Final = re.compile(_P["phone_before"])
_GOOGLE: Final = re.compile("(?:^|[^0-9a-z])g-$")
_LOG: Final = re.compile(_P["log"])
_MONEY: Final = re.compile(_P["money_before"])
_UNITS: Final = "|".join(
    sorted(map(re.escape, map(folded, PACK.shapes["units"]["words"])), key=len, reverse=True)
)
_UNIT: Final = re.compile(f"[ ]?(?:{_UNITS})(?![a-z\u0400-\u052f])")
_SIZED: Final = re.compile(f"[0-9]+(?:{_UNITS})")
_CVV: Final = re.compile(
    r"(?=[0-9])(?<![0-9][.,:/-])(?<![^0-9][0-9]{3}[ -])(?<![0-9+*.])[0-9]{3,4}"
    r"(?![0-9A-Za-z%*]|[.,:/-][0-9]|[ -][0-9]{3}(?![0-9]))"
)
_YEAR: Final = re.compile("(?:19|20)[0-9]{2}")
_DATE: Final = re.compile("(?:19|20)[0-9]{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])")
_STRONG: Final = ROLE["otp"]
_WEAK: Final = ROLE["code"]
_MESSAGE: Final = ROLE["message"]
_CAME: Final = ROLE["came"]
_TOLD: Final = ROLE["told"]
_ENTERED: Final = ROLE["login"]
_SENT: Final = roles("sms", "enter", "message")
_HANDSET: Final = ROLE["handset"]
_ENTER: Final = ROLE["enter"]
_AMOUNT: Final = ROLE["amount"]
_THEN: Final = re.compile(_P["then"])
_REFUSED: Final = re.compile(_P["refused"])
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
    if not reading.roles & (_SECRET | _MESSAGE | _CAME | _ENTER):
        return
    last = -1
    for tries, match in enumerate(NUMBER.finditer(reading.low)):
        start, end = match.span()
        if tries >= reading.few:
            reading.claim(start, "otp")
            break
        if (
            tries >= _P["dump"]
            or _is_code(reading, start, end)
            or (last >= 0 and _is_next(reading, last, start, end))
        ):
            yield Span(start, end, "otp")
            last = end
    if reading.roles & _STRONG:
        for pattern in (_LETTERS, _PLAIN_LETTERS):
            for match in islice(pattern.finditer(reading.plain), min(_P["dump"], reading.few)):
                link = reading.link(match.start(), match.end(), _STRONG, _PUBLIC)
                if link and link.secret and link.tight and _drawn(match[0], link):
                    yield Span(match.start(), match.end(), "otp")


def _is_date(low: str, start: int, end: int) -> bool:
    return bool(_YEAR.fullmatch(low, start, end) or _DATE.fullmatch(low, start, end))


def _is_next(reading: Reading, last: int, start: int, end: int) -> bool:
    """Return whether such a number follows the code that ends at last: `entered N, then M`."""
    digits = sum("0" <= sign <= "9" for sign in reading.low[start:end])
    if _is_date(reading.low, start, end):
        return False
    return digits in {4, 6, 8} and bool(_THEN.fullmatch(reading.low, last, start))


def _drawn(word: str, link: Link) -> bool:
    """Return whether a word of letters and digits is a drawn code, not a name such as ISO9001."""
    digits = sum(character.isdigit() for character in word)
    return bool(digits) and (link.before or digits > 1) and not _SIZED.fullmatch(word.lower())


def _is_code(reading: Reading, start: int, end: int) -> bool:
    """Return whether the words beside a number make it a one-time code."""
    low = reading.low
    before = low[max(0, start - 24) : start]
    if _MONEY.search(before) or _PHONE.search(before) or not _stands_alone(reading, start):
        return False
    public = _PUBLIC & ~_AMOUNT if "-" in low[start:end] else _PUBLIC  # no amount is 921-849
    link = reading.link(start, end, _SECRET | _MESSAGE, public)
    is_plain = link and link.secret and link.tight and link.cue.roles & _STRONG
    if not is_plain and _is_told(reading, start, end):
        return True
    if not link or not link.secret:
        return _has_come(reading, start, end)
    if not link.cue.roles & _SECRET:
        other = reading.link(start, end, _SECRET, _PUBLIC)
        if not other or not other.secret:
            return _in_message(reading, link, start, end) or _has_come(reading, start, end)
        link = other
    if _UNIT.match(low, end) and not _outweighs_unit(reading, link, start, end):
        return False
    word = low[start:end]
    strong = bool(link.cue.roles & _STRONG)
    said = link.before and is_told(low[link.cue.end : start])
    if _YEAR.fullmatch(word) or _DATE.fullmatch(word):
        return (link.tight or said) and (strong or not _YEAR.fullmatch(word))
    if strong:
        return link.tight or said or _is_loose(reading, link, start, end)
    return _is_weak(reading, link, start, end) or _has_come(reading, start, end)


def _outweighs_unit(reading: Reading, link: Link, start: int, end: int) -> bool:
    """Return whether what looks like a unit only begins the next word."""
    low = reading.low
    if not (link.tight and link.before):
        return False
    if low[start - 1 : start] in {":", "="} and end - start >= 6:
        return True
    unit = low[end : end + 2]
    return (end - start >= 6 or unit[:1] == " ") and not unit.strip()[:1].isascii()


def _stands_alone(reading: Reading, start: int) -> bool:
    """Return whether the number is not the end of a name such as AUTH-0031, nor below zero."""
    low = reading.low
    last = low[start - 1 : start]
    if last == "-":
        letters = low[start - 2 : start - 1]
        if not ("a" <= letters <= "z"):
            return not (letters in {"", " ", "\n"} and low[start : start + 6].strip() != "")
        return bool(_GOOGLE.search(low[max(0, start - 3) : start])) or _ends_cue(reading, start - 1)
    return not ("a" <= last <= "z") or _ends_cue(reading, start)


def _ends_cue(reading: Reading, at: int) -> bool:
    if not reading.roles & _SECRET:
        return False
    place = bisect_left(reading.ends, at)
    return place < len(reading.ends) and reading.ends[place] == at


def _is_told(reading: Reading, start: int, end: int) -> bool:
    """Return whether a number was read out or put in after a word for code or message."""
    if not reading.roles & (_TOLD | _ENTER):
        return False
    beside = reading.has(_SECRET | _MESSAGE, start - _P["told"], end + _P["told_after"])
    wanted = _TOLD | _ENTER if beside else _ENTER
    if not beside and not _REFUSED.search(reading.low, end, end + _P["refused_after"]):
        return False
    link = reading.link(start, end, wanted, _PUBLIC)
    if not link or not (link.secret and link.tight) or _UNIT.match(reading.low, end):
        return False
    if _is_date(reading.low, start, end):
        return False
    return beside or _is_refused(reading, link, start, end)


def _is_refused(reading: Reading, link: Link, start: int, end: int) -> bool:
    """Return whether four, six or eight digits, not round, were put in and did not work."""
    low = reading.low
    if not (link.cue.roles & _ENTER and link.before) or low[end - 2 : end] == "00":
        return False
    digits = sum("0" <= sign <= "9" for sign in low[start:end])
    if digits == 4 and low[end - 1 : end] == "0":
        return False
    return digits in {4, 6, 8}


def _has_come(reading: Reading, start: int, end: int) -> bool:
    """Return whether six digits, neither round nor an amount, are all that was received."""
    digits = sum("0" <= sign <= "9" for sign in reading.low[start:end])
    if not reading.roles & _CAME or reading.low[end - 2 : end] == "00":
        return False
    if digits not in {4, 6, 8}:
        return False
    if digits != 6 and not (
        reading.has(_MESSAGE, start - 32, end + 32)
        or (reading.has(_HANDSET, end, end + 24) and _REFUSED.search(reading.low, end, end + 64))
    ):
        return False
    link = reading.link(start, end, _CAME, _PUBLIC)
    if not link or not (link.secret and link.tight) or _UNIT.match(reading.low, end):
        return False
    if _is_date(reading.low, start, end):
        return False
    return not reading.has(_PUBLIC & ~_CAME, start - 32, end + 4)


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
    low = reading.low
    if reading.has(_ERROR, start - 48, end + 32):
        return False
    usual = sum("0" <= sign <= "9" for sign in low[start:end]) == 6
    if low[start - 1] == "=" and reading.has(_STRONG, start - 64, start):
        return link.tight and link.before  # a log line about such codes
    logged = max(0, start - 48), link.cue.start if link.before else start
    if _LOG.search(low, *logged) or _LOG.search(low, end, end + 24):
        return False
    if not link.tight and link.before and is_told(low[link.cue.end : start]):
        return usual or _is_sent(reading, link.cue.start - 40, end + 40)
    if not link.tight:
        return (usual or _is_sent(reading, start - 40, end + 40)) and _is_loose(
            reading, link, start, end
        )
    told = link.before and bool(low[link.cue.end : start].strip())
    return (
        usual
        or (told and end - start != 5)
        or _is_sent(reading, link.cue.start - 40, end + 40)
        or (link.before and end - start >= 4 and len(low) < 25 and end - start != 5)
    )


def _is_sent(reading: Reading, start: int, end: int) -> bool:
    """Return whether words beside a code speak of sending, reading out or putting in."""
    return any(not cue.roles & _ENTERED for cue in reading.between(_SENT, start, end))


def find_security_codes(reading: Reading) -> Iterator[Span]:
    """Yield card security codes that a cue announces."""
    if not reading.roles & _CVV_CUE:
        return
    for tries, match in enumerate(_CVV.finditer(reading.low)):
        start, end = match.span()
        if _MONEY.search(reading.low[max(0, start - 6) : start]):
            continue
        if tries >= reading.few:
            reading.claim(start, "card_cvv")
            return
        if tries >= _P["dump"] or _is_security_code(reading, start, end):
            yield Span(start, end, "card_cvv")


def _is_security_code(reading: Reading, start: int, end: int) -> bool:
    """Return whether the words beside three or four digits make them a security code."""
    link = reading.link(start, end, _CVV_CUE, _NOT_CVV)
    if not link or not link.secret:
        return False
    if "a" <= reading.low[start - 1 : start] <= "z" and link.cue.end != start:
        return False
    if end - start == 4 and link.cue.roles & _STRONG and not reading.roles & _CARD:
        return False
    away = max(start - link.cue.end, link.cue.start - end)
    if _YEAR.fullmatch(reading.low, start, end) and not (link.tight and link.before):
        return False
    return link.tight or (away <= 24 and not _UNIT.match(reading.low, end))
