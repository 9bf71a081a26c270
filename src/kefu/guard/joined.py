"""Recovery phrases written without separators: Chinese characters, and words run together."""

import re
from collections.abc import Iterator
from functools import cache
from hashlib import sha256
from typing import Final

from kefu.guard.fold import folded
from kefu.guard.pack import PACK, ROLE, word_list
from kefu.guard.reading import Reading
from kefu.guard.spans import Span

_P: Final = PACK.words
_CHECKED: Final[list[int]] = _P["checked_sizes"]
_HAN: Final = re.compile("[\u3400-\u9fff](?:[ ,.、/|-]{0,2}[\u3400-\u9fff]){11,60}")
_ONE_HAN: Final = re.compile("[\u3400-\u9fff]")
_NOT_HAN: Final = re.compile("[^\u3400-\u9fff]+")
_LONG: Final = re.compile("[a-z]{30,400}|[\u3041-\u30ff]{24,400}|[\uac00-\ud7a3]{20,200}")
_LETTERS: Final = 11
_PHRASE: Final = ROLE["phrase"] | ROLE["key"]


def find_joined(reading: Reading) -> Iterator[Span]:
    """Yield phrases whose words nothing parts."""
    low = reading.low
    for match in _LONG.finditer(low):
        yield from _segmented(reading, match.start(), match.end())
    if not low.isascii():
        announced = reading.roles & _PHRASE
        for match in _HAN.finditer(low):
            if announced or len(_NOT_HAN.sub("", match[0])) in _CHECKED:
                yield from _chinese(reading, match.start(), match.end())


def _segmented(reading: Reading, start: int, end: int) -> Iterator[Span]:
    """Yield the list words that stand end to end from the start of a long word, or after a cue."""
    text = reading.low[start:end]
    words = _long_words()
    starts = {0}
    for cue in reading.between(_PHRASE, start - 40, end)[:4]:
        if start < cue.end < end:
            starts |= {cue.end - start, cue.end - start + 1}
    for first in sorted(starts):
        counts = {first: 0}
        at = last = first
        while at <= last:
            count = counts.get(at)
            if count is not None:
                for size in range(3, min(_LETTERS, len(text) - at) + 1):
                    if text[at : at + size] in words and counts.get(at + size, -1) <= count:
                        counts[at + size] = count + 1
                        last = max(last, at + size)
            at += 1
        if counts[last] >= _P["alone"]:
            yield Span(start + first, start + last, "mnemonic", str(counts[last]))
            return


@cache
def _long_words() -> frozenset[str]:
    return frozenset(
        word
        for name in _P["lists"]
        for word in map(folded, word_list(name))
        if 3 <= len(word) <= _LETTERS
    )


def _chinese(reading: Reading, start: int, end: int) -> Iterator[Span]:
    """Yield the phrase in text[start:end]: an announced one, or the whole line; checksum right.

    A sentence of the right length passes the checksum once in 16. The lists begin with the most
    frequent characters, so a phrase must have few from their first quarter, a sentence has many;
    without a cue it must also fill its line.
    """
    low = reading.low
    places = [at for at in range(start, end) if _ONE_HAN.match(low[at])]
    cues = reading.between(_PHRASE, start - 40, end)[:4]
    starts = {0, *(_first_after(places, low, cue.end) for cue in cues)}
    for first in sorted(starts):
        rest = places[first:]
        announced = any(cue.end <= rest[0] for cue in cues) if rest else False
        for size in _CHECKED if announced else [len(rest)]:
            if size not in _CHECKED or size > len(rest):
                continue
            if not announced and not _fills_line(low, rest[0], rest[-1] + 1):
                continue
            share = _P["frequent_announced"] if announced else _P["frequent_alone"]
            if _is_whole(low, rest, size) and _passes([low[at] for at in rest[:size]], share):
                yield Span(rest[0], rest[size - 1] + 1, "mnemonic", str(size))
                return


def _first_after(places: list[int], low: str, at: int) -> int:
    """Return the index of the first character after a cue and its copula."""
    first = next((one for one, place in enumerate(places) if place >= at), len(places))
    while first < len(places) and low[places[first]] in "是为為就：" and first < len(places):
        first += 1
    return first


def _is_whole(low: str, places: list[int], size: int) -> bool:
    """Return whether the phrase ends where the line, the clause or the writing does."""
    if len(places) == size:
        return True
    return places[size] - places[size - 1] > 1


def _fills_line(low: str, start: int, end: int) -> bool:
    before, after = low[:start].rstrip(" \"'"), low[end:].lstrip(" \"'。")
    return (not before or before[-1] in "\n:") and (not after or after[0] == "\n")


def _passes(characters: list[str], share: float) -> bool:
    """Return whether they are a phrase in one of the lists, no more than share of them frequent."""
    return any(
        _checks([numbers.get(one, -1) for one in characters], share) for numbers in _numbers()
    )


@cache
def _numbers() -> tuple[dict[str, int], dict[str, int]]:
    simplified, traditional = (
        {word: at for at, word in enumerate(word_list(f"bip39_chinese_{name}"))}
        for name in ("simplified", "traditional")
    )
    return simplified, traditional


def _checks(numbers: list[int], share: float) -> bool:
    """Return whether the list positions carry a valid BIP-39 checksum and are spread out."""
    frequent = sum(number < _P["frequent"] for number in numbers)
    if min(numbers) < 0 or frequent > share * len(numbers):
        return False
    value = 0
    for number in numbers:
        value = value << 11 | number
    check = len(numbers) * 11 // 33
    entropy = (value >> check).to_bytes(check * 4, "big")
    return sha256(entropy).digest()[0] >> (8 - check) == value & ((1 << check) - 1)
