"""Recovery phrases, however they are laid out.

Twelve list words in a row do not happen in prose, so density and regular gaps decide and not
the checksum, which a single typing error would break. Chinese characters written together are
the exception, see `joined`. Steps: docs/guard.md, section 4.
"""

import re
from collections.abc import Callable, Iterator
from itertools import pairwise
from typing import Final

from kefu.guard.edges import PHRASE, extended, in_cue, starts_alone, trimmed
from kefu.guard.pack import PACK
from kefu.guard.reading import Reading
from kefu.guard.spans import Span
from kefu.guard.words import Run, Token, bare, is_gap, read_words, regularity, style, with_number

_P: Final = PACK.words
_ALONE_AFTER: Final = re.compile(r"[ \t]*(?:$|[\n。.!?\"')\],;])")
_PROSE: Final = frozenset(_P["prose"])
_Rule = Callable[[Reading, list[Token], Run], bool]


def find_mnemonics(reading: Reading) -> Iterator[Span]:
    """Yield the recovery phrases in a text."""
    if len(reading.low) < _P["shortest"]:
        return
    found = list(_found(reading, read_words(reading.low), _is_phrase))
    yield from found
    if not found and reading.roles & PHRASE:
        yield from _found(reading, read_words(reading.low, strict=True), _is_strict_phrase)


def _found(reading: Reading, tokens: list[Token], accepts: _Rule) -> Iterator[Span]:
    for run in _bridged(reading, tokens):
        if run.end - run.first < _P["with_cue"]:
            continue
        fitted = trimmed(reading, tokens, run)
        if accepts(reading, tokens, fitted):
            fitted = extended(reading, tokens, fitted)
            start, end = tokens[fitted.first].start, tokens[fitted.end - 1].end
            start = with_number(reading.low, start)
            yield Span(start, end, "mnemonic", _size(fitted))


def _runs(low: str, tokens: list[Token]) -> Iterator[Run]:
    """Yield the longest runs of known words with nothing but gaps between them."""
    styles: dict[str, bool] = {}
    first = previous = None
    for at, token in enumerate(tokens):
        if not token.rank:
            if first is not None:
                yield Run(first, at)
            first = None
            continue
        if first is None or previous is None:
            first, previous = at, token
            continue
        gap = low[tokens[at - 1].end : token.start]
        joined = styles.get(gap)
        if joined is None:
            joined = styles[gap] = is_gap(gap)
        if not joined or _script(low[token.start]) != _script(low[previous.start]):
            yield Run(first, at)
            first = at
        previous = token
    if first is not None:
        yield Run(first, len(tokens))


def _script(sign: str) -> int:
    """Return the script of a letter: Latin, kana, Han or Hangul."""
    return (sign > "z") + (sign >= "\u3400") + (sign >= "\uac00")


def _bridged(reading: Reading, tokens: list[Token]) -> Iterator[Run]:
    """Yield runs, those joined that a single mistyped word parts: one word in nine."""
    low = reading.low
    current: Run | None = None
    for run in _runs(low, tokens):
        if (
            current
            and run.first - current.end == 1
            and not in_cue(reading, tokens[current.end - 1], long=False)
            and _mistyped(low, tokens, current.end)
        ):
            unknown = current.unknown + 1
            if unknown * _P["one_unknown_in"] <= max(run.end - current.first, 11):
                current = Run(current.first, run.end, unknown)
                continue
        if current:
            yield current
        current = run
    if current:
        yield current


def _mistyped(low: str, tokens: list[Token], at: int) -> bool:
    """Return whether token `at` stands in a row with its neighbours and is no word of prose."""
    before = low[tokens[at - 1].end : tokens[at].start]
    after = low[tokens[at].end : tokens[at + 1].start] if at + 1 < len(tokens) else before
    word = low[tokens[at].start : tokens[at].end]
    if word in _PROSE or len(word) > 14 or _script(word[0]) != _script(low[tokens[at - 1].start]):
        return False
    return before == after or (style(before) == style(after) and is_gap(before))


def _is_phrase(reading: Reading, tokens: list[Token], run: Run) -> bool:
    """Return whether run is a phrase: long and regular enough, or announced by a cue."""
    count = run.end - run.first
    if count < _P["with_cue"]:
        return False
    own = tokens[run.first : run.end]
    prefixes = sum(1 for token in own if token.rank == 1)
    low = reading.low
    if prefixes > 1 and not _are_prefixes(low, own, prefixes):
        return False
    cue = _announced(reading, own)
    regular = regularity(low, own)
    different = len({low[token.start : token.end] for token in own})
    if different < _P["with_cue"] and not (count <= 25 and (cue or different <= 2)):
        return False
    if count >= _P["enough"]:
        return bool(regular >= _P["regular"]) or cue
    if count >= _P["alone"] and (cue or _stands_alone(low, own) or _listed(low, own)):
        return bool(regular >= _P["regular"])
    return cue and regular >= _P["regular_strict"] and _stands_alone(low, own)


def _is_strict_phrase(reading: Reading, tokens: list[Token], run: Run) -> bool:
    count = run.end - run.first
    own = tokens[run.first : run.end]
    return (
        count >= _P["alone"]
        and _announced(reading, own)
        and regularity(reading.low, own) >= _P["regular_strict"]
        and len({reading.low[token.start : token.end] for token in own}) > count // 2
    )


def _announced(reading: Reading, own: list[Token]) -> bool:
    start, end = own[0].start, own[-1].end
    return reading.has(PHRASE, start - _P["near_cue_before"], start) or reading.has(
        PHRASE, end, end + _P["near_cue_after"]
    )


def _stands_alone(low: str, own: list[Token]) -> bool:
    return starts_alone(low, own[0]) and bool(
        _ALONE_AFTER.match(low[own[-1].end : own[-1].end + 8])
    )


def _listed(low: str, own: list[Token]) -> bool:
    """Return whether every two words are parted alike and by more than a space."""
    gaps = {bare(low[one.end : other.start]) for one, other in pairwise(own)}
    return len(gaps) == 1 and gaps != {" "}


def _are_prefixes(low: str, own: list[Token], prefixes: int) -> bool:
    """Return whether the words are list words cut to four letters, a good part of them bare."""
    whole = [token for token in own if token.rank == 2 and token.end - token.start > 4]
    return prefixes >= _P["prefix_share"] * len(own) and len(whole) * 9 <= len(own)


def _size(run: Run) -> str:
    """Return how many words the phrase likely has: a word of the sentence may touch it."""
    count = run.end - run.first
    likely = max((size for size in _P["checked_sizes"] if size <= count), default=count)
    return str(likely if count - likely <= 2 else count)
