"""Open cases are owed by what the calendars and policies say now: on request, bit by bit.

An effect of the outbox goes through all conversations of which something is still owed, a
batch a transaction, each batch leaving word of the next. Harmless to repeat.
"""

from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Connection

from kefu.reads import service
from kefu.routing import store as routing
from kefu.sla import policies, store, targets
from kefu.sla.errors import NeverOpen, TooFar
from kefu.sla.hours import Hours
from kefu.sla.policies import Policy
from kefu.sla.targets import Clock
from kefu.storage import outbox

RECOMPUTE: Final = "recompute"
BATCH: Final = 200


def begin(tx: Connection, *, at: datetime) -> None:
    """Have every open case counted anew once this transaction is committed."""
    _go_on(tx, {"after": None}, at)


def recompute(tx: Connection, after: UUID | None, *, at: datetime, most: int = BATCH) -> int:
    """Count anew the cases whose ids follow `after`, `most` of them; return how many there were.

    The next batch follows by itself.
    """
    routing.lock(tx)
    ids = store.unmet(tx, after=after, limit=most)
    if not ids:
        return 0
    book, cases, before = store.book(tx), service.cases(tx, ids), store.clocks(tx, ids)
    later, marks = {}, {}
    for conversation_id, clocks in before.items():
        case = cases[conversation_id]
        policy = policies.choose(book.policies, case.facts)
        if policy is None:
            continue
        hours = book.hours[policy.calendar]
        later[conversation_id] = {
            place: _retimed(clock, policy, hours, at) for place, clock in clocks.items()
        }
        marks[conversation_id] = (case.seq or 0, policy.key)
    store.keep(tx, before, later)
    store.note_read(tx, marks, [id_ for id_, case in cases.items() if case.seq is not None])
    if len(ids) == most:
        _go_on(tx, {"after": str(ids[-1])}, at)
    return len(ids)


def _retimed(clock: Clock, policy: Policy, hours: Hours, at: datetime) -> Clock:
    """Return the clock counted anew; as it is where hours of old have no end for it."""
    try:
        return targets.retimed(clock, policy, hours, at)
    except (NeverOpen, TooFar):
        return clock


def _go_on(tx: Connection, payload: dict[str, Any], at: datetime) -> None:
    outbox.add(tx, [(RECOMPUTE, RECOMPUTE, payload)], at=at)
