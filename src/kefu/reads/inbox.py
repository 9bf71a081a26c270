"""The desk's list: one row a conversation, and how many each view holds."""

from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, Row, and_, func, or_, select

from kefu.conversations.store import assignee_of
from kefu.core.views import VIEWS, InboxPage, InboxRow, View
from kefu.storage.tables import conversation, customer

PAGE: Final = 60


_C = conversation.c
_COLUMNS = (
    *_C["id", "reference", "language", "status", "assignee_id", "assignee_name", "assignee_badge"],
    *_C["preview", "preview_by", "updated_at", "waiting_since", "unread", "customer_id"],
    customer.c.name,
    customer.c.tier,
)
_ROWS = select(*_COLUMNS).join(customer, customer.c.id == _C.customer_id)


def page(tx: Connection, view: View, agent_id: UUID, *, after: str | None = None) -> InboxPage:
    """Return a page of a view: three statements whatever its size."""
    query = _ROWS.where(_in_view(view, agent_id))
    if after and (mark := _read_cursor(after)):
        at, last = mark
        query = query.where(or_(_C.updated_at < at, and_(_C.updated_at == at, _C.id < last)))
    rows = tx.execute(query.order_by(_C.updated_at.desc(), _C.id.desc()).limit(PAGE + 1)).all()
    shown = rows[:PAGE]
    more = f"{shown[-1].updated_at.isoformat()}~{shown[-1].id}" if len(rows) > PAGE else None
    return InboxPage(tuple(_row(row) for row in shown), _counts(tx, agent_id), more)


def row(tx: Connection, conversation_id: UUID) -> InboxRow | None:
    """Return one conversation as the list shows it."""
    found = tx.execute(_ROWS.where(_C.id == conversation_id)).one_or_none()
    return _row(found) if found else None


def _in_view(view: View, agent_id: UUID) -> ColumnElement[bool]:
    opened = _C.status == "open"
    match view:
        case "mine":
            return and_(opened, _C.assignee_id == agent_id)
        case "unassigned":
            return and_(opened, _C.assignee_id.is_(None))
        case "open":
            return opened
        case "closed":
            return _C.status == "closed"


def _counts(tx: Connection, agent_id: UUID) -> dict[str, int]:
    """Return open conversations by view; closed ones are not counted, they only grow."""
    counted = [func.count().filter(_in_view(view, agent_id)).label(view) for view in VIEWS[:3]]
    found = tx.execute(select(*counted).where(_C.status == "open")).one()
    return dict(found._mapping)


def _read_cursor(text: str) -> tuple[datetime, UUID] | None:
    at, _, last = text.partition("~")
    try:
        return datetime.fromisoformat(at), UUID(last)
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
    )


def tail(customer_id: UUID) -> str:
    """Return four characters that tell nameless visitors apart."""
    return customer_id.hex[-4:].upper()


def newest(tx: Connection) -> datetime | None:
    """Return when any conversation last moved: a client compares it to know its list is whole."""
    at: datetime | None = tx.execute(select(func.max(_C.updated_at))).scalar()
    return at
