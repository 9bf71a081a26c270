"""One plain spelling of a text for the rules to read, and the way back to the original.

Full-width letters and digits, accents, zero-width characters and combining marks hide a
secret from a pattern and not from a reader. Offsets are in code points on both sides.
Steps and tables: docs/guard.md, section 1.
"""

import re
import unicodedata
from collections.abc import Sequence
from typing import Final, NamedTuple

from kefu.guard.pack import PACK
from kefu.guard.spans import Span

_GONE: Final = "\x00"
_KEPT: Final = re.compile(f"[^{_GONE}]+")
_RARE: Final = 0x20000
_FOLDED_RARE: Final = frozenset({0x2F, 0xE0})  # compatibility ideographs, tags and selectors
_SURROGATE: Final = re.compile("[\ud800-\udfff]")
_INVISIBLE: Final = frozenset({"Cc", "Cf", "Mn", "Me", "Zs", "Zl", "Zp"})
_BLANKS: Final = frozenset("\u115f\u1160\u2800\u3164\uffa0")  # letters and signs drawn as nothing
_JAMO: Final = re.compile("[\u1100-\u1112][\u1161-\u1175][\u11a8-\u11c2]?")
_SPECIAL: Final[dict[str, str]] = PACK.fold["special"]
_ZEROS: Final = sorted(int(code, 16) for code in PACK.fold["digit_zeros"])
_LOOKALIKE: Final = str.maketrans(PACK.fold["lookalikes"])
_ALIKE: Final = "".join(PACK.fold["lookalikes"])
_LOOKS: Final = re.compile(f"[{_ALIKE}]")
_MIXED: Final = re.compile(f"[A-Za-z][{_ALIKE}]|[{_ALIKE}][A-Za-z]")
_DECOMPOSED: Final = re.compile("[\u1100-\u1112][\u1161-\u1175]")
_TOKEN: Final = re.compile(f"[A-Za-z{_ALIKE}]+")


class Flat(NamedTuple):
    """The plain spelling. `offsets[i]` is where its character i stood; None: nothing moved.

    low: plain in lower case, as long as plain.
    size: code points of the original.
    """

    plain: str
    low: str
    offsets: Sequence[int] | None
    size: int

    def origin(self, span: Span) -> Span:
        """Return span as it stands in the original, with what invisibly follows its last sign."""
        if self.offsets is None:
            return span
        start, last = self.offsets[span.start], self.offsets[span.end - 1]
        after = self.offsets[span.end] if span.end < len(self.offsets) else self.size
        return span._replace(start=start, end=max(after, last + 1))


def flatten(text: str) -> Flat:
    """Return the plain spelling of text. Free for ASCII; else O(length)."""
    if text.isascii():
        return Flat(text, text.lower(), None, len(text))
    plain = text.translate(_PLAIN)
    offsets: Sequence[int] | None = None
    if len(plain) != len(text) or _GONE in plain:
        plain, offsets = _moved(text, plain)
    if _DECOMPOSED.search(plain):
        plain, offsets = _composed(plain, offsets)
    if _LOOKS.search(plain) and _MIXED.search(plain):
        plain = _TOKEN.sub(_latin, plain)
    return Flat(plain, _lowered(plain), offsets, len(text))


def folded(words: str) -> str:
    """Return a cue or list word in the spelling that the text is read in."""
    return flatten(words).low


def _moved(text: str, plain: str) -> tuple[str, Sequence[int]]:
    """Return the plain spelling without what is invisible, and where each character stood."""
    places: Sequence[int] = range(len(text)) if len(plain) == len(text) else _widened(text)
    if _GONE not in plain:
        return plain, places
    kept: list[int] = []
    for run in _KEPT.finditer(plain):
        kept += places[run.start() : run.end()]
    return plain.replace(_GONE, ""), kept


