"""Secrets in a pasted dialogue: one line asks, the next one answers with little but the value.

Steps: docs/guard.md, section 9.
"""

import re
from collections.abc import Iterator
from itertools import islice
from typing import Final, NamedTuple

from kefu.guard.codes import NUMBER
from kefu.guard.compounds import Cue
from kefu.guard.credentials import STOP, TOKEN, is_credential, is_short, looks_chosen, stripped
from kefu.guard.entered import is_joined
from kefu.guard.native import native
from kefu.guard.pack import PACK, ROLE, roles
from kefu.guard.reading import Reading
from kefu.guard.spans import Span

_P: Final = PACK.shapes["answers"]
_LINE: Final = re.compile("[^\n]+")
_SPEAKER: Final = re.compile(_P["speaker"])
_LABEL: Final = re.compile(_P["label"])
_QUOTE: Final = re.compile("[> \t-]*")
_YES: Final = re.compile(_P["yes"])
_ENDS: Final = re.compile(_P["ends"])
_FORM: Final = re.compile("[ ]*[:=][ ]*[^ \n]")
_QUESTION: Final = re.compile(_P["question"])
_PASSWORD: Final = ROLE["password"]
_CODE: Final = roles("otp", "code", "message")
_PUBLIC: Final = roles("number", "hash", "amount", "error", "card", "expiry", "login")
_WAY: Final = ROLE["way"]
_NAMED: Final = roles("password", "otp")
_LOGIN: Final = roles("login", "number")
_TOLD: Final = roles("told", "enter")
_LINES: Final = 400


class _Asked(NamedTuple):
    """What the last question asks for; whether with a mark or a name; how many lines ago."""

    kind: str
    marked: bool
    labelled: bool
    age: int


def find_answers(reading: Reading) -> Iterator[Span]:
    """Yield what answers a line that asks for a password or a code."""
    if "\n" not in reading.low or not reading.roles & (_PASSWORD | _CODE):
        return
    asked: _Asked | None = None
    for line in islice(_LINE.finditer(reading.low), _LINES):
        start, end = line.span()
        quoted = _QUOTE.match(reading.low, start, end)
        start = quoted.end() if quoted else start
        label = _LABEL.match(reading.low, start, end)
        answer = asked and _answer(reading, asked, label, start, end)
        if answer:
            yield answer
        asked = _asks(reading, start, end) or (
            asked._replace(age=asked.age + 1) if asked and asked.age < _P["lines"] else None
        )


def _asks(reading: Reading, start: int, end: int) -> _Asked | None:
    """Return what a line asks for: the last word in it for a password or a code.

    Nothing if the value stands there, as in a form.
    """
    cues = reading.between(_PASSWORD | _CODE, start, end)
    if not cues:
        return None
    if _FORM.match(reading.low, cues[-1].end, end):
        return None
    last = next((cue for cue in reversed(cues) if not _is_way(cue)), cues[-1]).roles
    kind = "password" if last & _PASSWORD and not last & ROLE["otp"] else "otp"
    low = reading.low
    marked, named = _QUESTION.search(low, start, end), _SPEAKER.match(low, start, end)
    return _Asked(kind, marked is not None, named is not None, 0)


def _is_way(cue: Cue) -> bool:
    """Return whether a cue only says what is done, such as to confirm."""
    return bool(cue.roles & _WAY and not cue.roles & _NAMED)


def _answer(
    reading: Reading, asked: _Asked, label: re.Match[str] | None, start: int, end: int
) -> Span | None:
    """Return the value a line gives, if the line answers."""
    first = label.end() if label else start
    if asked.age and (not label or asked.kind == "password"):
        return None
    found = (_password if asked.kind == "password" else _code)(reading, first, end)
    public = _PUBLIC & ~_LOGIN if label and asked.labelled else _PUBLIC  # `User:` speaks here
    if not found or reading.has(public, start, found.start):
        return None
    yes = _YES.match(reading.low, first, end) if found.kind == "otp" else None
    told = reading.has(_TOLD, first, found.start)
    named = label and (asked.marked or asked.labelled)
    if not (named or told or (asked.marked and found.start == (yes.end() if yes else first))):
        return None
    return found if _ENDS.match(reading.low, found.end) else None


def _password(reading: Reading, first: int, end: int) -> Span | None:
    value = native(reading, first)
    if value:
        return value
    for match in islice(TOKEN.finditer(reading.plain, first, end), _P["words"]):
        start, last = stripped(reading.plain, match.start(), match.end())
        word = reading.plain[start:last].rstrip(".?,")
        if word.startswith("+"):
            return None  # a telephone number
        if word.lower() not in STOP and (
            looks_chosen(word)
            or is_credential(word)
            or is_short(word)
            or is_joined(reading, start, start + len(word), foreign=start == first and last == end)
        ):
            return Span(start, start + len(word), "password")
    return None


def _code(reading: Reading, first: int, end: int) -> Span | None:
    match = NUMBER.search(reading.low, first, end)
    if not match or match.start() - first > _P["before_code"]:
        return None
    return Span(match.start(), match.end(), "otp")
