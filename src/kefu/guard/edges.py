"""Where a recovery phrase begins and ends among the words of the sentence round it.

Steps: docs/guard.md, section 4.
"""

import re
from bisect import bisect_right
from collections import Counter
from typing import Final

from kefu.guard.pack import PACK, ROLE
from kefu.guard.reading import Reading
from kefu.guard.words import (
    Run,
    Token,
    bare,
    is_gap,
    is_near,
    languages_of,
    prefixes,
    style,
    vocabulary,
    with_number,
)

_P: Final = PACK.words
_SHARE_SIZES: Final[list[int]] = _P["share_sizes"]
_SHARES: Final = 1 << _P["lists"].index("slip39")
_SIZES: Final[list[int]] = _P["sizes"]
_ALONE_BEFORE: Final = re.compile(r"(?:^|[\n:：。.!?\"'(\[=-])[ \t]*$")
_PROSE: Final = frozenset(_P["prose"])
PHRASE: Final = ROLE["phrase"] | ROLE["key"]


def trimmed(reading: Reading, tokens: list[Token], run: Run) -> Run:
    """Return run without the words of the sentence that touch it.

    Those are: cues of two words and more, always; other cues, words of another list and words
    after a different gap, where the number of words is none that a phrase has.
    """
    low = reading.low
    first, end = run.first, run.end
    languages = languages_of(low, tokens[first:end])
    first, end = _inside(low, tokens, first, end, languages)
    for _ in range(8):
        size = end - first
        if size < _P["with_cue"]:
            break
        odd = size not in _SIZES and not (languages & _SHARES and size in _SHARE_SIZES)
        if in_cue(reading, tokens[first], long=not odd) or _foreign(low, tokens[first], languages):
            first += 1
        elif _foreign(low, tokens[end - 1], languages):
            end -= 1
        elif (
            odd
            and size > _P["alone"]
            and (_parted(low, tokens[first:end], 1) or _glued(low, tokens[first].start - 1))
        ):
            first += 1
        elif (
            odd
            and size > _P["alone"]
            and (_parted(low, tokens[first:end], size - 1) or _glued(low, tokens[end - 1].end))
        ) or (odd and size - 1 in _SIZES and in_cue(reading, tokens[end - 1], long=False)):
            end -= 1
        else:
            break
    return run._replace(first=first, end=_cut(low, tokens, (first, end), languages))


def _inside(low: str, tokens: list[Token], first: int, end: int, languages: int) -> tuple[int, int]:
    """Return the run between words of no list near its edges, where a whole phrase is left."""
    if end - first in _SIZES and not any(
        _foreign(low, token, languages) for token in (*tokens[first : first + 3], tokens[end - 1])
    ):
        return first, end
    near = range(first, min(first + 5, end))
    starts = [first, *(at + 1 for at in near if _foreign(low, tokens[at], languages))]
    near = range(max(end - 5, first), end)
    ends = [end, *(at for at in near if _foreign(low, tokens[at], languages))]
    whole = [(one, two) for one in starts for two in ends if two - one in _SIZES]
    return max(whole, key=lambda pair: pair[0]) if whole else (first, end)


def _cut(low: str, tokens: list[Token], run: tuple[int, int], languages: int) -> int:
    """Return where a phrase ends whose start is marked and that is a word or two too long."""
    first, end = run
    size = end - first
    if languages & _SHARES and size in _SHARE_SIZES:
        return end
    kept = next((one for one in (size - 1, size - 2) if one in _SIZES), 0)
    if size in _SIZES or not kept:
        return end
    return first + kept if starts_alone(low, tokens[first]) else end


def starts_alone(low: str, token: Token) -> bool:
    """Return whether a line, a colon, a quote or a full stop stands before a phrase."""
    start = with_number(low, token.start)
    return bool(_ALONE_BEFORE.search(low[max(0, start - 8) : start]))


def _foreign(low: str, token: Token, languages: int) -> bool:
    """Return whether a word at the edge is on no list, or on none that the others are on."""
    word = low[token.start : token.end]
    known = vocabulary().get(word, languages)
    if word in prefixes():
        known |= 1
    return not token.rank or not known & languages


def _glued(low: str, at: int) -> bool:
    """Return whether a Chinese character touches the word: it may be part of the sentence."""
    return 0 <= at < len(low) and "\u3400" <= low[at] <= "\u9fff"


def _parted(low: str, tokens: list[Token], at: int) -> bool:
    """Return whether another gap stands before token `at` than between the words near it."""
    near = range(max(1, at - 14), min(len(tokens), at + 14))
    gaps = Counter(bare(low[tokens[one - 1].end : tokens[one].start]) for one in near)
    gap = bare(low[tokens[at - 1].end : tokens[at].start])
    return gaps[gap] <= 3 and gaps.most_common(1)[0][1] > 4


def in_cue(reading: Reading, token: Token, *, long: bool) -> bool:
    """Return whether token is part of a cue; long: of one with more words than this."""
    at = bisect_right(reading.starts, token.start)
    for cue in reading.cues[max(0, at - 2) : at]:
        if cue.roles & PHRASE and cue.start <= token.start < cue.end:
            size = token.end - token.start
            return not long or cue.end - cue.start > size + (2 if size > 1 else 0)
    return False


def extended(reading: Reading, tokens: list[Token], run: Run) -> Run:
    """Return run with the mistyped first or last word that makes its number of words whole."""
    low = reading.low
    first, end = run.first, run.end
    if end - first in (*_SIZES, *_SHARE_SIZES) or end - first + 1 not in _SIZES:
        return run
    gap = low[tokens[first].end : tokens[first + 1].start]
    if end < len(tokens) and _continues(low, tokens, end - 1, first, gap):
        return run._replace(end=end + 1, unknown=run.unknown + 1)
    said = first > 0 and in_cue(reading, tokens[first - 1], long=False)
    if first and not said and _continues(low, tokens, first - 1, first, gap):
        return run._replace(first=first - 1, unknown=run.unknown + 1)
    return run


def _continues(low: str, tokens: list[Token], at: int, first: int, gap: str) -> bool:
    between = low[tokens[at].end : tokens[at + 1].start]
    outer = tokens[at] if at < first else tokens[at + 1]
    if outer.rank:
        return False
    word = low[outer.start : outer.end]
    if style(between) != style(gap) or word in _PROSE:
        return False
    return is_gap(between) and is_near(word)
