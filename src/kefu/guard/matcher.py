"""Every occurrence of many strings in a text, overlapping ones too.

`ahocorasick_rs` finds them when it is installed, else plain Python; both give the same answers.
"""

from collections.abc import Iterable, Iterator
from typing import Final

try:
    import ahocorasick_rs
except ImportError:  # pragma: no cover - the same answers, slower; tested through `plain`
    _HAS_RUST = False
else:
    _HAS_RUST = True

_HEAD: Final = 2
_PIECE: Final = 8_000


class Matcher:
    """Finds (index of the string, start, end), in any order; cost O(length + matches)."""

    def __init__(self, strings: list[str], *, plain: bool = not _HAS_RUST) -> None:
        self._rust = None if plain else ahocorasick_rs.AhoCorasick(strings)
        self._heads: dict[str, list[tuple[int, str]]] = {}
        for index, string in enumerate(strings if plain else ()):
            self._heads.setdefault(string[:_HEAD], []).append((index, string))
        self._longest = max(map(len, strings))

    def find(self, text: str) -> Iterable[tuple[int, int, int]]:
        """Return the occurrences in text: of a long one piece by piece, so that one may stop."""
        if len(text) > _PIECE:
            return self._by_piece(text)
        if self._rust is not None:
            return self._rust.find_matches_as_indexes(text, overlapping=True)
        return self._in_python(text)

    def _by_piece(self, text: str) -> Iterator[tuple[int, int, int]]:
        step = _PIECE - self._longest
        for at in range(0, len(text), step):
            for one, start, end in self.find(text[at : at + _PIECE]):
                if start < step:
                    yield one, at + start, at + end

    def _in_python(self, text: str) -> Iterator[tuple[int, int, int]]:
        heads = self._heads
        for at in range(len(text)):
            for width in (1, _HEAD):
                if width > 1 and at + width > len(text):
                    continue
                for index, string in heads.get(text[at : at + width], ()):
                    if text.startswith(string, at):
                        yield index, at, at + len(string)
