"""An agent answers, or leaves a note for colleagues."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from msgspec import to_builtins
from msgspec.structs import replace
from sqlalchemy import Connection

from kefu.actions.receive import Plan, joined
from kefu.conversations import store
from kefu.conversations.states import State, extend
from kefu.core.errors import (
    ConversationClosed,
    ConversationUnknown,
    FileUnknown,
    KefuError,
    KeyTaken,
)
from kefu.core.ids import uuid7
from kefu.core.records import Agent, Author, Entry, Event, FileInfo, Outbound, Receipt
from kefu.files import rows as files
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
    store.append(tx, list(plan.changes.values()))
    for conversation_id, ids in plan.attached.items():
        files.attach(tx, conversation_id, ids)
    return plan


def decide(seen: AgentSnapshot, batch: Sequence[Outbound], *, at: datetime) -> Plan:
    """Return what to do with each message, in order. Pure but for fresh ids."""
    plan = Plan()
    told: dict[tuple[UUID, str], Receipt] = {}
    for item in batch:
        place = (item.conversation_id, item.key)
        if place in told:
            same = _is_same(told[place].event, item)
            plan.results.append(replace(told[place], repeated=True) if same else KeyTaken())
            continue
        result = _one(seen, plan, item, at)
        if isinstance(result, Receipt):
            told[place] = result
        plan.results.append(result)
    return plan


def _one(seen: AgentSnapshot, plan: Plan, item: Outbound, at: datetime) -> Receipt | KefuError:
    state = seen.states.get(item.conversation_id)
    if state is None:
        return ConversationUnknown()
    if earlier := seen.known.get((state.inbox_id, item.key)):
        if not _is_same(earlier, item):
            return KeyTaken()
        return Receipt(item.key, state.id, state.reference, earlier, repeated=True)
    if refusal := _refusal(seen, item, state):
        return refusal
    attachments = _attachments(seen, item)
    if attachments is None:
        return FileUnknown()
    change = extend(state, _entries(item, state, attachments), at=at, new_id=uuid7)
    seen.states[state.id] = change.after
    plan.changes[state.id] = joined(plan.changes.get(state.id), change)
    for file_id in item.files:
        del seen.files[file_id]
        plan.attached.setdefault(state.id, []).append(file_id)
    return Receipt(item.key, state.id, state.reference, change.events[-1])


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


def _entries(item: Outbound, state: State, attachments: list[FileInfo]) -> list[Entry]:
    author = speaking(item.agent)
    data = {"files": to_builtins(attachments)} if attachments else {}
    if item.visibility == "internal":
        return [Entry("note", author, "internal", item.text, item.key, data)]
    said = Entry("message", author, "public", item.text, item.key, data)
    if state.assignee is None:
        return [assignment(state, item.agent, author), said]
    return [said]


def _attachments(seen: AgentSnapshot, item: Outbound) -> list[FileInfo] | None:
    if len(set(item.files)) < len(item.files):
        return None
    infos = []
    for file_id in item.files:
        row = seen.files.get(file_id)
        if row is None or row.agent_id != item.agent.id or row.conversation_id is not None:
            return None
        infos.append(row.info)
    return infos


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
