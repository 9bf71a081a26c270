"""An agent answers, or leaves a note for colleagues."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection

from kefu.actions import batch as batches
from kefu.actions import escalated, redact
from kefu.actions.batch import Plan, Result
from kefu.actions.escalated import ConversationEscalated
from kefu.conversations.states import State, extend
from kefu.core.errors import ConversationClosed, ConversationUnknown, FileUnknown, KefuError
from kefu.core.ids import uuid7
from kefu.core.records import Agent, Author, Entry, Event, FileInfo, Outbound
from kefu.reads import thread
from kefu.reads.thread import AgentSnapshot


class StaleReply(KefuError):
    """Something came that the agent had not seen; `after` is the last line they had."""

    code = "reply.stale"
    status = 409


class SideUnknown(KefuError):
    """No such side thread of the conversation, or one that is closed."""

    code = "side.unknown"
    status = 404


def reply(tx: Connection, batch: Sequence[Outbound], *, at: datetime) -> Plan:
    """Store agents' messages and notes, and return the plan that was carried out.

    A reply to a conversation nobody has is also taking it. A reply written before its
    author saw the newest lines is held: StaleReply. An escalated conversation is answered by
    those who may have it, and by the reply of whoever has it the escalation is too.
    """
    seen = thread.agent_snapshot(tx, batch)
    plan = decide(seen, batch, at=at)
    redact.recall(plan, seen.memories, at=at)
    batches.keep(tx, plan, at=at)
    return plan


def decide(seen: AgentSnapshot, batch: Sequence[Outbound], *, at: datetime) -> Plan:
    """Return what to do with each message, in order. Pure but for fresh ids."""
    plan = Plan()
    plan.results = batches.results(batch, _place, lambda item: _one(seen, plan, item, at), _is_same)
    return plan


def _place(item: Outbound) -> tuple[UUID, str]:
    return item.conversation_id, item.key


def _one(seen: AgentSnapshot, plan: Plan, item: Outbound, at: datetime) -> Result:
    state = seen.states.get(item.conversation_id)
    if state is None:
        return ConversationUnknown()
    if earlier := seen.known.get((state.inbox_id, item.key)):
        return batches.repeat(earlier, state.reference, item, _is_same)
    if refusal := _refusal(seen, item, state):
        return refusal
    attached = batches.attachments(
        seen.files, item.files, lambda row: row.agent_id == item.agent.id
    )
    if attached is None:
        return FileUnknown()
    entries = _entries(seen, item, state, attached)
    receipt = batches.append(plan, seen.files, item, state, entries, at=at)
    _answer(seen, plan, item, at)
    seen.states[state.id] = plan.changes[state.id].after
    return receipt


def _is_same(earlier: Event, item: Outbound) -> bool:
    """Return whether the stored event is this very message: a key never stands for two texts."""
    sent = [file["id"] for file in earlier.data.get("files", ())]
    return (
        earlier.conversation_id == item.conversation_id
        and earlier.author.id == item.agent.id
        and earlier.visibility == item.visibility
        and earlier.text == item.text
        and sent == [str(file_id) for file_id in item.files]
    )


def _refusal(seen: AgentSnapshot, item: Outbound, state: State) -> KefuError | None:
    if item.visibility == "internal":
        is_lost = item.side is not None and seen.sides.get(item.side) != state.id
        return SideUnknown() if is_lost else None
    if state.status == "closed":
        return ConversationClosed()
    if state.id in seen.escalations and not escalated.may_have(
        state, item.agent, seen.teams[item.agent.id]
    ):
        return ConversationEscalated()
    unseen = [
        event
        for event in seen.newer.get(state.id, ())
        if item.read_up_to is not None
        and event.seq > item.read_up_to
        and event.kind in ("message", "note")
        and event.author.id != item.agent.id
    ]
    return StaleReply(after=item.read_up_to, count=len(unseen)) if unseen else None


def _entries(
    seen: AgentSnapshot, item: Outbound, state: State, attached: list[FileInfo]
) -> list[Entry]:
    author = speaking(item.agent)
    data = batches.content(item.text, attached)
    if item.visibility == "internal":
        if item.side is not None:
            data["side"] = str(item.side)
        return [Entry("note", author, "internal", item.text, item.key, data)]
    if item.differing:
        data["confirmed"] = [list(figure) for figure in item.differing]
    said = Entry("message", author, "public", item.text, item.key, data)
    if state.assignee is None:
        accepted = escalated.assigned(seen.escalations.get(state.id), item.agent, author)
        return [assignment(state, item.agent, author), *accepted, said]
    return [said]


def _answer(seen: AgentSnapshot, plan: Plan, item: Outbound, at: datetime) -> None:
    """Let the reply of whoever has an escalated conversation answer its escalation."""
    change = plan.changes[item.conversation_id]
    owner = change.after.assignee
    if item.visibility == "internal" or owner is None or owner.id != item.agent.id:
        return
    if escalation := seen.escalations.pop(item.conversation_id, None):
        entry = escalated.answered(escalation, speaking(item.agent))
        more = extend(change.after, [entry], at=at, new_id=uuid7)
        plan.changes[item.conversation_id] = change.then(more)


def speaking(agent: Agent) -> Author:
    """Return the agent as the log names them."""
    return Author("agent", agent.id, agent.alias, agent.badge)


def assignment(state: State, agent: Agent | None, author: Author) -> Entry:
    """Return the entry that gives the conversation to agent, or to nobody."""
    new = {"id": str(agent.id), "name": agent.alias, "badge": agent.badge} if agent else None
    old = state.assignee
    data = {
        "agent": new,
        "from": {"id": str(old.id), "name": old.name, "badge": old.badge} if old else None,
    }
    return Entry("assignment", author, data=data)
