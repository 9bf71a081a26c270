"""Business time: when a desk is open, when a target of open time is used up, how much has passed.

Local rules become half-open ranges of UTC, one week of UTC at a time, and all arithmetic is done
on those. A wall time that daylight saving skips moves forward by the gap; one that comes twice
means the first; a date that a zone left out has no opening.
"""

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import Final, NamedTuple
from zoneinfo import ZoneInfo

from msgspec import Struct

from kefu.sla.errors import NeverOpen, TargetRefused, TooFar

Range = tuple[datetime, datetime]
"""From the first instant up to, not including, the second; both UTC."""

FARTHEST: Final = timedelta(days=36_525)
"""No question reaches further: a hundred years."""

_EPOCH: Final = datetime(1970, 1, 5, tzinfo=UTC)
_END: Final = datetime.max.replace(tzinfo=UTC)
_WEEK: Final = timedelta(days=7)
_DAY: Final = timedelta(days=1)
_YEAR: Final = timedelta(days=366)
_ZERO: Final = timedelta()
_NOON: Final = 12 * 60


class Opening(NamedTuple):
    """Open from `opens` up to `closes`, in minutes of the wall clock since the day's midnight.

    A night closes after 1,440, on the day that follows; it belongs to the day it begins on.
    """

    opens: int
    closes: int


Openings = tuple[Opening, ...]
ALWAYS: Final[tuple[Openings, ...]] = ((Opening(0, 1_440),),) * 7


class Hours(Struct, frozen=True, cache_hash=True):
    """When somebody answers.

    week: the openings of Monday to Sunday, sorted, none overlapping another; ALWAYS never closes.
    special: dates with openings of their own, sorted by date; an empty one is closed.
    holidays: closed dates; a special date wins.
    """

    zone: ZoneInfo
    week: tuple[Openings, ...] = ALWAYS
    special: tuple[tuple[date, Openings], ...] = ()
    holidays: frozenset[date] = frozenset()

    @property
    def never_close(self) -> bool:
        """Whether open time is all time."""
        return self.week == ALWAYS and not self.special and not self.holidays


def due_at(
    start: datetime, target: timedelta, hours: Hours, paused: Iterable[Range] = ()
) -> datetime:
    """Return when a target is used up, counting open time that is not paused.

    paused: sorted ranges that do not overlap, as `clock.stops` gives them.
    A target that ends exactly at closing is due at closing.
    Raises TargetRefused unless target > 0, NeverOpen, TooFar.
    Cost: a few microseconds; O(weeks between start and result).
    """
    if target <= _ZERO:
        raise TargetRefused
    left = target
    for opens, closes in _running(_open_from(start, hours), paused):
        if left <= closes - opens:
            return opens + left
        left -= closes - opens
    raise TooFar if any(_open_from(start, hours)) else NeverOpen


def elapsed(
    start: datetime, end: datetime, hours: Hours, paused: Iterable[Range] = ()
) -> timedelta:
    """Return the open time from start to end that is not paused; zero if end is not later.

    The inverse of `due_at`: elapsed(start, due_at(start, target)) is target.
    Raises TooFar for hours that close and a span over FARTHEST.
    """
    start, end = start.astimezone(UTC), end.astimezone(UTC)
    if not hours.never_close and end - start > FARTHEST:
        raise TooFar
    total = _ZERO
    for opens, closes in _running(_open_between(start, end, hours), paused):
        total += closes - opens
    return total


def is_open(at: datetime, hours: Hours) -> bool:
    """Return whether somebody answers at that instant; the instant of closing is closed."""
    return hours.never_close or any(
        opens <= at < closes for opens, closes in _week_of(hours, _number(at))
    )


def next_opening(at: datetime, hours: Hours) -> datetime:
    """Return the first open instant that is not before at: at itself while open.

    Raises NeverOpen.
    """
    for opens, _ in _open_from(at, hours):
        return opens
    raise NeverOpen


def closes_at(at: datetime, hours: Hours) -> datetime | None:
    """Return when the opening that at lies in ends; None while closed, or if that is over a
    year away."""
    if hours.never_close or not is_open(at, hours):
        return None
    end: datetime | None = None
    for opens, closes in _open_from(at, hours):
        if end is not None and opens > end:
            break
        end = closes
        if end - at > _YEAR:
            return None
    return end


