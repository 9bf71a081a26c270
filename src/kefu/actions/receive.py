"""A customer says something: the message gets its place in the log.

The story of a batch: read a snapshot, decide, write once, say what became of each message.
"""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from msgspec import Struct, field, to_builtins
from msgspec.structs import replace
from sqlalchemy import Connection

from kefu.conversations import store
from kefu.conversations.states import Change, State, extend, opening
from kefu.core.errors import FileUnknown, HelloRefused, KefuError, KeyTaken
from kefu.core.ids import new_reference, uuid7
from kefu.core.records import Author, Entry, Event, FileInfo, Inbound, Receipt, Visitor
from kefu.customers import store as customers
from kefu.files import rows as files
from kefu.reads import thread
from kefu.reads.thread import Snapshot


class Plan(Struct):
    """What a batch will do, and what each message's sender is told."""

    results: list[Receipt | KefuError] = field(default_factory=list)
    changes: dict[UUID, Change] = field(default_factory=dict)
    newcomers: dict[UUID, Visitor] = field(default_factory=dict)
    attached: dict[UUID, list[UUID]] = field(default_factory=dict)


def receive(tx: Connection, batch: Sequence[Inbound], *, careful: bool, at: datetime) -> Plan:
    """Store customer messages and return the plan that was carried out.

    A key stored before gives its first receipt again. A message that cannot be stored has
    its error among the results and harms no other.
    """
    seen = thread.snapshot(tx, batch, careful=careful)
    plan = decide(seen, batch, at=at)
    customers.keep(tx, plan.newcomers, at=at)
    store.append(tx, list(plan.changes.values()))
    for conversation_id, ids in plan.attached.items():
        files.attach(tx, conversation_id, ids)
    return plan


def decide(seen: Snapshot, batch: Sequence[Inbound], *, at: datetime) -> Plan:
    """Return what to do with each message, in order. Pure but for fresh ids."""
    plan = Plan()
    told: dict[tuple[UUID, str], tuple[UUID, Receipt]] = {}
    for item in batch:
        place = (item.visitor.inbox_id, item.key)
        if place in told:
            plan.results.append(_again(*told[place], seen.customer.get(item.visitor.id)))
            continue
        result = _one(seen, plan, item, at)
        if isinstance(result, Receipt):
            told[place] = (seen.customer[item.visitor.id], result)
        plan.results.append(result)
    return plan


def _again(owner: UUID, receipt: Receipt, customer_id: UUID | None) -> Receipt | KefuError:
    """Return the receipt that an earlier message of the batch had, to its own sender only."""
    return replace(receipt, repeated=True) if customer_id == owner else KeyTaken()


def _one(seen: Snapshot, plan: Plan, item: Inbound, at: datetime) -> Receipt | KefuError:
    visitor = item.visitor
    if visitor.id in seen.ended:
        return HelloRefused()
    customer_id = seen.customer.get(visitor.id)
    if earlier := seen.known.get((visitor.inbox_id, item.key)):
        return _repeat(seen.conversations[earlier.conversation_id], earlier, customer_id)
    attachments = _attachments(seen, item, customer_id)
    if attachments is None:
        return FileUnknown()
    if customer_id is None:
        customer_id = _newcomer(seen, plan, visitor)
    return _append(seen, plan, item, customer_id, attachments, at)


def _repeat(state: State, earlier: Event, customer_id: UUID | None) -> Receipt | KefuError:
    if state.customer_id != customer_id:
        return KeyTaken()
    return Receipt(earlier.key or "", state.id, state.reference, earlier, repeated=True)


def _attachments(seen: Snapshot, item: Inbound, customer_id: UUID | None) -> list[FileInfo] | None:
    """Return the files of the message, or None if one is not the sender's to send, or sent."""
    if len(set(item.files)) < len(item.files):
        return None
    infos = []
    for file_id in item.files:
        row = seen.files.get(file_id)
        if row is None or row.customer_id != customer_id or row.conversation_id is not None:
            return None
        infos.append(row.info)
    return infos


def _newcomer(seen: Snapshot, plan: Plan, visitor: Visitor) -> UUID:
    customer_id = uuid7()
    seen.customer[visitor.id] = customer_id
    plan.newcomers[visitor.id] = replace(visitor, customer_id=customer_id)
    return customer_id


def _append(
    seen: Snapshot,
    plan: Plan,
    item: Inbound,
    customer_id: UUID,
    attachments: list[FileInfo],
    at: datetime,
) -> Receipt:
    author = Author("customer", customer_id)
    data = {"files": to_builtins(attachments)} if attachments else {}
    entries = [Entry("message", author, text=item.text, key=item.key, data=data)]
    state = seen.open.get((item.visitor.inbox_id, customer_id))
    if state is None:
        entries.insert(0, _opening(item, customer_id, author))
    change = extend(state, entries, at=at, new_id=uuid7)
    conversation_id = change.after.id
    seen.open[item.visitor.inbox_id, customer_id] = change.after
    plan.changes[conversation_id] = joined(plan.changes.get(conversation_id), change)
    for file_id in item.files:
        del seen.files[file_id]
        plan.attached.setdefault(conversation_id, []).append(file_id)
    return Receipt(item.key, conversation_id, change.after.reference, change.events[-1])


def _opening(item: Inbound, customer_id: UUID, author: Author) -> Entry:
    return opening(
        inbox_id=item.visitor.inbox_id,
        customer_id=customer_id,
        reference=new_reference(),
        language=item.language or item.visitor.language,
        author=author,
    )


def joined(first: Change | None, then: Change) -> Change:
    """Return two changes of one conversation, made one after the other, as one."""
    if first is None:
        return then
    return Change(first.before, first.events + then.events, then.after)
