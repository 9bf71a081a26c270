"""What is known of conversations where it decides what is owed to them."""

from collections.abc import Sequence
from uuid import UUID

from msgspec import Struct
from sqlalchemy import Connection, select

from kefu.intake import topics
from kefu.sla.policies import Facts
from kefu.storage.tables import conversation, customer, inbox, service

PRIORITIES = {-1: "low", 0: "normal", 1: "high", 2: "urgent"}


class Case(Struct, frozen=True):
    """A conversation as policies see it. seq: up to which line its clocks are, None: not begun."""

    facts: Facts
    seq: int | None


def cases(tx: Connection, ids: Sequence[UUID]) -> dict[UUID, Case]:
    """Return what policies ask for; one statement."""
    c = conversation.c
    rows = tx.execute(
        select(c.id, c.priority, c.language, c.topic, customer.c.tier, inbox.c.kind, service.c.seq)
        .join(customer, customer.c.id == c.customer_id)
        .join(inbox, inbox.c.id == c.inbox_id)
        .outerjoin(service, service.c.conversation_id == c.id)
        .where(c.id.in_(list(ids)))
    )
    return {
        row.id: Case(
            Facts(
                channel=row.kind,
                priority=PRIORITIES[row.priority],
                language=row.language,
                tier=row.tier,
                topics=tuple(reversed(topics.path(row.topic))) if row.topic else (),
            ),
            row.seq,
        )
        for row in rows
    }
