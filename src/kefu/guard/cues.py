"""The cues in a text: the longest at each place whose boundaries hold, none inside another.

Steps: docs/guard.md, section 2.
"""

import re
from bisect import bisect_right
from typing import Final, NamedTuple

from kefu.guard.compounds import Cue
from kefu.guard.fold import folded
from kefu.guard.matcher import Matcher
from kefu.guard.pack import PACK, ROLE

_LETTER: Final = re.compile("[a-z\u00df-\u024f\u0400-\u052f]")
_REST: Final = re.compile("[a-z\u00df-\u024f\u0400-\u052f]*")
_ARABIC_LETTER: Final = re.compile("[\u0621-\u064a]")
_SPACES: Final = re.compile("  +")
_PROCLITIC: Final = re.compile(PACK.shapes["link"]["proclitic"])
_SUFFIX: Final = re.compile(PACK.shapes["link"]["suffix"])


class _Entry(NamedTuple):
    roles: int
    left: bool
    right: bool
    arabic: str


def _entries() -> dict[str, _Entry]:
    found: dict[str, _Entry] = {}
    for role, languages in PACK.cues.items():
        for written in {cue for cues in languages.values() for cue in cues}:
            cue = folded(written.rstrip("*"))
            spellings = {_spaced(cue)}
            if cue.endswith((" no", " nr", " num")):
                spellings.add(f"{cue}.")
            if " " in cue and len(cue) > 5:
                spellings.add(cue.replace(" ", ""))
            for spelling in spellings:
                _enter(found, spelling, ROLE[role], is_open=written.endswith("*"))
    return found


def _spaced(text: str) -> str:
    """Return text with a space for each hyphen, low line, tab and line break."""
    for sign in "-_\n\t\r":
        text = text.replace(sign, " ")  # `translate` is slow where letters are not ASCII
    return text


def _enter(found: dict[str, _Entry], spelling: str, role: int, *, is_open: bool) -> None:
    left = bool(_LETTER.match(spelling))
    right = bool(_LETTER.match(spelling[-1])) and not is_open
    arabic = ("*" if is_open else "=") if _ARABIC_LETTER.match(spelling) else ""
    old = found.get(spelling)
    if old:
        role, right, arabic = role | old.roles, right and old.right, min(arabic, old.arabic)
    found[spelling] = _Entry(role, left, right, arabic)


_ENTRIES: Final = _entries()
_NAMES: Final = list(_ENTRIES)
_LEFT: Final = [entry.left for entry in _ENTRIES.values()]
_RIGHT: Final = [entry.right for entry in _ENTRIES.values()]
_OPEN: Final = [
    left and not right and bool(_LETTER.match(name[-1]))
    for name, left, right in zip(_NAMES, _LEFT, _RIGHT, strict=True)
]
_ARABIC: Final = [entry.arabic for entry in _ENTRIES.values()]
_ROLES: Final = [entry.roles for entry in _ENTRIES.values()]
_LETTERS: Final = frozenset(
    "abcdefghijklmnopqrstuvwxyz" + "".join(map(chr, [*range(0xDF, 0x250), *range(0x400, 0x530)]))
)
_WORD_SIGNS: Final = _LETTERS | frozenset("0123456789")
_MATCHER: Final = Matcher(_NAMES)


def find_cues(low: str, most: int) -> list[Cue]:
    """Return the longest cue at each place; of two that overlap, the longer, else the later.

    most: of more only the first are returned, one more than most.
    """
    best = _longest(low, most)
    size = len(low)
    found: list[Cue] = []
    reached = last = 0
    for start, (end, index) in sorted(best.items()):
        if start < reached:
            if end - start < reached - last:
                continue
            found.pop()
        reached, last = end, start
        if _OPEN[index] and end < size and low[end] in _LETTERS:
            rest = _REST.match(low, end)
            reached = rest.end() if rest else end
        found.append(Cue(start, reached, _ROLES[index]))
    return found


def _longest(low: str, most: int) -> dict[int, tuple[int, int]]:
    """Return by its start the end and the index of the longest cue at each place."""
    best: dict[int, tuple[int, int]] = {}
    text = _spaced(low)
    size = len(low)
    spaces = None
    if "  " in text:
        text, spaces = _single_spaced(text)
    for index, start, end in _MATCHER.find(text):
        if spaces:
            start, end = spaces.place(start), spaces.place(end - 1) + 1  # noqa: PLW2901
        if _LEFT[index] and start and low[start - 1] in _WORD_SIGNS:
            continue
        if _RIGHT[index] and end < size and low[end] in _LETTERS:
            continue
        if _ARABIC[index] and not _is_arabic_word(low, start, end, is_open=_ARABIC[index] == "*"):
            continue
        if start not in best or end > best[start][0]:
            best[start] = end, index
            if len(best) > most:
                break
    return best


def _is_arabic_word(low: str, start: int, end: int, *, is_open: bool) -> bool:
    """Return whether an Arabic cue is a word but for what the script writes onto it."""
    inside = start and _ARABIC_LETTER.match(low, start - 1)
    if inside and not _PROCLITIC.search(low[max(0, start - 6) : start]):
        return False
    return is_open or bool(_SUFFIX.match(low, end))


class _Spaces(NamedTuple):
    """The spaces left out of a text: how many before each of these places and those behind it."""

    places: list[int]
    counts: list[int]

    def place(self, at: int) -> int:
        """Return where the character at `at` stood before they were left out."""
        return at + self.counts[bisect_right(self.places, at)]


def _single_spaced(text: str) -> tuple[str, _Spaces]:
    """Return text with one space for each run of them, and the spaces that it lacks."""
    spaces = _Spaces([], [0])
    count = 0
    for run in _SPACES.finditer(text):
        spaces.places.append(run.start() + 1 - count)
        count += run.end() - run.start() - 1
        spaces.counts.append(count)
    marked = text.replace("  ", " \x00").replace("\x00 ", "\x00\x00")
    return marked.replace("\x00", ""), spaces
