"""A browser's visit: a signed token, bound to the inbox and the site, that needs no row.

Nothing is stored until there is something to keep, so ten thousand open widgets cost nothing.
"""

import hashlib
import re
from typing import Final
from urllib.parse import urlsplit
from uuid import UUID

from msgspec import Struct
from sqlalchemy import Connection

from kefu.core import crypto
from kefu.core.records import Visitor
from kefu.core.views import ConversationView
from kefu.customers import store as customers
from kefu.reads import conversation as reads

LIFE_SECONDS: Final = 400 * 86_400
_PURPOSE: Final = "visitor"
_ORIGIN: Final = re.compile(r"https?://[a-z0-9.:\[\]-]{1,260}")


class Arrival(Struct, frozen=True):
    """Who came, and the conversation that goes on.

    token: to be kept by the browser, when it is new. problem: why the exchange's token was
    refused, as an error code.
    """

    visitor: Visitor
    token: str | None
    conversation: ConversationView | None
    problem: str | None = None


def new_token(secret_key: bytes, visitor: Visitor, now: float) -> str:
    """Return the secret a visitor's browser keeps."""
    subject = f"{visitor.id.hex}.{visitor.inbox_id.hex}.{_digest(visitor.site)}"
    return crypto.sign(secret_key, _PURPOSE, subject, int(now) + LIFE_SECONDS)


def visitor_of(
    secret_key: bytes, token: str, *, inbox_id: UUID, site: str, language: str, now: float
) -> Visitor | None:
    """Return the visitor of a token, or None: forged, expired, of another inbox or site."""
    subject = crypto.signed_subject(secret_key, _PURPOSE, token, now)
    if subject is None:
        return None
    visitor_id, of_inbox, of_site = subject.split(".")
    if of_inbox != inbox_id.hex or of_site != _digest(site):
        return None
    return Visitor(UUID(visitor_id), inbox_id, site, language)


def inbox_of(secret_key: bytes, token: str, now: float) -> UUID | None:
    """Return the inbox a genuine token belongs to, or None."""
    subject = crypto.signed_subject(secret_key, _PURPOSE, token, now)
    return UUID(subject.split(".")[1]) if subject else None


def origin_of(site: str | None) -> str | None:
    """Return `scheme://host[:port]` of a web address in lower case, or None."""
    parts = urlsplit((site or "").strip().lower())
    if parts.scheme not in ("http", "https") or not parts.hostname:
        return None
    origin = f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}"
    return origin if _ORIGIN.fullmatch(origin) else None


def _digest(site: str) -> str:
    return hashlib.sha256(site.encode()).hexdigest()[:16]


class Known(Struct, frozen=True):
    """What is stored of a visitor who wrote before."""

    customer_id: UUID
    uid: str | None
    ended: bool
    conversation: ConversationView | None


def known(tx: Connection, visitor: Visitor) -> Known | None:
    """Return what is stored of the visitor, or None."""
    found = customers.known(tx, [visitor.id]).get(visitor.id)
    if found is None:
        return None
    customer_id, ended = found
    return Known(
        customer_id,
        customers.uid_of(tx, customer_id),
        ended,
        reads.newest_of(tx, customer_id, visitor.inbox_id),
    )
