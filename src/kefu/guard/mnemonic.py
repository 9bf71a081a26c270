"""Recovery phrases, however they are laid out.

Twelve list words in a row do not happen in prose, so density and regular gaps decide and not
the checksum, which a single typing error would break. Chinese characters written together are
the exception, see `joined`. Steps: docs/guard.md, section 4.
"""

import re
from collections.abc import Callable, Iterator
from itertools import pairwise
from typing import Final

from kefu.guard.edges import (
    PHRASE,
    ends_alone,
    extended,
    in_cue,
    starts_alone,
    trimmed,
)
from kefu.guard.numbering import numbered_end, with_number
from kefu.guard.pack import PACK
from kefu.guard.reading import Reading
from kefu.guard.spans import Span
from kefu.guard.words import (
    Run,
    Token,
    common_share,
    form,
    is_checked,
    is_gap,
    is_near,
    read_words,
    regularity,
)

_P: Final = PACK.words
_PROSE: Final = frozenset(_P["prose"])
_TRIES: Final = 300
_NEAR: Final = 12
_LATIN: Final = re.compile("[a-z]")
_KNOWN: Final = re.compile(b"[\x01\x02]+")
_Rule = Callable[[Reading, list[Token], Run], bool]


def find_mnemonics(reading: Reading) -> Iterator[Span]:
    """Yield the recovery phrases in a text."""
    if len(reading.low) < _P["shortest"]:
        return
    words = read_words(reading.low)
    found = list(_found(reading, words.tokens, _is_phrase)) if words.tokens else []
    row = next(words.rows, None)
    if row:
        reading.claim(row.start, "mnemonic")
    yield from found
    if reading.roles & PHRASE and all(int(one.detail) < _P["enough"] for one in found):
        words = read_words(reading.low, strict=True)
        yield from _found(reading, words.tokens, _is_strict_phrase)
        for first, last in zip(words.rows, words.rows, strict=True):
            if _announced(reading, [first, last]):
                yield Span(first.start, last.end, "mnemonic")


def _found(reading: Reading, tokens: list[Token], accepts: _Rule) -> Iterator[Span]:
    """Yield the phrases among the runs. After _TRIES runs their edges are no longer looked at."""
    tries = 0
    for run in _bridged(reading, tokens):
        if run.end - run.first < _P["with_cue"]:
            continue
        tries += 1
        if tries > reading.few:
            reading.claim(tokens[run.first].start, "mnemonic")
            return
        fitted = trimmed(reading, tokens, run) if tries <= _TRIES else run
        grown = extended(reading, tokens, fitted) if tries <= _TRIES else fitted
        start, end = tokens[grown.first].start, tokens[grown.end - 1].end
        tested = grown if reading.plain[start:end].isupper() else fitted
        if accepts(reading, tokens, tested):
            fitted = grown
            start = with_number(reading.low, start)
            end = numbered_end(reading.low, tokens[grown.first : grown.end])
            yield Span(start, end, "mnemonic", _size(fitted))


def _runs(low: str, tokens: list[Token]) -> Iterator[Run]:
    """Yield the longest runs of known words with nothing but gaps between them."""
    one_script = low.isascii()
    ranks = bytes([token.rank for token in tokens])
    for known in _KNOWN.finditer(ranks):
        first, end = known.span()
        own = tokens[first:end]
        gaps = [low[one.end : other.start] for one, other in pairwise(own)]
        breaks = {gap for gap in set(gaps) if not is_gap(gap)}
        scripts = [] if one_script else [_script(low[token.start]) for token in own]
        if not breaks and (one_script or len(set(scripts)) == 1):
            yield Run(first, end)
            continue
        at = first
        for index, gap in enumerate(gaps):
            if gap in breaks or (scripts and scripts[index] != scripts[index + 1]):
                yield Run(at, first + index + 1)
                at = first + index + 1
        yield Run(at, end)


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
            and not any(in_cue(reading, tokens[current.end - at], long=False) for at in (0, 1))
            and _mistyped(low, tokens, current.end)
            and _rows_alike(low, tokens, current, run)
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
    return before == after or (_form(before) == _form(after) and is_gap(before))


