"""The words that `judge` reads, by role, and the places where they stand in a text.

`pack/judge.json` is read when the first text is judged; see docs/guard.md, Judging.
"""

import json
import re
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from itertools import product
from typing import Any, Final, NamedTuple

from kefu.guard.fold import folded
from kefu.guard.matcher import Matcher

_LETTERS: Final = "a-z\u00df-\u024f\u0400-\u052f"
_ARABIC: Final = "\u0620-\u064a"
_LETTER: Final = re.compile(f"[{_LETTERS}]")
_REST: Final = re.compile(f"[{_LETTERS}]*")
_WORD: Final = re.compile(f"[{_LETTERS}0-9]")
_SHORT_ARABIC: Final = re.compile(f"[{_ARABIC}]{{1,3}}")
_ARABIC_LETTER: Final = re.compile(f"[{_ARABIC}]")
_SPACES: Final = str.maketrans("-_\t\r\u2019\u2018", "    ''")
_JOINED: Final = 8
_LEFT: Final = 1
_RIGHT: Final = 2
_ARABIC_WORD: Final = 4
_CHOICE: Final = re.compile("[{}]")
_Words = dict[str, dict[str, list[str]]]
MARKS: Final = {
    name: chr(0xE001 + at)
    for at, name in enumerate(("link", "mail", "handle", "phone", "address", "amount", "line"))
}
"""One private character for each thing that is recognised by its shape."""


class Hit(NamedTuple):
    """A word in the text; roles is a set of bits, see `Lexicon.bits`."""

    start: int
    end: int
    roles: int


class Lexicon:
    """Words by role, found in one pass over the text.

    hant: traditional signs, each before the one that it is read as.
    said: roles whose words hide shorter words inside them ("do not worry" hides "not").
    told: roles that only have to occur somewhere in a sentence; nothing hides them.
    roles: the names of both, in the order of their bits.
    """

    def __init__(self, said: _Words, told: _Words, hant: str = "") -> None:
        self._signs = {**_SPACES, **str.maketrans(hant[::2], hant[1::2])}
        self.roles = (*said, *told)
        self._bit = {role: 1 << at for at, role in enumerate(self.roles)}
        open_ends: set[str] = set()
        spoken = self._entered(said, open_ends)
        for word in [word for word in spoken if " " in word and len(word) >= _JOINED]:
            joined = word.replace(" ", "")
            spoken[joined] = spoken.get(joined, 0) | spoken[word]
            if word in open_ends:
                open_ends.add(joined)
        heard = self._entered(told, open_ends)
        words = list(spoken | heard)
        self._said = [spoken.get(word, 0) for word in words]
        self._told = [heard.get(word, 0) for word in words]
        self._edges = [_edges(word, word in open_ends) for word in words]
        self._matcher = Matcher(words)

    def _entered(self, roles: _Words, open_ends: set[str]) -> dict[str, int]:
        """Return the bits of each word; those that may go on are added to open_ends."""
        found: dict[str, int] = {}
        for role, languages in roles.items():
            bit = self._bit[role]
            listed = [word for words in languages.values() for word in words]
            for word in _folded(listed, self._signs):
                for form in _forms(word):
                    is_open = form.endswith("*")
                    spelling = form.rstrip("*")
                    if is_open:
                        open_ends.add(spelling)
                    found[spelling] = found.get(spelling, 0) | bit
        return found

    def bits(self, *roles: str) -> int:
        """Return the bits of these roles together."""
        found = 0
        for role in roles:
            found |= self._bit[role]
        return found

    def plain(self, text: str) -> str:
        """Return text as its words are looked up: dashes as spaces, traditional signs simple."""
        return text.translate(self._signs)

    def hits(self, text: str) -> tuple[list[Hit], list[Hit]]:
        """Return the words said, the longest at each place, and those told, all of them."""
        text = self.plain(text)
        best: dict[int, tuple[int, int]] = {}
        heard: list[Hit] = []
        said, told, edges = self._said, self._told, self._edges
        for index, start, end in self._matcher.find(text):
            edge = edges[index]
            if edge and not _stands(text, start, end, edge):
                continue
            if told[index]:
                heard.append(Hit(start, end, told[index]))
            if said[index] and (start not in best or end > best[start][0]):
                best[start] = end, index
        return self._outermost(text, best), heard

    def _outermost(self, text: str, best: dict[int, tuple[int, int]]) -> list[Hit]:
        found: list[Hit] = []
        reached = 0
        for start in sorted(best):
            end, index = best[start]
            if end <= reached:
                continue
            if self._edges[index] & (_LEFT | _RIGHT) == _LEFT:
                rest = _REST.match(text, end)
                end = rest.end() if rest else end
            found.append(Hit(start, end, self._said[index]))
            reached = end
        return found


def _edges(word: str, is_open: bool) -> int:
    """Return at which edges of a word no letter may follow on."""
    if _SHORT_ARABIC.fullmatch(word):
        return _ARABIC_WORD
    left = _LEFT if _LETTER.match(word) else 0
    return left | (_RIGHT if _LETTER.match(word[-1]) and not is_open else 0)


def _stands(text: str, start: int, end: int, edges: int) -> bool:
    """Return whether the boundaries that the word asks for are there."""
    if edges & _LEFT and start and _WORD.match(text[start - 1]):
        return False
    if edges & _RIGHT and end < len(text) and _LETTER.match(text[end]):
        return False
    if edges & _ARABIC_WORD:
        before, after = text[start - 1 : start], text[end : end + 1]
        return not _ARABIC_LETTER.match(before) and not _ARABIC_LETTER.match(after)
    return True


def _folded(words: list[str], signs: dict[int, Any]) -> list[str]:
    """Return words in the spelling that a text is read in, folded together for speed."""
    shapes = [MARKS[word[1:-1]] for word in words if word.startswith("\u27e8")]
    plain = [word for word in words if not word.startswith("\u27e8")]
    return folded("\n".join(plain)).translate(signs).split("\n") + shapes if plain else shapes


def _forms(word: str) -> Iterator[str]:
    """Yield the forms of a word; "send{,s,ing}" is three."""
    if "{" not in word:
        yield word
        return
    plain, *parts = _CHOICE.split(word)
    choices = [part.split(",") if at % 2 == 0 else [part] for at, part in enumerate(parts)]
    for form in product([plain], *choices):
        yield " ".join("".join(form).split())


class Pack(NamedTuple):
    """What `pack/judge.json` holds; its note says how to read it."""

    lexicon: Lexicon
    objects: dict[str, str]
    rules: dict[str, list[dict[str, Any]]]
    turns: tuple[str, ...]


@cache
def pack() -> Pack:
    """Return what `pack/judge.json` holds."""
    text = (files("kefu.guard") / "pack" / "judge.json").read_text("utf-8")
    held: dict[str, Any] = json.loads(text)
    return Pack(
        Lexicon(held["said"], held["told"], held["hant"]),
        held["objects"],
        held["rules"],
        tuple(held["turns"]),
    )
