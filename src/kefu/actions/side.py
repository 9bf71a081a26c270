"""Agents ask colleagues of a team aside: what they say stays among them.

A side thread's lines are notes of the conversation's log with its id, so nothing of it can
reach a customer that a note could not. Its lines are written by `reply`, as all notes are.
"""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection

from kefu.actions import access
from kefu.actions.hand_over import TeamUnknown
from kefu.actions.reply import SideUnknown, speaking
from kefu.conversations import sides, store
from kefu.conversations.states import Change, State, extend
from kefu.core.ids import uuid7
from kefu.core.records import TEAMS, Agent, Entry
from kefu.core.text import SafeText


def open_side(
    tx: Connection, agent: Agent, conversation_id: UUID, team: str, title: SafeText, *, at: datetime
) -> Change:
    """Begin a side thread with a team; its first line is its title. Raises TeamUnknown."""
    if team not in TEAMS:
        raise TeamUnknown
    state = access.conversation(tx, agent, conversation_id)
    side = sides.Side(uuid7(), state.id, team, title, agent.id, at, None)
    data = {"side": str(side.id), "step": "opened", "team": team}
    opened = Entry("note", speaking(agent), "internal", title, data=data)
    change = extend(state, [opened], at=at, new_id=uuid7)
    sides.add(tx, side)
    store.append(tx, [change])
    return change


def close_side(
    tx: Connection, agent: Agent, conversation_id: UUID, side_id: UUID, *, at: datetime
) -> Change | None:
    """End a side thread; None if it has ended already. Raises SideUnknown."""

    def entries(state: State) -> list[Entry]:
        found = sides.find(tx, side_id)
        if found is None or found.conversation_id != state.id:
            raise SideUnknown
        if found.closed_at is not None:
            return []
        sides.close(tx, side_id, at=at)
        data = {"side": str(side_id), "step": "closed"}
        return [Entry("note", speaking(agent), "internal", data=data)]

    return access.change(tx, agent, conversation_id, entries, at=at)
