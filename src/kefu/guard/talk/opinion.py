"""A second opinion on a text: how much it resembles labelled texts, in its words and their roles.

The rules know why and this does not, so it is asked only where they found nothing. It is a
linear model over hashed features; `pack/opinion.bin` holds a table of weights for each kind of
talk, written by `python -m tests.guard.talk.train_opinion`. See docs/guard.md, section 15.
"""

import re
from collections.abc import Iterable, Iterator
from functools import cache
from importlib.resources import files
from itertools import combinations, pairwise
from math import sqrt
from struct import Struct
from typing import Final, NamedTuple
from zlib import crc32

from kefu.guard.talk.asks import denies
from kefu.guard.talk.clauses import Clause, Talk
from kefu.guard.talk.lexicon import pack
from kefu.guard.talk.scams import is_warning

KINDS: Final = ("agent", "customer", "bribe", "post")
"""What there is an opinion on, in the order of the tables: a request, a tale, a bribe, a post."""

BUCKETS: Final = 1 << 16
HEAD: Final = Struct("<fff")
"""What stands before the weights of a table: bias, size of a step of a weight, threshold."""

_WIDE: Final = "\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3"
_WORD: Final = re.compile(f"[^\\W\\d_{_WIDE}]+|[\ue000-\ue0ff?]")
_RUN: Final = re.compile(f"[{_WIDE}]+")
_RUNS_OF: Final = (1, 2, 3)
_LITTLE: Final = 16
_PART: Final = 240
_LEAST_ROLES: Final = 6
"""Customers' talk with fewer is not looked at: a tale has more, most ordinary talk has not."""


class Features(NamedTuple):
    """Buckets of a part of a text: those of its words, those of the roles that they have."""

    words: list[int]
    roles: list[int]


class Table(NamedTuple):
    """A linear model: a signed byte a bucket, times scale. Words and roles count the same."""

    bias: float
    scale: float
    threshold: float
    weights: memoryview

    def score(self, parts: Iterable[Features]) -> float:
        """Return the log of the odds for the part of a text that resembles most."""
        return self.bias + self.scale * max(map(self._sum, parts), default=0.0)

    def _sum(self, part: Features) -> float:
        weights, (words, roles) = self.weights, part
        said = unit(words) * sum([weights[at] for at in words])
        return said + unit(roles) * sum([weights[at] for at in roles])


def unit(buckets: list[int]) -> float:
    """Return what one of these features counts. Little said is little evidence."""
    return 1 / sqrt(max(len(buckets), _LITTLE))


def suspected(talk: Talk, *kinds: str) -> str | None:
    """Return the first of these kinds as one of which the text reads. Cost: O(length)."""
    likely = [kind for kind in kinds if may_object(talk, kind)]
    parts = list(features(talk)) if likely else []
    tables = _tables()
    return next(
        (kind for kind in likely if tables[kind].score(parts) > tables[kind].threshold), None
    )


def may_object(talk: Talk, kind: str) -> bool:
    """Return whether the rules leave room for an opinion: "never share your code" does not."""
    if kind == "agent":
        return not denies(talk)
    return not is_warning(talk) if kind == "post" else talk.roles.bit_count() >= _LEAST_ROLES


def features(talk: Talk) -> Iterator[Features]:
    """Yield the features of each part of a text: most are one part, a long one is several."""
    for first, last, part in _parts(talk.sentences):
        yield Features(_words(talk.plain[first:last]), _roles(part))


def _parts(sentences: list[list[Clause]]) -> Iterator[tuple[int, int, list[int]]]:
    """Yield start, end and the roles of each sentence of parts; they share a sentence."""
    start, roles = 0, list[int]()
    for at, sentence in enumerate(sentences):
        roles.append(sentence[0].all_roles)
        if sentence[-1].end - start > _PART or at + 1 == len(sentences):
            yield start, sentence[-1].end + 1, roles  # and its mark
            start, roles = sentence[0].start, [sentence[0].all_roles]


def _words(text: str) -> list[int]:
    """Return the buckets of words and pairs of words; of scripts without spaces, of short runs."""
    words = _WORD.findall(text)
    grams = {*words, *map(" ".join, pairwise(words)), ""}
    if not text.isascii():
        for run in _RUN.findall(text):
            grams.update(run[at : at + size] for size in _RUNS_OF for at in range(len(run)))
    return [crc32(gram.encode("utf-8", "surrogatepass")) & (BUCKETS - 1) for gram in grams]


def _roles(sentences: list[int]) -> list[int]:
    """Return the buckets of roles and of the pairs of roles that meet in a sentence."""
    found = {0}
    for roles in sentences:
        hashes = [_hashes()[at] for at, bit in enumerate(bin(roles)[:1:-1]) if bit == "1"]
        found.update(hashes)
        found.update([one + other for one, other in combinations(hashes, 2)])
    return [one & (BUCKETS - 1) for one in found]


@cache
def _hashes() -> tuple[int, ...]:
    """Return the hash of each role, in the order of its bits: roles may be added to the pack."""
    return tuple(crc32(f"role {name}".encode()) for name in pack().lexicon.roles)


@cache
def _tables() -> dict[str, Table]:
    data = (files("kefu.guard") / "pack" / "opinion.bin").read_bytes()
    size = HEAD.size + BUCKETS
    return {kind: table(data[at * size : (at + 1) * size]) for at, kind in enumerate(KINDS)}


def table(data: bytes) -> Table:
    """Return the table that stands in data: HEAD, then the weights."""
    bias, scale, threshold = HEAD.unpack_from(data)
    return Table(bias, scale, threshold, memoryview(data)[HEAD.size :].cast("b"))
