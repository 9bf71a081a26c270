"""A text as `judge` reads it: its clauses, and what the words in each say."""

import re
from collections.abc import Iterator
from functools import cache, cached_property
from typing import Final

from kefu.guard.fold import folded
from kefu.guard.talk.lexicon import Hit, pack
from kefu.guard.talk.spelling import spelled

_LATIN: Final = re.compile("[a-z\u0400-\u052f]")
_VISIBLE: Final = re.compile("[^\\W_\ue000-\ue0ff]")
_WIDE: Final = re.compile("[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3]")
_SUFFIXING: Final = re.compile("[\u3040-\u30ff\uac00-\ud7a3]")
_STOPS: Final = (
    "[!?\\n;,()\\[\\]\u2026\u3002\u300c\u300d\u300e\u300f\u060c\u061f]"
    "|\\.(?![0-9a-z])|[\u2014\u2013]| - "
)
_ENDS: Final = ".!?\u3002\n;\u2026\u061f"
_BESIDE: Final = 28
_BESIDE_WIDE: Final = 10
_NEIGHBOURS: Final = 12
_ASKING: Final = "?\u061f"


class Clause:
    """A part of a sentence.

    low: the whole text. hits: the words said in the clause, in order.
    roles: the bits of those and of the words told; all_roles: those of its sentence.
    asks: it ends in a question mark. sentence: the number of its sentence; place: its own in it.
    """

    all_roles = 0
    place = 0

    def __init__(
        self,
        low: str,
        place: tuple[int, int],
        hits: list[Hit],
        roles: int,
        asks: bool,
        sentence: int,
    ) -> None:
        self.start, self.end = place
        self.low, self.hits, self.roles = low, hits, roles
        self.asks, self.sentence = asks, sentence

    @cached_property
    def rest(self) -> int:
        """How many letters and digits no word said covers."""
        count = len(_VISIBLE.findall(self.low, self.start, self.end))
        for hit in self.hits:
            count -= len(_VISIBLE.findall(self.low, hit.start, hit.end))
        return max(count, 0)

    @cached_property
    def is_wide(self) -> bool:
        """Whether it is in a script in which one to three signs are a word."""
        return bool(_WIDE.search(self.low, self.start, self.end))

    @cached_property
    def is_suffixing(self) -> bool:
        """Whether it is Japanese or Korean, where the verb follows."""
        return bool(_SUFFIXING.search(self.low, self.start, self.end))


class Talk:
    """The clauses of a text in order, and the roles of all of them."""

    def __init__(self, text: str) -> None:
        self._low = spelled(text)
        self._said, self._told = pack().lexicon.hits(self._low)
        self.roles = 0
        for hit in self._said:
            self.roles |= hit.roles
        for hit in self._told:
            self.roles |= hit.roles

    def has_close(self, one: int, other: int) -> bool:
        """Return whether a word of one set of roles stands within a few signs of the other's."""
        hits = sorted(hit for hit in (*self._said, *self._told) if hit.roles & (one | other))
        for at, hit in enumerate(hits):
            wanted = (other if hit.roles & one else 0) | (one if hit.roles & other else 0)
            for near in hits[at + 1 : at + _NEIGHBOURS]:
                if near.start - hit.end > _BESIDE:
                    break
                if near.roles & wanted:
                    gap = self._low[hit.end : near.start]
                    if len(gap) <= _BESIDE_WIDE or not _WIDE.search(gap):
                        return True
        return False

    @cached_property
    def plain(self) -> str:
        """The text as its words are looked up, all in one spelling."""
        return pack().lexicon.plain(self._low)

    @cached_property
    def clauses(self) -> list[Clause]:
        """The clauses, found when first asked for: most texts lack the words of any rule."""
        return [clause for sentence in self.sentences for clause in sentence]

    @cached_property
    def sentences(self) -> list[list[Clause]]:
        """The clauses of each sentence."""
        found: list[list[Clause]] = []
        for clause in _clauses(self._low, self._said, self._told):
            if clause.sentence == len(found):
                found.append([])
            found[-1].append(clause)
        for sentence in found:
            roles = 0
            for clause in sentence:
                roles |= clause.roles
            for place, clause in enumerate(sentence):
                clause.all_roles, clause.place = roles, place
        return found


def _clauses(low: str, said: list[Hit], told: list[Hit]) -> list[Clause]:
    found: list[Clause] = []
    told.sort()
    at = sentence = first = heard = 0
    for start, end, mark in _parted(low):
        last = first
        while last < len(said) and said[last].start < start:
            last += 1
        if last > first and said[last - 1].end > start and end < len(low):
            continue  # the mark stands inside a word
        roles = 0
        for hit in said[first:last]:
            roles |= hit.roles
        while heard < len(told) and told[heard].start < start:
            roles |= told[heard].roles
            heard += 1
        if roles or _VISIBLE.search(low, at, start):
            asks = mark in _ASKING
            found.append(Clause(low, (at, start), said[first:last], roles, asks, sentence))
        if mark in _ENDS and found and found[-1].sentence == sentence:
            sentence += 1
        first, at = last, end
    return found


def _parted(low: str) -> Iterator[tuple[int, int, str]]:
    """Yield where clauses end: start and end of what parts them, and its first sign."""
    for match in _breaks().finditer(low):
        yield match.start(), match.end(), match[0][0]
    yield len(low), len(low), "."


@cache
def _breaks() -> re.Pattern[str]:
    turns = sorted(map(folded, pack().turns), key=len, reverse=True)
    spaced = "|".join(re.escape(turn) for turn in turns if _LATIN.match(turn))
    joined = "|".join(re.escape(turn) for turn in turns if not _LATIN.match(turn))
    return re.compile(
        f"{_STOPS}|(?<![a-z\u0400-\u052f])(?:{spaced})(?![a-z\u0400-\u052f])|(?:{joined})"
    )
