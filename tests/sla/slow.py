"""Business time the slow way: minutes of UTC one after the other, asked what the wall says.

Nothing here turns a wall time into an instant but by looking for it among the minutes, and
nothing is taken from the product but the plain data of `Hours`.
"""

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from itertools import pairwise
from typing import Final
from zoneinfo import ZoneInfo

from kefu.sla.hours import Hours, Openings

MINUTE: Final = timedelta(minutes=1)
SECOND: Final = timedelta(seconds=1)
DAY: Final = timedelta(days=1)

Happening = tuple[datetime, str]


class Walk:
    """The minutes of some days of UTC, each open or closed."""

    def __init__(self, hours: Hours, first: date, days: int, events: Sequence[Happening]) -> None:
        self.begins = datetime(first.year, first.month, first.day, tzinfo=UTC)
        self.ends = self.begins + days * DAY
        self.open = _open_minutes(hours, first, days)
        self.events = events

    def due_at(self, start: datetime, target: timedelta) -> datetime | None:
        """Return when the target is used up; None if these days do not see it."""
        left = target
        for minute, counted in self._counted(start, self.ends):
            if counted < left:
                left -= counted
                continue
            second = max(minute, start)
            while left > SECOND or not self._runs(second):
                left -= SECOND if self._runs(second) else timedelta()
                second += SECOND
            return second + left
        return None

    def elapsed(self, start: datetime, end: datetime) -> timedelta:
        """Return the counted time; both are whole seconds within these days."""
        return sum((counted for _, counted in self._counted(start, end)), timedelta())

    def _counted(self, start: datetime, end: datetime) -> Iterator[tuple[datetime, timedelta]]:
        """Yield the open minutes with how much of each counts."""
        for number in range((start - self.begins) // MINUTE, len(self.open)):
            minute = self.begins + number * MINUTE
            if minute >= end:
                break
            if self.open[number]:
                yield minute, self._running(max(minute, start), min(minute + MINUTE, end))

    def _running(self, begins: datetime, ends: datetime) -> timedelta:
        if not any(begins < at < ends for at, _ in self.events):
            return ends - begins if self._runs(begins) else timedelta()
        seconds = range((ends - begins) // SECOND)
        return sum(self._runs(begins + n * SECOND) for n in seconds) * SECOND

    def _runs(self, at: datetime) -> bool:
        """Whether the last thing that happened up to an instant lets the clock run."""
        last = "create"
        for when, kind in sorted(self.events, key=lambda event: event[0]):
            if when <= at and kind in (
                "create",
                "create_paused",
                "pause",
                "resume",
                "close",
                "reopen",
            ):
                last = kind
        return last in ("create", "resume", "reopen")


def _open_minutes(hours: Hours, first: date, days: int) -> bytearray:
    """Return a byte for each minute of UTC, 1 where the desk is open."""
    walls, number_of = _walls(hours.zone, first, days)
    opened = bytearray(len(walls))
    day = walls[0].date()
    while day <= walls[-1].date():
        noon = datetime(day.year, day.month, day.day, 12)  # noqa: DTZ001 - what the wall says
        skipped = walls[0] <= noon <= walls[-1] and noon not in number_of
        for opens, closes in () if skipped else _rules(hours, day):
            midnight = noon - timedelta(hours=12)
            begin = _number(walls, number_of, midnight + opens * MINUTE)
            end = _number(walls, number_of, midnight + closes * MINUTE)
            for number in range(begin, end):
                opened[number] = 1
        day += DAY
    return opened


def _rules(hours: Hours, day: date) -> Openings:
    special = dict(hours.special)
    if day in special:
        return special[day]
    return () if day in hours.holidays else hours.week[day.weekday()]


@lru_cache(maxsize=64)
def _walls(zone: ZoneInfo, first: date, days: int) -> tuple[list[datetime], dict[datetime, int]]:
    """Return what the wall says at each minute, and the first minute at which it says so."""
    start = datetime(first.year, first.month, first.day, tzinfo=UTC)
    walls = [
        (start + n * MINUTE).astimezone(zone).replace(tzinfo=None) for n in range(days * 1_440)
    ]
    number_of: dict[datetime, int] = {}
    for number, wall in enumerate(walls):
        number_of.setdefault(wall.replace(fold=0), number)
    return walls, number_of


def _number(walls: list[datetime], number_of: dict[datetime, int], wall: datetime) -> int:
    """Return the minute of a wall time, moved forward where the wall skips it."""
    if wall in number_of:
        return number_of[wall]
    for before, after in pairwise(walls):
        if before < wall < after:
            return _number(walls, number_of, wall + (after - before - MINUTE))
    return 0 if wall < walls[0] else len(walls)
