"""The desk's list: one row a conversation, and how many each view holds."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, Final, NamedTuple
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Connection,
    Row,
    Select,
    and_,
    exists,
    func,
    literal,
    or_,
    select,
    tuple_,
)

from kefu.conversations.escalations import OPEN
from kefu.conversations.store import assignee_of
from kefu.core.records import FRONT
from kefu.core.views import ClockView, InboxPage, InboxRow, View, Work
from kefu.storage.tables import agent, conversation, customer, escalation, target
from kefu.storage.types import Instant

PAGE: Final = 60
COUNTED: Final[tuple[View, ...]] = ("mine", "queue", "escalated", "open")
_NEVER: Final = datetime(9999, 1, 1, tzinfo=UTC)

_C = conversation.c
_CLOCK, _SOONER = target.alias("clock"), target.alias("sooner")


def _is_owed(c: Any) -> ColumnElement[bool]:
    return and_(c.met_at.is_(None), c.due_at.is_not(None))


def _order_of(c: Any) -> Any:
    return tuple_(c.due_at, c.kind, c.number)


_FIRST_OWED = and_(
    _CLOCK.c.conversation_id == _C.id,
    _is_owed(_CLOCK.c),
    ~exists().where(
        _SOONER.c.conversation_id == _CLOCK.c.conversation_id,
        _is_owed(_SOONER.c),
        _order_of(_SOONER.c) < _order_of(_CLOCK.c),
    ),
)
_IS_ESCALATED = exists().where(escalation.c.conversation_id == _C.id, escalation.c.status.in_(OPEN))
_OWED_AT = func.coalesce(_CLOCK.c.due_at, literal(_NEVER, Instant))
_ROWS = (
    select(
        *_C["id", "reference", "language", "status", "assignee_id", "assignee_name"],
        *_C["assignee_badge", "preview", "preview_by", "updated_at", "waiting_since", "unread"],
        *_C["customer_id", "topic", "priority", "place_at"],
        customer.c.name,
        customer.c.tier,
        _IS_ESCALATED.label("is_escalated"),
        _CLOCK.c.kind,
        _CLOCK.c.due_at,
        _CLOCK.c.warn_at,
        _OWED_AT.label("owed_at"),
    )
    .join(customer, customer.c.id == _C.customer_id)
    .outerjoin(_CLOCK, _FIRST_OWED)
)


class _By(NamedTuple):
    """A column that rows are ordered by, and the name of its value in a row."""

    name: str
    column: ColumnElement[Any]
    is_falling: bool = False


_NEWEST = (_By("updated_at", _C.updated_at, True), _By("id", _C.id, True))
_SOONEST = (_By("owed_at", _OWED_AT), *_NEWEST)
_ORDERS: Final[dict[View, tuple[_By, ...]]] = {
    "mine": _SOONEST,
    "queue": (_By("place_at", _C.place_at), _By("id", _C.id)),
    "escalated": _SOONEST,
    "open": _NEWEST,
    "closed": _NEWEST,
}


def page(tx: Connection, view: View, agent_id: UUID, *, after: str | None = None) -> InboxPage:
    """Return a page of a view: three statements whatever its size."""
    who = tx.execute(
        select(*agent.c["teams", "work_state", "capacity"]).where(agent.c.id == agent_id)
    ).one()
    teams = tuple(who.teams or (FRONT,))
    query = _ROWS.where(_in_view(view, agent_id, teams))
    if view == "queue":
        query = _placed(query, teams)
    order = _ORDERS[view]
    if after and (mark := _read_cursor(after, len(order))):
        query = query.where(_past(order, mark))
    ordered = query.order_by(*(by.column.desc() if by.is_falling else by.column for by in order))
    rows = tx.execute(ordered.limit(PAGE + 1)).all()
    shown = rows[:PAGE]
    counts = _counts(tx, agent_id, teams)
    return InboxPage(
        rows=tuple(_row(row) for row in shown),
        counts=counts,
        more=_cursor(order, shown[-1]) if len(rows) > PAGE else None,
        work=Work(teams, who.work_state, counts["mine"], who.capacity),
    )


def row(tx: Connection, conversation_id: UUID) -> InboxRow | None:
    """Return one conversation as the list shows it."""
    found = tx.execute(_ROWS.where(_C.id == conversation_id)).one_or_none()
    return _row(found) if found else None


def _in_view(view: View, agent_id: UUID, teams: Sequence[str]) -> ColumnElement[bool]:
    opened = _C.status == "open"
    match view:
        case "mine":
            return and_(opened, _C.assignee_id == agent_id)
        case "queue":
            return and_(opened, _C.place_at.is_not(None), _C.team.in_(teams))
        case "escalated":
            return and_(opened, _C.team != FRONT, _C.team.in_(teams), _IS_ESCALATED)
        case "open":
            return opened
        case "closed":
            return _C.status == "closed"


def _placed(query: Select[*tuple[Any, ...]], teams: Sequence[str]) -> Select[*tuple[Any, ...]]:
    """Return the query with the place of each row in the queue of its team."""
    place = func.row_number().over(partition_by=_C.team, order_by=(_C.place_at, _C.id))
    places = (
        select(_C.id, place.label("position"))
        .where(_C.place_at.is_not(None), _C.team.in_(teams))
        .subquery("places")
    )
    return query.join(places, places.c.id == _C.id).add_columns(places.c.position)


def _counts(tx: Connection, agent_id: UUID, teams: Sequence[str]) -> dict[str, int]:
    """Return open conversations by view; closed ones are not counted, they only grow."""
    counted = [func.count().filter(_in_view(view, agent_id, teams)).label(view) for view in COUNTED]
    found = tx.execute(select(*counted).where(_C.status == "open")).one()
    return dict(found._mapping)


def _past(order: Sequence[_By], mark: Sequence[Any]) -> ColumnElement[bool]:
    """Return the condition of coming after a row whose values `mark` holds."""
    ways = []
    for n, by in enumerate(order):
        same = [earlier.column == mark[m] for m, earlier in enumerate(order[:n])]
        further = by.column < mark[n] if by.is_falling else by.column > mark[n]
        ways.append(and_(*same, further))
    return or_(*ways)


def _cursor(order: Sequence[_By], row: Row[*tuple[Any, ...]]) -> str:
    *instants, last = (getattr(row, by.name) for by in order)
    return "~".join((*(at.isoformat() for at in instants), str(last)))


def _read_cursor(text: str, parts: int) -> list[Any] | None:
    """Return the values of a cursor: instants, then an id; None for what is none of this view."""
    *instants, last = text.split("~")
    if len(instants) != parts - 1:
        return None
    try:
        return [*(datetime.fromisoformat(at) for at in instants), UUID(last)]
    except ValueError:
        return None


def _row(row: Row[*tuple[Any, ...]]) -> InboxRow:
    return InboxRow(
        id=row.id,
        reference=row.reference,
        customer_name=row.name,
        customer_tail=tail(row.customer_id),
        language=row.language,
        tier=row.tier,
        channel="chat",
        status=row.status,
        assignee=assignee_of(row),
        preview=row.preview,
        preview_by=row.preview_by,
        updated_at=row.updated_at,
        waiting_since=row.waiting_since,
        unread=row.unread,
        topic=row.topic,
        priority=row.priority,
        is_escalated=bool(row.is_escalated),
        clock=ClockView(row.kind, row.due_at, row.warn_at) if row.kind else None,
        position=getattr(row, "position", None),
    )


def tail(customer_id: UUID) -> str:
    """Return four characters that tell nameless visitors apart."""
    return customer_id.hex[-4:].upper()


def newest(tx: Connection) -> datetime | None:
    """Return when any conversation last moved: a client compares it to know its list is whole."""
    at: datetime | None = tx.execute(select(func.max(_C.updated_at))).scalar()
    return at
