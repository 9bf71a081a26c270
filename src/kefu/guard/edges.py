"""Where a recovery phrase begins and ends among the words of the sentence round it.

Steps: docs/guard.md, section 4.
"""

import re
from bisect import bisect_right
from collections import Counter
from itertools import pairwise
from typing import Final

from kefu.guard.numbering import is_join, lacks_number, numbered_from, with_number
from kefu.guard.pack import PACK, ROLE
from kefu.guard.reading import Reading
from kefu.guard.words import (
    Run,
    Token,
    bare,
    form,
    is_checked,
    is_gap,
    is_near,
    languages_of,
    prefixes,
    style,
    vocabulary,
)

_P: Final = PACK.words
_SHARE_SIZES: Final[list[int]] = _P["share_sizes"]
_SHARES: Final = 1 << _P["lists"].index("slip39")
_SIZES: Final[list[int]] = _P["sizes"]
_ALONE_BEFORE: Final = re.compile(r"(?:^|[\n:：。.!?\"'(\[=-])[ \t]*$")
_ALONE_AFTER: Final = re.compile(r"[ \t]*(?:$|[\n。.!?\"')\]」』»,;])")
_USUAL: Final[list[int]] = _P["usual_sizes"]
_STOP: Final = re.compile("[.!?。:]")
_TOUCHING: Final = 5
_PAUSE: Final = re.compile("[,;、]|\n[ \t]*\n")
_PROSE: Final = frozenset(_P["prose"])
PHRASE: Final = ROLE["phrase"] | ROLE["key"]


def trimmed(reading: Reading, tokens: list[Token], run: Run) -> Run:
    """Return run without the words of the sentence that touch it.

    Those are: cues of two words and more, always; other cues, words of another list and words
    after a different gap, where the number of words is none that a phrase has.
    """
    low = reading.low
    first, end = _core(low, tokens, *_in_capitals(reading.plain, tokens, run.first, run.end))
    languages = languages_of(low, tokens[first:end])
    first, end = _inside(low, tokens, first, end, languages)
    for _ in range(8):
        size = end - first
        if size < _P["with_cue"]:
            break
        words = tokens[first:end]
        odd = size not in _SIZES and not (languages & _SHARES and size in _SHARE_SIZES)
        long = not odd or size < _SIZES[0]
        if in_cue(reading, words[0], long=long) or _foreign(low, words[0], languages):
            first += 1
        elif _foreign(low, words[-1], languages):
            end -= 1
        elif odd and _is_first_apart(low, words):
            first += 1
        elif odd and (
            _is_last_apart(low, words)
            or (size - 1 in _SIZES and in_cue(reading, words[-1], long=False))
        ):
            end -= 1
        else:
            break
    if all(reading.plain[token.start].isupper() for token in tokens[first:end]):
        return run._replace(first=first, end=end)
    return run._replace(first=first, end=_cut(low, tokens, (first, end), languages))


def _is_first_apart(low: str, words: list[Token]) -> bool:
    """Return whether the first word stands otherwise than the others do: it is the sentence's."""
    if len(words) <= _P["alone"]:
        return False
    gap = low[words[0].end : words[1].start]
    return _parted(low, words, 1) or _glued(low, words[0].start - 1, gap)


def _is_last_apart(low: str, words: list[Token]) -> bool:
    """Return the same of the last word."""
    if len(words) <= _P["alone"]:
        return False
    gap = low[words[-2].end : words[-1].start]
    return _parted(low, words, len(words) - 1) or _glued(low, words[-1].end, gap)


def _in_capitals(plain: str, tokens: list[Token], first: int, end: int) -> tuple[int, int]:
    """Return the words without those at the edges that have no capital as the others have."""
    capitals = [plain[one.start].isupper() for one in tokens[first:end]]
    if not _P["alone"] <= sum(capitals) < len(capitals):
        return first, end
    while not capitals[0]:
        first, capitals = first + 1, capitals[1:]
    while not capitals[-1]:
        end, capitals = end - 1, capitals[:-1]
    return first, end


def _core(low: str, tokens: list[Token], first: int, end: int) -> tuple[int, int]:
    """Return the words between which one separator stands.

    Words that other gaps join to them are the sentence's, as in `Seed: one ... twelve. Good luck`.
    """
    first = numbered_from(low, tokens, first, end)
    forms = [form(low[tokens[at].end : tokens[at + 1].start]) for at in range(first, end - 1)]
    if not forms:
        return first, end
    usual = Counter(forms).most_common(1)[0][0]
    if not _STOP.search(usual):
        cuts = [-1, *(at for at, one in enumerate(forms) if _STOP.search(one)), len(forms)]
        start, stop = max(pairwise(cuts), key=lambda pair: pair[1] - pair[0])
        first, end, forms = first + start + 1, first + stop + 1, forms[start + 1 : stop]
    first, end = _evenly(low, tokens, first, end, spaced=not usual)
    if not usual:
        first, end = _between_breaks(low, tokens, first, end)
    if end - first <= len(forms):
        forms = [form(low[tokens[at].end : tokens[at + 1].start]) for at in range(first, end - 1)]
    same = [at for at, one in enumerate(forms) if one == usual]
    if len(same) + 1 >= _P["alone"] and same[-1] - same[0] + 1 == len(same):
        first, end = first + same[0], first + same[-1] + 2
    end = _with_last(low, tokens, end)
    if end - first > _P["alone"] and lacks_number(low, tokens, first, end):
        first += 1
    return first, end


