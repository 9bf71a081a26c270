"""Clocks as badges: how long is left, and the dress that says how urgent that is."""

from msgspec import Struct

from kefu.core.i18n import say
from kefu.core.views import ClockView
from kefu.web.desk.times import Reader


class Due(Struct, frozen=True):
    """A clock for a badge. `due`, `warn`: ISO instants, for the page to count on from them.

    what: what is owed, in words; due "": its time stands still.
    """

    kind: str
    what: str
    due: str
    warn: str
    text: str
    level: str
    full_time: str


def badge(clock: ClockView, reader: Reader) -> Due:
    """Return the badge of a clock at the reader's instant."""
    what = say(reader.lang, f"desk.clock.{clock.kind}")
    if clock.due_at is None:
        return Due(clock.kind, what, "", "", say(reader.lang, "desk.clock.stands"), "", "")
    is_soon = clock.warn_at is not None and clock.warn_at <= reader.now
    is_late = clock.due_at < reader.now
    return Due(
        kind=clock.kind,
        what=what,
        due=clock.due_at.isoformat(),
        warn=(clock.warn_at or clock.due_at).isoformat(),
        text=reader.left(clock.due_at),
        level="is-danger" if is_late else "is-warn" if is_soon else "",
        full_time=reader.full(clock.due_at),
    )
