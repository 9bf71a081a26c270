"""The cues in a text: the longest at each place whose boundaries hold, none inside another.

Steps: docs/guard.md, section 2.
"""

import re
from itertools import compress
from typing import Final, NamedTuple

from kefu.guard.compounds import Cue
from kefu.guard.fold import folded
from kefu.guard.matcher import Matcher
from kefu.guard.pack import PACK, ROLE

_LETTER: Final = re.compile("[a-z\u00df-\u024f\u0400-\u052f]")
_REST: Final = re.compile("[a-z\u00df-\u024f\u0400-\u052f]*")
_ARABIC_LETTER: Final = re.compile("[\u0621-\u064a]")
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
_BOUND: Final = [entry.right or entry.arabic != "" for entry in _ENTRIES.values()]
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
    reached = 0
    for start in sorted(best):
        end, index = best[start]
        if start < reached and end - start < reached - found[-1].start:
            continue
        if start < reached:
            found.pop()
        if _OPEN[index] and end < size and low[end] in _LETTERS:
            rest = _REST.match(low, end)
            end = rest.end() if rest else end
        found.append(Cue(start, end, _ROLES[index]))
        reached = end
    return found


def _longest(low: str, most: int) -> dict[int, tuple[int, int]]:
    """Return by its start the end and the index of the longest cue at each place."""
    best: dict[int, tuple[int, int]] = {}
    text = _spaced(low)
    places = None
    if "  " in text:
        text, places = _single_spaced(text)
    for index, start, end in _MATCHER.find(text):
        if places:
            start, end = places[start], places[end - 1] + 1  # noqa: PLW2901
        if _LEFT[index] and start and low[start - 1] in _WORD_SIGNS:
            continue
        if _BOUND[index] and not _ends_well(low, index, start, end):
            continue
        if start not in best or end > best[start][0]:
            best[start] = end, index
            if len(best) > most:
                break
    return best


def _ends_well(low: str, index: int, start: int, end: int) -> bool:
    """Return whether a cue ends where it must, and an Arabic one begins there too."""
    if _RIGHT[index] and end < len(low) and low[end] in _LETTERS:
        return False
    arabic = _ARABIC[index]
    return not arabic or _is_arabic_word(low, start, end, is_open=arabic == "*")


def _is_arabic_word(low: str, start: int, end: int, *, is_open: bool) -> bool:
    """Return whether an Arabic cue is a word but for what the script writes onto it."""
    inside = start and _ARABIC_LETTER.match(low, start - 1)
    if inside and not _PROCLITIC.search(low[max(0, start - 6) : start]):
        return False
    return is_open or bool(_SUFFIX.match(low, end))


def _single_spaced(text: str) -> tuple[str, list[int]]:
    """Return text with one space for each run of them, and where each character stood."""
    marked = text.replace("  ", " \x00").replace("\x00 ", "\x00\x00")
    places = list(compress(range(len(text)), map("\x00".__ne__, marked)))
    return marked.replace("\x00", ""), places
