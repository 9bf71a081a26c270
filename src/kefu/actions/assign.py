"""An agent takes a conversation, or gives it to a colleague or to nobody."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection

from kefu.actions import access
from kefu.actions.reply import assignment, speaking
from kefu.agents import store as agents
from kefu.conversations.states import Change, State
from kefu.core.errors import AgentUnknown
from kefu.core.records import Agent, Entry


def assign(
    tx: Connection, agent: Agent, conversation_id: UUID, to: UUID | None, *, at: datetime
) -> Change | None:
    """Give the conversation to an agent, or to nobody; None if it is theirs already.

    Raises AgentUnknown for somebody who is not, or no longer, staff.
    """
    receiver = agents.find(tx, to) if to is not None else None
    if to is not None and receiver is None:
        raise AgentUnknown

    def entries(state: State) -> list[Entry]:
        if (state.assignee.id if state.assignee else None) == to:
            return []
        return [assignment(state, receiver, speaking(agent))]

    return access.change(tx, agent, conversation_id, entries, at=at)
