"""Cues with two letters swapped, set right: `psasword` is read as `password`.

Only the words of the cues that name a secret, and only where the text holds a value.
Steps: docs/guard.md, section 2.
"""

import re
from collections.abc import Sequence
from typing import Final

from kefu.guard.fold import folded
from kefu.guard.pack import PACK

_P: Final = PACK.shapes["mistyped"]
_WORD: Final = re.compile(
    "(?<![0-9@._a-z\u00df-\u024f\u0400-\u052f-])[a-z\u00df-\u024f\u0400-\u052f]+"
)
_LETTERS: Final = re.compile("[a-z\u00df-\u024f\u0400-\u052f]+")
_VALUE: Final = re.compile("[0-9]")
_ROLES: Final[list[str]] = _P["roles"]


def _written() -> list[list[str]]:
    """Return the cues of the roles as lists of their words."""
    cues = (cue for role in _ROLES for cues in PACK.cues[role].values() for cue in cues)
    return [folded(cue.rstrip("*")).split() for cue in cues]


def _known() -> frozenset[str]:
    """Return the words that are right as they are."""
    groups = [cues for role in PACK.cues.values() for cues in role.values()]
    groups += list(PACK.shapes["link"]["fillers"].values())
    words = {word for group in groups for cue in group for word in _LETTERS.findall(folded(cue))}
    return frozenset(words | set(map(folded, _P["right"])))


def _key(words: Sequence[str]) -> str:
    """Return what the words have in common with those that have the same letters."""
    return f"{len(words)}{''.join(sorted(''.join(words)))}"


_KNOWN: Final = _known()


def _right() -> dict[str, list[list[str]]]:
    """Return words, and pairs of words, by their letters: of some all there are."""
    found: dict[str, list[list[str]]] = {}
    for cue in _written():
        shortest = _P["shortest"][len(cue) > 1]
        told = [[word] for word in cue if shortest <= len(word) <= _P["longest"]]
        if len(cue) == 2 and len("".join(cue)) >= _P["pair"]:
            told.append(cue)
        for words in told:
            if all(map(_LETTERS.fullmatch, words)):
                found.setdefault(_key(words), []).append(words)
    return found


_RIGHT: Final = _right()


def straightened(low: str) -> str:
    """Return text, of the same length, with two swapped letters in a cue's word set right."""
    if len(low) > _P["text"] or not _VALUE.search(low):
        return low
    words = list(_WORD.finditer(low))
    for at, match in enumerate(words):
        word = match[0]
        if word in _KNOWN:
            continue
        alike = (one for [one] in _RIGHT.get(_key([word]), ()))
        right = next((one for one in alike if _is_swapped(word, one)), None)
        if right:
            low = low[: match.start()] + right + low[match.end() :]
            continue
        for first in (at - 1, at):
            if 0 <= first < len(words) - 1:
                low = _pair(low, words[first].span(), words[first + 1].span())
    return low


def _pair(low: str, one: tuple[int, int], two: tuple[int, int]) -> str:
    """Return text with a cue of two words that stands there set right."""
    if two[0] - one[1] != 1:
        return low
    words = low[slice(*one)], low[slice(*two)]
    for first, second in _RIGHT.get(_key(words), ()):
        if (words[0] == first and _is_swapped(words[1], second)) or (
            words[1] == second and _is_swapped(words[0], first)
        ):
            return low[: one[0]] + first + low[one[1] : two[0]] + second + low[two[1] :]
    return low


def _is_swapped(word: str, right: str) -> bool:
    """Return whether two neighbouring letters of right stand the other way round in word."""
    if len(word) != len(right):
        return False
    differ = [at for at, pair in enumerate(zip(word, right, strict=True)) if pair[0] != pair[1]]
    return (
        len(differ) == 2
        and differ[1] == differ[0] + 1
        and word[differ[0]] == right[differ[1]]
        and word[differ[1]] == right[differ[0]]
    )