def _rows_alike(low: str, tokens: list[Token], one: Run, two: Run) -> bool:
    """Return whether the gaps round the word between two runs are as those of the longer run."""
    longer = max(one, two, key=lambda run: run.end - run.first)
    if longer.end - longer.first < 3:
        return True
    near = range(max(longer.first, one.end - _NEAR), min(longer.end - 1, two.first + _NEAR))
    usual = {
        _form(low[tokens[at].end : tokens[at + 1].start])
        for at in near
        if at not in {one.end - 1, one.end}
    }
    return _form(low[tokens[one.end].end : tokens[two.first].start]) in usual


def _form(gap: str) -> str:
    return form(gap).rstrip("\n")


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
    if not cue and count < _P["long"] and _reads_as_prose(reading, own):
        return False
    if count >= _P["enough"]:
        return bool(regular >= _P["regular"]) or cue
    apart = (
        _all_capital(reading, own)
        or low[own[0].start] > "z"
        or common_share(low, own) < _P["common_share"]
    )  # prose has no such row of list words
    if count >= _P["alone"] and (cue or apart or _stands_alone(low, own) or _listed(low, own)):
        return bool(regular >= _P["regular"])
    return cue and regular >= _P["regular_strict"] and _stands_alone(low, own)


def _all_capital(reading: Reading, own: list[Token]) -> bool:
    return all(reading.plain[token.start].isupper() for token in own)


def _reads_as_prose(reading: Reading, own: list[Token]) -> bool:
    """Return whether words parted by single spaces are rather a piece of a sentence.

    That is: in the midst of other words, or a sentence of their own, and without a checksum.
    """
    low = reading.low
    if low[own[0].start] > "z" or any(
        low[one.end : other.start] != " " for one, other in pairwise(own)
    ):
        return False
    share = common_share(low, own)
    if share < _P["common_share"] and len(own) >= _P["alone"]:
        return False
    plain = reading.plain[own[0].start : own[-1].end]
    if (
        _all_capital(reading, own)
        or sum(token.rank == 1 for token in own) >= len(own) * _P["prefix_share"]
    ):
        return False
    begins, ends = starts_alone(low, own[0]), ends_alone(low, own[-1])
    stop = low[own[-1].end : own[-1].end + 1] == "."
    capital = plain[0].isupper() and plain[1:].islower()
    if begins and ends and not (capital and stop):
        return False
    if share >= _P["common_most"]:
        return True
    if begins != ends and not (capital or stop) and len(own) in _P["sizes"]:
        return False
    if not begins and not _LATIN.search(low[max(0, own[0].start - 4) : own[0].start]):
        return False
    mistyped = [low[token.start : token.end] for token in own if not token.rank]
    if mistyped and len(own) in _P["sizes"]:
        return not all(map(is_near, mistyped))
    return not is_checked([low[token.start : token.end] for token in own])


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
    return starts_alone(low, own[0]) and ends_alone(low, own[-1])


def _listed(low: str, own: list[Token]) -> bool:
    """Return whether every two words are parted alike and by more than a space."""
    forms = {form(low[one.end : other.start]) for one, other in pairwise(own)}
    return len(forms) == 1 and forms != {""}


def _are_prefixes(low: str, own: list[Token], prefixes: int) -> bool:
    """Return whether the words are list words cut to four letters, a good part of them bare."""
    whole = [token for token in own if token.rank == 2 and token.end - token.start > 4]
    return prefixes >= _P["prefix_share"] * len(own) and len(whole) * 9 <= len(own)


def _size(run: Run) -> str:
    """Return how many words the phrase likely has: a word of the sentence may touch it."""
    count = run.end - run.first
    likely = max((size for size in _P["checked_sizes"] if size <= count), default=count)
    return str(likely if count - likely <= 2 else count)
