"""A desk's first furniture: an inbox, roles, an administrator."""

import secrets
from collections.abc import Sequence
from datetime import datetime

from msgspec import Struct
from sqlalchemy import Connection

from kefu.agents import passwords
from kefu.agents import store as agents
from kefu.core.errors import KefuError
from kefu.core.records import FRONT, TEAMS
from kefu.customers import store as customers
from kefu.reads import conversation as reads
from kefu.routing import store as routing
from kefu.sla import store as sla


def chat_inbox(
    tx: Connection,
    *,
    name: dict[str, str],
    origins: list[str],
    at: datetime,
    identity_keys: bytes | None = None,
    exchange: bytes | None = None,
) -> str:
    """Return the key of the desk's chat inbox, made if there is none yet."""
    for inbox in reads.inboxes(tx):
        return inbox.key
    key = secrets.token_hex(8)
    customers.add_inbox(
        tx,
        key=key,
        name=name,
        origins=origins,
        identity_keys=identity_keys,
        exchange=exchange,
        at=at,
    )
    return key


def service_levels(tx: Connection, *, at: datetime) -> None:
    """Store the teams, the calendar and the policies a desk begins with; safe to repeat."""
    routing.ensure_teams(tx, at=at)
    sla.ensure_defaults(tx, at=at)


class InboxChange(Struct, frozen=True):
    """What is to be different; None leaves a thing as it is, empty bytes take it away."""

    name: dict[str, str] | None = None
    origins: list[str] | None = None
    identity_keys: bytes | None = None
    exchange: bytes | None = None


class InboxUnknown(KefuError):
    """No inbox with this key."""

    code = "inbox.unknown"
    status = 404


def change_inbox(tx: Connection, key: str | None, wanted: InboxChange) -> str:
    """Change the inbox of the key, or the first, and return its key. Raises InboxUnknown."""
    found = next((i for i in reads.inboxes(tx) if key is None or i.key == key), None)
    if found is None:
        raise InboxUnknown
    customers.change_inbox(
        tx,
        found.id,
        name=found.name | (wanted.name or {}),
        origins=list(found.origins) if wanted.origins is None else wanted.origins,
        identity_keys=_kept(wanted.identity_keys, found.identity_keys),
        exchange=_kept(wanted.exchange, found.exchange),
    )
    return found.key


def _kept(wanted: bytes | None, before: bytes | None) -> bytes | None:
    return before if wanted is None else wanted or None


def agent(
    tx: Connection,
    *,
    email: str,
    password: str,
    alias: str,
    badge: str,
    languages: Sequence[str],
    role: str,
    at: datetime,
    teams: Sequence[str] = (FRONT,),
    topics: Sequence[str] = (),
    capacity: int = 4,
) -> None:
    """Store an agent with a role, in teams, with what they are given and how much at once."""
    if agents.credentials(tx, email) is not None:
        raise AddressTaken
    roles = agents.ensure_roles(tx)
    agents.add(
        tx,
        email=email,
        password_hash=passwords.hashed(password),
        alias=alias,
        badge=badge,
        languages=languages,
        role_id=roles[role],
        at=at,
        teams=teams,
        topics=topics,
        capacity=capacity,
    )


class AddressTaken(KefuError):
    """The address has an account already."""

    code = "agent.address_taken"
    status = 409


def new_badge() -> str:
    """Return a badge number at random, `A-20417`; the database refuses one that is taken."""
    return f"A-{10_000 + secrets.randbelow(90_000)}"


def leave(tx: Connection, email: str, *, at: datetime) -> bool:
    """Take leave of an agent; False if there is none with the address."""
    found = agents.credentials(tx, email)
    if found is None:
        return False
    agents.leave(tx, found[0].id, at=at)
    return True


def administrator(tx: Connection, email: str, password: str, *, at: datetime) -> bool:
    """Store the first administrator; False if the address has an account already."""
    if agents.credentials(tx, email) is not None:
        return False
    badge = new_badge()
    alias = email.partition("@")[0]
    agent(
        tx,
        email=email,
        password=password,
        alias=alias,
        badge=badge,
        languages=["en", "zh-Hans"],
        role="admin",
        at=at,
        teams=TEAMS,  # nobody else is there yet to serve the others
    )
    return True
