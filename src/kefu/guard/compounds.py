"""Cues that mean more together than apart: a word for code beside what the code is for.

Steps: docs/guard.md, section 2.
"""

import re
from typing import Final, NamedTuple

from kefu.guard.pack import PACK, ROLE, roles

_P: Final = PACK.shapes["compound"]
_GAP: Final = re.compile(_P["gap"])
_WIDEST: Final[int] = _P["widest"]
_CODE: Final = ROLE["code"]
_DIGITS: Final = ROLE["digits"]
_WAY: Final = ROLE["way"]
_OTP: Final = ROLE["otp"]
_MESSAGE: Final = roles("message", "otp", "came")
_SENT: Final = roles("message", "otp")
_PASSWORD: Final = ROLE["password"]
_OWN: Final = roles("number", "error", "cvv", "card", "password", "api", "secret")
_NUMBER: Final = ROLE["number"]
_HARMLESS: Final = roles("number", "error")
_BESIDE: Final = _WAY | _MESSAGE | _HARMLESS
_NAMED: Final = _CODE | _DIGITS | _PASSWORD


class Cue(NamedTuple):
    """One cue in the text; roles is a set of bits, see `pack.ROLE`."""

    start: int
    end: int
    roles: int


def joined(cues: list[Cue], low: str, seen: int) -> list[Cue]:
    """Return cues with those that name one kind of code together made one. seen: all roles."""
    if not (seen & _NAMED and seen & _BESIDE) or len(cues) < 2:
        return cues
    last = cues[0]
    found = [last]
    for cue in cues[1:]:
        both = last.roles | cue.roles
        may = both & _NAMED and both & _BESIDE and _is_near(last, cue, low)
        together = _meaning(last.roles, cue.roles) if may else 0
        if together:
            last = found[-1] = Cue(last.start, cue.end, together)
        else:
            last = cue
            found.append(cue)
    return found if len(found) < len(cues) else cues


def _is_near(last: Cue, cue: Cue, low: str) -> bool:
    if cue.start - last.end > _WIDEST or low[cue.end : cue.end + 1] == "-":
        return False
    return bool(_GAP.fullmatch(low, last.end, cue.start))


def _meaning(one: int, other: int) -> int:
    """Return the roles of two cues together, or 0 where they stay two."""
    if _names_code(one, other) or _names_code(other, one):
        return one | other | _OTP
    if _is_sent(other, one) or _is_sent(one, other):
        return (other if other & _PASSWORD else one) | _OTP
    return _names_other(one, other) or _names_other(other, one)


def _is_sent(noun: int, way: int) -> bool:
    """Return whether a password is one that a message brought."""
    return bool(noun & _PASSWORD and way & _SENT)


def _names_other(noun: int, of: int) -> int:
    """Return the roles of a code that is for something else, such as a coupon, or 0."""
    if noun & _CODE and not (noun & (_OTP | _OWN | _WAY)) and of & _HARMLESS:
        return 0 if of & (_OTP | _WAY | _PASSWORD | _CODE) else of
    return 0


def _names_code(noun: int, way: int) -> bool:
    """Return whether a noun and what stands beside it name a one-time code."""
    own = _OWN & ~_NUMBER if way & _WAY else _OWN
    if noun & _OWN or way & own or not noun & (_CODE | _DIGITS):
        return False
    return bool(way & (_WAY | _OTP)) if noun & _CODE else bool(way & _MESSAGE)
