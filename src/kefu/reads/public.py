"""The filter between the log and customers: the only maker of PublicEvent."""

from typing import Any, Final

from msgspec.structs import replace

from kefu.core import records
from kefu.core.records import Author, Event, FileInfo, PublicEvent

_DATA: Final[dict[str, frozenset[str]]] = {
    "message": frozenset({"files"}),
    "state": frozenset({"to", "reference", "language", "topic", "follows", "closes_at"}),
    "assignment": frozenset({"agent", "from"}),
    "redaction": frozenset({"seq", "kind", "file"}),
    "warning": frozenset({"seq", "reasons"}),
    "escalation": frozenset({"id", "step", "to", "reason", "due_at", "owner"}),
    "promise": frozenset({"kind", "position", "low_at", "due_at", "peak"}),
    "continuation": frozenset({"choice"}),
}
_WRITTEN: Final = frozenset({"message", "escalation"})
"""Kinds whose text and key are the customer's to read."""

_PEOPLE: Final = frozenset({"agent", "from", "owner"})
_FILE: Final = tuple(FileInfo.__struct_fields__)


def public(event: Event) -> PublicEvent | None:
    """Return what the customer may see of an event, or None.

    Only listed kinds and fields pass, so a new kind or field is hidden until it is listed.
    People are named by alias and badge, never by row id.
    """
    if event.visibility != "public" or event.kind not in _DATA:
        return None
    author = Author(event.author.kind, None, event.author.name, event.author.badge)
    data = {k: _bare(k, v) for k, v in event.data.items() if k in _DATA[event.kind]}
    if event.kind not in _WRITTEN:
        event = replace(event, text=None, key=None)
    return PublicEvent(event, author, data, records._FILTER)


def _bare(field: str, value: Any) -> Any:
    """Return a person without the row id, files as people see them; else plain values only."""
    if field == "files":
        return [{k: file[k] for k in _FILE if k in file} for file in value]
    if field in _PEOPLE:
        return {"name": value["name"], "badge": value["badge"]} if value else None
    if isinstance(value, list | tuple):
        return [one for one in value if not isinstance(one, dict | list | tuple)]
    return None if isinstance(value, dict) else value
