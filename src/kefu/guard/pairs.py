"""Passwords written behind an e-mail address: `mail:password`, `log in with MAIL and PASSWORD`.

Steps: docs/guard.md, section 8.
"""

import re
from collections.abc import Iterator
from itertools import islice
from typing import Final

from kefu.guard.credentials import WEAK_NUMBER, is_strict, is_worded, stripped
from kefu.guard.implied import is_strong
from kefu.guard.pack import PACK, roles
from kefu.guard.reading import Reading
from kefu.guard.spans import Span

_P: Final = PACK.shapes["password"]
_PAIR: Final = re.compile(_P["combo"])
_LONG_WORD: Final = re.compile(_P["beside_login"])
_CUE: Final = roles("password")
_LOGIN: Final = roles("login", "password")
_SPOKEN: Final = roles("login", "password", "enter")
_DUMP: Final = 400


def find_pairs(reading: Reading) -> Iterator[Span]:
    """Yield the passwords of such pairs."""
    if "@" not in reading.low:
        return
    for match in islice(_PAIR.finditer(reading.low), _DUMP):
        start, end = stripped(reading.plain, match.start(1), match.end(1))
        if (
            start < end
            and reading.low[end : end + 1] != "/"
            and _is_password(reading, match.start(), start, end)
        ):
            yield Span(start, end, "password")


def _is_password(reading: Reading, at: int, start: int, end: int) -> bool:
    """Return whether text[start:end] is the password of the address whose `@` is text[at]."""
    word = reading.plain[start:end]
    sign = reading.low[start - 1]
    spoken = reading.has(_SPOKEN, at - _P["pair"], at)
    told = spoken or (reading.roles & _LOGIN and sign != " ")
    if told and (is_strict(word) or is_worded(word) or _LONG_WORD.fullmatch(word)):
        return True
    if WEAK_NUMBER.fullmatch(word):
        return spoken and reading.has(_CUE, at - _P["pair"], at)
    return is_strong(word) or (sign in ":/|" and is_strict(word))
