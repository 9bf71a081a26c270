"""The words of a text as the lists of recovery phrases know them, and what may part them.

Steps: docs/guard.md, section 4.
"""

import re
from collections import Counter
from collections.abc import Iterator
from functools import cache, lru_cache
from itertools import compress, islice, pairwise, repeat
from typing import Final, NamedTuple

from kefu.guard import checks
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
_LATIN: Final = re.compile("[a-z][a-z]+")
_SIGN: Final = re.compile(f"{_SPELLED}|(?<![{_HAN}])[{_HAN}]|[{_HAN}](?![{_HAN}])")
_SINGLE: Final = re.compile(f"(?<![{_HAN}])[{_HAN}](?![{_HAN}])")
_ROW: Final = re.compile(b"[\x01-\x04]{%d,}" % _P["row"])
_NEAR: Final = 40
_MANY: Final = 4_000
_ENOUGH: Final[int] = _P["row"]
_LONG_ROW: Final = re.compile(b"[\x02\x04]{%d,}" % _P["enough"])
_GAP: Final = re.compile(
    r"(?:[\s0-9.,;:|/\\_*#()\[\]{}\"'<>+=·、。~!&?→>-]"
    rf"|[{_NUMERALS}]|(?:{_LABELS}|{_COUNTS})(?![a-z]))*"
)
_NOISE: Final = re.compile(rf"[0-9\s()\[\]#.:{_NUMERALS}]+|{_COUNTS}")
_COUNTING: Final = re.compile(rf"[0-9\s{_NUMERALS}]+|(?:{_LABELS}|{_COUNTS})(?![a-z])")
_LABEL_WORDS: Final = frozenset(folded(label) for label in _P["labels"])
_ORDINALS: Final = frozenset(_P["ordinals"])
_NUMBERED: Final = re.compile(r"[0-9][.):]{1,2} ?$")
_JOIN_WORDS: Final = frozenset(folded(word) for word in _P["and"])
_JOINED: Final = re.compile(b"(?<=[\x01-\x04]{3})\x00{1,2}(?=[\x01\x02\x04])")
_COMMON: Final = frozenset(_P["common"])


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


class _Ranks(dict[str, int]):
    """1 for a list word's first letters, 2 for a list word, 3 for a word that numbers, 4 for both
    of these, 0 for any other."""

    def __missing__(self, word: str) -> int:
        return 0


@cache
def _ranks(*, strict: bool) -> _Ranks:
    found = _Ranks({} if strict else dict.fromkeys(prefixes(), 1))
    found.update(dict.fromkeys([*_LABEL_WORDS, *_ORDINALS], 3))
    common = (folded(word) for name in _P["strict"] for word in word_list(name))
    for word in common if strict else vocabulary():
        found[word] = 4 if found[word] >= 3 else 2
    return found


class Words(NamedTuple):
    """The words near rows of list words; of a text with too many the rows are not read.

    rows: the first and the last word of each of those, in turn.
    """

    tokens: list[Token]
    rows: Iterator[Token]


_NONE: Final = Words([], iter(()))


def read_words(low: str, *, strict: bool = False) -> Words:
    """Return the words of the text, none where no row of list words can be among them.

    strict: by the lists that hold common words.
    After _MANY words, more than a message has, only whole rows of list words are told.
    """
    singles = not low.isascii() and len(list(islice(_SINGLE.finditer(low), _ENOUGH))) == _ENOUGH
    pattern = _LATIN if low.isascii() else _SIGN if singles else _WORD
    words = pattern.findall(low)
    ranks = bytes(map(_ranks(strict=strict).get, words, repeat(0)))
    if not _ROW.search(ranks) or len(ranks) < _P["with_cue"]:
        return _NONE
    if strict and len(ranks) - ranks.count(0) < _P["alone"]:
        return _NONE
    near = _near_rows(ranks)
    cut = next(islice(compress(range(len(near)), near), _MANY, None), len(near))
    matches = pattern.finditer(low)
    places = compress((match.span() for match in islice(matches, cut)), near)
    tokens = _tokens(low, list(places), bytes(compress(ranks[:cut], near)))
    return Words(tokens, _rows(ranks, matches, cut))


def _rows(ranks: bytes, matches: Iterator[re.Match[str]], at: int) -> Iterator[Token]:
    """Yield the first and the last word of each long row from word `at` on, the next match."""
    for row in _LONG_ROW.finditer(ranks, at):
        first = next(islice(matches, row.start() - at, None))
        yield Token(*first.span(), 2)
        last = next(islice(matches, row.end() - row.start() - 2, None))
        yield Token(*last.span(), 2)
        at = row.end()


def _near_rows(ranks: bytes) -> bytes:
    """Return 1 for each word near a row of list words, 0 for the rest."""
    near = bytearray(len(ranks))
    for row in _ROW.finditer(ranks):
        first, end = max(0, row.start() - _NEAR), min(len(ranks), row.end() + _NEAR)
        near[first:end] = b"\x01" * (end - first)
    return bytes(near)


