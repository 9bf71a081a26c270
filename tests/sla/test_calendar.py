"""Calendars as people write them, and why one is refused."""

from datetime import date
from typing import Any

import pytest

from kefu.core import i18n
from kefu.core.errors import KefuError
from kefu.sla import calendar
from kefu.sla.errors import (
    FieldMalformed,
    NeverOpen,
    OpeningEmpty,
    OpeningsOverlap,
    TimeMalformed,
    ZoneUnknown,
)
from kefu.sla.hours import ALWAYS, Opening

FORM: dict[str, Any] = {
    "timezone": "Europe/Berlin",
    "business_hours": {
        "mon": [["13:00", "24:00"], ["09:00", "12:00"]],
        "fri": [["22:00", "06:00"]],
    },
    "special_days": {"2024-02-18": [["09:00", "00:00"]], "2024-02-16": []},
    "holidays": ["2024-12-25", "2024-12-25"],
}  # fmt: skip


def test_a_form_becomes_hours() -> None:
    hours = calendar.read(FORM)
    assert hours.zone.key == "Europe/Berlin"
    assert hours.week[0] == (Opening(540, 720), Opening(780, 1_440))
    assert hours.week[4] == (Opening(1_320, 1_800),)
    assert hours.week[6] == ()
    assert hours.special == (
        (date(2024, 2, 16), ()),
        (date(2024, 2, 18), (Opening(540, 1_440),)),
    )
    assert hours.holidays == {date(2024, 12, 25)}
    assert hours == calendar.read(FORM) and hash(hours) == hash(calendar.read(FORM))


def test_always_needs_no_more_than_a_zone() -> None:
    hours = calendar.read({"timezone": "UTC", "business_hours": "always"})
    assert hours.week == ALWAYS and hours.never_close


def test_times_that_touch_do_not_overlap() -> None:
    touching = [["00:00", "06:00"], ["06:00", "12:00"], ["20:00", "00:00"]]
    week = {"sun": touching, "mon": [["20:00", "06:00"]], "tue": [["06:00", "12:00"]]}
    hours = calendar.read(FORM | {"business_hours": week})
    assert [len(openings) for openings in hours.week] == [1, 1, 0, 0, 0, 0, 3]


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"business_hours": {}, "special_days": None}, NeverOpen),
        ({"business_hours": {"mon": []}, "special_days": {"2024-02-18": []}}, NeverOpen),
        ({"business_hours": {"mon": [["09:00", "12:00"], ["11:59", "13:00"]]}}, OpeningsOverlap),
        ({"business_hours": {"mon": [["09:00", "12:00"], ["09:00", "12:00"]]}}, OpeningsOverlap),
        ({"business_hours": {"mon": [["22:00", "06:00"], ["23:00", "24:00"]]}}, OpeningsOverlap),
        (
            {"business_hours": {"mon": [["22:00", "06:00"]], "tue": [["05:00", "07:00"]]}},
            OpeningsOverlap,
        ),
        (
            {"business_hours": {"sun": [["22:00", "06:00"]], "mon": [["05:00", "07:00"]]}},
            OpeningsOverlap,
        ),
        (
            {"special_days": {"2024-02-18": [["09:00", "12:00"], ["11:00", "13:00"]]}},
            OpeningsOverlap,
        ),
        ({"special_days": {"2024-02-18": [["20:00", "10:00"]]}}, OpeningsOverlap),  # into Monday
        ({"special_days": {"2024-02-17": [["05:00", "07:00"]]}}, OpeningsOverlap),  # Friday's night
        ({"business_hours": {"mon": [["09:00", "09:00"]]}}, OpeningEmpty),
        ({"business_hours": {"mon": [["00:00", "00:00"]]}}, OpeningEmpty),
        ({"business_hours": {"mon": [["24:00", "24:00"]]}}, OpeningEmpty),
        ({"business_hours": {"mon": [["24:00", "06:00"]]}}, TimeMalformed),
        ({"business_hours": {"mon": [["18:60", "19:00"]]}}, TimeMalformed),
        ({"business_hours": {"mon": [["09:00", "24:01"]]}}, TimeMalformed),
        ({"business_hours": {"mon": [["25:00", "26:00"]]}}, TimeMalformed),
        ({"business_hours": {"mon": [["9:00", "12:00"]]}}, TimeMalformed),
        ({"business_hours": {"mon": [["０９:00", "12:00"]]}}, TimeMalformed),
        ({"business_hours": {"mon": [["09:00"]]}}, TimeMalformed),
        ({"business_hours": {"mon": [[540, 720]]}}, TimeMalformed),
        ({"business_hours": {"mon": ["09:00", "12:00"]}}, TimeMalformed),
        ({"business_hours": {"mon": "09:00"}}, TimeMalformed),
        ({"business_hours": {"mon": None}}, TimeMalformed),
        ({"business_hours": {"monday": []}}, FieldMalformed),
        ({"business_hours": "never"}, FieldMalformed),
        ({"business_hours": None}, FieldMalformed),
        ({"business_hours": []}, FieldMalformed),
        ({"special_days": []}, FieldMalformed),
        ({"special_days": {"2024-02-30": []}}, FieldMalformed),
        ({"special_days": {"20240218": []}}, FieldMalformed),
        ({"special_days": {"9999-12-31": []}}, FieldMalformed),
        ({"holidays": "2024-12-25"}, FieldMalformed),
        ({"holidays": [20241225]}, FieldMalformed),
        ({"holidays": ["2024-13-01"]}, FieldMalformed),
        ({"timezone": None}, FieldMalformed),
        ({"timezone": "Mars/Olympus"}, ZoneUnknown),
        ({"timezone": "America"}, ZoneUnknown),
        ({"timezone": "../../etc/passwd"}, ZoneUnknown),
        ({"timezone": "localtime"}, ZoneUnknown),
        ({"timezone": "UTC\0"}, ZoneUnknown),
        ({"timezone": "\ud83d"}, ZoneUnknown),
        ({"timezone": ""}, ZoneUnknown),
    ],
)
def test_what_cannot_be_meant_is_refused(change: dict[str, Any], error: type[KefuError]) -> None:
    with pytest.raises(error) as refused:
        calendar.read(FORM | change)
    for lang in i18n.LANGUAGES:
        assert i18n.say(lang, f"error.{error.code}", **refused.value.values)


def test_a_special_day_decides_about_the_night_before_its_neighbour() -> None:
    """A holiday takes the night away that would run into an early opening."""
    week = {"fri": [["22:00", "06:00"]], "sat": [["06:00", "12:00"]]}
    form = FORM | {"business_hours": week, "special_days": {"2024-02-17": [["05:00", "12:00"]]}}
    with pytest.raises(OpeningsOverlap):
        calendar.read(form)
    hours = calendar.read(form | {"holidays": ["2024-02-16"]})
    assert hours.special == ((date(2024, 2, 17), (Opening(300, 720),)),)


def test_more_holidays_leave_special_dates_open() -> None:
    hours = calendar.closed_on(calendar.read(FORM), [date(2024, 2, 18), date(2024, 2, 19)])
    assert hours.holidays == {date(2024, 12, 25), date(2024, 2, 18), date(2024, 2, 19)}
    assert hours.special == calendar.read(FORM).special
