"""Bank account numbers (IBAN) and national identity numbers.

Steps: docs/guard.md, section 10.
"""

import re
from collections.abc import Iterator
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


def find_ibans(reading: Reading) -> Iterator[Span]:
    """Yield IBANs: country, its length, remainder 1."""
    for match in _IBAN.finditer(reading.plain):
        places = [at for at in range(*match.span()) if reading.plain[at].isalnum()]
        size = _LENGTHS.get(match[0][:2].upper(), 0)
        if not 0 < size <= len(places):
            continue
        word = "".join(reading.plain[at] for at in places[:size]).upper()
        if checks.mod97(word[4:] + word[:4]) == 1:
            yield Span(match.start(), places[size - 1] + 1, "iban")


def find_identities(reading: Reading) -> Iterator[Span]:
    """Yield national identity numbers: shape and check digit, most of them beside a cue only."""
    if not _ENOUGH.search(reading.plain):
        return
    for rule in _RULES:
        if rule.needs_cue and not reading.roles & rule.cues:
            continue
        if rule.needs and rule.needs not in reading.plain:
            continue
        for match in list(rule.shape.finditer(reading.plain))[:_DUMP]:
            word = _NOT_ALNUM.sub("", match[0]).upper()
            if rule.check != "none" and not checks.national(rule.check, word):
                continue
            link = reading.link(match.start(), match.end(), rule.cues, _PUBLIC & ~rule.cues)
            said = link and link.secret and (link.tight or link.before or link.distance < 24)
            if said or (not rule.needs_cue and not (link and link.tight)):
                yield Span(match.start(), match.end(), "national_id")
