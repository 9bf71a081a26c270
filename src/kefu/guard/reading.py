"""The text as the rules read it: its plain spelling and the cues in it.

A cue is a word or phrase that says what a value beside it is. The nearest one decides, see
`Reading.link`. Steps: docs/guard.md, sections 2 and 3.
"""

import re
import sys
from bisect import bisect_left, bisect_right
from typing import Final, NamedTuple

from kefu.guard.compounds import Cue, joined
from kefu.guard.cues import find_cues
from kefu.guard.fold import Flat, folded
from kefu.guard.mistyped import straightened
from kefu.guard.pack import PACK, ROLE
from kefu.guard.spans import Span

_P: Final = PACK.shapes["link"]
_BEFORE: Final[int] = _P["before"]
_AFTER: Final[int] = _P["after"]
_WINDOW: Final[int] = _P["window"]
_AFTER_COST: Final[int] = _P["after_cost"]
_AFTER_LOOSE: Final[int] = _P["after_loose_cost"]
_CLAUSE: Final = re.compile(_P["clause"])
_COPULA: Final = re.compile(_P["copula"])
_TOLD: Final = re.compile(_P["told"])
_LEADERS: Final = re.compile("[.]{2,}[ ]?(?=:)")
_AFTER_BARE: Final[int] = _P["after_bare_cost"]
_LONG: Final = re.compile(_P["long_word"])
_BREAK_COST: Final[int] = _P["break_cost"]
_STEPS: Final[int] = _P["steps"]
_BREAK: Final = re.compile(_P["break"])
_SPACED: Final = re.compile("  +")
_ASIDE: Final = re.compile(_P["aside"])


class Link(NamedTuple):
    """What the cue nearest to a value says.

    secret: whether it makes the value a secret or harmless.
    tight: whether only fillers (is, of, my, colon) stand between the two.
    """

    secret: bool
    tight: bool
    before: bool
    cue: Cue
    distance: int


def _fillers() -> re.Pattern[str]:
    words = {folded(word) for words in _P["fillers"].values() for word in words}
    spelled = "|".join(sorted(map(re.escape, words), key=lambda word: (-len(word), word)))
    signs, joined = _P["filler_signs"], folded(_P["filler_characters"])
    return re.compile(f"(?:[{signs}{joined}]|(?:{spelled})(?![a-z\u0400-\u052f]))*")


_FILLERS: Final = _fillers()


_LONG_TEXT: Final = 16_000
"""Code points beyond which a text is no message: what is in it may be told more coarsely."""

_SPARSE: Final = 500
"""Code points of a long text for each candidate that a rule reads the words beside."""

_DENSE: Final = 16
"""Code points of a long text for each of its cues."""


class BudgetSpent(Exception):
    """A text costs more steps than it may."""


