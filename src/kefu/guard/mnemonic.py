"""Recovery phrases, however they are laid out.

Twelve list words in a row do not happen in prose, so density and regular gaps decide and not
the checksum, which a single typing error would break. Chinese characters written together are
the exception, see `joined`. Steps: docs/guard.md, section 4.
"""

import re
from collections import Counter
from collections.abc import Iterator
from functools import cache
from typing import Final, NamedTuple

from kefu.guard.fold import folded
from kefu.guard.pack import PACK, ROLE, word_list
from kefu.guard.reading import Reading
from kefu.guard.spans import Span

_P: Final = PACK.words
_SIZES: Final[list[int]] = _P["sizes"]
_HAN: Final = "\u3400-\u9fff"
_KANA: Final = "\u3041-\u30ff"
_HANGUL: Final = "\uac00-\ud7a3"
_LABELS: Final = "|".join(sorted({folded(label) for label in _P["labels"]}, key=len, reverse=True))
_WORD: Final = re.compile(
    f"[a-z]{{2,}}|[{_HANGUL}]+|[{_KANA}]{{2,}}|(?<![{_HAN}])[{_HAN}](?![{_HAN}])"
)

_GAP: Final = re.compile(
    rf"(?:[\s0-9.,;:|/\\_*#()\[\]{{}}\"'<>+=·、。~!&?→>-]|(?:{_LABELS})(?![a-z]))*"
)
_NOISE: Final = re.compile(r"[0-9\s()\[\]#.:]+")
_BEFORE: Final = re.compile(
    rf"(?:(?:{_LABELS})[ .:#_-]?)?[#(\[<]{{0,2}}[0-9]{{1,2}}[ ]?[.):\]=、-]{{0,2}}[ ]?[\"']?$"
)
_ALONE_BEFORE: Final = re.compile(r"(?:^|[\n:：。.!?\"'(\[=-])[ \t]*$")
_ALONE_AFTER: Final = re.compile(r"[ \t]*(?:$|[\n。.!?\"')\],;])")
_PROSE: Final = frozenset(_P["prose"])
_LABEL_WORDS: Final = frozenset(folded(label) for label in _P["labels"])
_PHRASE: Final = ROLE["phrase"] | ROLE["key"]


class Token(NamedTuple):
    """One word of the text and what the lists say of it: 2 on a list, 1 a list word's start."""

    start: int
    end: int
    rank: int


class _Run(NamedTuple):
    """Tokens [first, end), of which some are on no list."""

    first: int
    end: int
    unknown: int = 0


@cache
def vocabulary() -> frozenset[str]:
    """Return every word of the plain lists, folded."""
    return frozenset(folded(word) for name in _P["lists"] for word in word_list(name))


@cache
def _strict() -> frozenset[str]:
    return frozenset(folded(word) for name in _P["strict"] for word in word_list(name))


@cache
def _prefixes() -> frozenset[str]:
    width: int = _P["prefix_length"]
    return frozenset(word[:width] for word in word_list("bip39_english"))


def find_mnemonics(reading: Reading) -> Iterator[Span]:
    """Yield the recovery phrases in a text."""
    low = reading.low
    if len(low) < _P["shortest"]:
        return
    places = [match.span() for match in _WORD.finditer(low)]
    if len(places) < _P["with_cue"]:
        return
    words, starts = vocabulary(), _prefixes()
    ranks = [
        2 if (word := low[start:end]) in words else 1 if end - start <= 4 and word in starts else 0
        for start, end in places
    ]
    known = sum(1 for rank in ranks if rank)
    if known >= _P["with_cue"]:
        yield from _found(reading, _tokens(low, places, ranks), _is_phrase)
    if reading.roles & _PHRASE and (known < len(places)):
        strict = _strict()
        ranks = [2 if low[start:end] in strict else 0 for start, end in places]
        if sum(ranks) >= 2 * _P["alone"]:
            yield from _found(reading, _tokens(low, places, ranks), _is_strict_phrase)


