"""What shows a message to be secret only beside others, or later, is masked as a whole.

A message of the batch is stored masked. The text of an earlier one is replaced where it lies,
and a `redaction` in the log has every screen draw its line again.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from msgspec.structs import replace
from sqlalchemy import Connection

from kefu import guard
from kefu.actions.batch import Plan, Result
from kefu.conversations import store
from kefu.conversations.states import Change, State, extend, folded
from kefu.core.ids import uuid7
from kefu.core.records import SYSTEM, Entry, Event, Receipt, Visibility
from kefu.core.text import SafeText
from kefu.guard import Memory, Said
from kefu.reads import thread


def recall(plan: Plan, memories: Mapping[UUID, Memory], *, at: datetime) -> None:
    """Read the plan's messages together with what was said before, and mask what that shows."""
    masks: dict[tuple[UUID, int], SafeText] = {}
    for conversation_id, change in list(plan.changes.items()):
        memory = memories.get(conversation_id) or Memory()
        recalled = guard.recall(memory, _said(change.events))
        if recalled.memory == memory and not recalled.found:
            continue
        known = _redacted(change, dict(recalled.found), at) if recalled.found else change
        plan.changes[conversation_id] = replace(known, memory=recalled.memory)
        plan.recalled += [kind for _, kind in recalled.found]
        masks |= {(conversation_id, seq): guard.masked(kind) for seq, kind in recalled.found}
    if masks:
        plan.results = [_masked(result, masks) for result in plan.results]


def _said(events: Iterable[Event]) -> list[Said]:
    """Return what both sides said to each other; notes are not part of it."""
    return [
        Said(event.seq, event.text.value, by_customer=event.author.kind == "customer")
        for event in events
        if event.kind == "message" and event.text is not None
    ]


def _redacted(change: Change, found: Mapping[int, str], at: datetime) -> Change:
    events = tuple(
        replace(event, text=guard.masked(found[event.seq])) if event.seq in found else event
        for event in change.events
    )
    change = Change(change.before, events, folded(change.before, events))
    new = {event.seq for event in events}
    late = [_redaction(seq, kind) for seq, kind in found.items() if seq not in new]
    return change.then(extend(change.after, late, at=at, new_id=uuid7)) if late else change


def _redaction(
    seq: int, kind: str, visibility: Visibility = "public", *, preview: bool = False
) -> Entry:
    data = {"seq": seq, "kind": kind} | ({"preview": True} if preview else {})
    return Entry("redaction", SYSTEM, visibility, data=data)


def _masked(result: Result, masks: Mapping[tuple[UUID, int], SafeText]) -> Result:
    if not isinstance(result, Receipt):
        return result
    mask = masks.get((result.conversation_id, result.event.seq))
    return replace(result, event=replace(result.event, text=mask)) if mask else result


class Late(NamedTuple):
    """What a stored line becomes: the kind that was found, and what may stand of its text.

    visibility: who hears of it; of a note, agents alone.
    """

    kind: str
    text: SafeText
    visibility: Visibility = "public"


def redact(tx: Connection, state: State, lines: Mapping[int, Late], *, at: datetime) -> Change:
    """Replace lines of a stored, locked conversation, by sequence number.

    The list's preview is masked as a whole with the message it shows.
    """
    shown = thread.last_said(tx, state.id)
    entries = [
        _redaction(seq, late.kind, late.visibility, preview=seq == shown)
        for seq, late in sorted(lines.items())
    ]
    change = extend(state, entries, at=at, new_id=uuid7)
    store.append(tx, [change], {(state.id, seq): late.text for seq, late in lines.items()})
    return change
