"""Recovery phrases written without separators: Chinese characters, and words run together."""

import re
from collections.abc import Iterator
from functools import cache
from itertools import islice
from typing import Final

from kefu.guard import checks
from kefu.guard.compounds import Cue
from kefu.guard.fold import folded
from kefu.guard.pack import PACK, ROLE, word_list
from kefu.guard.reading import Reading
from kefu.guard.spans import Span

_P: Final = PACK.words
_FREQUENT: Final[int] = _P["frequent"]
_CHECKED: Final[list[int]] = _P["checked_sizes"]
_HAN: Final = re.compile("[\u3400-\u9fff](?:[ ,.、/|-]{0,2}[\u3400-\u9fff]){11,60}")
_ONE_HAN: Final = re.compile("[\u3400-\u9fff]")
_NOT_HAN: Final = re.compile("[^\u3400-\u9fff]+")
_LATIN: Final = re.compile("[a-z][a-z]{29,399}")
_LONG: Final = re.compile(
    "[a-z\u3041-\u30ff\uac00-\ud7a3](?:(?<=[a-z])[a-z]{29,399}"
    "|(?<=[\u3041-\u30ff])[\u3041-\u30ff]{23,399}|(?<=[\uac00-\ud7a3])[\uac00-\ud7a3]{19,199})"
)
_LINE_BEFORE: Final = re.compile("(?:^|[\n:])[ \"']*$")
_LINE_AFTER: Final = re.compile("[ \"'。]*(?:$|\n)")
_LETTERS: Final = 11
_CLAUSES: Final = 4
_GROUPS: Final = frozenset({1, 2, 3, 4, 6, 12})
_PHRASE: Final = ROLE["phrase"] | ROLE["key"]


def find_joined(reading: Reading) -> Iterator[Span]:
    """Yield phrases whose words nothing parts."""
    low = reading.low
    for tries, match in enumerate((_LATIN if low.isascii() else _LONG).finditer(low)):
        if tries >= reading.few:
            reading.claim(match.start(), "mnemonic")
            low = reading.low
            break
        yield from _segmented(reading, match.start(), match.end())
    if not low.isascii():
        announced = reading.roles & _PHRASE
        tries = 0
        for match in _HAN.finditer(low):
            start, end = match.span()
            if tries >= reading.few:
                reading.claim(start, "mnemonic")
                return
            cues = reading.between(_PHRASE, start - 40, end)[:4] if announced else []
            signs = _NOT_HAN.sub("", match[0])
            tries += bool(cues) or len(signs) in _CHECKED
            if cues:
                yield from _chinese(reading, start, end, cues)
            elif len(signs) in _CHECKED and _is_lone_phrase(low, start, end, signs):
                yield Span(start, end, "mnemonic", str(len(signs)))


def _is_lone_phrase(low: str, start: int, end: int, signs: str) -> bool:
    if not _fills_line(low, start, end) or _is_sentence(low[start:end]):
        return False
    return _passes(signs, _P["frequent_alone"])


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


def _chinese(reading: Reading, start: int, end: int, cues: list[Cue]) -> Iterator[Span]:
    """Yield the phrase in text[start:end]: an announced one, or the whole line; checksum right.

    A sentence of the right length passes the checksum once in 16. The lists begin with the most
    frequent characters, so a phrase must have few from their first quarter, a sentence has many;
    without a cue it must also fill its line.
    """
    low = reading.low
    places = [match.start() for match in _ONE_HAN.finditer(low, start, end)]
    starts = {0, *(_first_after(places, low, cue.end) for cue in cues)}
    gaps = (at for at in range(1, len(places)) if places[at] - places[at - 1] > 1)
    clauses = set(islice(gaps, _CLAUSES))
    starts |= clauses
    for first in sorted(starts):
        rest = places[first:]
        announced = any(cue.end <= rest[0] for cue in cues) if rest else False
        for size in _CHECKED if announced or first in clauses else [len(rest)]:
            if size not in _CHECKED or size > len(rest) or not _is_whole(low, rest, size):
                continue
            alone = announced or first in clauses
            if not alone and not _fills_line(low, rest[0], rest[-1] + 1):
                continue
            share = _P["frequent_announced"] if announced else _P["frequent_alone"]
            if _is_sentence(low[rest[0] : rest[size - 1] + 1]):
                continue
            if _passes("".join(low[at] for at in rest[:size]), share):
                yield Span(rest[0], rest[size - 1] + 1, "mnemonic", str(size))
                return


def _is_sentence(written: str) -> bool:
    """Return whether separators part it into pieces of a length that nobody groups words in."""
    pieces = _NOT_HAN.split(written)
    return len(pieces) > 1 and any(len(piece) not in _GROUPS for piece in pieces)


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
    return bool(_LINE_BEFORE.search(low[max(0, start - 8) : start]) and _LINE_AFTER.match(low, end))


def _passes(characters: str, share: float) -> bool:
    """Return whether they are a phrase in one of the lists, no more than share of them frequent."""
    for numbers in _numbers():
        try:
            places = [numbers[one] for one in characters]
        except KeyError:
            continue
        if _checks(places, share):
            return True
    return False


@cache
def _numbers() -> tuple[dict[str, int], dict[str, int]]:
    simplified, traditional = (
        {word: at for at, word in enumerate(word_list(f"bip39_chinese_{name}"))}
        for name in ("simplified", "traditional")
    )
    return simplified, traditional


def _checks(numbers: list[int], share: float) -> bool:
    """Return whether the list positions carry a valid BIP-39 checksum and are spread out."""
    frequent = sum(map(_FREQUENT.__gt__, numbers))
    if frequent > share * len(numbers):
        return False
    return checks.bip39(numbers)