def _tokens(low: str, places: list[tuple[int, int]], ranks: list[int]) -> list[Token]:
    """Return the words of the text, those left out that only number or label the others."""
    found = []
    for (start, end), rank in zip(places, ranks, strict=True):
        if end - start <= 6 and low[start:end] in _LABEL_WORDS and _labels(low, start, end):
            continue
        found.append(Token(start, end, rank))
    return found


def _labels(low: str, start: int, end: int) -> bool:
    after = low[end : end + 3].lstrip(" #_.-")[:1]
    return after.isdigit() or after == ">" or low[start - 1 : start] in {"<", "/", "&"} or (
        low[start - 1 : start].isdigit() and end - start <= 2
    )


def _found(reading: Reading, tokens: list[Token], accepts: "_Rule") -> Iterator[Span]:
    for run in _bridged(reading.low, tokens):
        fitted = _trimmed(reading, tokens, run)
        if accepts(reading, tokens, fitted):
            fitted = _extended(reading.low, tokens, fitted)
            start, end = tokens[fitted.first].start, tokens[fitted.end - 1].end
            start = _with_number(reading.low, start)
            yield Span(start, end, "mnemonic", _size(fitted))


def _runs(low: str, tokens: list[Token]) -> Iterator[_Run]:
    """Yield the longest runs of known words with nothing but gaps between them."""
    styles: dict[str, bool] = {}
    first = previous = None
    for at, token in enumerate(tokens):
        if not token.rank:
            if first is not None:
                yield _Run(first, at)
            first = None
            continue
        if first is None or previous is None:
            first, previous = at, token
            continue
        gap = low[tokens[at - 1].end : token.start]
        joined = styles.get(gap)
        if joined is None:
            joined = styles[gap] = is_gap(gap)
        if not joined:
            yield _Run(first, at)
            first = at
    if first is not None:
        yield _Run(first, len(tokens))


def is_gap(gap: str) -> bool:
    """Return whether gap can stand between two words of one phrase."""
    return len(gap) <= _P["gap_length"] and bool(_GAP.fullmatch(gap))


def _bridged(low: str, tokens: list[Token]) -> Iterator[_Run]:
    """Yield runs, those joined that a single mistyped word parts: one word in nine."""
    current: _Run | None = None
    for run in _runs(low, tokens):
        if current and run.first - current.end == 1 and _mistyped(low, tokens, current.end):
            unknown = current.unknown + 1
            if unknown * _P["one_unknown_in"] <= max(run.end - current.first, 11):
                current = _Run(current.first, run.end, unknown)
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
    if word in _PROSE or len(word) > 14:
        return False
    return before == after or (_style(before) == _style(after) and is_gap(before))


def _style(gap: str) -> str:
    """Return the separator without numbering and spaces."""
    return _NOISE.sub("", gap)


def _trimmed(reading: Reading, tokens: list[Token], run: _Run) -> _Run:
    """Return run without the words of the sentence that touch it: cues and a different gap."""
    low = reading.low
    first, end = run.first, run.end
    for _ in range(3):
        if end - first in _SIZES or end - first < _P["alone"]:
            break
        if _is_cue(reading, tokens[first]) or _odd_gap(low, tokens, first + 1, first, end):
            first += 1
        elif _odd_gap(low, tokens, end - 1, first, end):
            end -= 1
        elif end - first - 1 in _SIZES and _is_cue(reading, tokens[end - 1]):
            end -= 1
        else:
            break
    return run._replace(first=first, end=end)


def _is_cue(reading: Reading, token: Token) -> bool:
    return reading.has(_PHRASE, token.start, token.start + 1) or any(
        cue.start < token.start < cue.end for cue in reading.of(_PHRASE)[:8]
    )


def _odd_gap(low: str, tokens: list[Token], at: int, first: int, end: int) -> bool:
    """Return whether the gap before token `at` differs from the one that rules in the run."""
    gaps = Counter(
        low[tokens[one].end : tokens[one + 1].start] for one in range(first, min(end, first + 14) - 1)
    )
    gap = low[tokens[at - 1].end : tokens[at].start]
    common, count = gaps.most_common(1)[0]
    return count >= 0.8 * sum(gaps.values()) and gap != common and gap.strip() != common.strip()


