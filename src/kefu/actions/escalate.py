"""A case goes further up: the customer asks, by a tap or in words, or an agent asks for them.

It goes to a team whose queue it joins ahead, and to nobody who had it before. The customer
sees every step; who would refuse must say why.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from msgspec import Struct
from msgspec.structs import replace
from sqlalchemy import Connection

from kefu.actions import access, clocks, escalated
from kefu.actions.batch import Plan
from kefu.actions.escalated import ConversationEscalated
from kefu.actions.reply import assignment, speaking
from kefu.agents import permissions as may
from kefu.conversations import escalations, store
from kefu.conversations.escalations import By, Escalation, Reason, To
from kefu.conversations.states import GOES_ON, Change, State, extend
from kefu.core.errors import ConversationClosed, KefuError
from kefu.core.ids import uuid7
from kefu.core.records import SENIOR, TECHNICAL, Agent, Author, Entry, Inbound, Receipt, Visitor
from kefu.core.text import SafeText
from kefu.reads import escalations as reads
from kefu.trust import store as trust
from kefu.trust.store import NewAlert

TARGET: Final = timedelta(minutes=15)
"""When an escalation is due that comes with the first message: no policy was chosen yet."""

Crew = tuple[str, tuple[str, ...]]
"""A team, and those of it who do not get a case."""

PRIORITY: Final = 1
DECLINE: Final = "decline"
NOBODY: Final = "escalation.nobody"
"""Why a supervisor is alerted: nobody of the team may have it."""

PHRASES: Final[Mapping[str, tuple[To, Reason]]] = {
    "manager": (SENIOR, "asked"),
    "technical": (TECHNICAL, "technical"),
    "complaint": (SENIOR, "complaint"),
}
"""What words ask for, by intent. Who wants a person has one: no bot answers yet."""


class NotEscalated(KefuError):
    """There is no escalation to decline: it was answered, or another agent declined it."""

    code = "escalation.unknown"
    status = 404


class Ask(Struct, frozen=True):
    """Who asks for whom, and why."""

    to: To
    reason: Reason
    by: By
    author: Author


def own(
    tx: Connection, visitor: Visitor, conversation_id: UUID, to: To, *, at: datetime
) -> Change | None:
    """Escalate the customer's own conversation; None if one is under way: that one answers.

    One that ended within a week is opened again. Raises ConversationClosed.
    """
    state = access.conversation(tx, visitor, conversation_id)
    ask = Ask(to, "asked", "customer", Author("customer", state.customer_id))
    entries = _reopened(tx, state, ask.author, at)
    if _is_open(tx, state):
        return None
    return _kept(tx, state, [*entries, *_entries(tx, state, ask, at)], at)


def _reopened(tx: Connection, state: State, author: Author, at: datetime) -> list[Entry]:
    if state.status == "open":
        return []
    is_late = state.closed_at is None or at - state.closed_at > GOES_ON
    if is_late or store.of_customer(tx, state.customer_id, inbox_id=state.inbox_id, open_only=True):
        raise ConversationClosed
    return [Entry("state", author, data={"to": "reopened"})]


def escalate(
    tx: Connection,
    agent: Agent,
    conversation_id: UUID,
    to: To,
    reason: Reason,
    summary: SafeText,
    *,
    at: datetime,
) -> Change | None:
    """Escalate for the customer, with a note for whoever takes over.

    While an escalation is under way only the note is added. Raises ConversationClosed.
    """
    state = access.conversation(tx, agent, conversation_id)
    if state.status == "closed":
        raise ConversationClosed
    author = speaking(agent)
    entries = [Entry("note", author, "internal", summary)]
    if not _is_open(tx, state):
        entries += _entries(tx, state, Ask(to, reason, "agent", author), at)
    return _kept(tx, state, entries, at)


def carry(tx: Connection, state: State, escalation: Escalation, *, at: datetime) -> list[Change]:
    """Ask for the same in another conversation of the customer, if nothing is under way there."""
    if _is_open(tx, state):
        return []
    author = Author("customer", state.customer_id)
    ask = Ask(escalation.to, escalation.reason, escalation.by, author)
    return [_kept(tx, state, _entries(tx, state, ask, at), at)]


def by_phrase(tx: Connection, plan: Plan, batch: Sequence[Inbound], *, at: datetime) -> None:
    """Escalate behind each message that asks for it in words, if nothing is under way."""
    asked = {
        result.conversation_id: PHRASES[item.intent]
        for item, result in zip(batch, plan.results, strict=True)
        if item.intent in PHRASES and isinstance(result, Receipt) and not result.repeated
    }
    if not asked:
        return
    under_way = escalations.open_of(tx, asked)
    had = reads.had(tx, asked)
    new = asked.keys() - under_way.keys()
    begun = [id_ for id_ in new if plan.changes[id_].before is not None]
    owed = clocks.owed(tx, begun, "escalation", at=at)
    anyone: dict[Crew, bool] = {}
    for conversation_id in new:
        change = plan.changes[conversation_id]
        to, reason = asked[conversation_id]
        ask = Ask(to, reason, "phrase", Author("customer", change.after.customer_id))
        barred = _barred(change.after, had.get(conversation_id, set()))
        due_at = at + TARGET if change.before is None else owed.get(conversation_id)
        entries = _asked(change.after, ask, barred, due_at)
        more = extend(change.after, entries, at=at, new_id=uuid7)
        plan.changes[conversation_id] = replace(change.then(more), memory=change.memory)
        plan.alerts += _alerts(tx, more, anyone)


def decline(
    tx: Connection, agent: Agent, conversation_id: UUID, text: SafeText, *, at: datetime
) -> Change | None:
    """Refuse the open escalation with a reason that the customer reads.

    Who declines a case that nobody has takes it. Raises NotEscalated; ConversationEscalated
    to an agent who may not have it.
    """
    state = access.conversation(tx, agent, conversation_id)
    escalation = escalations.open_of(tx, [state.id]).get(state.id)
    if escalation is None:
        raise NotEscalated
    if not escalated.may_have(state, agent, reads.teams_of(tx, [agent.id])[agent.id]):
        raise ConversationEscalated
    author = speaking(agent)
    taken = [assignment(state, agent, author)] if state.assignee is None else []
    return _kept(tx, state, [*taken, escalated.declined(escalation, author, text)], at)


def _is_open(tx: Connection, state: State) -> bool:
    return state.id in escalations.open_of(tx, [state.id])


def _entries(tx: Connection, state: State, ask: Ask, at: datetime) -> list[Entry]:
    had = reads.had(tx, [state.id]).get(state.id, set())
    return _asked(state, ask, _barred(state, had), _due(tx, state, at))


def _due(tx: Connection, state: State, at: datetime) -> datetime | None:
    return clocks.owed(tx, [state.id], "escalation", at=at).get(state.id)


def _barred(state: State, had: set[str]) -> list[str]:
    return sorted({*state.barred, *had})


def _asked(state: State, ask: Ask, barred: list[str], due_at: datetime | None) -> list[Entry]:
    """Return the request, the end of whose it was, and its place in the other queue."""
    data: dict[str, Any] = {
        "id": str(uuid7()),
        "step": "requested",
        "to": ask.to,
        "reason": ask.reason,
        "by": ask.by,
        "due_at": due_at.isoformat() if due_at else None,
    }
    team = {"to": "team", "team": ask.to, "priority": PRIORITY, "barred": barred}
    return [
        Entry("escalation", ask.author, data=data),
        *([assignment(state, None, ask.author)] if state.assignee else []),
        Entry("state", ask.author, "internal", data=team),
    ]


def _kept(tx: Connection, state: State, entries: Sequence[Entry], at: datetime) -> Change:
    change = extend(state, entries, at=at, new_id=uuid7)
    store.append(tx, [change])
    trust.add(tx, _alerts(tx, change, {}), at=at)
    return change


def _alerts(tx: Connection, change: Change, anyone: dict[Crew, bool]) -> list[NewAlert]:
    """Return an alert for supervisors if nobody of the team is left who may have the case.

    anyone: what is known of teams already, which is added to.
    """
    after = change.after
    for event in change.events:
        if event.kind == "escalation" and event.data["step"] == "requested":
            crew = (after.team, after.barred)
            if crew not in anyone:
                anyone[crew] = reads.is_anyone(tx, *crew, permission=may.REPLY)
            return [] if anyone[crew] else [NewAlert(after.id, event.seq, (NOBODY,))]
    return []
