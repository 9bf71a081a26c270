"""Instants: aware UTC datetimes in the code, whole microseconds since 1970 in the database."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Final

Clock = Callable[[], datetime]

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND: Final = timedelta(microseconds=1)


def now() -> datetime:
    """Return the current instant in UTC."""
    return datetime.now(UTC)


def to_micros(at: datetime) -> int:
    """Return whole microseconds since 1970 UTC. Raises TypeError for a naive datetime."""
    return (at - _EPOCH) // _MICROSECOND


def from_micros(micros: int) -> datetime:
    """Return the instant `to_micros` was given."""
    return _EPOCH + timedelta(microseconds=micros)
