"""A desk's first furniture: an inbox, roles, an administrator."""

import secrets
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection

from kefu.agents import passwords
from kefu.agents import store as agents
from kefu.customers import store as customers
from kefu.reads import conversation as reads


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
) -> None:
    """Store an agent with a role."""
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
    )


def administrator(tx: Connection, email: str, password: str, *, at: datetime) -> bool:
    """Store the first administrator; False if the address has an account already."""
    if agents.credentials(tx, email) is not None:
        return False
    badge = f"A-{10_000 + secrets.randbelow(90_000)}"
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
    )
    return True
