"""Identifiers: UUIDv7 for rows, references and badges for people, random tokens for secrets."""

import hashlib
import os
import secrets
import time
from typing import Final
from uuid import UUID

CROCKFORD: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_VALUE: Final = {c: i for i, c in enumerate(CROCKFORD)} | {"O": 0, "I": 1, "L": 1}


def uuid7(unix_ms: int | None = None) -> UUID:
    """Return a UUIDv7: 48 bits of Unix milliseconds, then 74 random bits.

    Source: RFC 9562, section 5.7.
    """
    ms = time.time_ns() // 1_000_000 if unix_ms is None else unix_ms
    value = (ms & 0xFFFF_FFFF_FFFF) << 80 | int.from_bytes(os.urandom(10))
    return UUID(int=value & ~(0xF << 76) & ~(0x3 << 62) | 0x7 << 76 | 0x2 << 62)


def new_reference() -> str:
    """Return 7 random Crockford base32 characters and a check character, as `K7F3-92QE`."""
    body = "".join(secrets.choice(CROCKFORD) for _ in range(7))
    whole = body + CROCKFORD[_check(body)]
    return f"{whole[:4]}-{whole[4:]}"


def read_reference(text: str) -> str | None:
    """Return the reference a person typed in its usual form, or None if it cannot be one.

    Case, spaces and hyphens do not matter, and O, I, L read as 0, 1, 1.
    """
    typed = text.upper().replace("-", "").replace(" ", "")
    if len(typed) != 8 or any(c not in _VALUE for c in typed):
        return None
    whole = "".join(CROCKFORD[_VALUE[c]] for c in typed)
    return f"{whole[:4]}-{whole[4:]}" if _check(whole[:7]) == _VALUE[whole[7]] else None


def _check(body: str) -> int:
    """Return the check digit of body. Source: the Luhn mod N algorithm, N = 32."""
    total, factor = 0, 2
    for character in reversed(body):
        product = _VALUE[character] * factor
        total += product // 32 + product % 32
        factor = 3 - factor
    return -total % 32


def new_token() -> str:
    """Return a secret of 256 random bits, in URL-safe base64 (43 characters)."""
    return secrets.token_urlsafe(32)


def token_hash(token: str) -> bytes:
    """Return what is stored of a token: SHA-256, 32 bytes. Enough for a random secret."""
    return hashlib.sha256(token.encode()).digest()
