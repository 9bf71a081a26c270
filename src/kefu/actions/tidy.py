"""Files that no message took along are forgotten after a day."""

from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Connection

from kefu.files import rows
from kefu.files.blobs import Blobs
from kefu.storage import timers

LOOSE_FILES: Final = "loose_files"
KEPT: Final = timedelta(days=1)
EVERY: Final = timedelta(hours=1)


def fire(tx: Connection, blobs: Blobs, *, at: datetime) -> None:
    """Drop loose files older than a day, and set the next round."""
    for digest in rows.drop_loose(tx, before=at - KEPT):
        blobs.delete(digest)
    arm(tx, at=at)


def arm(tx: Connection, *, at: datetime) -> None:
    """Set the next round."""
    timers.arm(tx, LOOSE_FILES, "all", due_at=at + EVERY, payload={})
