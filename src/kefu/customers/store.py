"""Statements on customers, their visitors and the identities that proof joined to them."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, delete, insert, select, update

from kefu.core.ids import uuid7
from kefu.core.records import Owner, Visitor
from kefu.core.text import SafeText
from kefu.storage.tables import customer, identity, identity_token, inbox, visitor

EXCHANGE = "exchange"


def known(tx: Connection, ids: Iterable[UUID]) -> dict[UUID, tuple[UUID, bool]]:
    """Return (customer, whether the visit ended) of those visitors that wrote before."""
    rows = tx.execute(
        select(visitor.c.id, visitor.c.customer_id, visitor.c.ended_at).where(
            visitor.c.id.in_(list(ids))
        )
    )
    return {row.id: (row.customer_id, row.ended_at is not None) for row in rows}


def owners(tx: Connection, ids: Iterable[UUID]) -> dict[UUID, Owner]:
    """Return whose conversations those visitors read and write that left something."""
    rows = tx.execute(
        select(visitor.c.id, visitor.c.customer_id, visitor.c.inbox_id).where(
            visitor.c.id.in_(list(ids)), visitor.c.ended_at.is_(None)
        )
    )
    return {row.id: Owner(row.customer_id, row.inbox_id) for row in rows}


def keep(tx: Connection, visitors: Mapping[UUID, Visitor], *, at: datetime) -> None:
    """Store visitors that write for the first time, with a customer each (`customer_id`)."""
    if not visitors:
        return
    tx.execute(
        insert(customer),
        [
            {"id": v.customer_id, "language": v.language, "created_at": at, "seen_at": at}
            for v in visitors.values()
        ],
    )
    tx.execute(insert(visitor), [_visitor_row(v, at) for v in visitors.values()])


def _visitor_row(v: Visitor, at: datetime) -> dict[str, Any]:
    return {
        "id": v.id,
        "inbox_id": v.inbox_id,
        "customer_id": v.customer_id,
        "site": v.site,
        "language": v.language,
        "created_at": at,
    }


def add_visitor(tx: Connection, v: Visitor, *, at: datetime) -> None:
    """Store a visitor of a customer that exists."""
    tx.execute(insert(visitor).values(_visitor_row(v, at)))


def move_visitor(tx: Connection, visitor_id: UUID, customer_id: UUID) -> None:
    """Let a visitor speak for another customer, by proof."""
    tx.execute(update(visitor).where(visitor.c.id == visitor_id).values(customer_id=customer_id))


def end_visitor(tx: Connection, visitor_id: UUID, *, at: datetime) -> None:
    """Refuse the visitor's token from now on."""
    tx.execute(
        update(visitor)
        .where(visitor.c.id == visitor_id, visitor.c.ended_at.is_(None))
        .values(ended_at=at)
    )


def uid_of(tx: Connection, customer_id: UUID) -> str | None:
    """Return the exchange's uid that proof joined to the customer, or None."""
    return tx.execute(
        select(identity.c.external_id).where(
            identity.c.customer_id == customer_id, identity.c.channel == EXCHANGE
        )
    ).scalar()


def by_uid(tx: Connection, uid: str) -> UUID | None:
    """Return the customer of an exchange uid, or None."""
    return tx.execute(
        select(identity.c.customer_id).where(
            identity.c.channel == EXCHANGE, identity.c.external_id == uid
        )
    ).scalar()


def add_customer(tx: Connection, customer_id: UUID, language: str, *, at: datetime) -> None:
    """Store a customer about whom nothing else is known."""
    tx.execute(
        insert(customer).values(id=customer_id, language=language, created_at=at, seen_at=at)
    )


def add_identity(tx: Connection, customer_id: UUID, uid: str, *, at: datetime) -> None:
    """Join the exchange's uid to the customer; the caller checked the signed token."""
    tx.execute(
        insert(identity).values(
            id=uuid7(),
            customer_id=customer_id,
            channel=EXCHANGE,
            external_id=uid,
            proof="signed_token",
            created_at=at,
        )
    )


def describe(
    tx: Connection, customer_id: UUID, *, name: SafeText | None, tier: str | None, at: datetime
) -> None:
    """Take over what the exchange's token says about the customer."""
    values: dict[str, Any] = {"seen_at": at}
    if name is not None:
        values["name"] = name
    if tier is not None:
        values["tier"] = tier
    tx.execute(update(customer).where(customer.c.id == customer_id).values(values))


def set_language(tx: Connection, visitor_id: UUID, customer_id: UUID, language: str) -> None:
    """Remember the language the customer chose."""
    tx.execute(update(visitor).where(visitor.c.id == visitor_id).values(language=language))
    tx.execute(update(customer).where(customer.c.id == customer_id).values(language=language))


def token_owner(tx: Connection, inbox_id: UUID, jti: str) -> UUID | None:
    """Return the visitor that used an identity token first, or None."""
    return tx.execute(
        select(identity_token.c.visitor_id).where(
            identity_token.c.inbox_id == inbox_id, identity_token.c.jti == jti
        )
    ).scalar()


def use_token(
    tx: Connection,
    inbox_id: UUID,
    jti: str,
    visitor_id: UUID,
    *,
    expires_at: datetime,
    at: datetime,
) -> None:
    """Bind an identity token to the visitor that used it, and forget expired ones."""
    tx.execute(delete(identity_token).where(identity_token.c.expires_at < at))
    tx.execute(
        insert(identity_token).values(
            inbox_id=inbox_id, jti=jti, visitor_id=visitor_id, expires_at=expires_at
        )
    )


def add_inbox(
    tx: Connection,
    *,
    key: str,
    name: dict[str, str],
    origins: list[str],
    identity_keys: bytes | None,
    exchange: bytes | None,
    at: datetime,
) -> UUID:
    """Store a chat inbox; keys and the exchange's secret come sealed. Returns its id."""
    inbox_id = uuid7()
    tx.execute(
        insert(inbox).values(
            id=inbox_id,
            kind="chat",
            key=key,
            name=name,
            origins=origins,
            identity_keys=identity_keys,
            exchange=exchange,
            created_at=at,
        )
    )
    return inbox_id


def change_inbox(
    tx: Connection,
    inbox_id: UUID,
    *,
    name: dict[str, str],
    origins: list[str],
    identity_keys: bytes | None,
    exchange: bytes | None,
) -> None:
    """Replace what is configured of an inbox; keys and the exchange's secret come sealed."""
    tx.execute(
        update(inbox)
        .where(inbox.c.id == inbox_id)
        .values(name=name, origins=origins, identity_keys=identity_keys, exchange=exchange)
    )