class Reading:
    """A text, its cues in order, none inside another.

    It counts the steps that the text costs: its cues, and each look at the cues beside a value.
    BudgetSpent is raised by the step beyond the budget; None: there is none.

    few: candidates that a rule may read the words beside. A message has no place for so many; of
        a longer text a rule then claims the rest.
    claimed: what was claimed. No rule reads it.
    """

    __slots__ = (
        *("budget", "claimed", "cues", "ends", "few", "low", "plain", "roles", "starts", "steps"),
    )

    def __init__(self, flat: Flat, budget: int | None = None) -> None:
        self.budget = sys.maxsize if budget is None else budget
        self.plain = flat.plain
        self.low = flat.low
        size = len(flat.low)
        is_long = size > _LONG_TEXT
        self.few = size // _SPARSE if is_long else sys.maxsize
        most = size // _DENSE if is_long else sys.maxsize
        cues = find_cues(straightened(flat.low), most)
        self.steps = 0
        self._step(len(cues))
        self.roles = 0
        for cue in cues:
            self.roles |= cue.roles
        self.cues = joined(cues, flat.low, self.roles)
        if self.cues is not cues:
            self.roles |= ROLE["otp"]
        self.starts = [cue.start for cue in self.cues]
        self.ends = [cue.end for cue in self.cues]
        self.claimed: list[Span] = []
        if len(cues) > most:
            self.claim(self.cues[-1].start, "held")

    def claim(self, start: int, kind: str) -> None:
        """Take the rest of the text, from start on, as found: nothing reads it any more."""
        self.claimed.append(Span(start, len(self.low), kind))
        self.low, self.plain = self.low[:start], self.plain[:start]
        at = bisect_left(self.starts, start)
        del self.cues[at:], self.starts[at:], self.ends[at:]

    def _step(self, count: int = 1) -> None:
        self.steps += count
        if self.steps > self.budget:
            raise BudgetSpent

    def link(self, start: int, end: int, secret: int, public: int) -> Link | None:
        """Return what the nearest cue says of the value text[start:end], or None."""
        self._step()
        before = self._before(start, secret, secret | public)
        after = self._after(end, secret, secret | public)
        chosen = before or after
        if before and after and after.distance < before.distance:
            chosen = after
        if chosen is None:
            return None
        return chosen._replace(secret=bool(chosen.cue.roles & secret))

    def _before(self, start: int, secret: int, wanted: int) -> Link | None:
        at = bisect_right(self.ends, start)
        for cue in reversed(self.cues[max(0, at - _STEPS) : at]):
            if start - cue.end > _WINDOW:
                return None
            if cue.roles & wanted:
                written = _SPACED.sub(" ", self.low[cue.end : start])
                gap = _shortened(written)
                if len(written) - len(gap) >= 20 and not cue.roles & secret:
                    continue  # an address stands between: the word was about that
                if len(gap) > _BEFORE:
                    return None
                tight = is_filler(gap) and not (
                    not cue.roles & secret and "\n\n" in gap and ":" not in gap
                )  # a word of the paragraph before says nothing harmless of the value
                distance = 0 if tight else len(gap) + _BREAK_COST * len(_BREAK.findall(gap))
                if distance and is_told(gap):
                    distance = min(distance, 3)
                return Link(True, tight, True, cue, distance)
        return None

    def _after(self, end: int, secret: int, wanted: int) -> Link | None:
        at = bisect_left(self.starts, end)
        cues = self.cues[at : at + _STEPS]
        for place, cue in enumerate(cues):
            if cue.start - end > _AFTER:
                return None
            if cue.roles & wanted and not (
                not cue.roles & secret and _leads(cues[place : place + 2], self.low, secret)
            ):
                gap = self.low[end : cue.start]
                tight = "\n" not in gap and is_filler(gap)
                distance = 0 if tight else len(gap) + _BREAK_COST * len(_BREAK.findall(gap))
                cost = _AFTER_BARE if tight else _AFTER_LOOSE
                if tight and _COPULA.search(gap):
                    cost = _AFTER_COST
                return Link(True, tight, False, cue, distance + cost)
        return None

    def has(self, roles: int, start: int, end: int) -> bool:
        """Return whether a cue of these roles begins in text[start:end]."""
        if not self.roles & roles:
            return False
        self._step()
        at = bisect_left(self.starts, start)
        while at < len(self.cues) and self.starts[at] < end:
            if self.cues[at].roles & roles:
                return True
            at += 1
        return False

    def clause(self, at: int) -> int:
        """Return where the clause that text[at] stands in begins, at most 64 characters back."""
        floor = max(0, at - 64)
        last = floor
        for match in _CLAUSE.finditer(self.low, floor, at):
            last = match.end()
        return last

    def between(self, roles: int, start: int, end: int) -> list[Cue]:
        """Return the cues of these roles that begin in text[start:end]."""
        if not self.roles & roles:
            return []
        self._step()
        first, last = bisect_left(self.starts, start), bisect_left(self.starts, end)
        return [cue for cue in self.cues[first:last] if cue.roles & roles]

    def of(self, roles: int) -> list[Cue]:
        """Return the cues of these roles."""
        return [cue for cue in self.cues if cue.roles & roles] if self.roles & roles else []


def _leads(cues: list[Cue], low: str, secret: int) -> bool:
    """Return whether the first cue only says more of the next one: `withdrawal code`."""
    if len(cues) < 2 or not cues[1].roles & secret:
        return False
    return low[cues[0].end : cues[1].start] in {"", " "}


def is_filler(gap: str) -> bool:
    """Return whether gap holds nothing but words that join a cue and its value."""
    if not gap.strip(" :"):
        return bool(len(gap) <= _P["filler_length"])
    if "(" in gap or "[" in gap:
        gap = _ASIDE.sub("", gap)
    if ".." in gap:
        gap = _LEADERS.sub("", gap)
    return len(gap) <= _P["filler_length"] and bool(_FILLERS.fullmatch(gap))


def is_told(gap: str) -> bool:
    """Return whether the words from a cue to a value end in is or was: `the code I chose is`."""
    return len(gap) <= _P["told_gap"] and not _CLAUSE.search(gap) and bool(_TOLD.search(gap))


def _shortened(gap: str) -> str:
    """Return gap without its long words, such as an address: to a reader each is one word."""
    return _LONG.sub("", gap) if len(gap) > 20 else gap
