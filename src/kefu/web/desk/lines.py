"""A conversation's events as the lines of a thread: days, groups, words for what happened."""

from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import Any, Final, Literal

from msgspec import Struct, field

from kefu.core.records import Event
from kefu.web.desk.times import Reader

Side = Literal["customer", "agent", "note", "system"]

_LONG: Final = 900
_LONG_ROWS: Final = 16
_PICTURES: Final = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp"})


class Attachment(Struct, frozen=True):
    """A file of a message as its line shows it. `size` is in words; pixels as stored."""

    id: str
    name: str
    size: str
    picture: bool
    width: int | None
    height: int | None


class Line(Struct, frozen=True):
    """One event on screen.

    first: it opens a group, so its author and time are drawn. day: the date to draw above it,
    empty within the same day. says: the text key of a system line; values fill it.
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
    says, values = _said(event) if side == "system" else ("", {})
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
        files=tuple(_attachment(file) for file in event.data.get("files", ())),
        says=says,
        values=values,
    )


def _side(event: Event) -> Side:
    if event.kind not in ("message", "note"):
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
        and event.at - above.at < timedelta(minutes=1)
    )


def _said(event: Event) -> tuple[str, dict[str, str]]:
    """Return the text key of what happened and its values, the author's name apart."""
    if event.kind == "state":
        return f"desk.said.{event.data.get('to', 'open')}{_by_customer(event)}", {}
    if event.kind == "redaction":
        return "desk.said.redacted", {"seq": str(event.data.get("seq", ""))}
    return _assigned(event)


def _by_customer(event: Event) -> str:
    return ".customer" if event.author.kind == "customer" else ""


def _assigned(event: Event) -> tuple[str, dict[str, str]]:
    """Return the words for an assignment: taken, given, handed over, or put back."""
    to, left = event.data.get("agent"), event.data.get("from")
    if to is None:
        return "desk.said.released", {}
    values = {"left": left["name"]} if left else {}
    if to["id"] == str(event.author.id):
        return ("desk.said.taken_over" if left else "desk.said.taken"), values
    if left and left["id"] == str(event.author.id):
        return "desk.said.handed_over", {"to": to["name"]}
    return ("desk.said.moved" if left else "desk.said.given"), values | {"to": to["name"]}


def _attachment(file: dict[str, Any]) -> Attachment:
    width, height = file.get("width"), file.get("height")
    return Attachment(
        id=str(file["id"]),
        name=str(file["name"]),
        size=size_in_words(int(file["size"])),
        picture=file.get("content_type") in _PICTURES and bool(width and height),
        width=width,
        height=height,
    )


def size_in_words(size_bytes: int) -> str:
    """Return a file's size as people read it: `812 B`, `46 kB`, `3.4 MB`."""
    if size_bytes < 1_000:
        return f"{size_bytes} B"
    if size_bytes < 1_000_000:
        return f"{size_bytes / 1_000:.0f} kB"
    return f"{size_bytes / 1_000_000:.1f} MB"
