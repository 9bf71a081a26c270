"""Holidays of feeds: fetched into a calendar, looked up again each week, beside what is by hand."""

import asyncio
from collections.abc import AsyncIterator
from datetime import date
from typing import Any, Final

import pytest
from msgspec.structs import replace

from kefu import guard
from kefu.actions import service_levels
from kefu.actions.holidays import merged
from kefu.actions.service_levels import Saving
from kefu.app.effects import effects
from kefu.app.timers import timers
from kefu.fetch import Fetcher, FetchFailed, FetchRefused
from kefu.files.blobs import FolderBlobs
from kefu.sla import store
from kefu.sla.errors import FeedUnreadable
from kefu.work.alarms import Alarms
from kefu.work.effects import Effects
from tests.actions.test_floor import admin
from tests.house import House

WEEK: Final = 7 * 86_400


def feed(**days: str) -> bytes:
    """An iCal feed with whole days, by name: `May_Day="20260501"`."""
    entries = [
        f"BEGIN:VEVENT\r\nUID:{name}\r\nDTSTAMP:20260101T000000Z\r\n"
        f"DTSTART;VALUE=DATE:{day}\r\nSUMMARY:{name.replace('_', ' ')}\r\nEND:VEVENT\r\n"
        for name, day in days.items()
    ]
    return f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:t\r\n{''.join(entries)}END:VCALENDAR".encode()


class Server:
    """Somebody's calendar on the web."""

    def __init__(self) -> None:
        self.content = feed(May_Day="20260501")
        self.status = 200
        self.port = 0

    @property
    def host(self) -> str:
        return f"127.0.0.1:{self.port}"

    @property
    def url(self) -> str:
        return f"http://{self.host}/holidays.ics"

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        head = f"HTTP/1.1 {self.status} X\r\nContent-Length: {len(self.content)}\r\n\r\n"
        writer.write(head.encode() + self.content)
        writer.close()


@pytest.fixture
async def server() -> AsyncIterator[Server]:
    web = Server()
    listening = await asyncio.start_server(web.serve, "127.0.0.1", 0)
    web.port = listening.sockets[0].getsockname()[1]
    yield web
    listening.close()


class Loops:
    """The loops of a process, turned by hand."""

    def __init__(self, house: House, server: Server) -> None:
        self.house = house
        handlers = effects(
            house.database,
            house.desk.inboxes,
            Fetcher(allow={server.host}),
            FolderBlobs(house.settings.files_path),
            check_picture=house.desk.check_picture,
            follow=house.desk.follow_log,
            clock=lambda: house.at,
        )
        self._effects = Effects(house.database, handlers, clock=lambda: house.at)
        self._alarms = Alarms(
            house.database, timers(), clock=lambda: house.at, tell=house.desk.tell
        )

    async def week(self) -> dict[str, Any]:
        """Let a week pass, do what is due, and return the calendar's definition then."""
        self.house.later(WEEK)
        while not (await self._alarms.turn() and await self._effects.turn() >= 1):
            pass
        found = await self.house.database.read(store.saved)
        return next(each.definition for each in found if each.key == "shop")


async def saved(house: House, url: str, days: list[str], offered: list[str]) -> None:
    definition = {
        "timezone": "UTC",
        "business_hours": "always",
        "holidays": days,
        "sources": {"feed": url, "days": offered},
    }
    await house.database.write(
        service_levels.save_calendar,
        "shop",
        {"en": guard.clean("Shop")},
        definition,
        Saving(new=True),
        at=house.at,
    )


async def test_a_feed_is_fetched_only_where_the_desk_may_go(house: House, server: Server) -> None:
    wu = await admin(house)
    with pytest.raises(FetchRefused):
        await house.desk.feed_days(wu, server.url, 2026)
    house.desk.settings = replace(house.settings, inside=frozenset({server.host}))
    found = await house.desk.feed_days(wu, server.url, 2026)
    assert found == {date(2026, 5, 1): "May Day"}
    server.content = b"<html>Sign in first</html>"
    with pytest.raises(FeedUnreadable):
        await house.desk.feed_days(wu, server.url, 2026)
    server.status = 404
    with pytest.raises(FeedUnreadable):
        await house.desk.feed_days(wu, server.url, 2026)
    server.content, server.status = b"x" * 1_100_000, 200
    with pytest.raises(FetchFailed):
        await house.desk.feed_days(wu, server.url, 2026)


async def test_each_week_a_feed_is_looked_up_again_beside_what_is_by_hand(
    house: House, server: Server
) -> None:
    loops = Loops(house, server)
    offered = ["2026-05-01", "2026-10-01"]
    await saved(house, server.url, ["2026-05-01", "2026-12-24"], offered)  # one out, one in
    server.content = feed(May_Day="20260501", National_Day="20261001", New="20260619")
    definition = await loops.week()
    assert definition["holidays"] == ["2026-05-01", "2026-06-19", "2026-12-24"]
    assert definition["names"] == {"2026-05-01": "May Day", "2026-06-19": "New"}
    server.content = feed(May_Day="20260501")
    assert (await loops.week())["holidays"] == ["2026-05-01", "2026-12-24"]


async def test_a_feed_that_cannot_be_had_changes_nothing_and_is_asked_again(
    house: House, server: Server
) -> None:
    loops = Loops(house, server)
    await saved(house, server.url, ["2026-05-01"], ["2026-05-01"])
    for broken in (b"", b"<html></html>"):
        server.content = broken
        assert (await loops.week())["holidays"] == ["2026-05-01"]
    server.content = feed(May_Day="20260501", Later="20260619")
    assert (await loops.week())["holidays"] == ["2026-05-01", "2026-06-19"]


async def test_a_calendar_without_sources_is_not_looked_up(house: House, server: Server) -> None:
    loops = Loops(house, server)
    await saved(house, server.url, ["2026-05-01"], ["2026-05-01"])
    definition = {"timezone": "UTC", "business_hours": "always", "holidays": ["2026-05-01"]}
    await house.database.write(
        service_levels.save_calendar,
        "shop",
        {"en": guard.clean("Shop")},
        definition,
        Saving(),
        at=house.at,
    )
    server.content = feed(Other="20260619")
    assert await loops.week() == definition


def test_holidays_that_are_over_stay_for_cases_that_span_them() -> None:
    definition = {
        "holidays": ["2025-10-01", "2026-10-01"],
        "sources": {"days": ["2025-10-01", "2026-10-01"]},
    }
    found = merged(definition, {date(2026, 5, 1): "May Day"}, 2026)
    assert found["holidays"] == ["2025-10-01", "2026-05-01"]
    assert merged(found, {date(2026, 5, 1): "May Day"}, 2026) == found


def test_a_secret_in_the_name_of_a_day_is_not_kept() -> None:
    name = "card 4111 1111 1111 1111"
    found = merged({"sources": {}}, {date(2026, 5, 1): name}, 2026)
    assert "4111 1111" not in found["names"]["2026-05-01"]
