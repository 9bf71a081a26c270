"""Bank account numbers (IBAN) and national identity numbers.

Steps: docs/guard.md, section 10.
"""

import re
from collections.abc import Iterator
from functools import reduce
from itertools import chain, islice
from operator import or_
from typing import Final, NamedTuple

from kefu.guard import checks
from kefu.guard.pack import PACK, roles
from kefu.guard.reading import Reading
from kefu.guard.spans import Span

_IBAN: Final = re.compile(PACK.shapes["iban"]["shape"])
_LENGTHS: Final[dict[str, int]] = PACK.shapes["iban"]["lengths"]
_NOT_ALNUM: Final = re.compile("[^0-9A-Za-z]")
_PUBLIC: Final = roles("number", "hash", "card", "amount")
_ENOUGH: Final = re.compile("[0-9][0-9 .-]{4,}[0-9]")
_DUMP: Final = 200
_AROUND: Final = 24
_APART: Final = 100


class _Rule(NamedTuple):
    shape: re.Pattern[str]
    check: str
    cues: int
    needs_cue: bool
    needs: str


_RULES: Final = [
    _Rule(
        re.compile(rule["shape"]),
        rule["check"],
        roles(*rule["cues"]),
        rule["needs_cue"],
        rule.get("needs", ""),
    )
    for rule in PACK.shapes["national"]
]


_CUES: Final = reduce(or_, (rule.cues for rule in _RULES))


def find_ibans(reading: Reading) -> Iterator[Span]:
    """Yield IBANs: country, its length, remainder 1."""
    for match in _IBAN.finditer(reading.plain):
        size = _LENGTHS.get(match[0][:2].upper(), 0)
        word = _NOT_ALNUM.sub("", match[0])[:size].upper()
        if not 0 < size == len(word) or checks.mod97(word[4:] + word[:4]) != 1:
            continue
        places = [at for at in range(*match.span()) if reading.plain[at].isalnum()]
        yield Span(match.start(), places[size - 1] + 1, "iban")


def _stretches(reading: Reading) -> list[tuple[int, int]]:
    """Return where numbers long enough stand, with what may belong to them, apart."""
    found: list[tuple[int, int]] = []
    for tries, match in enumerate(_ENOUGH.finditer(reading.plain)):
        if tries >= reading.few and reading.roles & _CUES:
            reading.claim(match.start(), "national_id")
            break
        start, end = max(0, match.start() - _AROUND), match.end() + _AROUND
        if found and start <= found[-1][1]:
            start = found.pop()[0]
        found.append((start, end))
    return found if len(found) <= _APART else [(0, len(reading.plain))]


def find_identities(reading: Reading) -> Iterator[Span]:
    """Yield national identity numbers: shape and check digit, most of them beside a cue only."""
    stretches = _stretches(reading)
    if not stretches:
        return
    for rule in _RULES:
        if rule.needs_cue and not reading.roles & rule.cues:
            continue
        if rule.needs and rule.needs not in reading.plain:
            continue
        found = chain.from_iterable(rule.shape.finditer(reading.plain, *at) for at in stretches)
        for match in islice(found, _DUMP):
            word = _NOT_ALNUM.sub("", match[0]).upper()
            if rule.check != "none" and not checks.national(rule.check, word):
                continue
            link = reading.link(match.start(), match.end(), rule.cues, _PUBLIC & ~rule.cues)
            said = link and link.secret and (link.tight or link.before or link.distance < 24)
            other = link and link.tight and "\n" not in reading.low[link.cue.end : match.start()]
            if said or (not rule.needs_cue and not other):
                yield Span(match.start(), match.end(), "national_id")
