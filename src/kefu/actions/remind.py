"""A customer who has left does not see the answer: the exchange's app tells them.

An agent's message arms a timer; when it fires and the customer has not read so far, a
push leaves through the outbox. It carries the reference, never text.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID, uuid5

from sqlalchemy import Connection

from kefu.customers import store as customers
from kefu.reads import conversation as reads
from kefu.storage import outbox, timers
from kefu.storage.timers import Timer

PATIENCE: Final = timedelta(seconds=20)
UNREAD: Final = "unread"
PUSH: Final = "push"
_NAMESPACE: Final = UUID("6f1c2d0e-9a55-4b0a-8d2e-5d3f0f1f7c11")


def watch(tx: Connection, appended: Sequence[Mapping[str, Any]], *, at: datetime) -> None:
    """Arm a timer for each conversation in which an agent has just said something."""
    said = {
        row["conversation"]: row["seq"]
        for row in appended
        if row["kind"] == "message" and row["by"] == "agent" and row["visibility"] == "public"
    }
    for conversation_id, seq in said.items():
        timers.arm(tx, UNREAD, conversation_id, due_at=at + PATIENCE, payload={"seq": seq})


def is_wanted(appended: Sequence[Mapping[str, Any]]) -> bool:
    """Return whether `watch` would do anything."""
    return any(row["by"] == "agent" and row["kind"] == "message" for row in appended)


def fire(tx: Connection, timer: Timer, *, at: datetime) -> None:
    """Queue a push if the customer is known to the exchange and has not read the message."""
    found = reads.view(tx, UUID(timer.subject))
    if found is None or found.customer_seen >= timer.payload["seq"]:
        return
    uid = customers.uid_of(tx, found.customer_id)
    if uid is None:
        return
    push = {
        "id": str(uuid5(_NAMESPACE, f"{found.id}:{timer.payload['seq']}")),
        "inbox": str(found.inbox_id),
        "uid": uid,
        "reference": found.reference,
        "language": found.language,
    }
    outbox.add(tx, [(PUSH, f"push:{found.customer_id}", push)], at=at)
