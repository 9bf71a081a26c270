"""Recovery phrases, however they are laid out.

Twelve list words in a row do not happen in prose, so density and regular gaps decide and not
the checksum, which a single typing error would break. Chinese characters written together are
the exception, see `joined`. Steps: docs/guard.md, section 4.
"""

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Iterator
from functools import cache
from itertools import pairwise
from typing import Final, NamedTuple

from kefu.guard.fold import folded
from kefu.guard.pack import PACK, ROLE, word_list
from kefu.guard.reading import Reading
from kefu.guard.spans import Span

_P: Final = PACK.words
_SHARE_SIZES: Final[list[int]] = _P["share_sizes"]
_SHARES: Final = 1 << _P["lists"].index("slip39")
_SAMPLE: Final[int] = _P["sample"]
_NUMERALS: Final[str] = _P["han_numerals"]
_NUMERAL: Final = re.compile(f"[{_NUMERALS}]{{1,3}}[、.:：)）,]")
_SIZES: Final[list[int]] = _P["sizes"]
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
    rf"(?:[\s0-9.,;:|/\\_*#()\[\]{{}}\"'<>+=·、。~!&?→>-]|[{_NUMERALS}]|(?:{_LABELS}|{_COUNTS})(?![a-z]))*"
)
_NOISE: Final = re.compile(rf"[0-9\s()\[\]#.:]+|{_COUNTS}")
_BEFORE: Final = re.compile(
    rf"(?:(?:{_LABELS})[ .:#_-]?)?[#(\[<]{{0,2}}[0-9]{{1,2}}[ ]?[.):\]=、-]{{0,2}}[ ]?[\"']?$"
)
_ALONE_BEFORE: Final = re.compile(r"(?:^|[\n:：。.!?\"'(\[=-])[ \t]*$")
_ALONE_AFTER: Final = re.compile(r"[ \t]*(?:$|[\n。.!?\"')\],;])")
_PROSE: Final = frozenset(_P["prose"])
_LABEL_WORDS: Final = frozenset(folded(label) for label in _P["labels"])
_ORDINALS: Final = frozenset(_P["ordinals"])
_PHRASE: Final = ROLE["phrase"] | ROLE["key"]
_Rule = Callable[[Reading, list["Token"], "_Run"], bool]


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
def vocabulary() -> dict[str, int]:
    """Return every word of the plain lists, folded, with a bit for each list it is on."""
    found: dict[str, int] = {}
    for at, name in enumerate(_P["lists"]):
        for word in map(folded, word_list(name)):
            found[word] = found.get(word, 0) | 1 << at
    return found


@cache
def _ranks() -> dict[str, int]:
    """Return 1 for a list word's first letters, 3 for a word that numbers, 2 for a list word."""
    width: int = _P["prefix_length"]
    found = {word[:width]: 1 for word in word_list("bip39_english")}
    found |= dict.fromkeys([*_LABEL_WORDS, *_ORDINALS], 3)
    return found | dict.fromkeys(vocabulary(), 2)


@cache
def _strict() -> frozenset[str]:
    return frozenset(folded(word) for name in _P["strict"] for word in word_list(name))


def find_mnemonics(reading: Reading) -> Iterator[Span]:
    """Yield the recovery phrases in a text."""
    low = reading.low
    if len(low) < _P["shortest"]:
        return
    singles = not low.isascii() and len(_SINGLE.findall(low)) >= _P["row"]
    places = [match.span() for match in (_SIGN if singles else _WORD).finditer(low)]
    if len(places) < _P["with_cue"]:
        return
    rank = _ranks().get
    ranks = [rank(low[start:end], 0) for start, end in places]
    if _ROW.search(bytes(ranks)):
        yield from _found(reading, _tokens(low, places, ranks), _is_phrase)
    if reading.roles & _PHRASE:
        strict = _strict()
        ranks = [2 if low[start:end] in strict else 0 for start, end in places]
        if sum(ranks) >= 2 * _P["alone"]:
            yield from _found(reading, _tokens(low, places, ranks), _is_strict_phrase)


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


def _found(reading: Reading, tokens: list[Token], accepts: _Rule) -> Iterator[Span]:
    for run in _bridged(reading, tokens):
        if run.end - run.first < _P["with_cue"]:
            continue
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
        if not joined or _script(low[token.start]) != _script(low[previous.start]):
            yield _Run(first, at)
            first = at
        previous = token
    if first is not None:
        yield _Run(first, len(tokens))


def _script(sign: str) -> int:
    """Return the script of a letter: Latin, kana, Han or Hangul."""
    return (sign > "z") + (sign >= "\u3400") + (sign >= "\uac00")


def is_gap(gap: str) -> bool:
    """Return whether gap can stand between two words of one phrase."""
    return 0 < len(gap) <= _P["gap_length"] and bool(_GAP.fullmatch(gap))


def _bridged(reading: Reading, tokens: list[Token]) -> Iterator[_Run]:
    """Yield runs, those joined that a single mistyped word parts: one word in nine."""
    low = reading.low
    current: _Run | None = None
    for run in _runs(low, tokens):
        if (
            current
            and run.first - current.end == 1
            and not _in_cue(reading, tokens[current.end - 1], long=False)
            and _mistyped(low, tokens, current.end)
        ):
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
    if word in _PROSE or len(word) > 14 or _script(word[0]) != _script(low[tokens[at - 1].start]):
        return False
    return before == after or (_style(before) == _style(after) and is_gap(before))


