"""One process of the desk: the door, the web application, and the loops beside it."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from uuid import UUID

from kefu import guard
from kefu.actions import setup, tidy
from kefu.actions.beats import Beats
from kefu.actions.clock_loop import ClockLoop
from kefu.actions.desk import Desk
from kefu.app.effects import SLOW, SLOW_LEASE, effects
from kefu.app.timers import timers
from kefu.core.clock import Clock, now
from kefu.core.settings import SettingRefused, Settings
from kefu.fetch import Fetcher
from kefu.files.blobs import FolderBlobs
from kefu.files.ocr import engine_of
from kefu.realtime.bus import Bus, OneProcess
from kefu.realtime.hub import Hub
from kefu.realtime.protocol import encode
from kefu.storage.db import Database
from kefu.storage.migrate import migrate
from kefu.work.alarms import Alarms
from kefu.work.effects import Effects
from kefu.work.loop import Loop


class Process:
    """Built from settings; `running` starts and stops what lives beside the requests."""

    def __init__(
        self, settings: Settings, *, clock: Clock = now, inside: frozenset[str] = frozenset()
    ) -> None:
        guard.use_patterns(settings.guard_patterns)
        self.settings = settings
        self.database = Database(settings.database_url)
        self.hub = Hub()
        self.bus = bus_of(settings.bus_url)
        self.fetcher = Fetcher(allow=settings.inside | inside)
        blobs = FolderBlobs(settings.files_path)
        self.desk = Desk(
            settings,
            self.database,
            self.hub,
            self.bus,
            blobs,
            clock=clock,
            wake=self._wake,
            loops=lambda: self.loops,
            ocr=engine_of(settings),
        )
        handlers = effects(
            self.database,
            self.desk.inboxes,
            self.fetcher,
            blobs,
            check_picture=self.desk.check_picture,
            follow=self._follow,
            clock=clock,
        )
        self._effects = Effects(self.database, handlers, clock=clock, without=SLOW)
        self._slow = Effects(
            self.database, handlers, clock=clock, only=SLOW, at_once=1, lease=SLOW_LEASE
        )
        self._clock = clock
        self.loops = self._made_loops()

    def _made_loops(self) -> tuple[Loop, ...]:
        alarms = Alarms(self.database, timers(), clock=self._clock, tell=self.desk.tell)
        every = self.settings.beat_seconds
        beats = Beats(self.database, self.hub, self.desk.live, clock=self._clock, every=every)
        clocks = ClockLoop(self.database, clock=self._clock, tell=self.desk.tell)
        return (
            Loop("effects", self._effects.turn),
            Loop("pictures", self._slow.turn),
            Loop("clocks", clocks.turn),
            Loop("waits", self.desk.waits.turn),
            Loop("timers", alarms.turn),
            Loop("beats", beats.turn),
        )

    def _wake(self) -> None:
        for loop in self.loops[:2]:
            loop.wake()

    async def _follow(self, moved: Sequence[UUID]) -> None:
        """Do what follows from the log; look when the next clock runs out, and who waits."""
        await self.desk.follow_log(moved)
        for loop in self.loops[2:4]:
            loop.wake()

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Migrate, start, and on the way out stop taking work, finish it, and close."""
        migrate(self.database.engine)
        await self.database.write(tidy.start, at=self._clock())
        await self.database.write(setup.service_levels, at=self._clock())
        await self.desk.inboxes.all()
        await self.bus.start(self.desk.live.on_hints)
        for loop in self.loops:
            loop.start()
        warming = asyncio.create_task(self.desk.warm())
        try:
            yield
        finally:
            await asyncio.gather(warming, return_exceptions=True)
            await self.desk.drained()
            for loop in self.loops:
                await loop.stop()
            await self._effects.finish()
            await self._slow.finish()
            await self.bus.stop()
            await self.fetcher.close()
            self.database.close()

    def say_goodbye(self) -> None:
        """Tell every socket that the server restarts, each to return at its own moment."""
        for number, connection in enumerate(self.hub.everyone()):
            frame = {"type": "bye", "code": "restart", "retry_after": 0.5 + number % 40 / 10}
            connection.close(1012, encode(frame))


def bus_of(url: str) -> Bus:
    """Return the bus for KEFU_BUS_URL. Raises SettingRefused for a kind nobody knows."""
    if not url:
        return OneProcess()
    if url.startswith(("nats://", "tls://")):
        from kefu.realtime.nats import NatsBus  # noqa: PLC0415 - the extra may be missing

        return NatsBus(url)
    raise SettingRefused(name="KEFU_BUS_URL", reason="must begin nats://")