def _is_phrase(reading: Reading, tokens: list[Token], run: _Run) -> bool:
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
    regular = _regularity(low, own)
    different = len({low[token.start : token.end] for token in own})
    if different * 2 < count and not (cue and different > 1):
        return count <= 25 and different <= 2
    if count >= _P["enough"]:
        return regular >= _P["regular"] or cue
    if count >= _P["alone"] and (cue or _stands_alone(low, own)):
        return regular >= _P["regular"]
    return cue and regular >= 0.8 and _stands_alone(low, own)


def _is_strict_phrase(reading: Reading, tokens: list[Token], run: _Run) -> bool:
    count = run.end - run.first
    own = tokens[run.first : run.end]
    return (
        count >= _P["alone"]
        and _announced(reading, own)
        and _regularity(reading.low, own) >= 0.8
        and len({reading.low[token.start : token.end] for token in own}) > count // 2
    )


def _are_prefixes(low: str, own: list[Token], prefixes: int) -> bool:
    """Return whether the words are list words cut to four letters, a good part of them bare."""
    whole = [token for token in own if token.rank == 2 and token.end - token.start > 4]
    return prefixes >= _P["prefix_share"] * len(own) and len(whole) * 9 <= len(own)


def _regularity(low: str, own: list[Token]) -> float:
    """Return the share of the most frequent separator."""
    styles = Counter(_style(low[one.end : other.start]) for one, other in zip(own, own[1:]))
    return max(styles.values()) / (len(own) - 1) if len(own) > 1 else 0.0


def _announced(reading: Reading, own: list[Token]) -> bool:
    start, end = own[0].start, own[-1].end
    return reading.has(_PHRASE, start - _P["near_cue_before"], start) or reading.has(
        _PHRASE, end, end + _P["near_cue_after"]
    )


def _stands_alone(low: str, own: list[Token]) -> bool:
    start = _with_number(low, own[0].start)
    return bool(
        _ALONE_BEFORE.search(low[max(0, start - 8) : start])
        and _ALONE_AFTER.match(low[own[-1].end : own[-1].end + 8])
    )


def _extended(low: str, tokens: list[Token], run: _Run) -> _Run:
    """Return run with the mistyped first or last word that makes its number of words whole."""
    first, end = run.first, run.end
    if end - first in _SIZES or end - first + 1 not in _SIZES:
        return run
    gap = low[tokens[first].end : tokens[first + 1].start]
    if end < len(tokens) and _continues(low, tokens, end - 1, gap):
        return run._replace(end=end + 1, unknown=run.unknown + 1)
    if first and _continues(low, tokens, first - 1, gap):
        return run._replace(first=first - 1, unknown=run.unknown + 1)
    return run


def _continues(low: str, tokens: list[Token], at: int, gap: str) -> bool:
    between = low[tokens[at].end : tokens[at + 1].start]
    outer = tokens[at] if tokens[at].rank == 0 else tokens[at + 1]
    word = low[outer.start : outer.end]
    if _style(between) != _style(gap) or word in _PROSE:
        return False
    return is_gap(between) and _is_near(word)


def _is_near(word: str) -> bool:
    """Return whether one letter added, dropped, changed or swapped makes word a list word."""
    words = vocabulary()
    for at in range(len(word) + 1):
        head, tail = word[:at], word[at:]
        if head + tail[1:] in words or head + tail[1:2] + tail[:1] + tail[2:] in words:
            return True
        for letter in "abcdefghijklmnopqrstuvwxyz" if word.isascii() else "":
            if head + letter + tail in words or (tail and head + letter + tail[1:] in words):
                return True
    return False


def _with_number(low: str, start: int) -> int:
    """Return where the numbering in front of a phrase's first word begins, or start."""
    before = low[max(0, start - 14) : start]
    match = _BEFORE.search(before)
    if not match:
        return start
    at = start - len(before) + match.start()
    return start if low[at - 1 : at].isalnum() and low[at - 1 : at].isascii() else at


def _size(run: _Run) -> str:
    """Return how many words the phrase likely has: a word of the sentence may touch it."""
    count = run.end - run.first
    likely = max((size for size in _P["checked_sizes"] if size <= count), default=count)
    return str(likely if count - likely <= 2 else count)
