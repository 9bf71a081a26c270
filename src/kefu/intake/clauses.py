"""The clauses of a message: the words said in each, and how much is unknown between them."""

import re
from collections.abc import Iterator
from typing import Final, NamedTuple

from kefu.intake.lexicon import Hit

_PARTS: Final = re.compile(
    "[.!?,;:\\n()\\[\\]\u3001\u3002\u2026\u2014\u2013]+(?= |$|[^0-9a-z])|[!?,\\n\u3002\u3001]+"
)
_ENDS: Final = frozenset(".!?\n\u3002\u2026")
_UNKNOWN: Final = re.compile(
    "[a-z\u00df-\u024f\u0400-\u052f\u0620-\u064a]+|[\u3041-\u30ff\u3400-\u9fff]{1,2}|[\uac00-\ud7a3]{1,3}|[0-9]+|\ue000"
)


class Clause(NamedTuple):
    """A part of a sentence.

    gaps: unknown words before each hit, and after the last: one more than there are hits.
    sentence: the number of its sentence. roles: of all its hits.
    """

    hits: list[Hit]
    gaps: list[int]
    sentence: int
    roles: int

    @property
    def unknown(self) -> int:
        """How many words nobody knows."""
        return sum(self.gaps)


def clauses(text: str, hits: list[Hit]) -> list[Clause]:
    """Return the clauses of a spelled text that say anything, in order."""
    found: list[Clause] = []
    at = sentence = 0
    for start, end, mark in _parted(text):
        last = at
        while last < len(hits) and hits[last].start < end:
            last += 1
        if clause := _clause(text, (start, end), hits[at:last], sentence):
            found.append(clause)
        at = last
        if mark & _ENDS:
            sentence += 1
    return found


def _parted(text: str) -> Iterator[tuple[int, int, frozenset[str]]]:
    start = 0
    for match in _PARTS.finditer(text):
        yield start, match.start(), frozenset(match[0])
        start = match.end()
    yield start, len(text), _ENDS


def _clause(text: str, place: tuple[int, int], hits: list[Hit], sentence: int) -> Clause | None:
    start, end = place
    gaps: list[int] = []
    roles = 0
    for hit in hits:
        gaps.append(_unknown(text, start, hit.start))
        start = max(start, hit.end)
        roles |= hit.roles
    gaps.append(_unknown(text, start, end))
    if not hits and not gaps[0]:
        return None
    return Clause(hits, gaps, sentence, roles)


def _unknown(text: str, start: int, end: int) -> int:
    return len(_UNKNOWN.findall(text, start, end)) if end > start else 0
