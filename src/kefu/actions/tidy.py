"""Files that no message took along are forgotten after a day, and then their content."""

from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Connection

from kefu.files import rows
from kefu.storage import outbox, timers

LOOSE_FILES: Final = "loose_files"
DROP_CONTENT: Final = "drop_content"
KEPT: Final = timedelta(days=1)
EVERY: Final = timedelta(hours=1)
UNTOUCHED: Final = timedelta(hours=1)
"""Content that was given again within this time may be about to get a row: it stays."""


def fire(tx: Connection, *, at: datetime) -> None:
    """Forget loose files older than a day; their content goes by the outbox. Set the next round."""
    digests = rows.drop_loose(tx, before=at - KEPT)
    if digests:
        outbox.add(tx, [(DROP_CONTENT, DROP_CONTENT, {"digests": digests})], at=at)
    timers.arm(tx, LOOSE_FILES, "all", due_at=at + EVERY, payload={})


def start(tx: Connection, *, at: datetime) -> None:
    """Set the first round, unless one is set."""
    timers.ensure(tx, LOOSE_FILES, "all", due_at=at + EVERY, payload={})
