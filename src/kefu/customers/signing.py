"""Signatures of the exchange contract: both sides sign what they say with one shared secret."""

import hashlib
import hmac
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final

ID: Final = "X-Kefu-Id"
TIMESTAMP: Final = "X-Kefu-Timestamp"
SIGNATURE: Final = "X-Kefu-Signature"
WINDOW: Final = timedelta(minutes=5)


def sign(secret: bytes, id: str, timestamp: str, line: str, body: bytes) -> str:
    """Return the signature header's value.

    line: `METHOD.path?query` of a request, `status.path?query` of its answer, so that a
        request never passes for an answer.
    """
    signed = f"{id}.{timestamp}.{line}.".encode() + body
    return "v1=" + hmac.new(secret, signed, hashlib.sha256).hexdigest()


def headers(secret: bytes, id: str, at: datetime, line: str, body: bytes) -> dict[str, str]:
    """Return the three headers that prove body and line."""
    timestamp = str(int(at.timestamp()))
    return {ID: id, TIMESTAMP: timestamp, SIGNATURE: sign(secret, id, timestamp, line, body)}


def proven(
    secret: bytes, given: Mapping[str, str], line: str, body: bytes, *, now: datetime
) -> str | None:
    """Return the id the headers carry if they prove line and body and are fresh, or None.

    given: names of headers in lower case.
    """
    id, timestamp, signature = (given.get(name.lower(), "") for name in (ID, TIMESTAMP, SIGNATURE))
    if not id or len(id) > 64 or not (timestamp.isascii() and timestamp.isdecimal()):
        return None
    if len(timestamp) > 12 or abs(now.timestamp() - int(timestamp)) > WINDOW.total_seconds():
        return None
    expected = sign(secret, id, timestamp, line, body)
    return id if hmac.compare_digest(expected.encode(), signature.encode()) else None
