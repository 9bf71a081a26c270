"""The words of a text as the lists of recovery phrases know them, and what may part them.

Steps: docs/guard.md, section 4.
"""

import re
from collections import Counter
from functools import cache
from itertools import pairwise
from typing import Final, NamedTuple

from kefu.guard.fold import folded
from kefu.guard.pack import PACK, word_list

_P: Final = PACK.words
_SAMPLE: Final[int] = _P["sample"]
_LONGEST: Final[int] = _P["longest_word"]
_NUMERALS: Final[str] = _P["han_numerals"]
_NUMERAL: Final = re.compile(f"[{_NUMERALS}]{{1,3}}[、.:：)）,]")
_HAN: Final = "\u3400-\u9fff"
_KANA: Final = "\u3041-\u30ff"
_HANGUL: Final = "\uac00-\ud7a3"
_LABELS: Final = "|".join(sorted({folded(label) for label in _P["labels"]}, key=len, reverse=True))
_COUNTS: Final = "|".join(sorted(_P["ordinals"], key=len, reverse=True))
_SPELLED: Final = f"[a-z]{{2,}}|[{_HANGUL}]+|[{_KANA}]{{2,}}"
_WORD: Final = re.compile(_SPELLED)
_SIGN: Final = re.compile(f"{_SPELLED}|(?<![{_HAN}])[{_HAN}]|[{_HAN}](?![{_HAN}])")
_SINGLE: Final = re.compile(f"(?<![{_HAN}])[{_HAN}](?![{_HAN}])")
_ROW: Final = re.compile(b"[\x01-\x03]{%d}" % _P["row"])
_GAP: Final = re.compile(
    r"(?:[\s0-9.,;:|/\\_*#()\[\]{}\"'<>+=·、。~!&?→>-]"
    rf"|[{_NUMERALS}]|(?:{_LABELS}|{_COUNTS})(?![a-z]))*"
)
_NOISE: Final = re.compile(rf"[0-9\s()\[\]#.:]+|{_COUNTS}")
_BEFORE: Final = re.compile(
    rf"(?:(?<![a-z{_HAN}])(?:{_LABELS})[ #_-]?)?"
    r"[#(\[<]{0,2}[0-9]{1,2}[ ]?[.):\]=、-]{0,2}[ ]?[\"']?$"
)
_LABEL_WORDS: Final = frozenset(folded(label) for label in _P["labels"])
_ORDINALS: Final = frozenset(_P["ordinals"])


class Token(NamedTuple):
    """One word of the text and what the lists say of it: 2 on a list, 1 a list word's start."""

    start: int
    end: int
    rank: int


class Run(NamedTuple):
    """Tokens [first, end), of which some are on no list."""

    first: int
    end: int
    unknown: int = 0


@cache
def vocabulary() -> dict[str, int]:
    """Return every word of the plain lists, folded, with a bit for each list it is on."""
    found: dict[str, int] = {}
    for at, name in enumerate(_P["lists"]):
        for word in map(folded, word_list(name)):
            found[word] = found.get(word, 0) | 1 << at
    return found


@cache
def prefixes() -> frozenset[str]:
    """Return the first four letters of each English word, which suffice to tell them apart."""
    width: int = _P["prefix_length"]
    return frozenset(word[:width] for word in word_list("bip39_english"))


@cache
def _ranks() -> dict[str, int]:
    """Return 1 for a list word's first letters, 3 for a word that numbers, 2 for a list word."""
    found = dict.fromkeys(prefixes(), 1)
    found |= dict.fromkeys([*_LABEL_WORDS, *_ORDINALS], 3)
    return found | dict.fromkeys(vocabulary(), 2)


@cache
def _strict_ranks() -> dict[str, int]:
    words = (folded(word) for name in _P["strict"] for word in word_list(name))
    return dict.fromkeys(words, 2)


