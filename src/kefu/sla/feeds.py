"""Holidays of a country, and those in an iCalendar feed.

Nothing imports this module at start: it loads the world's holidays.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from datetime import date, datetime, timedelta
from itertools import takewhile
from typing import Any, Final, NamedTuple

import holidays
from dateutil.rrule import rrule, rrulestr  # type: ignore[import-untyped]
from icalendar import Calendar

from kefu.sla.errors import CountryUnknown, FeedUnreadable

YEARS_BACK: Final = 1
YEARS_AHEAD: Final = 3
MOST_REPEATING: Final = 60

_DAY: Final = timedelta(days=1)
_LONGEST: Final = 31
_REPEATS: Final = frozenset({"YEARLY", "MONTHLY"})
_TIME_PARTS: Final = ("BYHOUR", "BYMINUTE", "BYSECOND")
_CLOCK_CHANGE: Final = re.compile(
    r"daylight.?saving|(summer|winter|standard) ?time|\bdst\b|clocks? (go|change|turn)"
    r"|(sommer|winter)(zeit|tid|tijd)|zeitumstellung|zomertijd|kesäaika|talviaika"
    r"|heure d.(été|hiver)|horario de (verano|invierno)|cambio de hora|horário de (verão|inverno)"
    r"|ora (legale|solare)|czas (letni|zimowy)|zmiana czasu|(yaz|kış) saati"
    r"|летнее время|зимнее время|夏令[时時]|冬令[时時]|夏時間|サマータイム|서머타임",
    re.IGNORECASE,
)


class CountryDays(NamedTuple):
    """A country's holidays with their names, and the weekend days that are worked in exchange."""

    holidays: dict[date, str]
    worked: frozenset[date]


def country_days(country: str, region: str | None, *, around: int) -> CountryDays:
    """Return the holidays near a year.

    country: ISO 3166 code of two letters; region: ISO 3166-2 code behind the hyphen.
    Raises CountryUnknown.
    """
    if len(country) != 2:  # the library would call whatever of its own has that name
        raise CountryUnknown
    try:
        found = holidays.country_holidays(country, subdiv=region, years=_years(around))
    except NotImplementedError:
        raise CountryUnknown from None
    named = {day: str(name) for day, name in sorted(found.items())}
    worked = (day for day in getattr(found, "weekend_workdays", ()) if day.year in _years(around))
    return CountryDays(named, frozenset(worked))


def holidays_of(feed: bytes, *, around: int) -> dict[date, str]:
    """Return the dates of the feed's whole-day entries near a year, with their names.

    Entries with a time of day, cancelled ones and those that only announce a change of the
    clocks are left out, and so is an entry that is broken. One repeats by its yearly or monthly
    rule.
    Raises FeedUnreadable; a feed with more than MOST_REPEATING such rules is none of holidays.
    Cost: milliseconds for a few hundred entries; up to 0.4 s for a rule that never comes true.
    """
    entries = _entries(feed)
    moved = {
        (_text(entry, "UID"), day) for entry in entries for day in _days(entry, "RECURRENCE-ID")
    }
    found: dict[date, str] = {}
    for entry in entries:
        name = _text(entry, "SUMMARY")
        if _text(entry, "STATUS").upper() != "CANCELLED" and not _CLOCK_CHANGE.search(name):
            with suppress(ValueError, OverflowError):  # of its days, one is in no calendar
                found |= dict.fromkeys(_dates(entry, moved, around), name)
    return {day: found[day] for day in sorted(found)}


def in_force(feed: Iterable[date], chosen: Mapping[date, bool]) -> frozenset[date]:
    """Return the holidays of a feed as changed by hand, which a new feed never undoes.

    chosen: dates that somebody added (True) or took out (False).
    """
    added = {day for day, holiday in chosen.items() if holiday}
    return frozenset(day for day in feed if chosen.get(day, True)) | added


def _entries(feed: bytes) -> list[Any]:
    """Return the feed's entries that can be read."""
    try:
        calendars = Calendar.from_ical(feed, multiple=True)
        entries = [entry for calendar in calendars for entry in calendar.walk("VEVENT")]
    except (ValueError, LookupError, TypeError, AttributeError):
        raise FeedUnreadable from None
    sound = [entry for entry in entries if not entry.errors]
    repeating = sum("RRULE" in entry for entry in sound)
    if not calendars or calendars[0].name != "VCALENDAR" or repeating > MOST_REPEATING:
        raise FeedUnreadable
    return sound


def _years(around: int) -> range:
    return range(around - YEARS_BACK, around + YEARS_AHEAD + 1)


def _dates(entry: Any, moved: set[tuple[str, date]], around: int) -> Iterator[date]:
    """Yield the dates near a year that the entry covers."""
    first = next(_days(entry, "DTSTART"), None)
    if first is None:
        return
    years = _years(around)
    begins = {first, *_repeats(entry, first, years), *_days(entry, "RDATE")}
    begins -= {*_days(entry, "EXDATE")}
    if not entry.get("RECURRENCE-ID"):
        begins -= {day for uid, day in moved if uid == _text(entry, "UID")}
    length = _length(entry, first)
    for begin in begins:
        yield from (day for day in (begin + n * _DAY for n in range(length)) if day.year in years)


def _length(entry: Any, first: date) -> int:
    """Return how many days one occurrence covers."""
    end = next(_days(entry, "DTEND"), None)
    if end is None and isinstance(span := getattr(entry.get("DURATION"), "dt", None), timedelta):
        end = first + span
    return min(max((end - first).days, 1), _LONGEST) if end else 1


def _repeats(entry: Any, first: date, years: range) -> Iterator[date]:
    """Yield the dates a rule gives up to the last of years."""
    rule = entry.get("RRULE")
    if rule is None or isinstance(rule, list) or rule.get("FREQ", [""])[0] not in _REPEATS:
        return iter(())
    if any(int(every) < 1 for every in rule.get("INTERVAL", ())):
        return iter(())  # no step at all would repeat the first day for ever
    for part in _TIME_PARTS:  # of a whole day there are none, but thousands could be asked for
        rule.pop(part, None)
    try:
        dates = rrulestr(_until_naive(rule), dtstart=datetime(first.year, first.month, first.day))  # noqa: DTZ001
    except (ValueError, TypeError, KeyError):
        return iter(())
    if not isinstance(dates, rrule):
        return iter(())
    until = date(years[-1], 12, 31)
    return takewhile(lambda day: day <= until, (at.date() for at in dates))


def _until_naive(rule: Any) -> str:
    """Return the rule's text; dateutil wants its end without a zone, like the start."""
    return re.sub(r"(UNTIL=[0-9]{8})(T[0-9]{6}Z?)?", r"\1", rule.to_ical().decode())


def _days(entry: Any, name: str) -> Iterator[date]:
    """Yield the dates of a property that holds whole days."""
    values = entry.get(name)
    for value in values if isinstance(values, list) else [values]:
        for each in getattr(value, "dts", [value]):
            day = getattr(each, "dt", None)
            if isinstance(day, date) and not isinstance(day, datetime):
                yield day


def _text(entry: Any, name: str) -> str:
    return str(entry.get(name, ""))
