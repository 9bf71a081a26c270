"""The order of a queue: a place is an instant, so that a priority ages by itself."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final

AHEAD: Final[Mapping[int, timedelta]] = {
    -1: timedelta(minutes=-10),
    0: timedelta(0),
    1: timedelta(minutes=10),
    2: timedelta(minutes=30),
}
"""By priority (low, normal, high, urgent): how much earlier than it came a conversation counts."""


def place(since: datetime, priority: int) -> datetime:
    """Return the place in its queue of one that waits since then; earlier is sooner.

    Nobody who comes later with the same priority, or with a lower one, gets before it; one
    with a higher priority does only while it has waited less than the difference.
    """
    return since - AHEAD[priority]
