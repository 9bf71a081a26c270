"""What is owed to customers: clocks follow the log, and warn and tell to the second.

`follow` folds new lines into the clocks of a conversation. `fire` says of each clock, once,
that its time runs out and that it ran out: as events, in the transaction that notes it.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

from msgspec.structs import replace
from sqlalchemy import Connection

from kefu.conversations import store as conversations
from kefu.conversations.states import Change, State, extend
from kefu.core.ids import uuid7
from kefu.core.records import SYSTEM, Entry, Event
from kefu.reads import service, thread
from kefu.reads.service import Case
from kefu.routing import store as routing
from kefu.sla import defaults, policies, store, targets
from kefu.sla.errors import NeverOpen, PoliciesLackFallback, TooFar
from kefu.sla.hours import Hours
from kefu.sla.policies import Policy, Target
from kefu.sla.store import Book
from kefu.sla.targets import TOO_LATE, Clock, ClockKind, Clocks

HIGH: Final = 1


def follow(tx: Connection, ids: Sequence[UUID]) -> None:
    """Bring the clocks of conversations up to date with their logs; harmless to repeat."""
    cases = service.cases(tx, ids)
    marks = {id_: case.seq or 0 for id_, case in cases.items()}
    new = thread.by_conversation(tx, marks)
    if not new:
        return
    book = store.book(tx)
    before = store.clocks(tx, new)
    after, read = {}, {}
    for conversation_id, events in new.items():
        policy = _policy(book, cases[conversation_id])
        hours = book.hours[policy.calendar]
        earlier = before.get(conversation_id, {})
        after[conversation_id] = _folded(earlier, events, policy, hours)
        read[conversation_id] = (events[-1].seq, policy.key)
    store.keep(tx, before, after)
    store.note_read(tx, read, [id_ for id_, case in cases.items() if case.seq is not None])


def _policy(book: Book, case: Case) -> Policy:
    """Return the policy of a case. A set that is saved has one that asks for nothing."""
    found = policies.choose(book.policies, case.facts)
    if found is None:
        raise PoliciesLackFallback
    return found


def owed(
    tx: Connection, ids: Sequence[UUID], kind: ClockKind, *, at: datetime
) -> dict[UUID, datetime]:
    """Return when what begins now is owed, by the policies of conversations; three statements.

    One to whom nothing is owed is missing.
    """
    if not ids:
        return {}
    book, found = store.book(tx), {}
    for conversation_id, case in service.cases(tx, ids).items():
        policy = _policy(book, case)
        target = getattr(policy.targets, kind)
        if isinstance(target, Target):
            found[conversation_id] = due_at(target, at, book.hours[policy.calendar])
    return found


def due_at(target: Target, at: datetime, hours: Hours) -> datetime:
    """Return when a target is due; around the clock, where hours of old never open again."""
    try:
        return policies.due(target, at, hours).due_at
    except (NeverOpen, TooFar):
        return policies.due(target, at, defaults.HOURS).due_at


def _folded(clocks: Clocks, events: Sequence[Event], policy: Policy, hours: Hours) -> Clocks:
    """Return the clocks after events, in the same way."""
    try:
        return targets.fold(clocks, events, policy, hours)
    except (NeverOpen, TooFar):
        return targets.fold(clocks, events, policy, defaults.HOURS)


def fire(tx: Connection, *, at: datetime) -> list[Change]:
    """Say what is due to be said of clocks, and return what that changed.

    A conversation whose answer is late goes further to the front of its queue. One that was
    answered a moment ago, or before this process began, is not late: logs are followed first.
    """
    routing.lock(tx)
    due: dict[UUID, list[Clock]] = {}
    for conversation_id, clock in store.due(tx, at=at):
        due.setdefault(conversation_id, []).append(clock)
    if not due:
        return []
    states = conversations.lock(tx, due)
    follow(tx, list(states))
    before, after, changes = store.clocks(tx, states), {}, []
    for state in states.values():
        now = before[state.id]
        told = [_told(clock, now[clock.kind, clock.number], at) for clock in due[state.id]]
        after[state.id] = {(c.kind, c.number): c for c, _ in told}
        entries = [_entry(clock, step) for clock, steps in told for step in steps]
        entries += _raised(state, entries)
        if entries:
            changes.append(extend(state, entries, at=at, new_id=uuid7))
    store.keep(tx, before, after)
    conversations.append(tx, changes)
    return changes


def _told(due: Clock, now: Clock, at: datetime) -> tuple[Clock, list[str]]:
    """Return the clock as it is now, with what is due said of it, and what that is.

    One that stopped in between is late only if that was after its time.
    """
    stopped = now.met_at or now.paused_at
    if stopped is None:
        return targets.told(now, at)
    told, steps = targets.told(due, min(stopped, at))
    return replace(now, warned_at=told.warned_at, breached_at=told.breached_at), steps


def _entry(clock: Clock, step: str) -> Entry:
    due_at = clock.due_at.isoformat() if clock.due_at else None
    data = {"step": step, "clock": clock.kind, "number": clock.number, "due_at": due_at}
    return Entry("target", SYSTEM, "internal", data=data)


def _raised(state: State, entries: Sequence[Entry]) -> list[Entry]:
    is_late = any(entry.data["step"] == TOO_LATE for entry in entries)
    if not is_late or state.place_at is None or state.priority >= HIGH:
        return []
    return [Entry("state", SYSTEM, "internal", data={"to": "priority", "priority": HIGH})]