def read_words(low: str, *, strict: bool = False) -> list[Token]:
    """Return the words of the text, or none where no row of list words can be among them.

    strict: by the lists that hold common words.
    """
    singles = not low.isascii() and len(_SINGLE.findall(low)) >= _P["row"]
    places = [match.span() for match in (_SIGN if singles else _WORD).finditer(low)]
    if len(places) < _P["with_cue"]:
        return []
    rank = (_strict_ranks() if strict else _ranks()).get
    ranks = [rank(low[start:end], 0) for start, end in places]
    if strict:
        return _tokens(low, places, ranks) if sum(ranks) >= 2 * _P["alone"] else []
    return _tokens(low, places, ranks) if _ROW.search(bytes(ranks)) else []


def _tokens(low: str, places: list[tuple[int, int]], ranks: list[int]) -> list[Token]:
    """Return the words of the text, those left out that only number or label the others."""
    found = []
    counted = sum(1 for start, end in places if low[start:end] in _ORDINALS) >= _P["cue_sizes"][0]
    numbered = len(_NUMERAL.findall(low)) >= _P["cue_sizes"][0]
    for (start, end), rank in zip(places, ranks, strict=True):
        if end - start <= 6 and low[start:end] in _LABEL_WORDS and _labels(low, start, end):
            continue
        if numbered and low[start] in _P["han_numerals"] and _NUMERAL.match(low, start):
            continue
        if counted and low[start:end] in _ORDINALS:
            continue
        found.append(Token(start, end, 0 if rank == 3 else rank))
    return found


def _labels(low: str, start: int, end: int) -> bool:
    after = low[end : end + 3].lstrip(" #_.-")[:1]
    return (
        after.isdigit()
        or after == ">"
        or low[start - 1 : start] in {"<", "/", "&"}
        or (low[start - 1 : start].isdigit() and end - start <= 2)
    )


def is_gap(gap: str) -> bool:
    """Return whether gap can stand between two words of one phrase."""
    return 0 < len(gap) <= _P["gap_length"] and bool(_GAP.fullmatch(gap))


def style(gap: str) -> str:
    """Return the separator without numbering and spaces."""
    return _NOISE.sub("", gap)


def bare(gap: str) -> str:
    return "".join("0" if sign.isdigit() else sign for sign in gap)


def regularity(low: str, own: list[Token]) -> float:
    """Return the share of the most frequent separator."""
    gaps = Counter(low[one.end : other.start] for one, other in pairwise(own[:_SAMPLE]))
    styles: Counter[str] = Counter()
    for gap, count in gaps.items():
        styles[style(gap)] += count
    return max(styles.values()) / sum(styles.values()) if styles else 0.0


def languages_of(low: str, own: list[Token]) -> int:
    """Return the lists that most of the words are on."""
    words = vocabulary()
    counts: Counter[int] = Counter()
    for token in own[:_SAMPLE]:
        mask = words.get(low[token.start : token.end], 0)
        counts.update(bit for bit in range(mask.bit_length()) if mask >> bit & 1)
    most = max(counts.values(), default=0)
    return sum(1 << bit for bit, count in counts.items() if count * 4 >= most * 3)


def is_near(word: str) -> bool:
    """Return whether one letter added, dropped, changed or swapped makes word a list word."""
    if len(word) > _LONGEST:
        return False
    words = vocabulary()
    for at in range(len(word) + 1):
        head, tail = word[:at], word[at:]
        if head + tail[1:] in words or head + tail[1:2] + tail[:1] + tail[2:] in words:
            return True
        for letter in "abcdefghijklmnopqrstuvwxyz" if word.isascii() else "":
            if head + letter + tail in words or (tail and head + letter + tail[1:] in words):
                return True
    return False


def with_number(low: str, start: int) -> int:
    """Return where the numbering in front of a phrase's first word begins, or start."""
    before = low[max(0, start - 14) : start]
    match = _BEFORE.search(before)
    if not match:
        return start
    at = start - len(before) + match.start()
    return start if low[at - 1 : at].isalnum() and low[at - 1 : at].isascii() else at
