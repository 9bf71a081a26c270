"""Calendars as people write them: JSON to `Hours`, refused with a reason.

The form is `{timezone, business_hours, special_days?, holidays?}`; docs/service-levels.md
describes it.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta
from itertools import pairwise
from typing import Any, Final
from zoneinfo import ZoneInfo

from msgspec import Struct
from msgspec.structs import replace

from kefu.sla.errors import (
    FieldMalformed,
    NeverOpen,
    OpeningEmpty,
    OpeningsOverlap,
    TimeMalformed,
    ZoneUnknown,
)
from kefu.sla.hours import ALWAYS, Hours, Opening, Openings, openings_on

DAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")

_MIDNIGHT: Final = 1_440
_DAY: Final = timedelta(days=1)
_TIME: Final = re.compile(r"([01][0-9]|2[0-3]):([0-5][0-9])|24:00")
_DATE: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_ZONE: Final = re.compile(r"(?!posix/|right/)[A-Z][A-Za-z0-9_+-]*(/[A-Za-z0-9_+-]+)*")


class Saved(Struct, frozen=True):
    """A calendar as it is stored: its definition in the form `read` takes.

    Beside that form a definition may hold where its holidays come from (`sources`: `country`,
    `region`, `feed`) and what they are called (`names`, by date).
    """

    key: str
    name: dict[str, str]
    definition: dict[str, Any]


def read(form: Mapping[str, Any]) -> Hours:
    """Return the hours that a form says.

    Raises NeverOpen if nothing in it is ever open, and what `kefu.sla.errors` has for forms.
    """
    hours = Hours(
        zone=_zone(form.get("timezone")),
        week=_week(form.get("business_hours")),
        special=_special(form.get("special_days")),
        holidays=_dates(form.get("holidays")),
    )
    if not any(hours.week) and not any(openings for _, openings in hours.special):
        raise NeverOpen
    _refuse_overlaps(hours)
    return hours


def closed_on(hours: Hours, days: Iterable[date]) -> Hours:
    """Return the hours with more holidays, as of a country or a feed; special dates stay."""
    return replace(hours, holidays=hours.holidays | frozenset(days))


def _zone(name: Any) -> ZoneInfo:
    if not isinstance(name, str):
        raise FieldMalformed(field="timezone")
    if not _ZONE.fullmatch(name):
        raise ZoneUnknown
    try:
        return ZoneInfo(name)
    except (OSError, ValueError, LookupError):  # a folder of zones is no zone either
        raise ZoneUnknown from None


def _week(form: Any) -> tuple[Openings, ...]:
    if form == "always":
        return ALWAYS
    if not isinstance(form, dict) or not form.keys() <= set(DAYS):
        raise FieldMalformed(field="business_hours")
    return tuple(_day(form.get(day, []), day) for day in DAYS)


def _special(form: Any) -> tuple[tuple[date, Openings], ...]:
    if form is None:
        return ()
    if not isinstance(form, dict):
        raise FieldMalformed(field="special_days")
    return tuple(sorted((_date(day, "special_days"), _day(form[day], day)) for day in form))


def _dates(form: Any) -> frozenset[date]:
    if form is None:
        return frozenset()
    if not isinstance(form, list):
        raise FieldMalformed(field="holidays")
    return frozenset(_date(day, "holidays") for day in form)


def _date(text: Any, field: str) -> date:
    if not isinstance(text, str) or not _DATE.fullmatch(text):
        raise FieldMalformed(field=field)
    try:
        day = date.fromisoformat(text)
        _ = day - _DAY, day + _DAY  # its neighbours are asked for as well
    except (ValueError, OverflowError):
        raise FieldMalformed(field=field) from None
    return day


def _day(form: Any, day: str) -> Openings:
    """Return the openings of one day, sorted."""
    if not isinstance(form, list):
        raise TimeMalformed(day=day)
    return tuple(sorted(_opening(pair, day) for pair in form))


def _opening(pair: Any, day: str) -> Opening:
    if not isinstance(pair, list) or len(pair) != 2:
        raise TimeMalformed(day=day)
    opens, closes = (_minutes(each, day) for each in pair)
    if opens == closes:
        raise OpeningEmpty(day=day)
    if opens == _MIDNIGHT:
        raise TimeMalformed(day=day)
    return Opening(opens, closes if opens < closes else closes + _MIDNIGHT)


def _minutes(text: Any, day: str) -> int:
    if not isinstance(text, str) or not _TIME.fullmatch(text):
        raise TimeMalformed(day=day)
    return int(text[:2]) * 60 + int(text[3:])


def _refuse_overlaps(hours: Hours) -> None:
    week = [*zip(DAYS, hours.week, strict=True)]
    for (_, eve), (name, openings) in pairwise([week[-1], *week]):
        _refuse_overlap(eve, openings, name)
    for day in _near(day for day, _ in hours.special):
        eve = openings_on(day - _DAY, hours)
        _refuse_overlap(eve, openings_on(day, hours), day.isoformat())


def _near(days: Iterable[date]) -> Iterator[date]:
    """Yield each date and the one its night may run into."""
    for day in days:
        yield day
        yield day + _DAY


def _refuse_overlap(eve: Openings, openings: Openings, day: str) -> None:
    """Refuse openings that overlap each other or a night that began on the eve."""
    night = [Opening(each.opens - _MIDNIGHT, each.closes - _MIDNIGHT) for each in eve]
    for earlier, later in pairwise([*night, *openings]):
        if later.opens < earlier.closes:
            raise OpeningsOverlap(day=day)
