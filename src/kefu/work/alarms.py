"""Fires timers: each in the transaction that removes it, so exactly once."""

import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Connection

from kefu.core import metrics
from kefu.core.clock import Clock
from kefu.storage import timers
from kefu.storage.db import Database
from kefu.storage.timers import Timer

Fire = Callable[[Connection, Timer, datetime], Sequence[Any]]
LONGEST_SLEEP: Final = 5.0
PUT_OFF: Final = timedelta(minutes=5)
log = logging.getLogger("kefu.timers")


class Alarms:
    """Runs timers by name and sleeps until the next is due."""

    def __init__(
        self,
        database: Database,
        handlers: Mapping[str, Fire],
        *,
        clock: Clock,
        tell: Callable[[Sequence[Any]], Awaitable[None]],
    ) -> None:
        self._database = database
        self._handlers = handlers
        self._clock = clock
        self._tell = tell

    async def turn(self) -> float:
        """Fire what is due; return the seconds until the next is, at most LONGEST_SLEEP."""
        due = await self._database.read(timers.next_due)
        wait = LONGEST_SLEEP if due is None else (due - self._clock()).total_seconds()
        if wait > 0:
            return min(wait, LONGEST_SLEEP)
        await self._tell(await self._database.write(self._fire))
        return 0.0

    def _fire(self, tx: Connection) -> list[Any]:
        """Fire due timers and return what they changed, of which others are to be told.

        Each has a savepoint of its own: one that fails waits, others go on.
        """
        at = self._clock()
        changed: list[Any] = []
        for timer in timers.take_due(tx, at=at):
            try:
                with tx.begin_nested():
                    changed += self._handlers[timer.name](tx, timer, at)
            except Exception as error:  # noqa: BLE001 - logged by type, tried again later
                metrics.loop_failures.labels(f"timer-{timer.name}").inc()
                log.error("timer %s failed: %s", timer.name, type(error).__name__)
                later = at + PUT_OFF
                timers.arm(tx, timer.name, timer.subject, due_at=later, payload=timer.payload)
        return changed
