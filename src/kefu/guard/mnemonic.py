"""Recovery phrases in BIP-39 English, however they are laid out.

Twelve list words in a row do not happen in prose: its small words (the, is, my, to) are not
on the list. So density decides and not the checksum, which a single typing error would break.
"""

import re
from collections import Counter
from collections.abc import Iterator
from importlib.resources import files
from itertools import pairwise
from typing import Final, NamedTuple

from kefu.guard import cues
from kefu.guard.spans import Span

WORDS: Final = frozenset((files(__package__) / "words/english.txt").read_text("ascii").split())
_SHORTEST: Final = 39
_ENOUGH: Final = 12
_PARTIAL: Final = 10
_SIZES: Final = (12, 15, 18, 21, 24)
_WORD: Final = re.compile(r"<br|[Ww][Oo][Rr][Dd] ?(?=\d)|([A-Za-z]{2,})")
_NUMBER: Final = re.compile(r"[#(\[]?\d{1,2}[.):\]]?\s?")
_GAP: Final = re.compile(
    r"(?:<br ?/?>|[Ww][Oo][Rr][Dd] ?(?=\d)|[\s0-9.,;:|/\\_*#()\[\]{}\"'<>+=•·、。-]){1,12}"
)
_SPACE: Final = re.compile(r"\s+")
_DIGITS: Final = re.compile(r"\d+")
_PROSE: Final = re.compile(
    "the|and|for|are|was|not|but|has|had|his|her|our|its|from|were|been|with|they|them|than"
    "|then|which|would|could|should|did|does|get|got"
)


class _Run(NamedTuple):
    """List words side by side: tokens [first, end) of the text, some of them unknown."""

    first: int
    end: int
    unknown: int = 0

    @property
    def listed(self) -> int:
        return self.end - self.first - self.unknown


def find_mnemonics(text: str) -> Iterator[Span]:
    """Yield the recovery phrases in plain text."""
    if len(text) < _SHORTEST:
        return
    tokens = [match.span(1) for match in _WORD.finditer(text) if match.lastindex]
    if len(tokens) < _PARTIAL:
        return
    listed = [text[start:end].lower() in WORDS for start, end in tokens]
    if sum(listed) < _PARTIAL:
        return
    joined = _joins(text, tokens)
    for run in _bridged(text, tokens, joined, list(_runs(listed, joined))):
        if _is_phrase(text, tokens, run):
            start, end = tokens[run.first][0], tokens[run.end - 1][1]
            yield Span(_with_number(text, start), end, "mnemonic", _size(run))


def _joins(text: str, tokens: list[tuple[int, int]]) -> list[bool]:
    """Return for each token whether only a phrase's gap parts it from the one before."""
    joined = [False]
    for (_, end), (start, _) in pairwise(tokens):
        joined.append(start - end == 1 or bool(_GAP.fullmatch(text, end, start)))
    return joined


def _runs(listed: list[bool], joined: list[bool]) -> Iterator[_Run]:
    first = None
    for at, is_listed in enumerate(listed):
        if first is not None and not (is_listed and joined[at]):
            yield _Run(first, at)
            first = None
        if is_listed and first is None:
            first = at
    if first is not None:
        yield _Run(first, len(listed))


def _bridged(
    text: str, tokens: list[tuple[int, int]], joined: list[bool], runs: list[_Run]
) -> Iterator[_Run]:
    """Yield runs, those joined into one that a single mistyped word parts: one word in nine."""
    current: _Run | None = None
    for run in runs:
        if current and _mistyped(text, tokens, joined, current.end, run.first):
            unknown = current.unknown + 1
            if unknown * 9 <= run.end - current.first:
                current = _Run(current.first, run.end, unknown)
                continue
        if current:
            yield current
        current = run
    if current:
        yield current


def _mistyped(
    text: str, tokens: list[tuple[int, int]], joined: list[bool], at: int, after: int
) -> bool:
    """Return whether token `at` alone parts two runs and looks like a list word gone wrong."""
    if after - at != 1 or not (joined[at] and joined[after]):
        return False
    start, end = tokens[at]
    before, behind = text[tokens[at - 1][1] : start], text[end : tokens[after][0]]
    alike = before == behind or _DIGITS.sub("", before) == _DIGITS.sub("", behind)
    return alike and 3 <= end - start <= 9 and not _PROSE.fullmatch(text[start:end].lower())


def _is_phrase(text: str, tokens: list[tuple[int, int]], run: _Run) -> bool:
    """Return whether run is a phrase: long enough, and not an index or a program's names,
    whose gaps differ and whose words repeat."""
    start, end = tokens[run.first][0], tokens[run.end - 1][1]
    if run.end - run.first < _ENOUGH:
        return run.listed >= _PARTIAL and cues.near(text, start, end, cues.PHRASE)
    own = tokens[run.first : run.end]
    gaps = [
        _SPACE.sub(" ", _DIGITS.sub("", text[one[1] : other[0]])) for one, other in pairwise(own)
    ]
    if max(Counter(gaps).values()) >= 0.6 * len(gaps):
        return True
    different = len({text[one:other].lower() for one, other in own})
    return len(own) - different <= 1 or cues.near(text, start, end, cues.PHRASE)


def _with_number(text: str, start: int) -> int:
    """Return where the numbering in front of a phrase's first word begins, or start."""
    for at in range(max(0, start - 5), start):
        if _NUMBER.fullmatch(text, at, start) and not text[at - 1 : at].isalnum():
            return at
    return start


def _size(run: _Run) -> str:
    """Return how many words the phrase likely has: a word of the sentence may touch it."""
    count = run.end - run.first
    likely = max((size for size in _SIZES if size <= count), default=count)
    return str(likely if count - likely <= 2 else count)
