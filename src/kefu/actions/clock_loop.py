"""Sleeps until something is owed, and has it said; looks for absent agents now and then."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Connection

from kefu.actions import clocks, peaks, promises
from kefu.actions.route import route
from kefu.conversations import store as conversations
from kefu.conversations.states import Change
from kefu.core.clock import Clock
from kefu.routing import promised
from kefu.routing import store as routing
from kefu.sla import store
from kefu.storage.db import Database

LONGEST_SLEEP: Final = 5.0
LOOK: Final = timedelta(seconds=15)
"""How often it is looked whether agents are still at the desk, and whether it is a peak."""


class ClockLoop:
    """Fires clocks and renews promises when they are due, in whichever process comes first."""

    def __init__(
        self,
        database: Database,
        *,
        clock: Clock,
        tell: Callable[[Sequence[Any]], Awaitable[None]],
    ) -> None:
        self._database = database
        self._clock = clock
        self._tell = tell
        self._look_at = clock()

    async def turn(self) -> float:
        """Do what is due and return the seconds until the next is, at most LONGEST_SLEEP."""
        at = self._clock()
        if at >= self._look_at:
            self._look_at = at + LOOK
            await self._tell(await self._database.write(_look, at=at))
        due = await self._database.read(next_at)
        wait = LONGEST_SLEEP if due is None else (due - self._clock()).total_seconds()
        if wait > 0:
            return min(wait, LONGEST_SLEEP)
        await self._tell(await self._database.write(fire, at=self._clock()))
        return 0.0


def _look(tx: Connection, *, at: datetime) -> list[Change]:
    """Notice agents who are gone, and peaks; return what changed of conversations."""
    changes = route(tx, at=at)
    peaks.look(tx, at=at)
    return changes


def next_at(tx: Connection) -> datetime | None:
    """Return when a clock or a promise is due next, or None."""
    due = [at for at in (store.next_at(tx), promised.next_at(tx)) if at is not None]
    return min(due, default=None)


def fire(tx: Connection, *, at: datetime) -> list[Change]:
    """Say what is due to be said of clocks and promises; return what that changed.

    All their conversations are locked at first, in one order, as messages lock theirs.
    """
    routing.lock(tx)
    of_clocks = {conversation_id for conversation_id, _ in store.due(tx, at=at)}
    of_promises = {promise.conversation_id for promise in promised.due(tx, at=at)}
    conversations.lock(tx, of_clocks | of_promises)
    return [*clocks.fire(tx, at=at), *promises.renew(tx, at=at)]
