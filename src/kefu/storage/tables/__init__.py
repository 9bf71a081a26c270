"""The whole schema. Stores and reads name these tables, nobody else does."""

from kefu.storage.tables.base import metadata
from kefu.storage.tables.cases import alert, conversation, event, file, inbox
from kefu.storage.tables.people import (
    agent,
    agent_session,
    customer,
    identity,
    identity_token,
    role,
    shift,
    team,
    visitor,
)
from kefu.storage.tables.service import (
    calendar,
    continuation,
    escalation,
    peak,
    promise,
    service,
    shift_note,
    side_thread,
    sla_policy,
    target,
)
from kefu.storage.tables.work import outbox, timer

__all__ = [
    "agent",
    "agent_session",
    "alert",
    "calendar",
    "continuation",
    "conversation",
    "customer",
    "escalation",
    "event",
    "file",
    "identity",
    "identity_token",
    "inbox",
    "metadata",
    "outbox",
    "peak",
    "promise",
    "role",
    "service",
    "shift",
    "shift_note",
    "side_thread",
    "sla_policy",
    "target",
    "team",
    "timer",
    "visitor",
]
