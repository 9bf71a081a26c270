"""A conversation's events as the lines of a thread: days, groups, words for what happened."""

from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import Any, Final, Literal

from msgspec import Struct, field

from kefu.core.i18n import catalogue, say
from kefu.core.records import Event
from kefu.web.desk.times import Reader

Side = Literal["customer", "agent", "note", "system"]

_LONG: Final = 900
_LONG_ROWS: Final = 16
_CLAIMED: Final = frozenset({"card_number", "private_key"})
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
    line above says it already. claims: text keys of what the author says of the text.
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
    claims: tuple[str, ...] = ()


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
    says, values = _said(event, above, reader.lang) if side == "system" else ("", {})
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
        claims=tuple(map(_claim, event.data.get("asserted", ()))),
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


def _claim(kind: str) -> str:
    return f"desk.line.harmless.{kind}" if kind in _CLAIMED else "desk.line.harmless"


def _said(event: Event, above: Event | None, lang: str) -> tuple[str, dict[str, str]]:
    """Return the text key of what happened and its values, the author's name apart."""
    if event.kind == "state":
        return f"desk.said.{event.data.get('to', 'open')}{_by_customer(event)}", {}
    if event.kind == "opened":
        return "desk.said.opened", {}
    if event.kind in ("warning", "report"):
        reason = say(lang, reason_key(event.data["reasons"][0], lang))
        return f"desk.said.{event.kind}", {"reason": reason}
    if event.kind == "redaction" and "file" in event.data:
        return "desk.said.file_removed", {}
    if event.kind == "redaction":
        return _redacted(event, above), {"seq": str(event.data.get("seq", ""))}
    return _assigned(event)


def reason_key(reason: str, lang: str) -> str:
    """Return the text key of why something was noticed; one without words of its own reads so."""
    key = f"desk.reason.{reason}"
    return key if key in catalogue(lang) else "desk.reason.other"


def _redacted(event: Event, above: Event | None) -> str:
    """Return the text key, or nothing for a further message with a part of the same secret."""
    kind = event.data.get("kind")
    if (
        above
        and above.kind == "redaction"
        and above.data.get("kind") == kind
        and above.at == event.at
    ):
        return ""
    return "desk.said.redacted.mnemonic" if kind == "mnemonic" else "desk.said.redacted"


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
        is_held=by_customer and state in ("checking", "unchecked"),
        found=tuple(file.get("found", ())),
    )


def size_in_words(size_bytes: int) -> str:
    """Return a file's size as people read it: `812 B`, `46 kB`, `3.4 MB`."""
    if size_bytes < 1_000:
        return f"{size_bytes} B"
    if size_bytes < 1_000_000:
        return f"{size_bytes / 1_000:.0f} kB"
    return f"{size_bytes / 1_000_000:.1f} MB"
