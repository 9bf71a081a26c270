"""An agent hands a conversation over, with what the next one needs to know."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection

from kefu.actions import access, assign, escalated
from kefu.actions.escalated import ConversationEscalated
from kefu.actions.reply import assignment, speaking
from kefu.conversations import escalations
from kefu.conversations.states import Change, State
from kefu.core.errors import ConversationClosed, KefuError
from kefu.core.records import TEAMS, Agent, Entry
from kefu.core.text import SafeText


class TeamUnknown(KefuError):
    """No such team."""

    code = "team.unknown"
    status = 404


def to_colleague(
    tx: Connection,
    agent: Agent,
    conversation_id: UUID,
    to: UUID,
    summary: SafeText,
    *,
    at: datetime,
) -> Change | None:
    """Give the conversation to a colleague, with a note; the customer sees who has it now.

    Raises AgentUnknown, ConversationClosed; ConversationEscalated if it may not be theirs.
    """

    def entries(state: State) -> list[Entry]:
        given = assign.entries(tx, agent, state, to)
        return [_note(agent, state, summary), *given]

    return access.change(tx, agent, conversation_id, entries, at=at)


def to_team(
    tx: Connection,
    agent: Agent,
    conversation_id: UUID,
    team: str,
    summary: SafeText,
    *,
    at: datetime,
) -> Change | None:
    """Put the conversation into the queue of a team, with a note; it keeps its waiting time.

    Raises TeamUnknown, ConversationClosed; ConversationEscalated if an escalation is open and
    the team is not one to which cases are escalated.
    """
    if team not in TEAMS:
        raise TeamUnknown

    def entries(state: State) -> list[Entry]:
        escalation = escalations.open_of(tx, [state.id]).get(state.id)
        if escalation is not None and team not in escalations.TARGETS:
            raise ConversationEscalated
        author = speaking(agent)
        left = [assignment(state, None, author)] if state.assignee else []
        moved = Entry("state", author, "internal", data={"to": "team", "team": team})
        released = escalated.assigned(escalation, None, author)
        return [_note(agent, state, summary), *left, *released, moved]

    return access.change(tx, agent, conversation_id, entries, at=at)


def _note(agent: Agent, state: State, summary: SafeText) -> Entry:
    """Return the summary as a note. Raises ConversationClosed."""
    if state.status == "closed":
        raise ConversationClosed
    return Entry("note", speaking(agent), "internal", summary)
