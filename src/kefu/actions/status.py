"""An agent closes a conversation, or opens it again."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection

from kefu.actions import access
from kefu.actions.escalated import ConversationEscalated
from kefu.actions.reply import StaleReply, speaking
from kefu.conversations import escalations, store
from kefu.conversations.states import Change, State
from kefu.core.errors import KefuError
from kefu.core.records import FRONT, Agent, Entry


class AnotherOpen(KefuError):
    """The customer has a newer open conversation in this inbox; that one goes on."""

    code = "conversation.another_open"
    status = 409


def close(tx: Connection, agent: Agent, conversation_id: UUID, *, at: datetime) -> Change | None:
    """Close the conversation; None if it is closed already.

    Raises StaleReply while it holds a customer's message that no agent has read or answered;
    ConversationEscalated while an escalation is neither answered nor declined.
    """

    def entries(state: State) -> list[Entry]:
        if state.status == "closed":
            return []
        if state.unread:
            raise StaleReply(count=state.unread)
        if state.team != FRONT and escalations.open_of(tx, [state.id]):
            raise ConversationEscalated
        return [Entry("state", speaking(agent), data={"to": "closed"})]

    return access.change(tx, agent, conversation_id, entries, at=at)


def reopen(tx: Connection, agent: Agent, conversation_id: UUID, *, at: datetime) -> Change | None:
    """Open a closed conversation again; None if it is open.

    Raises AnotherOpen if the customer has another open conversation in the inbox.
    """

    def entries(state: State) -> list[Entry]:
        if state.status == "open":
            return []
        if store.of_customer(tx, state.customer_id, inbox_id=state.inbox_id, open_only=True):
            raise AnotherOpen
        return [Entry("state", speaking(agent), data={"to": "reopened"})]

    return access.change(tx, agent, conversation_id, entries, at=at)
