"""A part of a recovery phrase: what one message of several holds of it.

Pure. Steps: docs/guard.md, section 12.
"""

import re
from collections.abc import Iterator
from functools import cache
from itertools import pairwise
from typing import Final, NamedTuple

from kefu.guard.fold import folded
from kefu.guard.pack import PACK, roles, word_list
from kefu.guard.reading import Reading
from kefu.guard.words import is_near, vocabulary

_P: Final = PACK.shapes["recall"]
_W: Final = PACK.words
_WORD: Final = re.compile("[a-z]+|[\u3041-\u30ff]+|[\uac00-\ud7a3]+|[\u3400-\u9fff]")
_LETTER: Final = re.compile(r"[^\W0-9_]")
_JOINS: Final = {folded(word) for word in _W["and"] if word < "\u3040"}  # Han signs are list words
_SIGN: Final = r"(?:[^\w\n]|_|\n|[0-9]{1,2}(?![0-9])){0,16}"
_SIGNS: Final = re.compile(f"{_SIGN}(?:(?:{'|'.join(sorted(_JOINS))}){_SIGN})?")
_LEADS: Final = re.compile("|".join(map(folded, _P["lead"])))
_COUNTS: Final = re.compile(f"{_LEADS.pattern}|{_P['counts']}")
_HAN: Final = re.compile("[\u3400-\u9fff]")
_NAMES: Final = re.compile("[ \u3400-\u9fff]")
_TALK: Final = re.compile(_P["talk"])
_CHAT: Final = frozenset(map(folded, _P["chat_words"]))
_PHRASE: Final = roles("phrase")


class Part(NamedTuple):
    """A row of list words in a message.

    told: how many of them tell of a phrase, since no chat is full of them; common: how many of
    these sentences are full of. lists: the lists that all are on. row: how many there are.
    """

    told: int
    common: int
    lists: int
    row: int


_NONE: Final = Part(0, 0, 0, 0)
_NOWHERE: Final = (0, 0, _NONE)


def part_of_phrase(reading: Reading, *, announced: bool) -> Part:
    """Return the list words that a message consists of, but for what leads in or remarks on them.

    announced: a phrase was spoken of before.
    """
    low = reading.low
    named = [cue for cue in reading.of(_PHRASE) if _NAMES.search(low, cue.start, cue.end)]
    words = [
        (first, last)
        for first, last in (match.span() for match in _WORD.finditer(low))
        if low[first:last] not in _JOINS and not any(cue.start <= first < cue.end for cue in named)
    ]
    parts = [
        _part(reading, words[start:end], lists, announced=announced)
        for start, end, lists in _rows(low, words)
    ]
    start, end, part = max(parts, key=lambda found: (found[2].told, found[0]), default=_NOWHERE)
    if not _may_stand_round(reading, low[:start], low[end:], part.row, announced=announced):
        return _NONE
    return part


def _part(
    reading: Reading, words: list[tuple[int, int]], lists: int, *, announced: bool
) -> tuple[int, int, Part]:
    """Return where a row begins and ends, and what it holds, if it is no Chinese sentence."""
    low = reading.low
    while len(words) > 1 and _COUNTS.fullmatch(low, *words[0]):
        words = words[1:]
    row = [low[first:last] for first, last in words]
    if len(row) == 1 and _COUNTS.fullmatch(row[0]) and row[0] != low.strip():
        return words[0][0], words[0][1], _NONE
    if _is_joined(low, words) and _is_sentence(reading, row, announced=announced):
        return words[0][0], words[-1][1], _NONE
    told = [word for word in row if word not in _CHAT]
    common = sum(word in _commons() for word in told)
    return words[0][0], words[-1][1], Part(len(told), common, lists, len(row))


def _rows(low: str, words: list[tuple[int, int]]) -> Iterator[tuple[int, int, int]]:
    """Yield the rows of words of one list with nothing but signs between: [start, end), lists.

    One of five and more may be mistyped.
    """
    known = vocabulary()
    at = 0
    while at < len(words):
        start, lists, wrong = at, -1, 0
        while at < len(words):
            first, last = words[at]
            if at > start and not _goes_on(low, words[start][0], words[at - 1][1], first):
                break
            both = lists & known.get(low[first:last], 0)
            if not both and not wrong and _is_mistyped(low, words, at, lists):
                wrong, both = 1, lists
            if not both:
                break
            lists = both
            at += 1
        if at - start >= (_P["mistyped"] if wrong else 1):
            yield start, at, lists
        at = max(at, start + 1)


def _goes_on(low: str, start: int, end: int, following: int) -> bool:
    """Return whether the word at following belongs to the row; a lead-in is none: `前六个 `."""
    if not _SIGNS.fullmatch(low, end, following):
        return False
    written = low[start:end]
    return end == following or written[0] < "\u3400" or not _LEADS.search(written)


def _is_mistyped(low: str, words: list[tuple[int, int]], at: int, lists: int) -> bool:
    first, last = words[at]
    return lists > 0 and last - first >= 4 and is_near(low[first:last], lists)


def _may_stand_round(
    reading: Reading, before: str, after: str, size: int, *, announced: bool
) -> bool:
    """Return whether a row may be all that a message says, or that it numbers or announces it."""
    if not (_LETTER.search(before) or _LETTER.search(after)):
        return not re.search("[0-9]{3}", before + after)
    if len(before) + len(after) > _P["round"] or after.rstrip().endswith("?"):
        return False
    if size < _P["words"] and _LETTER.search(after):
        return False
    told = announced and size >= _P["words"]
    return bool(told or reading.roles & _PHRASE or _LEADS.search(before) or _LEADS.search(after))


def _is_joined(low: str, words: list[tuple[int, int]]) -> bool:
    """Return whether Chinese characters are written together, as sentences are."""
    if len(words) < 2 or not _HAN.match(low[words[0][0]]):
        return False
    return any(one[1] == other[0] for one, other in pairwise(words))


@cache
def _frequents() -> frozenset[str]:
    """Return the most frequent Chinese characters, with which both lists begin."""
    lists = [word_list(name) for name in _W["lists"] if "chinese" in name]
    return frozenset(sign for signs in lists for sign in signs[: _W["frequent"]])


def _is_sentence(reading: Reading, row: list[str], *, announced: bool) -> bool:
    """Return whether Chinese characters written together are talk: of what one speaks of here, or
    of the characters that talk is full of."""
    if _TALK.search("".join(row)) or any(cue.roles & ~_PHRASE for cue in reading.cues):
        return True
    frequent = sum(sign in _frequents() for sign in row)
    return bool(frequent > _P["frequent"][not announced] * len(row))


@cache
def _commons() -> frozenset[str]:
    """Return the words that sentences or talk of trading are full of."""
    return frozenset(map(folded, [*_W["common"], *_P["trade"]])) | _frequents()
