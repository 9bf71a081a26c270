"""Every edge of business time that other desks fell over, as a table."""

from datetime import UTC, date, datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

import pytest

from kefu.sla import calendar
from kefu.sla.clock import stops
from kefu.sla.errors import NeverOpen, TargetRefused, TooFar
from kefu.sla.hours import Hours, closes_at, due_at, elapsed, is_open, next_opening

WORKDAYS: Final = ("mon", "tue", "wed", "thu", "fri")
EVERY_DAY: Final = calendar.DAYS


def dated(day: str, *pairs: str) -> dict[str, Any]:
    """Return one special day for `hours`."""
    return {"special_days": {day: [pair.split("-") for pair in pairs]}}


def hours(zone: str, days: tuple[str, ...], *pairs: str, **more: Any) -> Hours:
    """Return hours that are alike on some days, each pair written `09:00-17:00`."""
    openings = [pair.split("-") for pair in pairs]
    return calendar.read(
        {"timezone": zone, "business_hours": dict.fromkeys(days, openings), "holidays": [], **more}
    )


def at(text: str) -> datetime:
    """Return an instant of UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


OFFICE: Final = hours("UTC", WORKDAYS, "09:00-17:00")
LUNCH: Final = hours("UTC", WORKDAYS, "09:00-12:00", "13:00-17:00")
NIGHTS: Final = hours("UTC", WORKDAYS, "22:00-06:00")
FESTIVAL: Final = hours(
    "Asia/Shanghai",
    WORKDAYS,
    "09:00-18:00",
    holidays=["2024-02-12", "2024-02-13", "2024-02-14", "2024-02-15", "2024-02-16"],
    special_days={"2024-02-18": [["09:00", "18:00"]], "2024-02-13": [["10:00", "12:00"]]},
)
BERLIN: Final = hours("Europe/Berlin", WORKDAYS, "09:00-17:00")


@pytest.mark.parametrize(
    ("what", "open_hours", "start", "minutes", "due"),
    [
        ("ends at closing", OFFICE, "2024-03-04T16:00", 60, "2024-03-04T17:00"),
        ("a second over", OFFICE, "2024-03-04T15:59:59", 60, "2024-03-04T16:59:59"),
        ("a second past closing", OFFICE, "2024-03-04T16:00:01", 60, "2024-03-05T09:00:01"),
        ("seconds in the start", OFFICE, "2024-03-04T16:59:30", 1, "2024-03-05T09:00:30"),
        ("a tenth of a minute", OFFICE, "2024-03-04T10:00", 0.1, "2024-03-04T10:00:06"),
        ("starts at closing", OFFICE, "2024-03-04T17:00", 30, "2024-03-05T09:30"),
        ("starts before opening", OFFICE, "2024-03-04T06:00", 30, "2024-03-04T09:30"),
        ("starts after the last open day", OFFICE, "2024-03-08T18:00", 30, "2024-03-11T09:30"),
        ("over the lunch break", LUNCH, "2024-03-04T11:30", 60, "2024-03-04T13:30"),
        ("ends as lunch begins", LUNCH, "2024-03-04T11:00", 60, "2024-03-04T12:00"),
        ("a whole week", OFFICE, "2024-03-04T09:00", 2_400, "2024-03-08T17:00"),
        # holidays
        ("holidays in a row", FESTIVAL, "2024-02-13T04:00", 60, "2024-02-18T02:00"),
        ("a special day wins over a holiday", FESTIVAL, "2024-02-12T04:00", 30, "2024-02-13T02:30"),
        ("a Sunday that is worked", FESTIVAL, "2024-02-17T04:00", 540, "2024-02-18T10:00"),
        ("and the Monday after it", FESTIVAL, "2024-02-18T10:00", 1, "2024-02-19T01:01"),
        # zones
        (
            "an evening that is the next local day",
            hours("Asia/Hong_Kong", WORKDAYS, "09:00-17:00"),
            "2024-03-03T23:30", 30, "2024-03-04T01:30",
        ),
        ("from winter into summer", BERLIN, "2024-03-29T15:30", 60, "2024-04-01T07:30"),
        ("from summer into winter", BERLIN, "2024-10-25T14:30", 60, "2024-10-28T08:30"),
        (
            "quarters of an hour",
            hours("Asia/Kathmandu", EVERY_DAY, "09:00-17:00"),
            "2024-03-04T00:00", 15, "2024-03-04T03:30",
        ),
        (
            "quarters of an hour in summer",
            hours("Pacific/Chatham", EVERY_DAY, "09:00-17:00"),
            "2024-01-14T12:00", 15, "2024-01-14T19:30",
        ),
        # changes of the clocks
        (
            "opens in the gap, which moves it forward",
            hours("Europe/Berlin", ("sun",), "02:30-06:00"),
            "2024-03-31T00:00", 30, "2024-03-31T02:00",
        ),
        (
            "lies in the gap, and is swallowed",
            hours("Europe/Berlin", ("sun",), "02:00-03:00"),
            "2024-03-31T00:00", 30, "2024-04-07T00:30",
        ),
        (
            "begins in the gap and ends with it, which takes no time away",
            hours("Europe/Berlin", ("sun",), "02:30-03:00", "05:00-06:00"),
            "2024-03-31T00:00", 30, "2024-03-31T03:30",
        ),
        (
            "is moved into the next opening, and counts once",
            hours("Europe/Berlin", ("sun",), "02:15-02:45", "03:00-04:00"),
            "2024-03-31T00:00", 60, "2024-03-31T02:00",
        ),
        (
            "opens when the wall says so for the first time",
            hours("Europe/Berlin", ("sun",), "02:30-06:00"),
            "2024-10-27T00:00", 45, "2024-10-27T01:15",
        ),
        (
            "24:00 is in the gap",
            hours("Africa/Cairo", ("thu",), "22:00-24:00"),
            "2024-04-25T18:00", 120, "2024-04-25T22:00",
        ),
        (
            "a date that never was has no hours",
            hours("Pacific/Apia", EVERY_DAY, "09:00-17:00"),
            "2011-12-30T03:00", 60, "2011-12-30T20:00",
        ),
        (
            "a night over the date that never was",
            hours("Pacific/Apia", ("thu",), "22:00-06:00"),
            "2011-12-30T07:00", 480, "2011-12-30T16:00",
        ),
        # nights
        ("a night", NIGHTS, "2024-03-04T23:00", 420, "2024-03-05T06:00"),
        ("a night into the day off", NIGHTS, "2024-03-08T23:00", 421, "2024-03-11T22:01"),
        (
            "a night whose morning is a holiday",
            hours("UTC", WORKDAYS, "22:00-06:00", holidays=["2024-03-05"]),
            "2024-03-04T22:00", 481, "2024-03-06T22:01",
        ),
        (
            "a night that begins on a holiday",
            hours("UTC", WORKDAYS, "22:00-06:00", holidays=["2024-03-05"]),
            "2024-03-05T21:00", 1, "2024-03-06T22:01",
        ),
        (
            "a special day into the night",
            hours("UTC", WORKDAYS, "09:00-17:00", **dated("2024-03-04", "20:00-02:00")),
            "2024-03-04T10:00", 361, "2024-03-05T09:01",
        ),
        (
            "00:00 closes the day",
            hours("UTC", ("mon",), "20:00-00:00"),
            "2024-03-04T20:00", 240, "2024-03-05T00:00",
        ),
        (
            "always, but for a holiday",
            calendar.read(
                {"timezone": "UTC", "business_hours": "always", "holidays": ["2024-03-05"]}
            ),
            "2024-03-04T23:00", 61, "2024-03-06T00:01",
        ),
        ("always", Hours(ZoneInfo("UTC")), "2024-03-04T23:00", 2_000, "2024-03-06T08:20"),
    ],
)  # fmt: skip
def test_a_target_is_due(
    what: str, open_hours: Hours, start: str, minutes: float, due: str
) -> None:
    target = timedelta(minutes=minutes)
    assert due_at(at(start), target, open_hours) == at(due), what
    assert elapsed(at(start), at(due), open_hours) == target, what


@pytest.mark.parametrize(
    ("what", "open_hours", "start", "end", "minutes"),
    [
        (
            "a night of 23 hours' day",
            hours("Europe/Berlin", ("sat",), "22:00-06:00"),
            "2024-03-30T12:00", "2024-03-31T12:00", 420,
        ),
        (
            "a night of 25 hours' day",
            hours("Europe/Berlin", ("sat",), "22:00-06:00"),
            "2024-10-26T12:00", "2024-10-27T12:00", 540,
        ),
        (
            "half an hour that comes twice",
            hours("Australia/Lord_Howe", ("sun",), "01:00-03:00"),
            "2024-04-06T12:00", "2024-04-07T12:00", 150,
        ),
        (
            "four dates of which one never was",
            hours("Pacific/Apia", EVERY_DAY, "09:00-17:00"),
            "2011-12-29T10:00", "2012-01-01T10:00", 1_440,
        ),
        ("no time at all", OFFICE, "2024-03-04T10:00", "2024-03-04T10:00", 0),
        ("an end before the start", OFFICE, "2024-03-04T12:00", "2024-03-04T10:00", 0),
        ("from closed to closed", OFFICE, "2024-03-02T10:00", "2024-03-03T10:00", 0),
    ],
)  # fmt: skip
def test_open_time_has_passed(
    what: str, open_hours: Hours, start: str, end: str, minutes: int
) -> None:
    assert elapsed(at(start), at(end), open_hours) == timedelta(minutes=minutes), what


@pytest.mark.parametrize(
    ("what", "events", "due"),
    [
        ("nothing", "", "2024-03-08T12:00"),
        ("one pause", "10:00 pause, 11:00 resume", "2024-03-08T14:00"),
        ("two", "10:00 pause, 10:30 resume, 11:00 pause, 11:30 resume", "2024-03-08T14:00"),
        ("one to the second", "10:00:01 pause, 10:00:37 resume", "2024-03-08T13:00:36"),
        ("one of no length", "10:00 pause, 10:00 resume", "2024-03-08T12:00"),
        ("one that ends in the lunch break", "11:00 pause, 12:30 resume", "2024-03-08T14:00"),
        ("one over a weekend", "11:00 pause, +3 10:00 resume", "2024-03-11T11:00"),
        ("one over a holiday", "11:00 pause, +4 10:00 resume", "2024-03-12T11:00"),
        ("made while paused", "09:00 create_paused, 10:00 resume", "2024-03-08T14:00"),
        ("closed, reopened", "10:00 close, 11:00 reopen", "2024-03-08T14:00"),
        ("from paused to closed", "10:00 pause, 10:30 close, 11:00 reopen", "2024-03-08T14:00"),
        ("paused twice at once", "10:00 pause, 10:30 pause, 11:00 resume", "2024-03-08T14:00"),
        ("one after it was due", "14:00 pause, 15:00 resume", "2024-03-08T12:00"),
        ("one that begins as it is due", "12:00 pause, 15:00 resume", "2024-03-08T12:00"),
        ("something else", "10:00 comment, 11:00 assign", "2024-03-08T12:00"),
        ("in the wrong order", "11:00 resume, 10:00 pause", "2024-03-08T14:00"),
        ("still paused", "10:00 pause", None),
        ("still closed", "10:00 pause, 11:00 resume, 15:00 close", None),
    ],
)
def test_a_clock_stands_still(what: str, events: str, due: str | None) -> None:
    office = hours("UTC", WORKDAYS, "09:00-12:00", "13:00-17:00", holidays=["2024-03-11"])
    if what == "one over a weekend":
        office = LUNCH
    still = stops(_happened(event) for event in events.split(", ") if event)
    target = timedelta(hours=3)
    if due is None:
        assert still.since is not None
    else:
        assert due_at(at("2024-03-08T09:00"), target, office, still.spans) == at(due)
        assert elapsed(at("2024-03-08T09:00"), at(due), office, still.spans) == target


def _happened(text: str) -> tuple[datetime, str]:
    """Return an event written `[+days ]time kind`."""
    *days, clock, kind = text.split()
    later = timedelta(days=int(days[0])) if days else timedelta()
    return at(f"2024-03-08T{clock}") + later, kind


def test_a_pause_that_lasts_is_seen_from_the_end() -> None:
    start, end = at("2024-03-04T10:00"), at("2024-03-04T12:00")
    still = stops([(at("2024-03-04T10:30"), "pause")])
    assert elapsed(start, end, OFFICE, still.until(end)) == timedelta(minutes=30)
    early = at("2024-03-04T10:10")
    assert elapsed(start, early, OFFICE, still.until(early)) == timedelta(minutes=10)


def test_it_says_whether_and_until_when_somebody_answers() -> None:
    monday = at("2024-03-04T12:00")
    assert is_open(monday, OFFICE) and closes_at(monday, OFFICE) == at("2024-03-04T17:00")
    assert next_opening(monday, OFFICE) == monday
    closing = at("2024-03-08T17:00")
    assert not is_open(closing, OFFICE) and closes_at(closing, OFFICE) is None
    assert next_opening(closing, OFFICE) == at("2024-03-11T09:00")
    whole = hours("UTC", EVERY_DAY, "00:00-12:00", "12:00-24:00")
    assert closes_at(monday, whole) is None
    once = hours("UTC", ("mon",), **dated("2024-03-04", "09:00-13:00"))
    assert closes_at(monday, once) == at("2024-03-04T13:00")


def test_what_is_never_open_is_an_error_and_no_loop() -> None:
    never = Hours(ZoneInfo("UTC"), ((),) * 7)
    past = hours("UTC", (), **dated("2024-03-04", "09:00-13:00"))
    start, minute = at("2024-03-05T00:00"), timedelta(minutes=1)
    for each in (never, past):
        with pytest.raises(NeverOpen):
            due_at(start, minute, each)
        with pytest.raises(NeverOpen):
            next_opening(start, each)
        assert not is_open(start, each)
        assert elapsed(start, start + timedelta(days=900), each) == timedelta()
    assert due_at(at("2020-01-01T00:00"), minute, past) == at("2024-03-04T09:01")


def test_what_is_too_far_is_an_error_and_no_loop() -> None:
    start = at("2024-03-04T00:00")
    rare = hours("UTC", ("mon",), "09:00-09:01")
    for each in (rare, Hours(ZoneInfo("UTC"))):
        with pytest.raises(TooFar):
            due_at(start, timedelta(days=3_000_000), each)
    with pytest.raises(TooFar):
        elapsed(start, start + timedelta(days=40_000), rare)
    with pytest.raises(TooFar):
        due_at(at("9999-12-20T00:00"), timedelta(minutes=2), rare)
    once = hours("UTC", (), **dated("2024-03-04", "09:00-09:01"))
    with pytest.raises(TooFar):
        due_at(start, timedelta(minutes=2), once)


def test_a_target_is_longer_than_zero() -> None:
    for target in (timedelta(), timedelta(minutes=-1)):
        with pytest.raises(TargetRefused):
            due_at(at("2024-03-04T10:00"), target, OFFICE)


def test_a_long_row_of_holidays_is_stepped_over() -> None:
    first = date(2024, 1, 1)
    closed = calendar.closed_on(OFFICE, (first + timedelta(days=n) for n in range(1_000)))
    assert due_at(at("2024-01-01T00:00"), timedelta(minutes=1), closed) == at("2026-09-28T09:01")
