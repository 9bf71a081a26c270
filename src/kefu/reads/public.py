"""The filter between the log and customers: the only maker of PublicEvent."""

from typing import Any

from kefu.core import records
from kefu.core.records import Author, Event, PublicEvent

_SHOWN = frozenset({"message", "state", "assignment", "redaction", "warning"})
_DATA: dict[str, frozenset[str]] = {
    "message": frozenset({"files"}),
    "state": frozenset({"to", "reference", "language"}),
    "assignment": frozenset({"agent", "from"}),
    "redaction": frozenset({"seq", "kind", "file"}),
    "warning": frozenset({"seq", "reasons"}),
}


def public(event: Event) -> PublicEvent | None:
    """Return what the customer may see of an event, or None.

    Only listed kinds and fields pass, so a new kind or field is hidden until it is listed.
    People are named by alias and badge, never by row id.
    """
    if event.visibility != "public" or event.kind not in _SHOWN:
        return None
    author = Author(event.author.kind, None, event.author.name, event.author.badge)
    data = {k: _bare(v) for k, v in event.data.items() if k in _DATA[event.kind]}
    return PublicEvent(event, author, data, records._FILTER)


def _bare(value: Any) -> Any:
    """Return an agent without the row id; any other value as it is."""
    if isinstance(value, dict) and "badge" in value:
        return {"name": value["name"], "badge": value["badge"]}
    return value
