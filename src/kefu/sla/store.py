"""Statements on calendars, policies and the clocks of conversations."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any, Final
from uuid import UUID

import msgspec
from sqlalchemy import Connection, Row, delete, func, insert, select, update

from kefu.core.clock import from_micros, to_micros
from kefu.core.errors import KefuError
from kefu.sla import calendar as calendars_
from kefu.sla import defaults, policies
from kefu.sla.calendar import Saved
from kefu.sla.errors import PolicyMalformed
from kefu.sla.hours import Hours
from kefu.sla.policies import Conditions, Policy
from kefu.sla.targets import Clock, Clocks
from kefu.storage.bulk import insert_rows
from kefu.storage.tables import calendar, service, sla_policy, target

BATCH: Final = 200


class Book(msgspec.Struct, frozen=True):
    """The policies of the desk and its calendars by key, as stored."""

    policies: tuple[Policy, ...]
    hours: Mapping[str, Hours]


def ensure_defaults(tx: Connection, *, at: datetime) -> None:
    """Store the calendar and the policies a desk begins with, if it has none."""
    if tx.execute(select(calendar.c.key)).first() is None:
        name = {"zh-Hans": "客服时间", "en": "Desk hours"}
        save_calendar(tx, defaults.CALENDAR_KEY, name, dict(defaults.CALENDAR), at=at)
    if tx.execute(select(sla_policy.c.key)).first() is None:
        for policy in defaults.POLICIES:
            save_policy(tx, policy, at=at)


def book(tx: Connection) -> Book:
    """Return policies and calendars: two statements, their parts read anew only when changed.

    A row of old that cannot be read stops no desk: a policy is left out, a calendar counts as
    always open, and where no policy is for every case, the one a desk begins with is.
    """
    found, _ = readable(tx)
    if all(policy.conditions != Conditions() for policy in found):
        found.append(defaults.FALLBACK)
    rows = tx.execute(select(calendar.c.key, calendar.c.definition)).all()
    hours = {row.key: _hours(msgspec.json.encode(row.definition)) for row in rows}
    return Book(tuple(found), {defaults.CALENDAR_KEY: defaults.HOURS} | hours)


def saved(tx: Connection) -> list[Saved]:
    """Return the calendars as they were saved, by key."""
    rows = tx.execute(select(*calendar.c["key", "name", "definition"]).order_by(calendar.c.key))
    return [Saved(*row) for row in rows]


def readable(tx: Connection) -> tuple[list[Policy], list[str]]:
    """Return the policies by key, and the keys of those that cannot be read."""
    found, unreadable = [], []
    for row in tx.execute(select(sla_policy).order_by(sla_policy.c.key)):
        try:
            found.append(policies.read(row.key, row.conditions, row.targets, row.calendar_key))
        except PolicyMalformed:
            unreadable.append(row.key)
    return found, unreadable


def policies_by(tx: Connection, calendar_key: str) -> list[str]:
    """Return the keys of the policies that count by a calendar."""
    rows = tx.execute(select(sla_policy.c.key).where(sla_policy.c.calendar_key == calendar_key))
    return sorted(rows.scalars())


@lru_cache(64)
def _hours(definition: bytes) -> Hours:
    try:
        return calendars_.read(msgspec.json.decode(definition))
    except KefuError:
        return defaults.HOURS


def save_calendar(
    tx: Connection, key: str, name: dict[str, str], definition: dict[str, Any], *, at: datetime
) -> None:
    """Store a calendar in place of one with its key. The caller has read it for faults."""
    values = {"name": name, "definition": definition, "changed_at": at}
    if not tx.execute(update(calendar).where(calendar.c.key == key).values(values)).rowcount:
        tx.execute(insert(calendar).values(key=key, **values))


def drop_calendar(tx: Connection, key: str) -> None:
    """Forget a calendar that no policy counts by."""
    tx.execute(delete(calendar).where(calendar.c.key == key))


def save_policy(tx: Connection, policy: Policy, *, at: datetime) -> None:
    """Store a policy in place of one with its key."""
    values = {
        "conditions": msgspec.to_builtins(policy.conditions),
        "targets": msgspec.to_builtins(policy.targets),
        "calendar_key": policy.calendar,
        "changed_at": at,
    }
    found = tx.execute(update(sla_policy).where(sla_policy.c.key == policy.key).values(values))
    if not found.rowcount:
        tx.execute(insert(sla_policy).values(key=policy.key, **values))


def drop_policy(tx: Connection, key: str) -> None:
    """Forget a policy; clocks that run by it keep their times."""
    tx.execute(delete(sla_policy).where(sla_policy.c.key == key))


def clocks(tx: Connection, ids: Iterable[UUID]) -> dict[UUID, Clocks]:
    """Return the clocks of conversations."""
    found: dict[UUID, dict[Any, Clock]] = {}
    for row in tx.execute(select(target).where(target.c.conversation_id.in_(list(ids)))):
        clock = _clock(row)
        found.setdefault(row.conversation_id, {})[clock.kind, clock.number] = clock
    return dict(found)


def unmet(tx: Connection, *, after: UUID | None, limit: int) -> list[UUID]:
    """Return conversations of which something is still owed, in the order of their ids."""
    query = select(target.c.conversation_id).where(target.c.met_at.is_(None)).distinct()
    if after is not None:
        query = query.where(target.c.conversation_id > after)
    return list(tx.execute(query.order_by(target.c.conversation_id).limit(limit)).scalars())


def due(tx: Connection, *, at: datetime) -> list[tuple[UUID, Clock]]:
    """Return clocks of which something is to be said by now, locked, the earliest first."""
    rows = tx.execute(
        select(target)
        .where(target.c.next_at <= at)
        .order_by(target.c.next_at)
        .limit(BATCH)
        .with_for_update(skip_locked=True)
    )
    return [(row.conversation_id, _clock(row)) for row in rows]


def next_at(tx: Connection) -> datetime | None:
    """Return when something is to be said of a clock next, or None."""
    found: datetime | None = tx.execute(select(func.min(target.c.next_at))).scalar()
    return found


def keep(tx: Connection, before: Mapping[UUID, Clocks], after: Mapping[UUID, Clocks]) -> None:
    """Write the clocks that differ."""
    new: list[tuple[Any, ...]] = []
    for conversation_id, later in after.items():
        earlier = before.get(conversation_id, {})
        for place, clock in later.items():
            if place not in earlier:
                new.append(tuple(_values(conversation_id, clock).values()))
            elif clock != earlier[place]:
                _rewrite(tx, conversation_id, clock)
    if new:
        insert_rows(tx, target, _NAMES, new)


def _rewrite(tx: Connection, conversation_id: UUID, clock: Clock) -> None:
    tx.execute(
        update(target)
        .where(
            target.c.conversation_id == conversation_id,
            target.c.kind == clock.kind,
            target.c.number == clock.number,
        )
        .values(_values(conversation_id, clock))
    )


_NAMES: Final = (
    "conversation_id",
    "kind",
    "number",
    "within",
    "warn_after",
    "started_at",
    "pauses",
    "paused_at",
    "due_at",
    "warn_at",
    "met_at",
    "warned_at",
    "breached_at",
    "next_at",
)


def _values(conversation_id: UUID, clock: Clock) -> dict[str, Any]:
    """Return the row of a clock, in the order of _NAMES."""
    values: dict[str, Any] = {name: getattr(clock, name) for name in _NAMES[1:]}
    values["within"] = round(clock.within / _MICROSECOND)
    values["warn_after"] = round(clock.warn_after / _MICROSECOND)
    values["pauses"] = [[to_micros(a), to_micros(b)] for a, b in clock.pauses]
    return {"conversation_id": conversation_id, **values}


_MICROSECOND: Final = timedelta(microseconds=1)


def _clock(row: Row[*tuple[Any, ...]]) -> Clock:
    return Clock(
        kind=row.kind,
        number=row.number,
        within=row.within * _MICROSECOND,
        warn_after=row.warn_after * _MICROSECOND,
        started_at=row.started_at,
        pauses=tuple((from_micros(a), from_micros(b)) for a, b in row.pauses),
        paused_at=row.paused_at,
        due_at=row.due_at,
        warn_at=row.warn_at,
        met_at=row.met_at,
        warned_at=row.warned_at,
        breached_at=row.breached_at,
    )


def note_read(tx: Connection, marks: Mapping[UUID, tuple[int, str]], known: Sequence[UUID]) -> None:
    """Note up to which line each log was folded, and by which policy.

    known: those that have a row already.
    """
    new = []
    for conversation_id, (seq, policy_key) in marks.items():
        values = {"seq": seq, "policy_key": policy_key}
        if conversation_id in known:
            where = service.c.conversation_id == conversation_id
            tx.execute(update(service).where(where).values(values))
        else:
            new.append(values | {"conversation_id": conversation_id})
    if new:
        tx.execute(insert(service), new)