def _evenly(
    low: str, tokens: list[Token], first: int, end: int, *, spaced: bool
) -> tuple[int, int]:
    """Return the words with the same gap between them, where only a few others touch them."""
    gaps = [low[tokens[at].end : tokens[at + 1].start] for at in range(first, end - 1)]
    gaps = gaps if spaced else list(map(form, gaps))
    if not gaps:
        return first, end
    usual = Counter(gaps).most_common(1)[0][0]
    others = [-1, *(at for at, gap in enumerate(gaps) if gap != usual), len(gaps)]
    before, after = max(pairwise(others), key=lambda pair: pair[1] - pair[0])
    size = after - before
    if size in _SIZES and end - first - size <= _TOUCHING:
        return first + before + 1, first + after + 1
    return first, end


def _between_breaks(low: str, tokens: list[Token], first: int, end: int) -> tuple[int, int]:
    """Return the most words that no comma and no blank line parts, where a phrase is left."""
    if end - first in _SIZES:
        return first, end
    gaps = (low[tokens[at].end : tokens[at + 1].start] for at in range(first, end - 1))
    breaks = [at for at, gap in enumerate(gaps, first + 1) if _PAUSE.search(gap)]
    start, stop = max(pairwise([first, *breaks, end]), key=lambda pair: pair[1] - pair[0])
    return (start, stop) if stop - start >= _P["cue_sizes"][-1] else (first, end)


def _with_last(low: str, tokens: list[Token], end: int) -> int:
    """Return the end of the words and of the one that `and` joins to them."""
    if end == len(tokens) or not tokens[end].rank:
        return end
    return end + is_join(low[tokens[end - 1].end : tokens[end].start])


def _inside(low: str, tokens: list[Token], first: int, end: int, languages: int) -> tuple[int, int]:
    """Return the run between words of no list near its edges, where a whole phrase is left."""
    end = _before_remark(low, tokens, first, end, languages)
    edges = (tokens[first], tokens[end - 1])
    inner = [token for token in tokens[first + 1 : first + 3] if _foreign(low, token, languages)]
    sized = end - first in _SIZES or (languages & _SHARES and end - first in _SHARE_SIZES)
    whole = sized and not any(_foreign(low, token, languages) for token in edges)
    if whole and all(is_near(low[token.start : token.end]) for token in inner):
        return first, end
    near = range(first, min(first + 5, end))
    starts = [first, *(at + 1 for at in near if _foreign(low, tokens[at], languages))]
    near = range(max(end - 5, first), end)
    ends = [end, *(at for at in near if _foreign(low, tokens[at], languages))]
    found = [(one, two) for one in starts for two in ends if two - one in _SIZES]
    return max(found, key=lambda pair: pair[0]) if found else (first, end)


def _before_remark(low: str, tokens: list[Token], first: int, end: int, languages: int) -> int:
    """Return the end before a word near it that is no list word mistyped: `please respond soon`.

    A list word of the remark may be left.
    """
    for at in range(max(first, end - 4), end - 1):
        size = at - first
        if size in _SIZES or size - 1 in _USUAL:
            word = low[tokens[at].start : tokens[at].end]
            if _foreign(low, tokens[at], languages) and not is_near(word):
                return at
    return end


def _cut(low: str, tokens: list[Token], run: tuple[int, int], languages: int) -> int:
    """Return where a phrase ends whose start is marked and that is a word or two too long."""
    first, end = run
    size = end - first
    if languages & _SHARES and size in _SHARE_SIZES:
        return end
    kept = next((one for one in (size - 1, size - 2) if one in _SIZES), 0)
    last = form(low[tokens[end - 2].end : tokens[end - 1].start])
    listed = last and last == form(low[tokens[first].end : tokens[first + 1].start])
    if size in _SIZES or not kept or listed or last not in {"", "\n"}:
        return end  # words of the sentence are parted by spaces
    if kept == size - 2 and ends_alone(low, tokens[end - 1]):
        words = [low[token.start : token.end] for token in tokens[first : first + kept]]
        return first + kept if is_checked(words) else end
    return first + kept if starts_alone(low, tokens[first]) else end


def starts_alone(low: str, token: Token) -> bool:
    """Return whether a line, a colon, a quote or a full stop stands before a phrase."""
    start = with_number(low, token.start)
    return bool(_ALONE_BEFORE.search(low[max(0, start - 8) : start]))


def ends_alone(low: str, token: Token) -> bool:
    """Return whether a line, a clause or a quotation ends behind a phrase."""
    return bool(_ALONE_AFTER.match(low[token.end : token.end + 8]))


def _foreign(low: str, token: Token, languages: int) -> bool:
    """Return whether a word at the edge is on no list, or on none that the others are on."""
    word = low[token.start : token.end]
    known = vocabulary().get(word, languages)
    if word in prefixes():
        known |= 1
    return not token.rank or not known & languages


def _glued(low: str, at: int, gap: str) -> bool:
    """Return whether a Chinese character touches the word: it may be part of the sentence.

    gap: what stands on the other side of the word; a comma or a new line keeps it in its row.
    """
    return not gap.strip(" ") and 0 <= at < len(low) and "\u3400" <= low[at] <= "\u9fff"


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
    languages = languages_of(low, tokens[first : first + _P["with_cue"]])
    return is_gap(between) and is_near(word, languages)
