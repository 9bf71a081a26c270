"""What happened to a conversation, in words: an event to a text key and the values it takes."""

from collections.abc import Callable
from datetime import datetime
from typing import Final

from kefu.core.i18n import catalogue, say
from kefu.core.records import Event
from kefu.web.desk.rows import topic_name
from kefu.web.desk.times import Reader

Said = tuple[str, dict[str, str]]
"""A text key, empty for what the line above says already; and values beside the author's name."""


def said(event: Event, above: Event | None, reader: Reader) -> Said:
    """Return what an event that is no message says."""
    step = _SAID.get(event.kind)
    if step is not None:
        return step(event, reader)
    if event.kind == "redaction":
        return _redacted(event, above), {"seq": str(event.data.get("seq", ""))}
    return _assigned(event)


def reason_key(reason: str, lang: str) -> str:
    """Return the text key of why something was noticed; one without words of its own reads so."""
    key = f"desk.reason.{reason}"
    return key if key in catalogue(lang) else "desk.reason.other"


def team(key: str, lang: str) -> str:
    """Return what a team is called."""
    return catalogue(lang).get(f"desk.team.{key}", key)


def _moved(event: Event, reader: Reader) -> Said:
    to, data = event.data.get("to", "open"), event.data
    match to:
        case "open" if "follows" in data:
            return "desk.said.follows", {"reference": data["follows"]}
        case "closed" if event.author.kind == "system":
            return "desk.said.closed.idle", {}
        case "moved":
            return "desk.said.recognised", {}
        case "language":
            return "desk.said.language", {"language": str(data.get("language", ""))}
        case "topic":
            return f"desk.said.topic{_by_customer(event)}", {
                "topic": topic_name(data["topic"], reader.lang)
            }
        case "team":
            return "desk.said.team", {"team": team(data["team"], reader.lang)}
        case "priority":
            words = say(reader.lang, f"desk.priority.{data['priority']}")
            return f"desk.said.priority{_by_system(event)}", {"priority": words}
        case "idle":
            return "desk.said.idle", {"at": _at(data["closes_at"], reader)}
    return f"desk.said.{to}{_by_customer(event)}", {}


def _noticed(event: Event, reader: Reader) -> Said:
    reason = say(reader.lang, reason_key(event.data["reasons"][0], reader.lang))
    unheard = ".internal" if event.kind == "warning" and event.visibility == "internal" else ""
    return f"desk.said.{event.kind}{unheard}", {"reason": reason}


def _escalated(event: Event, reader: Reader) -> Said:
    step, data = event.data["step"], event.data
    values = {"team": team(data["to"], reader.lang)}
    if step == "requested":
        how = "again" if data.get("again") else data.get("by", "agent")
        return f"desk.said.escalation.requested.{how}", values
    owner = data.get("owner")
    return f"desk.said.escalation.{step}", values | {"owner": owner["name"] if owner else ""}


def _owed(event: Event, reader: Reader) -> Said:
    due_at = event.data.get("due_at")
    return f"desk.said.target.{event.data['step']}", {
        "clock": say(reader.lang, f"desk.clock.{event.data['clock']}"),
        "at": _at(due_at, reader) if due_at else "",
    }


def _promised(event: Event, reader: Reader) -> Said:
    due_at = event.data.get("due_at")
    again = ".renewed" if event.data.get("kind") == "renewed" else ""
    if not due_at:
        return "", {}
    return f"desk.said.promise{again}", {"at": _at(due_at, reader)}


def _goes_on(event: Event, reader: Reader) -> Said:
    key = f"desk.said.continuation.{event.data.get('choice')}"
    return key if key in catalogue(reader.lang) else "desk.said.continuation", {}


def _opened(event: Event, reader: Reader) -> Said:
    return "desk.said.opened", {}


def _aside(event: Event, reader: Reader) -> Said:
    return "desk.said.side_closed", {}


_SAID: Final[dict[str, Callable[[Event, Reader], Said]]] = {
    "state": _moved,
    "opened": _opened,
    "warning": _noticed,
    "alert": _noticed,
    "escalation": _escalated,
    "target": _owed,
    "promise": _promised,
    "continuation": _goes_on,
    "note": _aside,
}


def _redacted(event: Event, above: Event | None) -> str:
    """Return the text key, or nothing for a further message with a part of the same secret."""
    if "file" in event.data:
        return "desk.said.file_removed"
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


def _by_system(event: Event) -> str:
    return ".system" if event.author.kind == "system" else ""


def _at(instant: str, reader: Reader) -> str:
    return reader.when(datetime.fromisoformat(instant))


def _assigned(event: Event) -> Said:
    """Return the words for an assignment: taken, given, handed over, routed, or put back."""
    to, left = event.data.get("agent"), event.data.get("from")
    values: dict[str, str] = {"left": left["name"]} if left else {}
    if to is None:
        return _released(event, values)
    if event.author.kind == "system":
        return "desk.said.routed", {"to": to["name"]}
    if to["id"] == str(event.author.id):
        return ("desk.said.taken_over" if left else "desk.said.taken"), values
    if left and left["id"] == str(event.author.id):
        return "desk.said.handed_over", {"to": to["name"]}
    return ("desk.said.moved" if left else "desk.said.given"), values | {"to": to["name"]}


def _released(event: Event, values: dict[str, str]) -> Said:
    """Return the words for an end without a successor; an escalation tells of it itself."""
    if event.author.kind == "customer":
        return "", {}
    is_absent = event.author.kind == "system" and values
    return ("desk.said.released.absent", values) if is_absent else ("desk.said.released", {})