def _style(gap: str) -> str:
    """Return the separator without numbering and spaces."""
    return _NOISE.sub("", gap)


def _trimmed(reading: Reading, tokens: list[Token], run: _Run) -> _Run:
    """Return run without the words of the sentence that touch it.

    Those are: cues of two words and more, always; other cues, words of another list and words
    after a different gap, where the number of words is none that a phrase has.
    """
    low = reading.low
    first, end = run.first, run.end
    languages = _languages(low, tokens[first:end])
    first, end = _inside(low, tokens, first, end, languages)
    for _ in range(8):
        size = end - first
        if size < _P["with_cue"]:
            break
        odd = size not in _SIZES and not (languages & _SHARES and size in _SHARE_SIZES)
        if _in_cue(reading, tokens[first], long=not odd) or _foreign(low, tokens[first], languages):
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
        ):
            end -= 1
        elif odd and size - 1 in _SIZES and _in_cue(reading, tokens[end - 1], long=False):
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
    start = _with_number(low, tokens[first].start)
    return first + kept if _ALONE_BEFORE.search(low[max(0, start - 8) : start]) else end


def _foreign(low: str, token: Token, languages: int) -> bool:
    """Return whether a word at the edge is on no list, or on none that the others are on."""
    known = vocabulary().get(low[token.start : token.end], languages)
    return not token.rank or not known & languages


def _glued(low: str, at: int) -> bool:
    """Return whether a Chinese character touches the word: it may be part of the sentence."""
    return 0 <= at < len(low) and "\u3400" <= low[at] <= "\u9fff"


def _parted(low: str, tokens: list[Token], at: int) -> bool:
    """Return whether another gap stands before token `at` than between the words near it."""
    near = range(max(1, at - 14), min(len(tokens), at + 14))
    gaps = Counter(_bare(low[tokens[one - 1].end : tokens[one].start]) for one in near)
    gap = _bare(low[tokens[at - 1].end : tokens[at].start])
    return gaps[gap] <= 3 and gaps.most_common(1)[0][1] > 4


def _bare(gap: str) -> str:
    return "".join("0" if sign.isdigit() else sign for sign in gap)


def _languages(low: str, own: list[Token]) -> int:
    """Return the lists that most of the words are on."""
    words = vocabulary()
    counts: Counter[int] = Counter()
    for token in own[:_SAMPLE]:
        mask = words.get(low[token.start : token.end], 0)
        counts.update(bit for bit in range(mask.bit_length()) if mask >> bit & 1)
    most = max(counts.values(), default=0)
    return sum(1 << bit for bit, count in counts.items() if count * 4 >= most * 3)


def _in_cue(reading: Reading, token: Token, *, long: bool) -> bool:
    """Return whether token is part of a cue; long: of one with more words than this."""
    at = bisect_right(reading.starts, token.start)
    for cue in reading.cues[max(0, at - 2) : at]:
        if cue.roles & _PHRASE and cue.start <= token.start < cue.end:
            size = token.end - token.start
            return not long or cue.end - cue.start > size + (2 if size > 1 else 0)
    return False


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
    if different < _P["with_cue"] and not (count <= 25 and (cue or different <= 2)):
        return False
    if count >= _P["enough"]:
        return regular >= _P["regular"] or cue
    if count >= _P["alone"] and (cue or _stands_alone(low, own) or _listed(low, own)):
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


def _listed(low: str, own: list[Token]) -> bool:
    """Return whether every two words are parted alike and by more than a space."""
    gaps = {_bare(low[one.end : other.start]) for one, other in pairwise(own)}
    return len(gaps) == 1 and gaps != {" "}


def _are_prefixes(low: str, own: list[Token], prefixes: int) -> bool:
    """Return whether the words are list words cut to four letters, a good part of them bare."""
    whole = [token for token in own if token.rank == 2 and token.end - token.start > 4]
    return prefixes >= _P["prefix_share"] * len(own) and len(whole) * 9 <= len(own)


def _regularity(low: str, own: list[Token]) -> float:
    """Return the share of the most frequent separator."""
    gaps = Counter(low[one.end : other.start] for one, other in pairwise(own[:_SAMPLE]))
    styles: Counter[str] = Counter()
    for gap, count in gaps.items():
        styles[_style(gap)] += count
    return max(styles.values()) / sum(styles.values()) if styles else 0.0


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
    if end < len(tokens) and _continues(low, tokens, end - 1, first, gap):
        return run._replace(end=end + 1, unknown=run.unknown + 1)
    if first and _continues(low, tokens, first - 1, first, gap):
        return run._replace(first=first - 1, unknown=run.unknown + 1)
    return run


def _continues(low: str, tokens: list[Token], at: int, first: int, gap: str) -> bool:
    between = low[tokens[at].end : tokens[at + 1].start]
    outer = tokens[at] if at < first else tokens[at + 1]
    if outer.rank:
        return False
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
