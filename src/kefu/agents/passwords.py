"""Passwords: argon2id, checked in the same time whether the account exists or not."""

from typing import Final

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

_HASHER: Final = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)
_NOBODY: Final = _HASHER.hash("nobody has this password")


def hashed(password: str) -> str:
    """Return what is stored of a password.

    Parameters: OWASP's password storage cheat sheet, argon2id with 19 MiB and t=2.
    """
    return _HASHER.hash(password)


def matches(stored: str | None, password: str) -> bool:
    """Return whether password is the stored one; None (no such account) costs the same time."""
    try:
        _HASHER.verify(stored or _NOBODY, password)
    except (VerificationError, InvalidHashError):
        return False
    return stored is not None
