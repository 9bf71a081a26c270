"""An agent takes a conversation, or gives it to a colleague or to nobody."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection

from kefu.actions import access, escalated
from kefu.actions.escalated import ConversationEscalated
from kefu.actions.reply import assignment, speaking
from kefu.agents import permissions as may
from kefu.agents import store as agents
from kefu.conversations import escalations
from kefu.conversations.states import Change, State
from kefu.core.errors import AgentUnknown
from kefu.core.records import FRONT, Agent, Entry
from kefu.reads import escalations as reads


def assign(
    tx: Connection, agent: Agent, conversation_id: UUID, to: UUID | None, *, at: datetime
) -> Change | None:
    """Give the conversation to an agent, or to nobody; None if it is theirs already.

    Raises AgentUnknown for somebody who is not, or no longer, staff; ConversationEscalated
    for somebody who may not have it.
    """
    return access.change(
        tx, agent, conversation_id, lambda state: entries(tx, agent, state, to), at=at
    )


def entries(tx: Connection, agent: Agent, state: State, to: UUID | None) -> list[Entry]:
    """Return what gives the conversation to an agent, or to nobody; nothing if it is theirs.

    Who watches over the floor gives an escalated one to whom they like.
    """
    receiver = agents.find(tx, to) if to is not None else None
    if to is not None and receiver is None:
        raise AgentUnknown
    if (state.assignee.id if state.assignee else None) == to:
        return []
    open_ = escalations.open_of(tx, [state.id]) if state.team != FRONT else {}
    escalation = open_.get(state.id)
    if escalation and receiver and not may.may(agent.permissions, may.FLOOR):
        teams = reads.teams_of(tx, [receiver.id])[receiver.id]
        if not escalated.may_have(state, receiver, teams):
            raise ConversationEscalated
    author = speaking(agent)
    return [
        assignment(state, receiver, author),
        *escalated.assigned(escalation, receiver, author),
    ]
