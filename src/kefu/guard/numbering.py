"""What numbers the words of a recovery phrase, and what joins its last word to the others.

Steps: docs/guard.md, section 4.
"""

import re
from itertools import pairwise
from typing import Final

from kefu.guard.fold import folded
from kefu.guard.pack import PACK
from kefu.guard.words import Token

_P: Final = PACK.words
_HAN: Final = "\u3400-\u9fff"
_LABELS: Final = "|".join(sorted({folded(label) for label in _P["labels"]}, key=len, reverse=True))
_BEFORE: Final = re.compile(
    rf"(?:(?<![a-z{_HAN}])(?:{_LABELS})[ #_-]?)?"
    r"[#(\[<]{0,2}[0-9]{1,2}[ ]?[.):\]=、-]{0,2}[ ]?[\"']?$"
)
_HAS_DIGIT: Final = re.compile("[0-9]")
_BEHIND: Final = re.compile(r"[ ]?[#(\[<.:=-]{0,2}[ ]?[0-9]{1,2}(?![0-9])[)\]>]?")
_JOINS: Final = "|".join(sorted({folded(word) for word in _P["and"]}, key=len, reverse=True))
_JOIN: Final = re.compile(rf"[,，、]?\s{{0,3}}(?:(?:{_JOINS})\s{{0,3}}){{1,2}}")


def is_join(gap: str) -> bool:
    """Return whether gap joins the last word of a row to the others: `, and`."""
    return bool(_JOIN.fullmatch(gap))


def behind(low: str, end: int) -> int:
    """Return where the number ends that stands behind a word, or end."""
    match = _BEHIND.match(low, end)
    return match.end() if match else end


def with_number(low: str, start: int) -> int:
    """Return where the numbering in front of a phrase's first word begins, or start."""
    before = low[max(0, start - 14) : start]
    match = _BEFORE.search(before)
    if not match:
        return start
    at = start - len(before) + match.start()
    return start if low[at - 1 : at].isalnum() and low[at - 1 : at].isascii() else at


def numbered_from(low: str, tokens: list[Token], first: int, end: int) -> int:
    """Return the first word with a number before it, where all that follow have one too."""
    if behind(low, tokens[end - 1].end) > tokens[end - 1].end:
        return first
    starts = [token.start for token in tokens[first:end]]
    if not _HAS_DIGIT.search(low, max(0, starts[0] - 14), starts[-1]):
        return first
    numbered = [with_number(low, start) < start for start in starts]
    at = numbered.index(True) if True in numbered else 0
    whole = all(numbered[at:]) and len(numbered) - at >= _P["alone"]
    return first + at if whole and at > 1 else first


def lacks_number(low: str, tokens: list[Token], first: int, end: int) -> bool:
    """Return whether every word but the first is numbered."""
    start, last = tokens[first].start, tokens[end - 1].end
    numbered = _HAS_DIGIT.search(low[max(0, start - 6) : start]) or behind(low, last) > last
    return not numbered and all(
        _HAS_DIGIT.search(low[tokens[at].end : tokens[at + 1].start])
        for at in range(first, end - 1)
    )


def numbered_end(low: str, own: list[Token]) -> int:
    """Return where a phrase ends: behind the number of its last word, where each has its own."""
    end = own[-1].end
    if with_number(low, own[0].start) < own[0].start:
        return end
    gaps = (one.end < behind(low, one.end) <= other.start for one, other in pairwise(own))
    return behind(low, end) if all(gaps) else end
