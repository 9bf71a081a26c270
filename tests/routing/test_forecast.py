"""Who is to be expected: the same weekday and wall clock, recent weeks counting most."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from kefu.routing.forecast import FADES, WEEKS, carried, expected
from kefu.routing.staffing import SLOT

NOW = datetime(2026, 3, 30, 12, 0, tzinfo=UTC)
LONG_AGO = NOW - timedelta(days=365)
WEEK = timedelta(days=7)


def one(at: datetime, came: dict[datetime, int], first: datetime | None = LONG_AGO) -> float:
    [found] = expected([at], came, first=first, now=NOW, zone=UTC)
    return found


def test_what_came_every_week_is_expected_again() -> None:
    at = NOW + SLOT
    assert one(at, {at - n * WEEK: 6 for n in range(1, WEEKS + 1)}) == pytest.approx(6)


def test_a_recent_week_counts_more_than_an_old_one() -> None:
    at = NOW + SLOT
    last, before = one(at, {at - WEEK: 10}), one(at, {at - 2 * WEEK: 10})
    assert before == pytest.approx(FADES * last)


def test_weeks_before_the_log_began_do_not_count_as_empty() -> None:
    at = NOW + SLOT
    assert one(at, {at - WEEK: 10}, first=at - WEEK - timedelta(days=1)) == 10
    assert one(at, {}, first=None) == 0


def test_the_second_week_ahead_looks_back_over_the_one_that_has_not_been() -> None:
    at = NOW + WEEK + SLOT
    assert one(at, {at - 2 * WEEK: 8}, first=at - 2 * WEEK) == 8


def test_the_wall_clock_counts_across_a_change_of_the_clocks() -> None:
    berlin = ZoneInfo("Europe/Berlin")  # summer time began on 29 March 2026
    at = datetime(2026, 3, 31, 9, 0, tzinfo=berlin).astimezone(UTC)
    then = datetime(2026, 3, 24, 9, 0, tzinfo=berlin).astimezone(UTC)
    assert at - then == WEEK - timedelta(hours=1)
    [found] = expected([at], {then: 5}, first=then, now=NOW, zone=berlin)
    assert found == 5


def test_who_comes_while_it_is_closed_waits_for_the_opening() -> None:
    assert carried([1, 2, 3, 4], [True, False, False, True]) == [1, 0, 0, 9]
