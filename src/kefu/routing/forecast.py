"""How many customers to expect: what came on the same weekday at the same time, lately most."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Final

from kefu.routing.staffing import SLOT

WEEKS: Final = 8
"""How far back is looked."""

FADES: Final = 0.75
"""What a week counts beside the one after it."""

_WEEK: Final = timedelta(days=7)


def slots(starts: datetime, count: int) -> list[datetime]:
    """Return the beginnings of so many half hours."""
    return [starts + n * SLOT for n in range(count)]


def expected(
    ahead: Sequence[datetime],
    came: Mapping[datetime, int],
    *,
    first: datetime | None,
    now: datetime,
    zone: tzinfo,
) -> list[float]:
    """Return how many customers to expect in half hours to come.

    came: how many came, by the beginning of the half hour; one that is missing saw none.
    first: when the log begins; None: there is none, and nothing is expected.
    zone: whose weekdays and wall clock people live by.
    """
    return [_mean(_weighed(at, came, first, now, zone)) for at in ahead]


def _weighed(
    at: datetime,
    came: Mapping[datetime, int],
    first: datetime | None,
    now: datetime,
    zone: tzinfo,
) -> Iterator[tuple[float, int]]:
    """Yield the same half hour of the last WEEKS that are over: its weight and who came."""
    wall, counted = at.astimezone(zone).replace(tzinfo=None), 0
    for week in range(1, 2 * WEEKS):
        then = (wall - week * _WEEK).replace(tzinfo=zone).astimezone(UTC)
        if first is None or then < first or counted == WEEKS:
            return
        if then + SLOT <= now:
            yield FADES**counted, came.get(then, 0)
            counted += 1


def _mean(weighed: Iterable[tuple[float, int]]) -> float:
    total = weights = 0.0
    for weight, count in weighed:
        total += weight * count
        weights += weight
    return total / weights if weights else 0.0


def carried(expected: Sequence[float], is_open: Sequence[bool]) -> list[float]:
    """Return the customers of each half hour, those of closed ones at the next opening."""
    found, waiting = [], 0.0
    for count, opened in zip(expected, is_open, strict=True):
        found.append(count + waiting if opened else 0.0)
        waiting = 0.0 if opened else waiting + count
    return found
