"""One plain spelling of a text for the rules to read, and the way back to the original.

Full-width letters and digits, accents, zero-width characters and combining marks hide a
secret from a pattern and not from a reader. Offsets are in code points on both sides.
"""

import re
import unicodedata
from collections.abc import Sequence
from typing import Final, NamedTuple

from kefu.guard.spans import Span

_GONE: Final = "\x00"
_SURROGATE: Final = re.compile("[\ud800-\udfff]")
_INVISIBLE: Final = frozenset({"Cc", "Cf", "Mn", "Me", "Zs", "Zl", "Zp"})
_BLANKS: Final = frozenset("\u115f\u1160\u2800\u3164\uffa0")  # letters and signs drawn as nothing


class Flat(NamedTuple):
    """The plain spelling. `offsets[i]` is where its character i stood; None: nothing moved."""

    text: str
    offsets: Sequence[int] | None

    def origin(self, span: Span) -> Span:
        """Return span as it stands in the original text."""
        if self.offsets is None:
            return span
        start, last = self.offsets[span.start], self.offsets[span.end - 1]
        return span._replace(start=start, end=last + 1)


def flatten(text: str) -> Flat:
    """Return the plain spelling of text. Free for ASCII; else O(length)."""
    if text.isascii():
        return Flat(text, None)
    plain = text.translate(_PLAIN)
    if len(plain) == len(text) and _GONE not in plain:
        return Flat(plain, None)
    pieces: list[str] = []
    offsets: list[int] = []
    for at, character in enumerate(text):
        piece = _PLAIN[ord(character)]
        if piece != _GONE:
            pieces.append(piece)
            offsets.extend([at] * len(piece))
    return Flat("".join(pieces), offsets)


def well_formed(text: str) -> str:
    """Return text with each lone surrogate replaced by U+FFFD, so that UTF-8 can hold it."""
    return text if text.isascii() else _SURROGATE.sub("\ufffd", text)


def has_ink(text: str) -> bool:
    """Return whether a reader would see anything: not only spaces, controls and marks."""
    return any(
        unicodedata.category(character) not in _INVISIBLE and character not in _BLANKS
        for character in text
    )


class _Plain(dict[int, str]):
    """Code point to its plain spelling: one or more characters, or _GONE for an invisible one.

    A deleted character keeps a place in the result of `translate`, so equal lengths prove that
    nothing moved. Only the basic plane is remembered: about 4 MB if a text holds all of it.
    """

    def __missing__(self, code: int) -> str:
        plain = _plain(chr(code))
        if code < 0x10000:
            self[code] = plain
        return plain


def _plain(character: str) -> str:
    if unicodedata.category(character) in {"Cf", "Mn", "Me"}:
        return _GONE
    parts = unicodedata.normalize("NFKD", character)
    if len(parts) == 1 or not parts[0].isascii():
        return parts if len(parts) == 1 else character
    kept = "".join(part for part in parts if not unicodedata.combining(part))
    return kept or _GONE


_PLAIN: Final = _Plain()
