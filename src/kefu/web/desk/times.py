"""Instants in the words, the language and the zone of the agent who reads them."""

import math
from datetime import datetime, timedelta, tzinfo
from typing import Any, Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from babel.dates import format_skeleton
from litestar import Request
from msgspec import Struct

from kefu.core import clock
from kefu.core.i18n import say

_FALLBACK: Final = ZoneInfo("UTC")
_SECONDS_SHOWN: Final = 10 * 60
_MINUTE: Final = timedelta(minutes=1)
_HOUR: Final = timedelta(hours=1)
_DAY: Final = timedelta(days=1)


class Reader(Struct, frozen=True):
    """Who reads a page: the language, the zone and the instant it is drawn for."""

    lang: str
    zone: tzinfo
    now: datetime

    def clock(self, at: datetime) -> str:
        """Return hours and minutes, `14:32`."""
        return f"{at.astimezone(self.zone):%H:%M}"

    def date(self, at: datetime) -> str:
        """Return the calendar day, without the year when it is this one."""
        local = at.astimezone(self.zone)
        this_year = local.year == self.now.astimezone(self.zone).year
        skeleton = "MMMd" if this_year else "yMMMd"
        return format_skeleton(skeleton, local, locale=self.lang.replace("-", "_"))

    def day(self, at: datetime) -> str:
        """Return `Today`, `Yesterday` or the calendar day."""
        days = (self.now.astimezone(self.zone).date() - at.astimezone(self.zone).date()).days
        words = {0: "desk.day.today", 1: "desk.day.yesterday"}
        return say(self.lang, words[days]) if days in words else self.date(at)

    def full(self, at: datetime) -> str:
        """Return day, time and zone, for where an instant is quoted."""
        return f"{self.date(at)} {self.clock(at)} {at.astimezone(self.zone).tzname()}"

    def when(self, at: datetime) -> str:
        """Return an instant to come or just gone: the time alone if it is today."""
        is_today = at.astimezone(self.zone).date() == self.now.astimezone(self.zone).date()
        return self.clock(at) if is_today else self.full(at)

    def left(self, at: datetime) -> str:
        """Return the time until an instant, or since it: `2 h`, `14 min`, `9:05`, `+0:40`.

        `frontend/src/desk/due.ts` counts on from here in the same words.
        """
        seconds = math.ceil((at - self.now).total_seconds())
        if seconds < 0:
            return say(self.lang, "desk.live.due.over", span=self._span(-seconds))
        return self._span(seconds)

    def _span(self, seconds: int) -> str:
        if seconds < _SECONDS_SHOWN:
            return f"{seconds // 60}:{seconds % 60:02}"
        minutes = seconds // 60
        for unit, key in ((24 * 60, "days"), (60, "hours")):
            if minutes >= 2 * unit:
                return say(self.lang, f"desk.live.due.{key}", n=minutes // unit)
        return say(self.lang, "desk.live.due.minutes", n=minutes)

    def since(self, at: datetime) -> str:
        """Return how long ago, short: `now`, `4 min`, `3 h`; the calendar day after a day."""
        return self.length(self.now - at) if self.now - at < _DAY else self.date(at)

    def length(self, span: timedelta) -> str:
        """Return a span in its largest whole unit: `now`, `4 min`, `3 h`, `2 d`."""
        for unit, key in ((_DAY, "days"), (_HOUR, "hours"), (_MINUTE, "minutes")):
            if span >= unit:
                return say(self.lang, f"desk.time.{key}", n=span // unit)
        return say(self.lang, "desk.time.now")


def reader_of(request: Request[Any, Any, Any], lang: str) -> Reader:
    """Return the reader of a request; the browser's zone comes in the cookie `kefu_zone`."""
    return Reader(lang, _zone(request.cookies.get("kefu_zone", "")), clock.now())


def _zone(name: str) -> tzinfo:
    try:
        return ZoneInfo(name) if name else _FALLBACK
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return _FALLBACK