def _widened(text: str) -> list[int]:
    """Return where each character of the plain spelling stood: several where one became more."""
    places: list[int] = []
    at = 0
    for run in _PLAIN.wide().finditer(text):
        start, end = run.span()
        places += range(at, start)
        longer = [str(_PLAIN[ord(sign)]) for sign in run[0]]
        places += [start + at for at, spelled in enumerate(longer) for _ in spelled]
        at = end
    places += range(at, len(text))
    return places


def _composed(plain: str, offsets: Sequence[int] | None) -> tuple[str, list[int]]:
    """Return plain with its decomposed Korean syllables put together."""
    places = offsets if offsets is not None else range(len(plain))
    pieces: list[str] = []
    kept: list[int] = []
    at = 0
    for match in _JAMO.finditer(plain):
        pieces += (plain[at : match.start()], unicodedata.normalize("NFC", match[0]))
        kept.extend(places[at : match.start()])
        kept.append(places[match.start()])
        at = match.end()
    pieces.append(plain[at:])
    kept.extend(places[at:])
    return "".join(pieces), kept


def _latin(match: re.Match[str]) -> str:
    token = match[0]
    return token.translate(_LOOKALIKE) if _MIXED.search(token) else token


def _lowered(plain: str) -> str:
    low = plain.lower()
    if len(low) == len(plain):
        return low
    return "".join(c if len(c.lower()) != 1 else c.lower() for c in plain)


def well_formed(text: str) -> str:
    """Return text with each lone surrogate replaced by U+FFFD, so that UTF-8 can hold it."""
    return text if text.isascii() else _SURROGATE.sub("\ufffd", text)


def has_ink(text: str) -> bool:
    """Return whether a reader would see anything: not only spaces, controls and marks."""
    return any(
        unicodedata.category(character) not in _INVISIBLE and character not in _BLANKS
        for character in text
    )


class _Plain(dict[int, str | int]):
    """Code point to its plain spelling: itself, one or more characters, or _GONE for an
    invisible one.

    A deleted character keeps a place in the result of `translate`, so equal lengths prove that
    nothing moved. The rare planes, which hold almost nothing to fold, are not remembered: the
    most that hostile text can fill is about 10 MB.
    """

    def __init__(self) -> None:
        super().__init__()
        self._longer: list[str] = []
        self._pattern = re.compile("[^\\s\\S]")
        self._counted = 0

    def wide(self) -> re.Pattern[str]:
        """Return a pattern of the characters met so far whose plain spelling is longer."""
        if self._counted < len(self._longer):
            self._counted = len(self._longer)
            self._pattern = re.compile(f"[{''.join(self._longer)}]+")
        return self._pattern

    def __missing__(self, code: int) -> str | int:
        if code >= _RARE and code >> 12 not in _FOLDED_RARE:
            return code
        character = chr(code)
        plain = _plain(character)
        self[code] = spelled = code if plain == character else plain
        if len(plain) > 1:
            self._longer.append(character)
        return spelled


def _plain(character: str) -> str:
    if character.isascii():
        return character
    special = _SPECIAL.get(character)
    if special is not None:
        return special or _GONE
    category = unicodedata.category(character)
    if category in {"Cf", "Mn", "Me"}:
        return _GONE
    if category == "Cs":
        return "\ufffd"
    if category == "Nd":
        return _digit(character)
    parts = unicodedata.normalize("NFKD", character)
    if len(parts) == 1:
        return _SPECIAL.get(parts, parts)
    kept = "".join(part for part in parts if unicodedata.category(part) not in {"Mn", "Me"})
    if len(kept) == 1:
        return _SPECIAL.get(kept, kept) or _GONE
    return kept if kept.isascii() and 1 < len(kept) <= 4 else character


def _digit(character: str) -> str:
    code = ord(character)
    zero = next((zero for zero in reversed(_ZEROS) if zero <= code), code)
    return chr(48 + code - zero) if code - zero < 10 else character


_PLAIN: Final = _Plain()
