"""A customer's words show a scam going on: they are warned, and security hears of it."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

from msgspec.structs import replace

from kefu.actions.batch import Plan
from kefu.conversations.states import extend
from kefu.core.ids import uuid7
from kefu.core.records import SYSTEM, Entry, Inbound, Receipt, Visibility
from kefu.guard import Memory
from kefu.trust.store import NewAlert

_BRIBE: Final = "scam.bribe"


def warn(
    plan: Plan, batch: Sequence[Inbound], memories: Mapping[UUID, Memory], *, at: datetime
) -> None:
    """Add a warning behind each message that needs one, once a conversation and kind of scam.

    An offer of money to staff is reported without a word to the customer.
    """
    if not any(item.scams for item in batch):
        return
    for item, result in zip(batch, plan.results, strict=True):
        if item.scams and isinstance(result, Receipt) and not result.repeated:
            _warn(plan, result, item.scams, memories, at)


def _warn(
    plan: Plan,
    receipt: Receipt,
    scams: tuple[str, ...],
    memories: Mapping[UUID, Memory],
    at: datetime,
) -> None:
    conversation_id = receipt.conversation_id
    change = plan.changes[conversation_id]
    memory = change.memory or memories.get(conversation_id) or Memory()
    new = tuple(reason for reason in scams if reason not in memory.warned)
    if not new:
        return
    data = {"seq": receipt.event.seq, "reasons": list(new)}
    visibility: Visibility = "internal" if new == (_BRIBE,) else "public"
    warning = Entry("warning", SYSTEM, visibility, data=data)
    change = change.then(extend(change.after, [warning], at=at, new_id=uuid7))
    remembered = replace(memory, warned=(*memory.warned, *new))
    plan.changes[conversation_id] = replace(change, memory=remembered)
    plan.alerts.append(NewAlert(conversation_id, change.after.seq, new))
