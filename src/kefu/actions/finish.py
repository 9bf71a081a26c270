"""The end of a conversation: the customer needs no more help, or says nothing for long.

Nobody is closed while they wait, and nobody without a word before: an answer that stays
without reply for a day is asked about, and a day later the conversation ends.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Connection

from kefu.actions import access, escalated
from kefu.conversations import escalations, store
from kefu.conversations.states import Change, State, extend
from kefu.core.ids import uuid7
from kefu.core.records import SYSTEM, Author, Entry, Visitor
from kefu.reads import thread
from kefu.storage import timers
from kefu.storage.timers import Timer

IDLE: Final = "idle"
SILENCE: Final = timedelta(hours=24)
NOTICE: Final = timedelta(hours=24)


def solve(
    tx: Connection, visitor: Visitor, conversation_id: UUID, *, at: datetime
) -> Change | None:
    """Close the customer's own conversation; None if it is closed already."""

    def entries(state: State) -> list[Entry]:
        if state.status == "closed":
            return []
        author = Author("customer", state.customer_id)
        open_ = escalations.open_of(tx, [state.id]).get(state.id)
        closed = Entry("state", author, data={"to": "closed"})
        return [*escalated.withdrawn(open_, author), closed]

    return access.change(tx, visitor, conversation_id, entries, at=at)


def watch(tx: Connection, appended: Sequence[Mapping[str, Any]], *, at: datetime) -> None:
    """Arm a timer for each conversation in which an agent has just said something."""
    for row in appended:
        if row["kind"] == "message" and row["by"] == "agent" and row["visibility"] == "public":
            payload = {"seq": row["seq"]}
            timers.arm(tx, IDLE, row["conversation"], due_at=at + SILENCE, payload=payload)


def fire(tx: Connection, timer: Timer, *, at: datetime) -> list[Change]:
    """Say that the conversation will end, or end it, if the agent's word is still the last.

    While colleagues are asked, or an escalation is under way, it is looked at again a day later.
    """
    conversation_id = UUID(timer.subject)
    state = store.lock(tx, [conversation_id]).get(conversation_id)
    if state is None or not _is_silent(tx, state, timer.payload["seq"]):
        return []
    is_under_way = conversation_id in escalations.open_of(tx, [conversation_id])
    if is_under_way or thread.has_side_talk(tx, conversation_id):
        timers.arm(tx, IDLE, timer.subject, due_at=at + SILENCE, payload=timer.payload)
        return []
    if state.idle_closes_at is None:
        closes_at = at + NOTICE
        timers.arm(tx, IDLE, timer.subject, due_at=closes_at, payload=timer.payload)
        data = {"to": "idle", "closes_at": closes_at.isoformat()}
    else:
        data = {"to": "closed"}
    done = extend(state, [Entry("state", SYSTEM, data=data)], at=at, new_id=uuid7)
    store.append(tx, [done])
    return [done]


def _is_silent(tx: Connection, state: State, seq: int) -> bool:
    """Return whether nobody waits and the line is still the last that was said."""
    if state.status == "closed" or state.waiting_since is not None:
        return False
    return thread.last_said(tx, state.id) == seq
