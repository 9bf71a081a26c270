"""The text as the rules read it: its plain spelling and the cues in it.

A cue is a word or phrase that says what a value beside it is. The nearest one decides, see
`Reading.link`. Steps: docs/guard.md, sections 2 and 3.
"""

import re
from bisect import bisect_left, bisect_right
from typing import Final, NamedTuple

from kefu.guard.fold import Flat, folded
from kefu.guard.matcher import Matcher
from kefu.guard.pack import PACK, ROLE

_LETTER: Final = re.compile("[a-z\u00df-\u024f\u0400-\u052f]")
_REST: Final = re.compile("[a-z\u00df-\u024f\u0400-\u052f]*")
_SPACES: Final = str.maketrans("-_\n\t\r", "     ")
_P: Final = PACK.shapes["link"]
_BEFORE: Final[int] = _P["before"]
_AFTER: Final[int] = _P["after"]
_WINDOW: Final[int] = _P["window"]
_AFTER_COST: Final[int] = _P["after_cost"]
_AFTER_LOOSE: Final[int] = _P["after_loose_cost"]
_CLAUSE: Final = re.compile(_P["clause"])
_COPULA: Final = re.compile(_P["copula"])
_AFTER_BARE: Final[int] = _P["after_bare_cost"]
_LONG: Final = re.compile(_P["long_word"])
_BREAK_COST: Final[int] = _P["break_cost"]
_STEPS: Final[int] = _P["steps"]
_BREAK: Final = re.compile(_P["break"])


class Cue(NamedTuple):
    """One cue in the text; roles is a set of bits, see `pack.ROLE`."""

    start: int
    end: int
    roles: int


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


class _Entry(NamedTuple):
    roles: int
    left: bool
    right: bool


def _entries() -> dict[str, _Entry]:
    found: dict[str, _Entry] = {}
    for role, languages in PACK.cues.items():
        for written in {cue for cues in languages.values() for cue in cues}:
            cue = folded(written.rstrip("*"))
            spellings = {cue.translate(_SPACES)}
            if cue.endswith((" no", " nr", " num")):
                spellings.add(f"{cue}.")
            if " " in cue and len(cue) > 5:
                spellings.add(cue.replace(" ", ""))
            for spelling in spellings:
                _enter(found, spelling, ROLE[role], is_open=written.endswith("*"))
    return found


def _enter(found: dict[str, _Entry], spelling: str, role: int, *, is_open: bool) -> None:
    left = bool(_LETTER.match(spelling))
    right = bool(_LETTER.match(spelling[-1])) and not is_open
    old = found.get(spelling)
    if old:
        role, right = role | old.roles, right and old.right
    found[spelling] = _Entry(role, left, right)


def _fillers() -> re.Pattern[str]:
    words = {folded(word) for words in _P["fillers"].values() for word in words}
    spelled = "|".join(sorted(map(re.escape, words), key=lambda word: (-len(word), word)))
    signs, joined = _P["filler_signs"], folded(_P["filler_characters"])
    return re.compile(f"(?:[{signs}{joined}]|(?:{spelled})(?![a-z\u0400-\u052f]))*")


_ENTRIES: Final = _entries()
_NAMES: Final = list(_ENTRIES)
_LEFT: Final = [entry.left for entry in _ENTRIES.values()]
_RIGHT: Final = [entry.right for entry in _ENTRIES.values()]
_ROLES: Final = [entry.roles for entry in _ENTRIES.values()]
_LETTERS: Final = frozenset(
    "abcdefghijklmnopqrstuvwxyz" + "".join(map(chr, [*range(0xDF, 0x250), *range(0x400, 0x530)]))
)
_WORD_SIGNS: Final = _LETTERS | frozenset("0123456789")
_MATCHER: Final = Matcher(_NAMES)
_FILLERS: Final = _fillers()


class Reading:
    """A text, its cues in order, none inside another."""

    __slots__ = ("cues", "ends", "low", "plain", "roles", "starts")

    def __init__(self, flat: Flat) -> None:
        self.plain = flat.plain
        self.low = flat.low
        self.cues = _cues(flat.low)
        self.starts = [cue.start for cue in self.cues]
        self.ends = [cue.end for cue in self.cues]
        self.roles = 0
        for cue in self.cues:
            self.roles |= cue.roles

    def link(self, start: int, end: int, secret: int, public: int) -> Link | None:
        """Return what the nearest cue says of the value text[start:end], or None."""
        before = self._before(start, secret, secret | public)
        after = self._after(end, secret | public)
        chosen = min((one for one in (before, after) if one), key=_distance, default=None)
        if chosen is None:
            return None
        return chosen._replace(secret=bool(chosen.cue.roles & secret))

    def _before(self, start: int, secret: int, wanted: int) -> Link | None:
        at = bisect_right(self.ends, start)
        for cue in reversed(self.cues[max(0, at - _STEPS) : at]):
            if start - cue.end > _WINDOW:
                return None
            if cue.roles & wanted:
                gap = _shortened(self.low[cue.end : start])
                if start - cue.end - len(gap) >= 20 and not cue.roles & secret:
                    continue  # an address stands between: the word was about that
                if len(gap) > _BEFORE:
                    return None
                tight = is_filler(gap)
                distance = 0 if tight else len(gap) + _BREAK_COST * len(_BREAK.findall(gap))
                return Link(True, tight, True, cue, distance)
        return None

    def _after(self, end: int, wanted: int) -> Link | None:
        at = bisect_left(self.starts, end)
        for cue in self.cues[at : at + _STEPS]:
            if cue.start - end > _AFTER:
                return None
            if cue.roles & wanted:
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
        first, last = bisect_left(self.starts, start), bisect_left(self.starts, end)
        return [cue for cue in self.cues[first:last] if cue.roles & roles]

    def of(self, roles: int) -> list[Cue]:
        """Return the cues of these roles."""
        return [cue for cue in self.cues if cue.roles & roles] if self.roles & roles else []


def is_filler(gap: str) -> bool:
    """Return whether gap holds nothing but words that join a cue and its value."""
    return len(gap) <= _P["filler_length"] and bool(_FILLERS.fullmatch(gap))


def _shortened(gap: str) -> str:
    """Return gap without its long words, such as an address: to a reader each is one word."""
    return _LONG.sub("", gap) if len(gap) > 20 else gap


def _distance(link: Link) -> int:
    return link.distance


def _cues(low: str) -> list[Cue]:
    """Return the longest cue at each place, those inside another left out."""
    best: dict[int, tuple[int, int]] = {}
    text = low.translate(_SPACES)
    places = None
    if "  " in text:
        places = [at for at, sign in enumerate(text) if sign != " " or text[at - 1 : at] != " "]
        text = "".join(text[at] for at in places)
    for index, first, last in _MATCHER.find(text):
        start, end = (places[first], places[last - 1] + 1) if places else (first, last)
        if _LEFT[index] and start and low[start - 1] in _WORD_SIGNS:
            continue
        if _RIGHT[index] and end < len(low) and low[end] in _LETTERS:
            continue
        old = best.get(start)
        if old is None or end > old[0]:
            best[start] = end, index
    found: list[Cue] = []
    reached = 0
    for start in sorted(best):
        end, index = best[start]
        if end > reached:
            if _LEFT[index] and not _RIGHT[index]:
                rest = _REST.match(low, end)
                end = rest.end() if rest else end
            found.append(Cue(start, end, _ROLES[index]))
            reached = end
    return found
