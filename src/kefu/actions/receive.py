"""A customer says something: the message gets its place in the log.

The story of a batch: read a snapshot, decide, write once, say what became of each message.
"""

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

from msgspec.structs import replace
from sqlalchemy import Connection

from kefu.actions import batch as batches
from kefu.actions import escalate, redact, warn
from kefu.actions.batch import Plan, Result
from kefu.conversations.states import GOES_ON, State, opening
from kefu.core.errors import FileUnknown, HelloRefused
from kefu.core.ids import new_reference, uuid7
from kefu.core.records import FRONT, Author, Entry, Event, Inbound, Visitor
from kefu.customers import store as customers
from kefu.intake import topics
from kefu.reads import thread
from kefu.reads.thread import Snapshot
from kefu.routing import store as routing


def receive(tx: Connection, batch: Sequence[Inbound], *, careful: bool, at: datetime) -> Plan:
    """Store customer messages and return the plan that was carried out.

    A key stored before gives its first receipt again. A message that cannot be stored has
    its error among the results and harms no other.
    """
    seen = thread.snapshot(tx, batch, careful=careful)
    manned = routing.manned(tx) if any(item.topic for item in batch) else ()
    plan = decide(seen, batch, manned, at=at)
    redact.recall(plan, seen.memories, at=at)
    warn.warn(plan, batch, seen.memories, at=at)
    escalate.by_phrase(tx, plan, batch, at=at)
    customers.keep(tx, plan.newcomers, at=at)
    batches.keep(tx, plan, at=at)
    return plan


def decide(
    seen: Snapshot, batch: Sequence[Inbound], manned: Collection[str] = (), *, at: datetime
) -> Plan:
    """Return what to do with each message, in order. Pure but for fresh ids.

    manned: the teams that somebody belongs to; the front line answers for the others.
    """
    plan = Plan()

    def is_same(earlier: Event, item: Inbound) -> bool:
        return _owner(seen, earlier) == seen.customer.get(item.visitor.id)

    def one(item: Inbound) -> Result:
        visitor = item.visitor
        if visitor.id in seen.ended:
            return HelloRefused()
        if earlier := seen.known.get((visitor.inbox_id, item.key)):
            reference = seen.conversations[earlier.conversation_id].reference
            return batches.repeat(earlier, reference, item, is_same)
        return _new(seen, plan, item, manned, at)

    plan.results = batches.results(batch, _place, one, is_same)
    return plan


def _place(item: Inbound) -> tuple[UUID, str]:
    return item.visitor.inbox_id, item.key


def _owner(seen: Snapshot, earlier: Event) -> UUID | None:
    """Return whose message an earlier try became: its conversation may have moved since."""
    state = seen.conversations.get(earlier.conversation_id)
    return state.customer_id if state else earlier.author.id


def _new(
    seen: Snapshot, plan: Plan, item: Inbound, manned: Collection[str], at: datetime
) -> Result:
    customer_id = seen.customer.get(item.visitor.id)
    attached = batches.attachments(
        seen.files, item.files, lambda row: row.customer_id == customer_id
    )
    if attached is None:
        return FileUnknown()
    if customer_id is None:
        customer_id = _newcomer(seen, plan, item.visitor)
    author = Author("customer", customer_id)
    data = batches.content(item.text, attached)
    if item.intent != "none":
        data["intent"] = item.intent
    entries = [Entry("message", author, text=item.text, key=item.key, data=data)]
    place = (item.visitor.inbox_id, customer_id)
    state = seen.open.get(place) or _revived(seen.closed.get(place), at)
    if state is None:
        older = seen.closed.get(place)
        follows = older.reference if older else None
        entries.insert(0, _opening(item, customer_id, author, follows, manned))
    elif state.status == "closed":
        entries.insert(0, Entry("state", author, data={"to": "reopened"}))
    receipt = batches.append(plan, seen.files, item, state, entries, at=at)
    seen.open[place] = plan.changes[receipt.conversation_id].after
    return receipt


def _revived(closed: State | None, at: datetime) -> State | None:
    """Return a conversation that was closed lately enough to go on."""
    return closed if closed and closed.closed_at and at - closed.closed_at <= GOES_ON else None


def _newcomer(seen: Snapshot, plan: Plan, visitor: Visitor) -> UUID:
    customer_id = uuid7()
    seen.customer[visitor.id] = customer_id
    plan.newcomers[visitor.id] = replace(visitor, customer_id=customer_id)
    return customer_id


def _opening(
    item: Inbound,
    customer_id: UUID,
    author: Author,
    follows: str | None,
    manned: Collection[str],
) -> Entry:
    topic = topics.find(item.topic)
    return opening(
        inbox_id=item.visitor.inbox_id,
        customer_id=customer_id,
        reference=new_reference(),
        language=item.language or item.visitor.language,
        author=author,
        topic=topic.id if topic else None,
        team=topic.team if topic and topic.team in manned else FRONT,
        priority=topic.priority if topic else 0,
        follows=follows,
    )
