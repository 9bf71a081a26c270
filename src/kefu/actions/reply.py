"""An agent answers, or leaves a note for colleagues."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection

from kefu.actions import batch as batches
from kefu.actions import redact
from kefu.actions.batch import Plan, Result
from kefu.conversations.states import State
from kefu.core.errors import ConversationClosed, ConversationUnknown, FileUnknown, KefuError
from kefu.core.records import Agent, Author, Entry, Event, FileInfo, Outbound
from kefu.reads import thread
from kefu.reads.thread import AgentSnapshot


class StaleReply(KefuError):
    """Something came that the agent had not seen; `after` is the last line they had."""

    code = "reply.stale"
    status = 409


def reply(tx: Connection, batch: Sequence[Outbound], *, at: datetime) -> Plan:
    """Store agents' messages and notes, and return the plan that was carried out.

    A reply to a conversation nobody has is also taking it. A reply written before its
    author saw the newest lines is held: StaleReply.
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
    entries = _entries(item, state, attached)
    receipt = batches.append(plan, seen.files, item, state, entries, at=at)
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
        return None
    if state.status == "closed":
        return ConversationClosed()
    unseen = [
        event
        for event in seen.newer.get(state.id, ())
        if item.read_up_to is not None
        and event.seq > item.read_up_to
        and event.kind in ("message", "note")
        and event.author.id != item.agent.id
    ]
    return StaleReply(after=item.read_up_to, count=len(unseen)) if unseen else None


def _entries(item: Outbound, state: State, attached: list[FileInfo]) -> list[Entry]:
    author = speaking(item.agent)
    data = batches.content(item.text, attached)
    if item.visibility == "internal":
        return [Entry("note", author, "internal", item.text, item.key, data)]
    said = Entry("message", author, "public", item.text, item.key, data)
    if state.assignee is None:
        return [assignment(state, item.agent, author), said]
    return [said]


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
