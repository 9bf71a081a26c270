"""The words that `judge` reads, by role, and the places where they stand in a text.

`pack/judge.json` is read when the first text is judged; see docs/guard.md, Judging.
"""

import json
import re
from functools import cache
from importlib.resources import files
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


class _Entry(NamedTuple):
    said: int
    told: int
    left: bool
    right: bool
    arabic: bool


class Lexicon:
    """Words by role, found in one pass over the text.

    said: roles whose words hide shorter words inside them ("do not worry" hides "not").
    told: roles that only have to occur somewhere in a sentence; nothing hides them.
    """

    def __init__(self, said: _Words, told: _Words) -> None:
        self._bit = {role: 1 << at for at, role in enumerate((*said, *told))}
        entries: dict[str, _Entry] = {}
        for words, is_said in ((said, True), (told, False)):
            for role, languages in words.items():
                for written in {word for listed in languages.values() for word in listed}:
                    _enter(entries, written, self._bit[role], is_said=is_said)
        self._entries = list(entries.values())
        self._matcher = Matcher(list(entries))

    def bits(self, *roles: str) -> int:
        """Return the bits of these roles together."""
        found = 0
        for role in roles:
            found |= self._bit[role]
        return found

    def hits(self, text: str) -> tuple[list[Hit], list[Hit]]:
        """Return the words said, the longest at each place, and those told, all of them."""
        text = text.translate(_SPACES)
        best: dict[int, tuple[int, int]] = {}
        told: list[Hit] = []
        entries = self._entries
        for index, start, end in self._matcher.find(text):
            entry = entries[index]
            old = best.get(start)
            if (entry.told or old is None or end > old[0]) and _stands(text, start, end, entry):
                if entry.told:
                    told.append(Hit(start, end, entry.told))
                if entry.said and (old is None or end > old[0]):
                    best[start] = end, index
        return list(_outermost(text, best, entries)), told


def _stands(text: str, start: int, end: int, entry: _Entry) -> bool:
    """Return whether the boundaries that the word asks for are there."""
    if entry.left and start and _WORD.match(text[start - 1]):
        return False
    if entry.right and end < len(text) and _LETTER.match(text[end]):
        return False
    if entry.arabic:
        before, after = text[start - 1 : start], text[end : end + 1]
        return not _ARABIC_LETTER.match(before) and not _ARABIC_LETTER.match(after)
    return True


def _outermost(text: str, best: dict[int, tuple[int, int]], entries: list[_Entry]) -> list[Hit]:
    found: list[Hit] = []
    reached = 0
    for start in sorted(best):
        end, index = best[start]
        if end <= reached:
            continue
        entry = entries[index]
        if entry.left and not entry.right:
            rest = _REST.match(text, end)
            end = rest.end() if rest else end
        found.append(Hit(start, end, entry.said))
        reached = end
    return found


def _enter(entries: dict[str, _Entry], written: str, role: int, *, is_said: bool) -> None:
    shape = MARKS.get(written[1:-1]) if written.startswith("\u27e8") else None
    word = shape or folded(written.rstrip("*")).translate(_SPACES)
    spellings = {word}
    if " " in word and len(word) >= _JOINED:
        spellings.add(word.replace(" ", ""))
    for spelling in spellings:
        entry = _Entry(
            said=role if is_said else 0,
            told=0 if is_said else role,
            left=bool(_LETTER.match(spelling)),
            right=bool(_LETTER.match(spelling[-1])) and not written.endswith("*"),
            arabic=bool(_SHORT_ARABIC.fullmatch(spelling)),
        )
        old = entries.get(spelling)
        if old:
            right = entry.right and old.right
            entry = entry._replace(
                said=entry.said | old.said, told=entry.told | old.told, right=right
            )
        entries[spelling] = entry


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
        Lexicon(held["said"], held["told"]), held["objects"], held["rules"], tuple(held["turns"])
    )
