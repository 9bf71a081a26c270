"""An agent says what a conversation is about and how much it matters."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection

from kefu.actions import access
from kefu.actions.reply import speaking
from kefu.conversations import escalations
from kefu.conversations.states import Change, State
from kefu.core.errors import KefuError
from kefu.core.places import AHEAD
from kefu.core.records import SENIOR, Agent, Entry
from kefu.intake import topics
from kefu.routing import store as routing


class TopicUnknown(KefuError):
    """No topic of the desk's has this id."""

    code = "topic.unknown"
    status = 422


class PriorityUnknown(KefuError):
    """A priority is -1 (low), 0 (normal), 1 (high) or 2 (urgent)."""

    code = "priority.unknown"
    status = 422


def set_topic(
    tx: Connection, agent: Agent, conversation_id: UUID, topic: str, *, at: datetime
) -> Change | None:
    """Say what the conversation is about; None if that is known. Raises TopicUnknown.

    One that still waits goes to the queue of the team that answers this topic; an escalated
    one stays with the team that the customer asked for.
    """
    found = topics.find(topic)
    if found is None:
        raise TopicUnknown

    def entries(state: State) -> list[Entry]:
        if state.topic == topic:
            return []
        said = Entry("state", speaking(agent), data={"to": "topic", "topic": topic})
        if state.place_at is None or state.team in (found.team, SENIOR):
            return [said]
        if found.team not in routing.manned(tx):
            return [said]
        if escalations.open_of(tx, [state.id]):
            return [said]
        move = {"to": "team", "team": found.team}
        return [said, Entry("state", speaking(agent), "internal", data=move)]

    return access.change(tx, agent, conversation_id, entries, at=at)


def set_priority(
    tx: Connection, agent: Agent, conversation_id: UUID, priority: int, *, at: datetime
) -> Change | None:
    """Say how much the conversation matters; customers don't see it. Raises PriorityUnknown."""
    if priority not in AHEAD:
        raise PriorityUnknown

    def entries(state: State) -> list[Entry]:
        if state.priority == priority:
            return []
        data = {"to": "priority", "priority": priority}
        return [Entry("state", speaking(agent), "internal", data=data)]

    return access.change(tx, agent, conversation_id, entries, at=at)
