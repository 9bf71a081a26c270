"""A text in the shape that the readers of figures expect, sign for sign as long as before."""

import re
from typing import Final

_MASK: Final = re.compile("⟪[^⟪⟫]*⟫")
_SIGNS: Final = {code: chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)} | {
    ord(sign): " " for sign in "\u3000\u00a0\u202f"
}
_HANZI: Final = "零一二三四五六七八九"
_DIGITS: Final = {sign: digit for digit, sign in enumerate(_HANZI)} | {"两": 2, "〇": 0}
_TENS: Final = {"十": 10, "百": 100, "千": 1_000}
_GREAT: Final = {"万": 10_000, "亿": 100_000_000}
HANZI: Final = "零〇一二两三四五六七八九十百千万亿"


def folded(text: str) -> str:
    """Return text with wide signs made narrow, and blanks where a secret was masked."""
    return _MASK.sub(lambda mask: " " * len(mask[0]), text.translate(_SIGNS))


def blanked(text: str, start: int, end: int) -> str:
    """Return text with a stretch that was read replaced by as many blanks."""
    return text[:start] + " " * (end - start) + text[end:]


def hanzi(text: str) -> int:
    """Return the number that Chinese signs write: 一万五千 is 15,000."""
    total = part = digit = 0
    for sign in text:
        if sign in _DIGITS:
            digit = _DIGITS[sign]
        elif sign in _TENS:
            part += (digit or 1) * _TENS[sign]
            digit = 0
        else:
            total = (total + part + digit) * _GREAT[sign]
            part = digit = 0
    return total + part + digit
