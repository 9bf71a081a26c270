"""What was found once and is written again: `I tried X, and my password is X`.

Steps: docs/guard.md, section 8.
"""

from collections.abc import Collection, Iterator
from itertools import islice
from typing import Final

from kefu.guard.pack import roles
from kefu.guard.reading import Reading
from kefu.guard.spans import Span

_KINDS: Final = {"password", "otp"}
_SHORTEST: Final = 6
_WORD: Final = 9
_VALUES: Final = 40
_TIMES: Final = 20
_SECRET: Final = roles("password", "otp", "code", "enter", "came", "told")
_OTHER: Final = roles("login", "number", "amount", "hash", "error")
_BEFORE: Final = frozenset("@.-_/+=&?#")
_AFTER: Final = frozenset("@-_/")


def find_echoes(reading: Reading, spans: Collection[Span]) -> Iterator[Span]:
    """Yield the other places of passwords and codes, unless another word names them there."""
    kinds: dict[str, str] = {}
    for span in spans:
        value = reading.plain[span.start : span.end].rstrip(".?")
        if span.kind in _KINDS and len(value) >= (_WORD if value.isalpha() else _SHORTEST):
            kinds.setdefault(value, span.kind)
    for value, kind in islice(kinds.items(), _VALUES):
        at = -1
        for _ in range(_TIMES):
            at = reading.plain.find(value, at + 1)
            if at < 0:
                break
            end = at + len(value)
            if _stands_alone(reading.plain, at, end) and not _is_other(reading, at, end):
                yield Span(at, end, kind)


def _is_other(reading: Reading, start: int, end: int) -> bool:
    """Return whether the word right before says that the value is something else here."""
    link = reading.link(start, end, _SECRET, _OTHER)
    return bool(link and not link.secret and link.tight and link.before)


def _stands_alone(plain: str, start: int, end: int) -> bool:
    """Return whether text[start:end] is a whole word, not a part of an address or of a path."""
    before, after = plain[start - 1 : start], plain[end : end + 1]
    if (before.isascii() and before.isalnum()) or before in _BEFORE:
        return False
    return not (after.isascii() and after.isalnum()) and after not in _AFTER
