"""What an open escalation means to whoever has, takes, answers or ends the conversation.

Pure: each function takes the escalation, or None where there is none, and returns entries.
"""

from collections.abc import Collection
from typing import Any

from kefu.agents import permissions as may
from kefu.conversations.escalations import Escalation, Step
from kefu.conversations.states import State
from kefu.core.errors import KefuError
from kefu.core.records import Agent, Author, Entry
from kefu.core.text import SafeText
from kefu.core.views import ConversationView


class ConversationEscalated(KefuError):
    """The customer asked for somebody else: it is not this agent's to answer, nor to end yet."""

    code = "conversation.escalated"
    status = 409


def may_have(state: State | ConversationView, agent: Agent, teams: Collection[str]) -> bool:
    """Return whether an escalated conversation may be the agent's.

    The team's own may, unless they had it before; so may who has it now; who watches over the
    floor always may.
    """
    if may.may(agent.permissions, may.FLOOR):
        return True
    if state.assignee is not None and state.assignee.id == agent.id:
        return True
    return state.team in teams and str(agent.id) not in state.barred


def assigned(escalation: Escalation | None, agent: Agent | None, author: Author) -> list[Entry]:
    """Return what to append after an assignment: accepted, or open to the team again."""
    if escalation is None:
        return []
    if agent is not None:
        owner = {"id": str(agent.id), "name": agent.alias, "badge": agent.badge}
        return [_step(escalation, "accepted", author, owner=owner)]
    if escalation.step == "accepted":
        return [_step(escalation, "requested", author, again=True)]
    return []


def answered(escalation: Escalation, author: Author) -> Entry:
    """Return the entry behind the owner's reply."""
    return _step(escalation, "answered", author, owner=_named(author))


def declined(escalation: Escalation, author: Author, text: SafeText) -> Entry:
    """Return the entry that refuses it, with the reason that the customer reads."""
    return _step(escalation, "declined", author, text, owner=_named(author))


def withdrawn(escalation: Escalation | None, author: Author) -> list[Entry]:
    """Return what to append when the customer needs no more help."""
    return [_step(escalation, "withdrawn", author)] if escalation else []


def _named(author: Author) -> dict[str, Any]:
    return {"id": str(author.id), "name": author.name, "badge": author.badge}


def _step(
    escalation: Escalation, step: Step, author: Author, text: SafeText | None = None, **data: Any
) -> Entry:
    data = {"id": str(escalation.id), "step": step, "to": escalation.to, **data}
    return Entry("escalation", author, text=text, data=data)
