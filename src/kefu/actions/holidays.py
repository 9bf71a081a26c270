"""Holidays from outside, of a country and of a feed: looked up on request, and again each week.

What somebody added or took out by hand stays as they left it.
"""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any, Final

from sqlalchemy import Connection

from kefu import guard
from kefu.core import metrics
from kefu.core.clock import Clock
from kefu.core.errors import KefuError
from kefu.fetch import Fetcher, FetchFailed, FetchRefused
from kefu.sla import store
from kefu.sla.calendar import Saved
from kefu.sla.errors import CountryUnknown, FeedUnreadable
from kefu.storage import outbox, timers
from kefu.storage.db import Database
from kefu.storage.timers import Timer

HOLIDAYS: Final = "holidays"
EVERY: Final = timedelta(days=7)

Days = dict[date, str]
"""Dates and what they are called."""


def of_country(country: str, region: str | None, around: int) -> tuple[Days, frozenset[date]]:
    """Return a country's holidays near a year, and weekend days worked in exchange.

    Raises CountryUnknown.
    """
    from kefu.sla import feeds  # noqa: PLC0415 - it loads the holidays of the world

    found = feeds.country_days(country, region, around=around)
    return found.holidays, found.worked


def of_feed(feed: bytes, around: int) -> Days:
    """Return the whole days of an iCal feed near a year. Raises FeedUnreadable."""
    from kefu.sla import feeds  # noqa: PLC0415 - it loads the holidays of the world

    return feeds.holidays_of(feed, around=around)


async def fetched(fetcher: Fetcher, url: str) -> bytes:
    """Return a feed as it is now. Raises FetchRefused, FetchFailed, FeedUnreadable."""
    answer = await fetcher.fetch("GET", url, headers={"Accept": "text/calendar"})
    if answer.status != 200:
        raise FeedUnreadable
    return answer.body


def watch(tx: Connection, key: str, definition: Mapping[str, Any], *, at: datetime) -> None:
    """Have a calendar's sources looked up again in a week, if it has any."""
    if definition.get("sources"):
        timers.arm(tx, HOLIDAYS, key, due_at=at + EVERY, payload={})
    else:
        timers.cancel(tx, HOLIDAYS, key)


def fire(tx: Connection, timer: Timer, *, at: datetime) -> None:
    """Have the sources of the timer's calendar looked up, and again in a week."""
    outbox.add(tx, [(HOLIDAYS, f"{HOLIDAYS}:{timer.subject}", {"key": timer.subject})], at=at)
    timers.arm(tx, HOLIDAYS, timer.subject, due_at=at + EVERY, payload={})


async def look_up(database: Database, fetcher: Fetcher, key: str, *, clock: Clock) -> None:
    """Bring a calendar's holidays up to date with its sources.

    A source that cannot be had this time leaves everything as it is until next week.
    """
    found = await database.read(_saved, key)
    sources = found.definition.get("sources") if found else None
    if not sources:
        return
    try:
        offered = await _offered(database, fetcher, sources, clock().year)
    except (FetchRefused, FetchFailed, FeedUnreadable, CountryUnknown) as refused:
        metrics.refusals.labels(refused.code).inc()
        return
    await database.write(_bring_in, key, offered, at=clock())


async def _offered(
    database: Database, fetcher: Fetcher, sources: Mapping[str, Any], year: int
) -> Days:
    offered: Days = {}
    if feed := sources.get("feed"):
        content = await fetched(fetcher, feed)
        offered |= await database.aside(of_feed, content, year)
    if country := sources.get("country"):
        region = sources.get("region") or None
        offered |= (await database.aside(of_country, country, region, year))[0]
    return {day: name for day, name in offered.items() if day.year >= year}


def _bring_in(tx: Connection, key: str, offered: Days, *, at: datetime) -> None:
    found = _saved(tx, key)
    if found is None or not found.definition.get("sources"):
        return
    definition = merged(found.definition, offered, at.year)
    if definition != found.definition:
        store.save_calendar(tx, key, found.name, definition, at=at)


def _saved(tx: Connection, key: str) -> Saved | None:
    return next((each for each in store.saved(tx) if each.key == key), None)


def merged(definition: Mapping[str, Any], offered: Days, year: int) -> dict[str, Any]:
    """Return a calendar with what its sources offer now, from a year on.

    A holiday that they did not offer before was added by hand and stays; one that they did,
    and that is not there, was taken out by hand and stays out.
    """
    from kefu.sla import feeds  # noqa: PLC0415 - it loads the holidays of the world

    before = {date.fromisoformat(day) for day in definition["sources"].get("days") or ()}
    there = {date.fromisoformat(day) for day in definition.get("holidays") or ()}
    chosen = dict.fromkeys(there - before, True) | dict.fromkeys(before - there, False)
    past = {day for day in there if day.year < year}
    days = feeds.in_force(offered, chosen) | past
    names = _names(offered) | (definition.get("names") or {})
    listed = sorted(day.isoformat() for day in days)
    return {
        **definition,
        "holidays": listed,
        "names": {day: names[day] for day in listed if names.get(day)},
        "sources": {**definition["sources"], "days": sorted(d.isoformat() for d in offered)},
    }


def _names(offered: Days) -> dict[str, str]:
    """Return the names of days, guarded; one that the guard does not take is left out."""
    names = {}
    for day, name in offered.items():
        try:
            names[day.isoformat()] = guard.clean(" ".join(name.split())).value
        except KefuError:
            continue
    return names
