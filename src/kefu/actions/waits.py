"""What people who wait are shown: their place, the range, the promise; live, and never stored.

Each process looks at the queues for the customers whose sockets it holds, when something moved
and every few seconds, and sends what changed.
"""

import asyncio
import time
from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from msgspec import Struct, to_builtins
from sqlalchemy import Connection

from kefu.actions.continue_by import APP
from kefu.actions.inboxes import Inboxes
from kefu.agents import permissions as may
from kefu.core.clock import Clock
from kefu.core.records import FRONT, Owner
from kefu.reads import queue
from kefu.reads.queue import Key, Line, Place
from kefu.realtime import hub as topics
from kefu.realtime.hub import Hub
from kefu.realtime.protocol import encode
from kefu.routing import promised
from kefu.routing.estimate import rounded
from kefu.sla import store as sla
from kefu.sla.errors import NeverOpen, TooFar
from kefu.sla.hours import is_open, next_opening
from kefu.sla.policies import Facts, choose
from kefu.storage.db import Database

EVERY: Final = 5.0
SOONEST: Final = 0.5
"""Seconds between two looks, at most and at least."""

REST: Final = 9
"""So many times as long as a look takes the next one waits: a long queue is looked at less."""

CHAT: Final = "chat"


class Opening(Struct, frozen=True):
    """Whether the chat is open by its calendar, and else when it opens."""

    open: bool
    opens_at: datetime | None = None


class Wait(Struct, frozen=True):
    """One customer's wait. position: 1 is next. low, high: seconds, None: nobody can say."""

    conversation: UUID
    position: int
    low: int | None
    high: int | None
    by: datetime | None
    peak: bool
    offers: tuple[str, ...]


class Look(Struct, frozen=True):
    """The queues as this process last saw them.

    due: when those who wait were promised an answer, by conversation.
    reachable: inboxes whose customers an exchange's app can tell of the answer.
    """

    places: Mapping[UUID, tuple[Key, Place]] = {}
    lines: Mapping[Key, Line] = {}
    due: Mapping[UUID, datetime] = {}
    peaks: Collection[str] = ()
    reachable: Collection[UUID] = ()
    opening: Opening = Opening(open=True)

    @property
    def peak(self) -> bool:
        """Whether it is busier than usual where customers arrive."""
        return FRONT in self.peaks

    def wait_of(self, conversation_id: UUID) -> Wait | None:
        """Return where the customer of a conversation stands, or None if it does not wait."""
        if conversation_id not in self.places:
            return None
        key, place = self.places[conversation_id]
        range_ = self.lines[key].range(place.ahead)
        shown = rounded(range_) if range_ else None
        is_reachable = place.is_known and place.owner.inbox_id in self.reachable
        return Wait(
            conversation=conversation_id,
            position=place.ahead + 1,
            low=round(shown.low.total_seconds()) if shown else None,
            high=round(shown.high.total_seconds()) if shown else None,
            by=self.due.get(conversation_id),
            peak=key[0] in self.peaks,
            offers=(APP,) if is_reachable else (),
        )

    def frame_of(self, conversation_id: UUID) -> dict[str, Any] | None:
        """Return the frame of a conversation that waits, or None."""
        wait = self.wait_of(conversation_id)
        return frame(wait) if wait else None


class Waits:
    """Looks at the queues and tells customers of this process where they stand."""

    def __init__(self, database: Database, hub: Hub, inboxes: Inboxes, clock: Clock) -> None:
        self._database = database
        self._hub = hub
        self._inboxes = inboxes
        self._clock = clock
        self._told: dict[UUID, tuple[Owner, Wait]] = {}
        self.last = Look()

    async def turn(self) -> float:
        """Look, and send what changed to whom it concerns."""
        began = time.monotonic()
        reachable = {box.id for box in await self._inboxes.all() if box.exchange is not None}
        self.last = await self._database.read(look, reachable, at=self._clock())
        for conversation_id, (_, place) in self.last.places.items():
            if self._hub.members(topics.owner_topic(place.owner)):
                self._tell(conversation_id, place.owner)
        for conversation_id in self._told.keys() - self.last.places.keys():
            owner, _ = self._told.pop(conversation_id)
            self._hub.send(topics.owner_topic(owner), encode(over(conversation_id)))
        await asyncio.sleep(max(SOONEST, REST * (time.monotonic() - began)))
        return EVERY

    def _tell(self, conversation_id: UUID, owner: Owner) -> None:
        """Send the wait to its customer's sockets here, if it changed."""
        wait = self.last.wait_of(conversation_id)
        told = self._told.get(conversation_id)
        if wait is not None and (told is None or told[1] != wait):
            self._hub.send(topics.owner_topic(owner), encode(frame(wait)))
            self._told[conversation_id] = (owner, wait)


def look(tx: Connection, reachable: Collection[UUID], *, at: datetime) -> Look:
    """Return where everybody who waits stands."""
    lines = queue.lines(tx, queue.teams_waiting(tx), may_reply=may.REPLY, at=at)
    return Look(
        {id_: (key, place) for key, line in lines.items() for id_, place in line.places.items()},
        lines,
        promised.due_of_all(tx),
        queue.peaks(tx),
        reachable,
        opening(tx, at),
    )


def opening(tx: Connection, at: datetime) -> Opening:
    """Return whether the chat is open now by the calendar of its policy."""
    book = sla.book(tx)
    policy = choose(book.policies, Facts(channel=CHAT, priority="normal"))
    hours = book.hours[policy.calendar] if policy else None
    if hours is None or is_open(at, hours):
        return Opening(open=True)
    try:
        return Opening(open=False, opens_at=next_opening(at, hours))
    except (NeverOpen, TooFar):
        return Opening(open=False)


def frame(wait: Wait) -> dict[str, Any]:
    """Return the `wait` frame."""
    return {"type": "wait", **to_builtins(wait)}


def over(conversation_id: UUID) -> dict[str, Any]:
    """Return the frame that says that nobody waits any more."""
    return {"type": "wait", "conversation": conversation_id, "position": None}