def _open_from(start: datetime, hours: Hours) -> Iterator[Range]:
    """Yield the open ranges from start on, as far as questions reach."""
    start = start.astimezone(UTC)
    if hours.never_close:
        yield start, _END
        return
    first = _number(start)
    for number in range(first, min(first + FARTHEST // _WEEK, _last_week(hours)) + 1):
        for opens, closes in _week_of(hours, number):
            if closes > start:
                yield max(opens, start), closes


def _open_between(start: datetime, end: datetime, hours: Hours) -> Iterator[Range]:
    if hours.never_close:
        if start < end:
            yield start, end
        return
    for number in range(_number(start), _number(end) + 1):
        for opens, closes in _week_of(hours, number):
            if opens < end and start < closes:
                yield max(opens, start), min(closes, end)


def _running(ranges: Iterable[Range], paused: Iterable[Range]) -> Iterator[Range]:
    """Yield what the pauses leave of the ranges."""
    pauses = iter(paused)
    pause = next(pauses, None)
    for opens, closes in ranges:
        while pause is not None and pause[1] <= opens:
            pause = next(pauses, None)
        begins = opens
        while pause is not None and pause[0] < closes:
            if begins < pause[0]:
                yield begins, pause[0]
            begins = pause[1]
            if closes <= begins:
                break
            pause = next(pauses, None)
        if begins < closes:
            yield begins, closes


def _number(at: datetime) -> int:
    """Return which week of UTC an instant lies in."""
    return (at - _EPOCH) // _WEEK


def _last_week(hours: Hours) -> int:
    """Return the last week that may have open time."""
    if any(hours.week):
        return _number(_END)
    last = max((day for day, openings in hours.special if openings), default=date.min)
    return _number(datetime.combine(last, time(), UTC)) + 1


@lru_cache(maxsize=2_048)
def _week_of(hours: Hours, number: int) -> tuple[Range, ...]:
    """Return the open ranges of one week of UTC, sorted, apart, cut at the week's ends.

    Cost: about 10 us for each opening of eleven days, once.
    """
    try:
        begins = _EPOCH + number * _WEEK
        ends = begins + _WEEK
        # A night reaches into the next date, over a date that was left out into the one after it.
        first = begins.astimezone(hours.zone).date() - 2 * _DAY
        ranges = [each for n in range(11) for each in _ranges(hours, first + n * _DAY)]
    except OverflowError:
        raise TooFar from None
    inside = (
        (max(opens, begins), min(closes, ends))
        for opens, closes in ranges
        if opens < ends and begins < closes
    )
    return tuple(_merged(sorted(inside)))


def _ranges(hours: Hours, day: date) -> Iterator[Range]:
    """Yield the open ranges that begin on a local date, in no certain order."""
    openings = openings_on(day, hours)
    if not openings or _instant(hours.zone, day, _NOON).astimezone(hours.zone).date() != day:
        return
    for opening in openings:
        opens = _instant(hours.zone, day, opening.opens)
        closes = _instant(hours.zone, day, opening.closes)
        if opens < closes:  # else the gap of daylight saving has swallowed it
            yield opens, closes


def openings_on(day: date, hours: Hours) -> Openings:
    """Return the openings that begin on a local date."""
    place = bisect_right(hours.special, day, key=lambda special: special[0])
    if place and hours.special[place - 1][0] == day:
        return hours.special[place - 1][1]
    return () if day in hours.holidays else hours.week[day.weekday()]


def _instant(zone: ZoneInfo, day: date, minutes: int) -> datetime:
    """Return the instant of a wall time; in a gap the offset before it counts, which moves it
    forward; of two the first."""
    days, minutes = divmod(minutes, 1_440)
    wall = datetime.combine(day + days * _DAY, time(*divmod(minutes, 60)), zone)
    return wall.astimezone(UTC)


def _merged(ranges: Iterable[Range]) -> Iterator[Range]:
    """Yield sorted ranges with those that touch made one: a gap may push one into the next."""
    held: Range | None = None
    for opens, closes in ranges:
        if held is None:
            held = opens, closes
        elif opens <= held[1]:
            held = held[0], max(held[1], closes)
        else:
            yield held
            held = opens, closes
    if held is not None:
        yield held
