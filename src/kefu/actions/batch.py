"""What a batch of messages comes to, whoever wrote them: its plan, and carrying it out."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID

from msgspec import Struct, field, json
from sqlalchemy import Connection

from kefu.conversations import store
from kefu.conversations.states import Change, State, extend
from kefu.core.errors import KefuError, KeyTaken
from kefu.core.ids import uuid7
from kefu.core.records import Entry, Event, FileInfo, Inbound, Outbound, Receipt, Visitor
from kefu.core.text import SafeText
from kefu.files import rows as files
from kefu.files.rows import FileRow
from kefu.trust import store as trust
from kefu.trust.store import NewAlert

Item = TypeVar("Item", Inbound, Outbound)
Result = Receipt | KefuError


class Plan(Struct):
    """What a batch will do, and what each message's sender is told.

    recalled: the kinds of secret that showed only beside what was said before.
    alerts: what supervisors are to look at.
    """

    results: list[Result] = field(default_factory=list)
    changes: dict[UUID, Change] = field(default_factory=dict)
    newcomers: dict[UUID, Visitor] = field(default_factory=dict)
    attached: dict[UUID, list[UUID]] = field(default_factory=dict)
    recalled: list[str] = field(default_factory=list)
    alerts: list[NewAlert] = field(default_factory=list)


def results(
    batch: Sequence[Item],
    place: Callable[[Item], tuple[UUID, str]],
    one: Callable[[Item], Result],
    is_same: Callable[[Event, Item], bool],
) -> list[Result]:
    """Return what becomes of each message, in order.

    A message at the place of one before it in the batch has that one's receipt if the two
    are the same, else KeyTaken.
    """
    told: dict[tuple[UUID, str], Receipt] = {}
    found: list[Result] = []
    for item in batch:
        at = place(item)
        if earlier := told.get(at):
            found.append(repeat(earlier.event, earlier.reference, item, is_same))
            continue
        result = one(item)
        if isinstance(result, Receipt):
            told[at] = result
        found.append(result)
    return found


def repeat(
    earlier: Event, reference: str, item: Item, is_same: Callable[[Event, Item], bool]
) -> Result:
    """Return the receipt that a message has again, or KeyTaken: a key never stands for two."""
    if not is_same(earlier, item):
        return KeyTaken()
    return Receipt(item.key, earlier.conversation_id, reference, earlier, repeated=True)


def attachments(
    found: Mapping[UUID, FileRow], ids: Sequence[UUID], is_own: Callable[[FileRow], bool]
) -> list[FileInfo] | None:
    """Return the files of a message, or None if one is not the sender's to send, or sent."""
    if len(set(ids)) < len(ids):
        return None
    infos = []
    for file_id in ids:
        row = found.get(file_id)
        if row is None or not is_own(row) or row.conversation_id is not None:
            return None
        infos.append(row.info)
    return infos


def content(text: SafeText | None, attached: Sequence[FileInfo]) -> dict[str, Any]:
    """Return the data of a message's event, as the log will give it back.

    `files`, if it has any; `asserted`: kinds of what stands in it on its author's word.
    """
    data = {"files": json.decode(json.encode(attached))} if attached else {}
    if text is not None and text.asserted:
        data["asserted"] = list(text.asserted)
    return data


def append(
    plan: Plan,
    found: dict[UUID, FileRow],
    item: Item,
    state: State | None,
    entries: Sequence[Entry],
    *,
    at: datetime,
) -> Receipt:
    """Plan the entries, of which the message is the last, and return the message's receipt.

    Its files are taken out of `found`: no other message may carry them.
    """
    change = extend(state, entries, at=at, new_id=uuid7)
    conversation_id = change.after.id
    earlier = plan.changes.get(conversation_id)
    plan.changes[conversation_id] = earlier.then(change) if earlier else change
    for file_id in item.files:
        del found[file_id]
        plan.attached.setdefault(conversation_id, []).append(file_id)
    return Receipt(item.key, conversation_id, change.after.reference, change.events[-1])


def keep(tx: Connection, plan: Plan, *, at: datetime) -> None:
    """Write what the plan changes of conversations, their logs and files, and its alerts."""
    store.append(tx, list(plan.changes.values()))
    for conversation_id, ids in plan.attached.items():
        files.attach(tx, conversation_id, ids)
    trust.add(tx, plan.alerts, at=at)
