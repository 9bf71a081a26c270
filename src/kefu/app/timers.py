"""Every timer: its name and the function it means."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from sqlalchemy import Connection

from kefu.actions import finish, holidays, remind, tidy
from kefu.conversations.states import Change
from kefu.storage.timers import Timer

Fire = Callable[[Connection, Timer, datetime], Sequence[Change]]


def timers() -> Mapping[str, Fire]:
    """Return the functions by name; each runs in the transaction that takes its timer.

    They return what they changed of conversations.
    """

    def unread(tx: Connection, timer: Timer, at: datetime) -> list[Change]:
        remind.fire(tx, timer, at=at)
        return []

    def loose_files(tx: Connection, timer: Timer, at: datetime) -> list[Change]:
        tidy.fire(tx, at=at)
        return []

    def idle(tx: Connection, timer: Timer, at: datetime) -> list[Change]:
        return finish.fire(tx, timer, at=at)

    def days(tx: Connection, timer: Timer, at: datetime) -> list[Change]:
        holidays.fire(tx, timer, at=at)
        return []

    return {
        holidays.HOLIDAYS: days,
        remind.UNREAD: unread,
        tidy.LOOSE_FILES: loose_files,
        finish.IDLE: idle,
    }
