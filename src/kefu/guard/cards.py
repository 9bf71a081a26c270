"""Payment card numbers: issuer prefix, length and Luhn digit, then the words beside them."""

import re
from collections.abc import Iterator
from typing import Final

from kefu.guard import cues
from kefu.guard.spans import Span

_SEP: Final = r"[ \t.\-‐‑–—/·]{1,2}"
_FIRST: Final = r"(?<![0-9A-Za-z])(?=[2-69]|8[12])"
_CARD: Final = re.compile(
    rf"{_FIRST}(?:(?P<whole>\d{{13,19}})"
    rf"|(?P<number>(?P<first>\d{{4}})(?:{_SEP}\d{{4}}){{2}}{_SEP}\d{{4,7}})"
    rf"(?:{_SEP}(?P<tail>\d{{1,3}}))?"
    rf"|\d{{4}}{_SEP}\d{{6}}{_SEP}\d{{4,5}}|\d{{8}}{_SEP}\d{{8}}|\d{{6}}{_SEP}\d{{10,13}}"
    r"|(?<!\d[ .\-])\d(?:[ .\-]\d){12,18}(?![ .\-]\d))"
    r"(?![0-9A-Za-z])"
)
_ISSUER: Final = re.compile(
    r"4(?:\d{12}|\d{15}|\d{18})"  # Visa
    r"|(?:5[1-5]|222[1-9]|22[3-9]\d|2[3-6]\d\d|27[01]\d|2720)\d+(?<=^.{16})"  # Mastercard
    r"|3[47]\d{13}"  # American Express
    r"|3(?:0[0-59]|[689])\d{11,16}"  # Diners Club
    r"|35(?:2[89]|[3-8]\d)\d{12,15}"  # JCB
    r"|6(?:011|4[4-9]|5|0|2|3|7|9)\d+(?<=^.{16})"  # Discover, RuPay, Maestro, UnionPay
    r"|62\d{14,17}|81\d{14,17}"  # UnionPay
    r"|220[0-4]\d{12,15}"  # Mir
    r"|(?:5018|5020|5038|5[6-8]\d\d|6304|67\d\d)\d{9,15}|50[6-9]\d{13}|50[6-9]\d{16}"  # Maestro
    r"|82\d{14}|9792\d{12}"  # RuPay, Troy
)
_BARE: Final = frozenset({14, 15, 16, 19})
_DUMP: Final = 100
_TRIES: Final = 2_000
_NOT_DIGIT: Final = re.compile(r"\D+")
_DOUBLED: Final = bytes.maketrans(b"0123456789", b"0246813579")


def find_cards(text: str) -> Iterator[Span]:
    """Yield the card numbers in plain text.

    Two bounds on the time, beyond what a message can hold: after _DUMP cards the words beside
    the next are not read, and after _TRIES numbers that are none they are no longer tried
    from each of their groups.
    """
    at = found = failed = 0
    while match := _CARD.search(text, at):
        digits, end = _card_digits(match)
        if end and (found >= _DUMP or _is_card(text, match.start(), end, match["whole"])):
            yield Span(match.start(), end, "card_number", digits[-4:], ambiguous=True)
            at = end
            found += 1
        else:
            failed += 1
            overlap = match["first"] and failed < _TRIES
            at = match.end("first") if overlap else match.end()


def _card_digits(match: re.Match[str]) -> tuple[str, int]:
    """Return the number and where it ends, or ("", 0): a tail may be its security code."""
    digits = match["whole"] or _NOT_DIGIT.sub("", match[0])
    if passes_luhn(digits) and _ISSUER.fullmatch(digits):
        return digits, match.end()
    tail = match["tail"]
    if tail:
        digits = digits[: -len(tail)]
        if passes_luhn(digits) and _ISSUER.fullmatch(digits):
            return digits, match.end("number")
    return "", 0


def _is_card(text: str, start: int, end: int, whole: str | None) -> bool:
    """Return whether the words beside it, or its form where there are none, say card."""
    verdict = cues.speaks_for(text, start, end, cues.CARD)
    if verdict or (verdict is None and (not whole or len(whole) in _BARE)):
        return True
    return cues.near(text, start, end, cues.CARD_EXTRAS)


def passes_luhn(digits: str) -> bool:
    """Return whether the last digit is the check digit of the others."""
    codes = digits.encode()
    total = sum(codes[-1::-2]) + sum(codes[-2::-2].translate(_DOUBLED)) - 48 * len(codes)
    return total % 10 == 0