def _tokens(low: str, places: list[tuple[int, int]], ranks: bytes) -> list[Token]:
    """Return the words of the text, those left out that only number or label the others."""
    places, ranks = _unjoined(low, places, ranks)
    numbered = len(_NUMERAL.findall(low)) >= _P["cue_sizes"][0]
    if max(ranks) < 3 and not numbered:
        return [Token(start, end, rank) for (start, end), rank in zip(places, ranks, strict=True)]
    found = []
    counted = sum(1 for start, end in places if low[start:end] in _ORDINALS) >= _P["cue_sizes"][0]
    for (start, end), rank in zip(places, ranks, strict=True):
        if rank >= 3:
            word = low[start:end]
            if end - start <= 8 and word in _LABEL_WORDS and _labels(low, start, end):
                continue
            if counted and word in _ORDINALS:
                continue
        if numbered and low[start] in _NUMERALS and _NUMERAL.match(low, start):
            continue
        found.append(Token(start, end, (0, 1, 2, 0, 2)[rank]))
    return found


def _unjoined(
    low: str, places: list[tuple[int, int]], ranks: bytes
) -> tuple[list[tuple[int, int]], bytes]:
    """Return the words without those that join the last word of a row to the others: `and`."""
    joins = {
        at
        for match in _JOINED.finditer(ranks)
        for at in range(*match.span())
        if low[places[at][0] : places[at][1]] in _JOIN_WORDS
    }
    if not joins:
        return places, ranks
    keep = [at not in joins for at in range(len(ranks))]
    return list(compress(places, keep)), bytes(compress(ranks, keep))


def _labels(low: str, start: int, end: int) -> bool:
    if _NUMBERED.search(low[max(0, start - 5) : start]):
        return False  # `6. number` is the sixth word
    after = low[end : end + 3].lstrip(" #_.-")[:1]
    return (
        after.isdigit()
        or low[end : end + 1] == ">"
        or low[start - 1 : start] in {"<", "/", "&"}
        or (low[start - 1 : start].isdigit() and end - start <= 2)
    )


def is_gap(gap: str) -> bool:
    """Return whether gap can stand between two words of one phrase."""
    return 0 < len(gap) <= _P["gap_length"] and bool(_GAP.fullmatch(gap))


def style(gap: str) -> str:
    """Return the separator without numbering and spaces."""
    return _NOISE.sub("", gap)


@lru_cache(1_000)
def form(gap: str) -> str:
    """Return the separator without numbering and spaces, but with its signs and line break."""
    return _COUNTING.sub("", gap) + ("\n" if "\n" in gap else "")


def bare(gap: str) -> str:
    return "".join("0" if sign.isdigit() else sign for sign in gap)


def regularity(low: str, own: list[Token]) -> float:
    """Return the share of the most frequent separator."""
    gaps = Counter(low[one.end : other.start] for one, other in pairwise(own[:_SAMPLE]))
    styles: Counter[str] = Counter()
    for gap, count in gaps.items():
        styles[style(gap)] += count
    return max(styles.values()) / sum(styles.values()) if styles else 0.0


@cache
def _positions() -> tuple[dict[str, int], ...]:
    """Return the place of each word on the lists whose phrases carry a checksum."""
    names = [name for name in _P["lists"] if name.startswith("bip39")]
    return tuple({folded(word): at for at, word in enumerate(word_list(name))} for name in names)


def is_checked(words: list[str]) -> bool:
    """Return whether the words are a whole phrase of one list, with the right checksum."""
    if len(words) not in _P["checked_sizes"]:
        return False
    for places in _positions():
        if words[0] in places and all(word in places for word in words):
            return checks.bip39([places[word] for word in words])
    return False


def languages_of(low: str, own: list[Token]) -> int:
    """Return the lists that most of the words are on."""
    words = vocabulary()
    counts: Counter[int] = Counter()
    for token in own[:_SAMPLE]:
        mask = words.get(low[token.start : token.end], 0) | (token.rank == 1)
        counts.update(bit for bit in range(mask.bit_length()) if mask >> bit & 1)
    most = max(counts.values(), default=0)
    return sum(1 << bit for bit, count in counts.items() if count * 4 >= most * 3)


def is_near(word: str, languages: int = -1) -> bool:
    """Return whether one letter added, dropped, changed or swapped makes word a list word.

    languages: the lists that count.
    """
    if len(word) > _LONGEST:
        return False
    words = vocabulary()
    return any(words.get(spelled, 0) & languages for spelled in _respelled(word))


def _respelled(word: str) -> Iterator[str]:
    letters = "abcdefghijklmnopqrstuvwxyz" if word.isascii() else ""
    for at in range(len(word) + 1):
        head, tail = word[:at], word[at:]
        yield head + tail[1:]
        yield head + tail[1:2] + tail[:1] + tail[2:]
        for letter in letters:
            yield head + letter + tail
            if tail:
                yield head + letter + tail[1:]


def common_share(low: str, own: list[Token]) -> float:
    """Return the share of words that sentences are full of."""
    return sum(low[token.start : token.end] in _COMMON for token in own) / len(own)
