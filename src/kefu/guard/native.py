"""Passwords in letters of their own script (`密码小明abc520`), or of several words.

Steps: docs/guard.md, section 8.
"""

import re
from typing import Final

from kefu.guard.compounds import Cue
from kefu.guard.credentials import STOP
from kefu.guard.pack import ANY, PACK, roles
from kefu.guard.reading import Reading, is_filler
from kefu.guard.spans import Span

_P: Final = PACK.shapes["password"]
_NATIVE: Final = re.compile(_P["native"])
_NEVER: Final = re.compile(_P["native_never"])
_UNIT: Final = re.compile(_P["native_unit"])
_LETTERS: Final = re.compile("[^0-9A-Za-z]+")
_SPOKEN: Final = re.compile(_P["spoken"])
_PASSPHRASE: Final = re.compile(_P["spoken_cue"])
_NAMED: Final = roles("password", "otp", "amount", "error", "hash", "card", "phrase", "absent")
_OTHER: Final = ANY & ~roles("code", "way", "digits", "negate", "number")
_SHORTEST: Final = 4


def native(reading: Reading, at: int) -> Span | None:
    """Return the letters and digits right behind a cue, where no words join them to it."""
    match = _NATIVE.match(reading.plain, at)
    if not match:
        return None
    start, end = match.span(1)
    letters = _LETTERS.match(match[1])
    if letters is None or end - start < _SHORTEST or is_filler(letters[0]):
        return None
    if _NEVER.search(letters[0]) or _UNIT.match(reading.low, end):
        return None
    if reading.has(_OTHER, start, end):
        return None
    return Span(start, end, "password")


def spoken(reading: Reading, cue: Cue) -> Span | None:
    """Return the words to the end of the line that are said to be a passphrase, without quotes."""
    phrase = _PASSPHRASE.search(reading.low, cue.start, cue.end)
    if not phrase and reading.low[cue.end : cue.end + 2].strip()[:1] not in {":", "="}:
        return None
    match = _SPOKEN.match(reading.plain, cue.end)
    if not match:
        return None
    named = phrase or reading.plain[cue.end : match.start(1)].strip() in {":", "="}
    words = match[1].lower().split()
    if not named or len(words) < _P["spoken_words"] or not STOP.isdisjoint(words):
        return None
    if reading.has(_NAMED, match.start(1), match.end(1)):
        return None
    return Span(match.start(1), match.end(1), "password")
