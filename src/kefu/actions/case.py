"""What an agent sees of a conversation beside its lines."""

from uuid import UUID

from sqlalchemy import Connection

from kefu.actions import escalated
from kefu.core.errors import ConversationUnknown
from kefu.core.records import Agent
from kefu.core.views import CaseView
from kefu.reads import case as reads
from kefu.reads import conversation, escalations, sides


def case(tx: Connection, agent: Agent, conversation_id: UUID) -> CaseView:
    """Return what is owed, escalated and asked aside. Raises ConversationUnknown."""
    view = conversation.view(tx, conversation_id)
    if view is None:
        raise ConversationUnknown
    teams = escalations.teams_of(tx, [agent.id]).get(agent.id, frozenset())
    return CaseView(
        clocks=reads.clocks(tx, conversation_id) if view.status == "open" else (),
        ahead=reads.ahead(tx, view),
        escalations=escalations.shown(tx, conversation_id),
        sides=sides.of_conversation(tx, conversation_id),
        may_answer=escalated.may_have(view, agent, teams),
    )
