"""Due and elapsed on calendars nobody wrote, beside a model that walks every minute."""

from datetime import UTC, date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kefu.sla.clock import RUNS, stops
from kefu.sla.errors import NeverOpen, TooFar
from kefu.sla.hours import (
    ALWAYS,
    Hours,
    Opening,
    closes_at,
    due_at,
    elapsed,
    is_open,
    next_opening,
)
from tests.sla.slow import Walk

DAYS: Final = 13
EDGES: Final = (
    ("Europe/Berlin", date(2024, 3, 31)),
    ("Europe/Berlin", date(2024, 10, 27)),
    ("America/New_York", date(2024, 3, 10)),
    ("America/New_York", date(2024, 11, 3)),
    ("America/Havana", date(2024, 3, 10)),  # 00:00 is skipped
    ("America/Havana", date(2024, 11, 3)),  # 00:00 comes twice
    ("Africa/Cairo", date(2024, 4, 26)),
    ("America/Nuuk", date(2024, 3, 30)),  # the gap ends at midnight
    ("Asia/Pyongyang", date(2018, 5, 4)),  # half an hour up to midnight, for good
    ("Australia/Lord_Howe", date(2024, 4, 7)),  # half an hour
    ("Australia/Lord_Howe", date(2024, 10, 6)),
    ("Antarctica/Troll", date(2024, 3, 31)),  # two hours
    ("Asia/Kathmandu", date(1986, 1, 1)),  # a quarter of an hour, for good
    ("Pacific/Chatham", date(2024, 9, 29)),
    ("Pacific/Apia", date(2011, 12, 30)),  # the date that never was
    ("Pacific/Kwajalein", date(1993, 8, 21)),
    ("Pacific/Kiritimati", date(1995, 1, 1)),
    ("Asia/Hong_Kong", date(2024, 2, 10)),
    ("UTC", date(2024, 2, 29)),
)

minutes = st.one_of(st.sampled_from([0, 60, 120, 150, 180, 540, 1_440]), st.integers(0, 1_440))


@st.composite
def openings(draw: st.DrawFn) -> tuple[Opening, ...]:
    """Draw the openings of a day: in any order, nights among them, overlaps too."""
    begins = draw(st.lists(minutes.filter(lambda at: at < 1_440), max_size=3))
    lengths = st.one_of(st.integers(1, 90), st.integers(1, 1_439))
    return tuple(Opening(at, at + draw(lengths)) for at in begins)


@st.composite
def cases(draw: st.DrawFn) -> tuple[Hours, date, datetime, list[tuple[datetime, str]]]:
    """Draw hours, the first day of a walk, a start within it and what happens to the clock."""
    zone, middle = draw(st.sampled_from(EDGES))
    near = st.integers(-3, 4).map(lambda days: middle + timedelta(days=days))
    hours = Hours(
        ZoneInfo(zone),
        draw(st.one_of(st.just(ALWAYS), st.tuples(*[openings()] * 7))),
        tuple(sorted(draw(st.dictionaries(near, openings(), max_size=2)).items())),
        draw(st.frozensets(near, max_size=2)),
    )
    first = middle - timedelta(days=5)
    begins = datetime(first.year, first.month, first.day, tzinfo=UTC)
    seconds = st.integers(3 * 86_400, 7 * 86_400)
    instants = st.one_of(seconds, seconds.map(lambda at: at // 1_800 * 1_800)).map(
        lambda at: begins + timedelta(seconds=at)
    )
    kinds = st.sampled_from([*RUNS, "comment"])
    return hours, first, draw(instants), draw(st.lists(st.tuples(instants, kinds), max_size=5))


targets = st.one_of(
    st.integers(1, 3 * 86_400 * 10**6).map(lambda n: timedelta(microseconds=n)),
    st.integers(1, 2_880).map(lambda n: timedelta(minutes=n)),
)


def check(
    case: tuple[Hours, date, datetime, list[tuple[datetime, str]]], target: timedelta, span: int
) -> None:
    hours, first, start, events = case
    walk = Walk(hours, first, DAYS, events)
    still = stops(events)
    end = start + timedelta(seconds=span)
    assert elapsed(start, end, hours, still.until(end)) == walk.elapsed(start, end)
    slow = walk.due_at(start, target)
    if still.since is None:
        try:
            due = due_at(start, target, hours, still.spans)
        except (NeverOpen, TooFar):
            assert slow is None
        else:
            assert due == slow if due < walk.ends else slow is None
            assert elapsed(start, due, hours, still.spans) == target
    _check_now(hours, start, walk)


def _check_now(hours: Hours, at: datetime, walk: Walk) -> None:
    number = (at - walk.begins) // timedelta(minutes=1)
    assert is_open(at, hours) == bool(walk.open[number])
    later = walk.open.find(not walk.open[number], number)
    turns = walk.begins + timedelta(minutes=later) if later >= 0 else None
    if is_open(at, hours):
        assert next_opening(at, hours) == at
        closes = closes_at(at, hours)
        assert (closes or walk.ends) == turns if turns else not closes or closes >= walk.ends
    else:
        assert closes_at(at, hours) is None
        assert turns is None or next_opening(at, hours) == turns


spans = st.integers(0, 3 * 86_400)


@given(cases(), targets, spans)
@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_every_answer_is_that_of_the_walk(
    case: tuple[Hours, date, datetime, list[tuple[datetime, str]]], target: timedelta, span: int
) -> None:
    check(case, target, span)


@pytest.mark.soak
@given(cases(), targets, spans)
@settings(max_examples=5_000, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_every_answer_is_that_of_the_walk_at_length(
    case: tuple[Hours, date, datetime, list[tuple[datetime, str]]], target: timedelta, span: int
) -> None:
    check(case, target, span)
