"""Every timer: its name and the function it means."""

from collections.abc import Callable, Mapping
from datetime import datetime

from sqlalchemy import Connection

from kefu.actions import remind, tidy
from kefu.storage.timers import Timer

Fire = Callable[[Connection, Timer, datetime], None]


def timers() -> Mapping[str, Fire]:
    """Return the functions by name; each runs in the transaction that takes its timer."""

    def unread(tx: Connection, timer: Timer, at: datetime) -> None:
        remind.fire(tx, timer, at=at)

    def loose_files(tx: Connection, timer: Timer, at: datetime) -> None:
        tidy.fire(tx, at=at)

    return {remind.UNREAD: unread, tidy.LOOSE_FILES: loose_files}
