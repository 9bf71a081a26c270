"""One-time codes and card security codes, found by the words beside them.

Steps: docs/guard.md, section 9.
"""

import re
from bisect import bisect_left
from collections.abc import Iterator
from itertools import islice
from typing import Final

from kefu.guard.counted import (
    DATE,
    PUBLIC,
    UNIT,
    UNITS,
    YEAR,
    digits_in,
    is_date,
    is_owned,
    told_plainly,
)
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
_SIZED: Final = re.compile(f"[0-9]+(?:{UNITS})")
_SECURITY: Final = re.compile(_P["security"])
_NEAR: Final[dict[str, int]] = _P["near"]
_SIZES: Final = frozenset(_P["sizes"])
_STRONG: Final = ROLE["otp"]
_WEAK: Final = ROLE["code"]
_MESSAGE: Final = ROLE["message"]
_CAME: Final = ROLE["came"]
_TOLD: Final = ROLE["told"]
_LOGIN: Final = ROLE["login"]
_SENT: Final = roles("sms", "enter", "message", "told")
_HANDSET: Final = ROLE["handset"]
_ENTER: Final = ROLE["enter"]
_AMOUNT: Final = ROLE["amount"]
_HASH: Final = ROLE["hash"]
_THEN: Final = re.compile(_P["then"])
_REFUSED: Final = re.compile(_P["refused"])
_ERROR: Final = ROLE["error"]
_ABSENT: Final = ROLE["absent"]
_SECRET: Final = _STRONG | _WEAK
_SPEAKS: Final = _SECRET | roles("message", "came", "enter", "digits", "way")
_CVV_CUE: Final = ROLE["cvv"]
_CARD: Final = ROLE["card"]
_NOT_CVV: Final = roles("expiry", "number", "amount", "otp", "password", "error", "hash")


def find_codes(reading: Reading) -> Iterator[Span]:
    """Yield one-time codes. After `dump` numbers the words beside the next are not read."""
    if not reading.roles & _SPEAKS:
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
                link = reading.link(match.start(), match.end(), _STRONG, PUBLIC)
                if link and link.secret and link.tight and _drawn(match[0], link):
                    yield Span(match.start(), match.end(), "otp")


def _is_next(reading: Reading, last: int, start: int, end: int) -> bool:
    """Return whether such a number follows the code that ends at last: `entered N, then M`."""
    if is_date(reading.low, start, end) or digits_in(reading.low[start:end]) not in _SIZES:
        return False
    return bool(_THEN.fullmatch(reading.low, last, start))


def _drawn(word: str, link: Link) -> bool:
    """Return whether a word of letters and digits is a drawn code, not a name such as ISO9001."""
    digits = sum(character.isdigit() for character in word)
    return bool(digits) and (link.before or digits > 1) and not _SIZED.fullmatch(word.lower())


def _is_code(reading: Reading, start: int, end: int) -> bool:
    """Return whether the words beside a number make it a one-time code."""
    low = reading.low
    before = low[max(0, start - _P["before"]) : start]
    if _MONEY.search(before) or _PHONE.search(before) or not _stands_alone(reading, start):
        return False
    plainly = told_plainly(reading, start, end)
    if plainly is not None:
        return plainly
    public = PUBLIC & ~_AMOUNT if "-" in low[start:end] else PUBLIC  # no amount is 921-849
    link = reading.link(start, end, _SECRET | _MESSAGE, public)
    is_plain = link and link.secret and link.tight and link.cue.roles & _STRONG
    if not is_plain and _is_told(reading, start, end):
        return True
    if not link or not link.secret:
        return _has_come(reading, start, end)
    if not link.cue.roles & _SECRET:
        other = reading.link(start, end, _SECRET, PUBLIC)
        if not other or not other.secret:
            return _in_message(reading, link, start, end) or _has_come(reading, start, end)
        link = other
    if UNIT.match(low, end) and not _outweighs_unit(reading, link, start, end):
        return False
    word = low[start:end]
    strong = bool(link.cue.roles & _STRONG)
    said = link.before and is_told(low[link.cue.end : start])
    if YEAR.fullmatch(word) or DATE.fullmatch(word):
        return (link.tight or said) and (strong or not YEAR.fullmatch(word))
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
    link = reading.link(start, end, wanted, PUBLIC)
    if not link or not (link.secret and link.tight) or UNIT.match(reading.low, end):
        return False
    if is_date(reading.low, start, end):
        return False
    return beside or _is_refused(reading, link, start, end)


