"""What follows from the log, right after it: clocks start and stop, promises, who gets what.

A reader of the log: it may run twice for the same events and does nothing the second time.
"""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection

from kefu.actions import clocks, promises
from kefu.actions.route import route
from kefu.conversations.states import Change
from kefu.routing import store


def follow(tx: Connection, moved: Sequence[UUID], *, at: datetime) -> list[Change]:
    """Bring everything that follows from the logs of `moved` up to date; return what changed."""
    store.lock(tx)
    changes = route(tx, at=at, also=moved)
    clocks.follow(tx, moved)
    touched = {*moved, *(change.after.id for change in changes)}
    return [*changes, *promises.follow(tx, sorted(touched), at=at)]
