"""Whether each part of this process works: lines for the status page, figures for /metrics."""

import shutil
import time
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, Final, Literal, Protocol

from msgspec import Struct

from kefu.core import metrics
from kefu.realtime.bus import Bus
from kefu.realtime.hub import Hub
from kefu.storage import outbox
from kefu.storage.db import Database
from kefu.storage.lane import Lane

Level = Literal["ok", "warn", "down"]
LATE_SECONDS: Final = 60
LOW_BYTES: Final = 1 << 30


class Line(Struct, frozen=True):
    """One part of the desk: its code, a figure with its unit, and how it does."""

    code: str
    figure: str
    level: Level


class Turning(Protocol):
    """A loop, as far as its health goes."""

    name: str
    turned_at: float


class Health:
    """Looks at the parts of one process."""

    def __init__(
        self,
        database: Database,
        hub: Hub,
        bus: Bus,
        files: Path,
        loops: Callable[[], Sequence[Turning]],
    ) -> None:
        self._database = database
        self._hub = hub
        self._bus = bus
        self._files = files
        self._loops = loops

    async def lines(self, lanes: Sequence[Lane[Any, Any]], now: datetime) -> list[Line]:
        """Return a line for each part. Raises StoreUnavailable if the database is gone."""
        started = time.perf_counter()
        waiting, oldest, failed = await self._database.read(outbox.backlog)
        took = (time.perf_counter() - started) * 1000
        age = (now - oldest).total_seconds() if oldest else 0.0
        metrics.outbox_oldest.set(age)
        queued = sum(lane.waiting for lane in lanes)
        return [
            Line("database", f"{took:.1f} ms", "ok" if took < 500 else "warn"),
            Line("writer", str(queued), "ok" if queued < 500 else "warn"),
            Line("outbox", f"{waiting} · {age:.0f} s", _level(age, failed)),
            self._timers(),
            Line("bus", "", "ok" if self._bus.healthy else "down"),
            Line("sockets", str(len(self._hub.everyone())), "ok"),
            self._disk(),
        ]

    def _timers(self) -> Line:
        late = max((time.time() - loop.turned_at for loop in self._loops()), default=0.0)
        return Line("timers", f"{late:.0f} s", "ok" if late < LATE_SECONDS else "down")

    def _disk(self) -> Line:
        self._files.mkdir(parents=True, exist_ok=True)
        free = shutil.disk_usage(self._files).free
        return Line("files", f"{free / (1 << 30):.1f} GiB", "ok" if free > LOW_BYTES else "warn")


def _level(age: float, failed: int) -> Level:
    if failed:
        return "down"
    return "ok" if age < LATE_SECONDS else "warn"
