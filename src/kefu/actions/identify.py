"""The exchange says who a visitor is, by a signed token; or the visitor logs out.

The token was checked before this (`customers.tokens`); here proof becomes an identity.
"""

from datetime import datetime
from uuid import UUID

from msgspec import Struct
from msgspec.structs import replace
from sqlalchemy import Connection

from kefu.actions import escalate, escalated
from kefu.conversations import escalations, store
from kefu.conversations.states import Change, extend
from kefu.core.ids import uuid7
from kefu.core.records import SYSTEM, Entry, Visitor
from kefu.core.text import SafeText
from kefu.customers import store as customers
from kefu.customers.tokens import Identity, IdentityRefused
from kefu.files import rows as files


class Identified(Struct, frozen=True):
    """The visitor as it is known now; `changes` moved conversations to the customer."""

    visitor: Visitor
    customer_id: UUID
    changes: tuple[Change, ...] = ()


def identify(
    tx: Connection, visitor: Visitor, identity: Identity, name: SafeText | None, *, at: datetime
) -> Identified:
    """Let the visitor speak for the customer of the token's uid.

    A visitor who was nobody yet brings their open conversation along. One who spoke for
    another uid becomes a new visitor, so that a shared computer joins no two people.
    Raises IdentityRefused for a token that another visitor used.
    """
    _once(tx, visitor, identity, at)
    before = customers.known(tx, [visitor.id]).get(visitor.id)
    customer_id = customers.by_uid(tx, identity.uid)
    old = before[0] if before else None
    old_uid = customers.uid_of(tx, old) if old else None
    if old_uid is not None and old_uid != identity.uid:
        visitor, before, old = replace(visitor, id=uuid7()), None, None
    changes: tuple[Change, ...] = ()
    if customer_id is None:
        customer_id = old or uuid7()
        if old is None:
            customers.add_customer(tx, customer_id, visitor.language, at=at)
        customers.add_identity(tx, customer_id, identity.uid, at=at)
    elif old is not None and old != customer_id:
        changes = _bring_along(tx, old, customer_id, at)
        customers.move_visitor(tx, visitor.id, customer_id)
    known = replace(visitor, customer_id=customer_id, uid=identity.uid)
    if before is None:
        customers.add_visitor(tx, known, at=at)
    customers.describe(tx, customer_id, name=name, tier=identity.tier, at=at)
    return Identified(known, customer_id, changes)


def _once(tx: Connection, visitor: Visitor, identity: Identity, at: datetime) -> None:
    owner = customers.token_owner(tx, visitor.inbox_id, identity.jti)
    if owner is None:
        customers.use_token(
            tx, visitor.inbox_id, identity.jti, visitor.id, expires_at=identity.expires_at, at=at
        )
    elif owner != visitor.id:
        raise IdentityRefused(reason="used")


def _bring_along(tx: Connection, old: UUID, customer_id: UUID, at: datetime) -> tuple[Change, ...]:
    """Move what the nameless visitor had. A second open conversation is closed in the move.

    What was asked for in it is asked for in the one that goes on.
    """
    own = {s.inbox_id: s for s in store.of_customer(tx, customer_id, open_only=True)}
    brought = store.of_customer(tx, old)
    files.move_loose(tx, old, customer_id)  # behind the conversations, as everybody locks
    asked = escalations.open_of(tx, [state.id for state in brought])
    changes, carried = [], list[Change]()
    for state in brought:
        entries = [
            Entry("state", SYSTEM, "internal", data={"to": "moved", "customer": str(customer_id)})
        ]
        if state.status == "open" and state.inbox_id in own:
            escalation = asked.get(state.id)
            closed = Entry("state", SYSTEM, data={"to": "closed"})
            entries = [*escalated.withdrawn(escalation, SYSTEM), closed, *entries]
            if escalation:
                carried += escalate.carry(tx, own[state.inbox_id], escalation, at=at)
        changes.append(extend(state, entries, at=at, new_id=uuid7))
    store.append(tx, changes)
    return (*changes, *carried)


def log_out(tx: Connection, visitor: Visitor, *, at: datetime) -> None:
    """Refuse the visitor's token from now on."""
    customers.end_visitor(tx, visitor.id, at=at)
