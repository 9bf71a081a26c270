"""History is looked at again, by rules it has not met: what they find is masked where it lies."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

from msgspec import Struct
from sqlalchemy import Connection

from kefu import guard
from kefu.conversations import store
from kefu.conversations.states import extend
from kefu.core.ids import uuid7
from kefu.core.records import Author, Entry, Event, Visibility
from kefu.core.text import SafeText, parts
from kefu.guard import Memory, Said
from kefu.reads import history, thread

_SYSTEM: Final = Author("system")


class Late(Struct, frozen=True):
    """What today's rules find in one conversation: its lines as they may stand, and the kinds."""

    texts: dict[int, SafeText]
    kinds: dict[int, str]
    internal: frozenset[int]

    @property
    def counts(self) -> Counter[str]:
        """How many lines hold each kind."""
        return Counter(self.kinds.values())


def look(tx: Connection, conversation_id: UUID) -> Late:
    """Return what is found in a conversation, line by line and across its lines."""
    return _late(history.lines(tx, conversation_id))


def mend(tx: Connection, conversation_id: UUID, *, at: datetime) -> Late:
    """Mask what is found in a conversation, with an event for each line; return what that was."""
    [state] = store.lock(tx, [conversation_id]).values()
    late = look(tx, conversation_id)
    if late.texts:
        shown = thread.last_said(tx, conversation_id)
        entries = [_redaction(late, seq, is_shown=seq == shown) for seq in sorted(late.texts)]
        store.append(tx, [extend(state, entries, at=at, new_id=uuid7)])
        store.retext(tx, conversation_id, late.texts)
    return late


def _redaction(late: Late, seq: int, *, is_shown: bool) -> Entry:
    data = {"seq": seq, "kind": late.kinds[seq]} | ({"preview": True} if is_shown else {})
    visibility: Visibility = "internal" if seq in late.internal else "public"
    return Entry("redaction", _SYSTEM, visibility, data=data)


def _late(events: Sequence[Event]) -> Late:
    texts: dict[int, SafeText] = {}
    kinds: dict[int, str] = {}
    for event in events:
        if event.text and (text := guard.again(event.text, spared=event.data.get("asserted", ()))):
            texts[event.seq] = text
            kinds[event.seq] = text.findings[0].kind
    for seq, kind in guard.recall(Memory(), [said for e in events if (said := _said(e))]).found:
        texts[seq], kinds[seq] = guard.masked(kind), kind
    notes = frozenset(event.seq for event in events if event.visibility == "internal")
    return Late(texts, kinds, notes)


def _said(event: Event) -> Said | None:
    """Return a message as recall reads it; one that is a mask already, and a note, say nothing."""
    if event.kind != "message" or not event.text or _is_mask(event.text):
        return None
    return Said(event.seq, event.text.value, by_customer=event.author.kind == "customer")


def _is_mask(text: SafeText) -> bool:
    return all(part.kind for part in parts(text.value))
