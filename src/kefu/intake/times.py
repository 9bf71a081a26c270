"""Times and dates of a text, with the zone that is said beside them."""

import re
from collections.abc import Iterator
from datetime import date
from functools import cache
from operator import attrgetter
from typing import Any, Final, NamedTuple

from kefu.intake.amounts import pack
from kefu.intake.folding import HANZI, hanzi

_DAY: Final = 1_440
_FAR: Final = 24
_GAP: Final = re.compile(
    r"[\s,()\[\]]*(?:t|at|on|around|about|from|to|time|时间|的|[-–~至到])?[\s,()\[\]]*", re.I
)
Day = tuple[int | None, int, int]
Days = frozenset[Day]


class Moment(NamedTuple):
    """A time of day, a date or both, as far as they are said.

    minute: of the day, None for a bare date; days: what the date may mean, as (year, month,
    day); zone: what its offset from UTC may be, in minutes, empty if none is said.
    is_vague: 3:30 without a word whether before or after noon.
    """

    minute: int | None
    days: Days = frozenset()
    zone: frozenset[int] = frozenset()
    is_vague: bool = False

    def equals(self, other: "Moment") -> bool:
        """Return whether both may be the same instant, in whatever zones."""
        if self.minute is None or other.minute is None:
            return _same_day(self.days, other.days)
        circle = _DAY // 2 if self.is_vague or other.is_vague else _DAY
        pairs = [(a, b) for a in self.zone for b in other.zone] or [(0, 0)]
        return any(self._meets(other, b - a, circle) for a, b in pairs)

    def _meets(self, other: "Moment", later: int, circle: int) -> bool:
        """Return whether it is the other's time once this one's clock is set `later`."""
        minute = (self.minute or 0) + later
        if (minute - (other.minute or 0)) % circle:
            return False
        if not self.days or not other.days or circle != _DAY:
            return not self.days or not other.days or _near(self.days, other.days)
        return _same_day(self.days, other.days, minute // _DAY)


def _same_day(some: Days, others: Days, later: int = 0) -> bool:
    return any(_distance(one, other) == later for one in some for other in others)


def _near(some: Days, others: Days) -> bool:
    return any(
        (apart := _distance(one, other)) is not None and abs(apart) <= 1
        for one in some
        for other in others
    )


def _distance(one: Day, other: Day) -> int | None:
    """Return the days from one date to the other; a missing year is the other's."""
    year = one[0] or other[0] or 2024
    days = (_date(one[0] or year, *one[1:]), _date(other[0] or year, *other[1:]))
    return (days[1] - days[0]).days if days[0] and days[1] else None


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


class _Piece(NamedTuple):
    start: int
    end: int
    kind: str
    value: Any


_BEGIN: Final = attrgetter("start")


class _Words:
    """The patterns of dates, clocks and zones."""

    def __init__(self) -> None:
        held = pack()
        months = _any(held["months"])
        self.months: dict[str, int] = held["months"]
        self.periods: dict[str, str] = held["periods"]
        self.zones: dict[str, list[int]] = held["zones"]
        day = r"(\d{1,2})(?:st|nd|rd|th)?"
        year = r"(?:,?\s*(20\d\d))?(?!\d)"
        self.date = re.compile(
            r"(?<!\d)(20\d\d)\s?[-/.年]\s?(\d{1,2})\s?[-/.月]\s?(\d{1,2})(?!\d)\s?[日号]?"
            r"|(?<!\d)(\d{1,2})月(\d{1,2})[日号]?"
            rf"|\b({months})\b\.?\s+{day}{year}"
            rf"|(?<!\d){day}\s+(?:of\s+)?({months})\b\.?{year}"
            r"|(?<![\d/])(\d{1,2})[/.](\d{1,2})[/.]((?:20)?\d\d)(?![\d/])",
            re.I,
        )
        period = _any(held["periods"])
        noon = r"(?:\s?([ap])\.?m\b\.?)"
        self.clock = re.compile(
            rf"(?:({period})\s?)?(?<![\d:.])(\d{{1,2}}):([0-5]\d)(?::[0-5]\d(?:\.\d+)?)?(?![\d:])"
            rf"{noon}?"
            rf"|(?<![\d:.])(\d{{1,2}}){noon}(?![A-Za-z])"
            rf"|(?:({period}|[今明昨]天)\s?)?(?<![\d:.第{HANZI}])(\d{{1,2}}|[{HANZI[:-4]}]{{1,3}})\s?[点點时]"
            rf"(半|[一三]刻|(?:\d{{1,2}}|[{HANZI[:-4]}]{{1,3}})分?|钟|整|左右|[之以]?[前后]|的时候)?",
            re.I,
        )
        names = sorted(held["zones"], key=len)[::-1]
        latin = _any(name for name in names if name.isascii())
        others = _any(name for name in names if not name.isascii())
        self.zone = re.compile(
            r"(?:(?:\b|(?<=\d))(?:utc|gmt)\s?(?=[+-])|(?<=\d)(?=\+)|(?<=:\d\d:\d\d)(?=-))"
            r"([+-])\s?(\d{1,2})(?::?([034][05]))?(?!\d)"
            rf"|(?:\b|(?<=\d))({latin})\b|({others})|([东西])([{HANZI[2:-3]}]{{1,2}}|\d{{1,2}})区",
            re.I,
        )


def _any(words: Any) -> str:
    return "|".join(re.escape(word) for word in sorted(words, key=len)[::-1])


@cache
def _known() -> _Words:
    return _Words()


def moments(text: str) -> Iterator[tuple[int, int, Moment]]:
    """Yield (start, end, moment) of a folded text."""
    for group in _groups(text):
        clocks = [piece for piece in group if piece.kind == "clock"]
        for piece in clocks or [one for one in group if one.kind == "date"]:
            days = _nearest(piece, group, "date", before_first=True)
            zone = _nearest(piece, group, "zone", before_first=False)
            start = min(piece.start, days.start, zone.start)
            end = max(piece.end, days.end, zone.end)
            minute, is_vague = piece.value if piece.kind == "clock" else (None, False)
            yield start, end, Moment(minute, days.value, zone.value, is_vague)


def _groups(text: str) -> Iterator[list[_Piece]]:
    """Yield what stands together, nothing between it but a word that joins."""
    group: list[_Piece] = []
    for piece in sorted([*_dates(text), *_clocks(text), *_zones(text)], key=_BEGIN):
        if group and not _joins(text, group[-1].end, piece.start):
            yield group
            group = []
        if not group or piece.start >= group[-1].end:
            group.append(piece)
    if group:
        yield group


def _joins(text: str, end: int, start: int) -> bool:
    return start - end <= _FAR and _GAP.fullmatch(text[end:start]) is not None


def _nearest(piece: _Piece, group: list[_Piece], kind: str, *, before_first: bool) -> _Piece:
    """Return the date before a clock, or the zone after it; else whatever there is."""
    if piece.kind == kind:
        return piece
    before = [one for one in group if one.kind == kind and one.start < piece.start]
    after = [one for one in group if one.kind == kind and one.start > piece.start]
    first, second = (before[-1:], after[:1]) if before_first else (after[:1], before[-1:])
    nothing = _Piece(piece.start, piece.end, kind, frozenset())
    return (first or second or [nothing])[0]


def _dates(text: str) -> Iterator[_Piece]:
    words = _known()
    for match in words.date.finditer(text):
        g = match.groups()
        if g[0]:
            days: set[Day] = {(int(g[0]), int(g[1]), int(g[2]))}
        elif g[3]:
            days = {(None, int(g[3]), int(g[4]))}
        elif g[5] or g[9]:
            month, day, year = (g[5], g[6], g[7]) if g[5] else (g[9], g[8], g[10])
            if month in ("may", "mar", "march") and not year:
                continue
            days = {(int(year) if year else None, words.months[month.lower()], int(day))}
        else:
            year = int(g[13]) % 100 + 2_000
            days = {(year, int(g[11]), int(g[12])), (year, int(g[12]), int(g[11]))}
        real = frozenset(d for d in days if _date(d[0] or 2024, d[1], d[2]))
        if real:
            yield _Piece(match.start(), match.end(), "date", real)


def _clocks(text: str) -> Iterator[_Piece]:
    words = _known()
    for match in words.clock.finditer(text):
        period, hour, minute, half, bare, bare_half, word, spoken, rest = match.groups()
        if spoken:
            if not word and not rest:
                continue
            hour, minute = spoken, _minutes(rest or "")
            period = word
        said = half or bare_half
        value = _value(hour or bare, minute or 0, words.periods.get(period or "", ""), said)
        if value is not None:
            yield _Piece(match.start(), match.end(), "clock", value)


def _minutes(rest: str) -> int:
    if rest == "半":
        return 30
    if rest.endswith("刻"):
        return hanzi(rest[0]) * 15
    bare = rest.removesuffix("分")
    if bare.isdigit():
        return int(bare)
    return hanzi(bare) if bare and all(sign in HANZI for sign in bare) else 0


def _value(
    hour_said: str, minute: str | int, period: str, half: str | None
) -> tuple[int, bool] | None:
    """Return (minute of the day, whether before or after noon is left open), or None."""
    hour = int(hour_said) if hour_said.isdigit() else hanzi(hour_said)
    if hour > 24 or int(minute) > 59:
        return None
    half = half.lower() if half else ""
    is_after = half == "p" or period in ("pm", "night") or (period == "noon" and hour < 10)
    is_after = is_after or (period == "late" and hour >= 8)
    if hour == 12 and (half == "a" or period in ("am", "night", "late")):
        hour = 0
    elif is_after and hour < 12:
        hour += 12
    is_vague = not half and not period and 0 < hour <= 12 and not hour_said.startswith("0")
    return hour % 24 * 60 + int(minute), is_vague


def _zones(text: str) -> list[_Piece]:
    words = _known()
    found = []
    for match in words.zone.finditer(text):
        sign, hours, minutes, latin, other, side, number = match.groups()
        if sign:
            offset = int(hours) * 60 + int(minutes or 0)
            zone = frozenset((-offset if sign == "-" else offset,))
        elif side:
            offset = (int(number) if number.isdigit() else hanzi(number)) * 60
            zone = frozenset((offset if side == "东" else -offset,))
        else:
            zone = frozenset(words.zones[(latin or other).lower()])
        found.append(_Piece(match.start(), match.end(), "zone", zone))
    return found
