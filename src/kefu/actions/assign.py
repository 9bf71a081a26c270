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
from kefu.core.errors import AgentUnknown, KefuError
from kefu.core.records import FRONT, Agent, Entry
from kefu.reads import escalations as reads


class ConversationTaken(KefuError):
    """Nobody had the conversation when the agent asked for it; a colleague was first."""

    code = "conversation.taken"
    status = 409


def take(
    tx: Connection, agent: Agent, conversation_id: UUID, free: bool, *, at: datetime
) -> Change | None:
    """Make the conversation the agent's own; None if it is. free: nobody had it, as they saw it.

    Raises ConversationTaken if somebody has one that was free; ConversationEscalated.
    """

    def taken(state: State) -> list[Entry]:
        if free and state.assignee is not None and state.assignee.id != agent.id:
            raise ConversationTaken
        return entries(tx, agent, state, agent.id)

    return access.change(tx, agent, conversation_id, taken, at=at)


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
