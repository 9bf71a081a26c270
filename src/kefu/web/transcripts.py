"""A conversation as a file: text, HTML or JSON, exactly what the customer was shown."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, Literal

import msgspec
from litestar import Response

from kefu.core.i18n import catalogue, say
from kefu.core.records import PublicEvent
from kefu.core.views import ConversationView
from kefu.realtime.frames import public_frame
from kefu.web.kit import render
from kefu.web.words import plain

Format = Literal["txt", "html", "json"]
_TYPES = {"txt": "text/plain", "html": "text/html", "json": "application/json"}


def response(
    view: ConversationView, events: Sequence[PublicEvent], format: Format, *, lang: str, name: str
) -> Response[bytes]:
    """Return the transcript as a download named after the reference."""
    match format:
        case "txt":
            content = as_text(view, events, lang=lang, name=name)
        case "json":
            content = as_json(view, events, name=name)
        case _:
            content = render(
                "chat/transcript.html",
                lang=lang,
                name=name,
                conversation=view,
                lines=[(event, line(event, lang)) for event in _told(events)],
            )
    return Response(
        content.encode(),
        headers={
            "Content-Disposition": f'attachment; filename="{view.reference}.{format}"',
            "Cache-Control": "no-store",
        },
        media_type=f"{_TYPES[format]}; charset=utf-8",
    )


def as_text(view: ConversationView, events: Sequence[PublicEvent], *, lang: str, name: str) -> str:
    """Return the transcript as plain text, times in UTC."""
    head = say(lang, "chat.transcript.head", name=name, reference=view.reference)
    lines = [head, ""]
    for event in _told(events):
        at = event.at.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S UTC")
        lines.append(f"[{at}] {line(event, lang)}")
    return "\n".join(lines) + "\n"


def as_json(view: ConversationView, events: Sequence[PublicEvent], *, name: str) -> str:
    """Return the transcript as JSON: the events as frames give them."""
    body: dict[str, Any] = {
        "format": "kefu-transcript",
        "version": 1,
        "desk": name,
        "reference": view.reference,
        "status": view.status,
        "events": [public_frame(event) for event in events],
    }
    return msgspec.json.format(msgspec.json.encode(body), indent=2).decode()


def _told(events: Sequence[PublicEvent]) -> list[PublicEvent]:
    """Return what a reader is told.

    A mask in a message speaks for the redaction that set it; the request to go further up for
    whoever had the case until then.
    """
    before = (None, *events)
    pairs = zip(before, events, strict=False)
    return [
        event for last, event in pairs if event.kind != "redaction" and not _is_raised(event, last)
    ]


def _is_raised(event: PublicEvent, before: PublicEvent | None) -> bool:
    is_asked = before and before.kind == "escalation" and before.data["step"] == "requested"
    return bool(is_asked and event.kind == "assignment" and not event.data.get("agent"))


def line(event: PublicEvent, lang: str) -> str:
    """Return an event in words."""
    if event.kind == "message":
        files = "".join(f" [{file['name']}]" for file in event.data.get("files", ()))
        return f"{_who(event, lang)}: {plain(event.text, lang)}{files}"
    if event.kind == "assignment":
        agent = event.data.get("agent")
        if not agent:
            return say(lang, "chat.transcript.left")
        return say(lang, "chat.transcript.joined", name=agent["name"], badge=agent["badge"])
    if event.kind == "state":
        to = event.data["to"]
        if to in ("open", "closed", "reopened"):
            return say(lang, f"chat.transcript.{to}")
    if event.kind == "escalation":
        return _escalated(event, lang)
    if event.kind == "promise":
        due = datetime.fromisoformat(event.data["due_at"]).astimezone(UTC)
        return say(lang, "chat.transcript.promise", time=f"{due:%Y-%m-%d %H:%M} UTC")
    if event.kind == "warning":
        return say(lang, "chat.transcript.warning", text=_warned(event, lang))
    return say(lang, "chat.transcript.changed")


def _escalated(event: PublicEvent, lang: str) -> str:
    """Return a step of an escalation: who has it, and why it was declined."""
    who = event.data.get("owner") or {"name": "", "badge": ""}
    step = event.data["step"]
    told = say(lang, f"chat.transcript.escalation.{step}", name=who["name"], badge=who["badge"])
    return f"{told} {plain(event.text, lang)}" if event.text else told


def _warned(event: PublicEvent, lang: str) -> str:
    texts = catalogue(lang)
    other = texts["guard.warning.other"]
    said = [texts.get(f"guard.warning.{reason}", other) for reason in event.data["reasons"]]
    return " ".join(dict.fromkeys(said))


def _who(event: PublicEvent, lang: str) -> str:
    if event.author.kind == "agent":
        return f"{event.author.name} ({event.author.badge})"
    return say(lang, "chat.transcript.you")
