"""A conversation's events as the lines of a thread: days, groups, and who speaks to whom."""

from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import Any, Final, Literal

from msgspec import Struct, field

from kefu.core.records import Event
from kefu.files.rows import HELD
from kefu.web.desk.said import said, team
from kefu.web.desk.times import Reader

Side = Literal["customer", "agent", "note", "system"]

_LONG: Final = 900
_LONG_ROWS: Final = 16
_ASSERTED: Final = frozenset({"card_number", "private_key"})
_PICTURES: Final = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp"})


class Attachment(Struct, frozen=True):
    """A file of a message as its line shows it. `size` is in words; pixels as stored.

    is_held: nobody has checked what the customer sent, so it takes a click to open.
    found: kinds of secret that were taken out of it.
    """

    id: str
    name: str
    size: str
    picture: bool
    width: int | None
    height: int | None
    state: str = "clean"
    is_held: bool = False
    found: tuple[str, ...] = ()


class Line(Struct, frozen=True):
    """One event on screen.

    first: it opens a group, so its author and time are drawn. day: the date to draw above it,
    empty within the same day. says: the text key of a system line; values fill it. Empty: the
    line above says it already. asserted: text keys of what is to be known of the text.
    is_aside: a note of a side thread; aside: the team it asks, where it begins.
    """

    event: Event
    side: Side
    first: bool
    day: str
    time: str
    full_time: str
    long: bool = False
    files: tuple[Attachment, ...] = ()
    says: str = ""
    values: dict[str, str] = field(default_factory=dict)
    asserted: tuple[str, ...] = ()
    aside: str = ""
    is_aside: bool = False


def lines(events: Iterable[Event], reader: Reader, after: Event | None = None) -> list[Line]:
    """Return the lines of events in order. `after` is the event already drawn above them."""
    drawn = []
    for event in events:
        drawn.append(_line(event, after, reader))
        after = event
    return drawn


def following(events: Sequence[Event], after: int, reader: Reader) -> list[Line]:
    """Return the lines past sequence number `after`; events may begin with the one at it."""
    above = next((event for event in events if event.seq == after), None)
    return lines((event for event in events if event.seq > after), reader, above)


def _line(event: Event, above: Event | None, reader: Reader) -> Line:
    side = _side(event)
    says, values = said(event, above, reader) if side == "system" else ("", {})
    text = event.text.value if event.text else ""
    day = "" if above and _same_day(above, event, reader) else reader.day(event.at)
    return Line(
        event=event,
        side=side,
        first=bool(day) or above is None or not _same_group(above, event, reader),
        day=day,
        time=reader.clock(event.at),
        full_time=reader.full(event.at),
        long=len(text) > _LONG or text.count("\n") >= _LONG_ROWS,
        files=tuple(
            attachment(file, by_customer=event.author.kind == "customer")
            for file in event.data.get("files", ())
        ),
        says=says,
        values=values,
        asserted=_remarks(event),
        aside=_asked(event, reader),
        is_aside="side" in event.data,
    )


def _side(event: Event) -> Side:
    if event.kind not in ("message", "note") or event.data.get("step") == "closed":
        return "system"
    if event.kind == "note" or event.visibility == "internal":
        return "note"
    return "customer" if event.author.kind == "customer" else "agent"


def _same_day(above: Event, event: Event, reader: Reader) -> bool:
    return above.at.astimezone(reader.zone).date() == event.at.astimezone(reader.zone).date()


def _same_group(above: Event, event: Event, reader: Reader) -> bool:
    """Whether a line needs no head of its own: same author, same dress, within a minute."""
    return (
        _side(above) == _side(event)
        and above.author == event.author
        and above.data.get("side") == event.data.get("side")
        and event.at - above.at < timedelta(minutes=1)
    )


def _asked(event: Event, reader: Reader) -> str:
    """Return the team that a side thread asks, for its first line."""
    is_first = event.kind == "note" and event.data.get("step") == "opened"
    return team(event.data["team"], reader.lang) if is_first else ""


def _remarks(event: Event) -> tuple[str, ...]:
    """Return what is to be known of the text: its author calls it harmless, or checked it."""
    asserted = [
        f"desk.line.asserted.{kind}" if kind in _ASSERTED else "desk.line.asserted"
        for kind in event.data.get("asserted", ())
    ]
    confirmed = ["desk.line.confirmed"] if event.data.get("confirmed") else []
    return (*asserted, *confirmed)


def attachment(file: dict[str, Any], *, by_customer: bool) -> Attachment:
    """Return a file as a line shows it. file: a FileInfo as the log keeps it."""
    width, height = file.get("width"), file.get("height")
    state = file.get("state", "clean")
    return Attachment(
        id=str(file["id"]),
        name=str(file["name"]),
        size=size_in_words(int(file["size"])),
        picture=file.get("content_type") in _PICTURES and bool(width and height),
        width=width,
        height=height,
        state=state,
        is_held=by_customer and state in HELD,
        found=tuple(file.get("found", ())),
    )


def size_in_words(size_bytes: int) -> str:
    """Return a file's size as people read it: `812 B`, `46 kB`, `3.4 MB`."""
    if size_bytes < 1_000:
        return f"{size_bytes} B"
    if size_bytes < 1_000_000:
        return f"{size_bytes / 1_000:.0f} kB"
    return f"{size_bytes / 1_000_000:.1f} MB"
