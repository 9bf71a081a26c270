"""Times that customers are shown, and kept or renewed before they pass.

Whoever begins to wait is promised the end of the range in which nine of ten are answered.
Where it will not be kept, the customer hears first, with a new time. With nobody at the desk
no pace can be known; then the promise is what the desk owes in its hours to those who write.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import Connection

from kefu.actions import clocks
from kefu.agents import permissions as may
from kefu.conversations import store as conversations
from kefu.conversations.states import Change, State, extend
from kefu.core.ids import uuid7
from kefu.core.records import SYSTEM, Entry
from kefu.reads import queue
from kefu.reads.queue import Key, Line
from kefu.routing import promised
from kefu.routing import store as routing
from kefu.routing.estimate import SPACED, deviation_of, rounded
from kefu.routing.promised import Kind, Promise
from kefu.sla import store
from kefu.sla.policies import Conditions, Target

EARLY: Final = 0.2
"""The part of a promise's time before its end at which a new one is made, if it is not kept."""

WRITING: Final = timedelta(minutes=1)
"""What an agent needs to read and to write, once they have the customer."""

TAKEN: Final = timedelta(minutes=5)
"""Within which a customer is answered whom an agent has already, where that took too long."""

LATEST_NOTICE: Final = timedelta(minutes=2)


def follow(tx: Connection, ids: Sequence[UUID], *, at: datetime) -> list[Change]:
    """Make promises to those who begin to wait, and note what became of those that hold."""
    states = conversations.lock(tx, ids)
    held = promised.open_of(tx, ids)
    for conversation_id, promise in held.items():
        _settle(tx, states[conversation_id], promise, at)
    new = [s for s in states.values() if s.place_at is not None and s.id not in held]
    return _made(tx, new, "wait", at)


def renew(tx: Connection, *, at: datetime) -> list[Change]:
    """Tell customers who still wait a new time before the old one passes."""
    routing.lock(tx)
    due = {promise.conversation_id: promise for promise in promised.due(tx, at=at)}
    if not due:
        return []
    states = conversations.lock(tx, due)
    waiting = [state for state in states.values() if state.waiting_since is not None]
    for state in states.values():
        _settle(tx, state, due[state.id], at)
    for state in waiting:
        promise = due[state.id]
        promised.end(tx, promise, "renewed" if at <= promise.due_at else "broken", at=at)
    return _made(tx, waiting, "renewed", at)


def _settle(tx: Connection, state: State, promise: Promise, at: datetime) -> None:
    """Note that the conversation left the queue, and that its customer was answered.

    The log may be looked at later than it went on: the time of its last line counts.
    """
    at = min(at, state.updated_at)
    if state.place_at is None and promise.served_at is None:
        is_rated = promised.is_rated(tx, since=at - SPACED)
        deviation = None if is_rated else _deviation(promise, at)
        promised.serve(tx, promise, deviation=deviation, at=at)
    if state.waiting_since is None:
        promised.end(tx, promise, "kept" if at <= promise.due_at else "broken", at=at)


def _deviation(promise: Promise, at: datetime) -> float | None:
    if promise.ahead is None or not promise.rate:
        return None
    return deviation_of(promise.ahead, promise.rate, at - promise.made_at)


def _made(tx: Connection, states: Sequence[State], kind: Kind, at: datetime) -> list[Change]:
    """Promise each of the states a time; return the changes that tell the customers."""
    if not states:
        return []
    numbers = promised.numbers(tx, [state.id for state in states])
    lines = queue.lines(
        tx,
        {state.team for state in states},
        may_reply=may.REPLY,
        at=at,
        ids=[state.id for state in states],
    )
    later = _owed_anyway(tx, at)
    peaks = queue.peaks(tx)
    promises, changes = [], []
    for state in states:
        promise = _promise(state, lines, kind, numbers.get(state.id, 0) + 1, later, at)
        promises.append(promise)
        entry = _entry(promise, peak=state.team in peaks)
        changes.append(extend(state, [entry], at=at, new_id=uuid7))
    promised.add(tx, promises)
    conversations.append(tx, changes)
    return changes


def _promise(
    state: State,
    lines: Mapping[Key, Line],
    kind: Kind,
    number: int,
    later: datetime,
    at: datetime,
) -> Promise:
    line = lines.get((state.team, state.language))
    place = line.places.get(state.id) if line else None
    range_ = line.range(place.ahead) if line and place else None
    due_at = at + TAKEN if state.assignee else later
    if range_:
        due_at = at + rounded(range_).high + WRITING
    return Promise(
        conversation_id=state.id,
        number=number,
        team=state.team,
        language=state.language,
        kind=kind if range_ or kind == "renewed" else "later",
        since_at=state.waiting_since or at,
        made_at=at,
        due_at=due_at,
        renew_at=due_at - min((due_at - at) * EARLY, LATEST_NOTICE),
        ahead=place.ahead if place and range_ else None,
        rate=line.rate if line and range_ else None,
        low_at=at + rounded(range_).low if range_ else None,
    )


def _owed_anyway(tx: Connection, at: datetime) -> datetime:
    """Return when one who writes to the desk is answered, whoever is there now.

    That is the first response of the policy for cases of which nothing is known.
    """
    book = store.book(tx)
    policy = next(policy for policy in book.policies if policy.conditions == Conditions())
    first = policy.targets.first
    within = first if isinstance(first, Target) else Target(timedelta(days=1))
    return clocks.due_at(within, at, book.hours[policy.calendar])


def _entry(promise: Promise, *, peak: bool) -> Entry:
    data = {
        "kind": promise.kind,
        "position": None if promise.ahead is None else promise.ahead + 1,
        "low_at": promise.low_at.isoformat() if promise.low_at else None,
        "due_at": promise.due_at.isoformat(),
        "peak": peak,
    }
    return Entry("promise", SYSTEM, data=data)
