"""History is looked at again, by rules it has not met: what they find is masked where it lies."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection

from kefu import guard
from kefu.actions import redact
from kefu.actions.redact import Late
from kefu.conversations import store
from kefu.core.records import Event
from kefu.core.text import SafeText, parts
from kefu.guard import Memory, Said
from kefu.reads import history


def look(tx: Connection, conversation_id: UUID) -> dict[int, Late]:
    """Return what is found in a conversation, line by line and across its lines."""
    return _late(history.lines(tx, conversation_id))


def mend(tx: Connection, conversation_id: UUID, *, at: datetime) -> dict[int, Late]:
    """Mask what is found in a conversation, with an event for each line; return what that was."""
    [state] = store.lock(tx, [conversation_id]).values()
    late = look(tx, conversation_id)
    if late:
        redact.redact(tx, state, late, at=at)
    return late


def _late(events: Sequence[Event]) -> dict[int, Late]:
    found: dict[int, Late] = {}
    for event in events:
        asserted = event.data.get("asserted", ())
        if event.text and (text := guard.again(event.text, asserted=asserted)):
            found[event.seq] = Late(text.findings[0].kind, text, event.visibility)
    for seq, kind in guard.recall(Memory(), [said for e in events if (said := _said(e))]).found:
        found[seq] = Late(kind, guard.masked(kind))
    return found


def _said(event: Event) -> Said | None:
    """Return a message as recall reads it; one that is a mask already, and a note, say nothing."""
    if event.kind != "message" or not event.text or _is_mask(event.text):
        return None
    return Said(event.seq, event.text.value, by_customer=event.author.kind == "customer")


def _is_mask(text: SafeText) -> bool:
    return all(part.kind for part in parts(text.value))