def _is_refused(reading: Reading, link: Link, start: int, end: int) -> bool:
    """Return whether four, six or eight digits, not round, were put in and did not work."""
    low = reading.low
    if not (link.cue.roles & _ENTER and link.before) or low[end - 2 : end] == "00":
        return False
    digits = digits_in(low[start:end])
    return digits in _SIZES and not (digits == 4 and low[end - 1 : end] == "0")


def _has_come(reading: Reading, start: int, end: int) -> bool:
    """Return whether six digits, neither round nor an amount, are all that was received."""
    digits = digits_in(reading.low[start:end])
    if not reading.roles & _CAME or reading.low[end - 2 : end] == "00" or digits not in _SIZES:
        return False
    if digits != _P["usual"] and not _is_on_handset(reading, start, end):
        return False
    public = PUBLIC
    if is_owned(reading, start - _NEAR["came"], start):
        public &= ~(_AMOUNT | _HASH)
    link = reading.link(start, end, _CAME, public)
    if not link or not (link.secret and link.tight) or UNIT.match(reading.low, end):
        return False
    if is_date(reading.low, start, end):
        return False
    return not reading.has(public & ~_CAME, start - _NEAR["came"], end + _NEAR["came_after"])


def _is_on_handset(reading: Reading, start: int, end: int) -> bool:
    """Return whether a text message is spoken of, or a phone where the number did not work."""
    if reading.has(_MESSAGE, start - _NEAR["came"], end + _NEAR["came"]):
        return True
    if not reading.has(_HANDSET, end, end + _NEAR["handset"]):
        return False
    return bool(_REFUSED.search(reading.low, end, end + _P["refused_after"]))


def _in_message(reading: Reading, link: Link, start: int, end: int) -> bool:
    """Return whether a number beside a word for text message has a code's six or eight digits."""
    if digits_in(reading.low[start:end]) not in _SIZES - {4}:
        return False
    if link.distance > _P["message"] or not _is_loose(reading, link, start, end):
        return False
    return not UNIT.match(reading.low, end)


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
    if reading.has(_ERROR, start - _NEAR["error"], end + _NEAR["error_after"]):
        return False
    usual = digits_in(low[start:end]) == _P["usual"]
    if low[start - 1] == "=" and reading.has(_STRONG, start - _NEAR["strong"], start):
        return link.tight and link.before  # a log line about such codes
    logged = max(0, start - _NEAR["log"]), link.cue.start if link.before else start
    if _LOG.search(low, *logged) or _LOG.search(low, end, end + _NEAR["log_after"]):
        return False
    if not link.tight and link.before and is_told(low[link.cue.end : start]):
        return usual or _is_sent(reading, link.cue.start, end)
    if not link.tight:
        return (usual or _is_sent(reading, start, end)) and _is_loose(reading, link, start, end)
    told = link.before and bool(low[link.cue.end : start].strip())
    return (
        usual
        or (told and end - start != 5)
        or _is_sent(reading, link.cue.start, end)
        or (link.before and end - start >= 4 and len(low) < _NEAR["alone"] and end - start != 5)
    )


def _is_sent(reading: Reading, start: int, end: int) -> bool:
    """Return whether words beside a code speak of sending, reading out or putting in."""
    near = _NEAR["sent"]
    return any(not cue.roles & _LOGIN for cue in reading.between(_SENT, start - near, end + near))


def find_security_codes(reading: Reading) -> Iterator[Span]:
    """Yield card security codes that a cue announces."""
    if not reading.roles & _CVV_CUE:
        return
    for tries, match in enumerate(_SECURITY.finditer(reading.low)):
        start, end = match.span()
        if _MONEY.search(reading.low[max(0, start - _NEAR["money"]) : start]):
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
    if YEAR.fullmatch(reading.low, start, end) and not (link.tight and link.before):
        return False
    return link.tight or (away <= _NEAR["security"] and not UNIT.match(reading.low, end))
