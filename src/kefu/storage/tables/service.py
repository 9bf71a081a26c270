"""What is owed and when: calendars, policies, targets, promises, escalations, peaks."""

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    UniqueConstraint,
    Uuid,
)

from kefu.storage.tables.base import metadata
from kefu.storage.types import Instant, Safe

calendar = Table(
    "calendar",
    metadata,
    Column("key", String(40), primary_key=True),
    Column("name", JSON, nullable=False),
    Column("definition", JSON, nullable=False),
    Column("changed_at", Instant, nullable=False),
)

sla_policy = Table(
    "sla_policy",
    metadata,
    Column("key", String(40), primary_key=True),
    Column("conditions", JSON, nullable=False),
    Column("targets", JSON, nullable=False),
    Column("calendar_key", ForeignKey("calendar.key"), nullable=False),
    Column("changed_at", Instant, nullable=False),
)

service = Table(
    "service",
    metadata,
    Column("conversation_id", ForeignKey("conversation.id"), primary_key=True),
    Column("seq", Integer, nullable=False),
    Column("policy_key", String(40), nullable=False),
)

target = Table(
    "target",
    metadata,
    Column("conversation_id", ForeignKey("conversation.id"), primary_key=True),
    Column("kind", String(12), primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("within", BigInteger, nullable=False),
    Column("warn_after", BigInteger, nullable=False),
    Column("started_at", Instant, nullable=False),
    Column("pauses", JSON, nullable=False),
    Column("paused_at", Instant),
    Column("due_at", Instant),
    Column("warn_at", Instant),
    Column("met_at", Instant),
    Column("warned_at", Instant),
    Column("breached_at", Instant),
    Column("next_at", Instant, index=True),
    CheckConstraint("kind in ('first', 'next', 'resolution', 'escalation')", name="kind"),
    Index("ix_target_due", "due_at"),
)

promise = Table(
    "promise",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("conversation_id", ForeignKey("conversation.id"), nullable=False),
    Column("number", Integer, nullable=False),
    Column("team", String(40), nullable=False),
    Column("language", String(35), nullable=False),
    Column("kind", String(10), nullable=False),
    Column("since_at", Instant, nullable=False),
    Column("made_at", Instant, nullable=False),
    Column("ahead", Integer),
    Column("rate", Float),
    Column("low_at", Instant),
    Column("due_at", Instant, nullable=False),
    Column("renew_at", Instant, index=True),
    Column("served_at", Instant),
    Column("kept_at", Instant),
    Column("renewed_at", Instant),
    Column("broken_at", Instant),
    Column("deviation", Float),
    UniqueConstraint("conversation_id", "number"),
    Index("ix_promise_served", "team", "language", "served_at"),
    Index("ix_promise_made", "made_at"),
)

escalation = Table(
    "escalation",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("conversation_id", ForeignKey("conversation.id"), nullable=False),
    Column("seq", Integer, nullable=False),
    Column("to_team", String(40), nullable=False),
    Column("reason", String(20), nullable=False),
    Column("asked_by", String(10), nullable=False),
    Column("status", String(10), nullable=False),
    Column("owner_id", ForeignKey("agent.id")),
    Column("requested_at", Instant, nullable=False),
    Column("due_at", Instant),
    Column("settled_at", Instant),
    CheckConstraint(
        "status in ('requested', 'accepted', 'answered', 'declined', 'withdrawn')", name="status"
    ),
    Index("ix_escalation_conversation", "conversation_id", "requested_at"),
    Index("ix_escalation_status", "status", "requested_at"),
)

continuation = Table(
    "continuation",
    metadata,
    Column("conversation_id", ForeignKey("conversation.id"), primary_key=True),
    Column("choice", String(10), nullable=False),
    Column("contact", Safe),
    Column("proof", String(20), nullable=False),
    Column("enqueued_at", Instant, nullable=False),
    Column("chosen_at", Instant, nullable=False),
)

side_thread = Table(
    "side_thread",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("conversation_id", ForeignKey("conversation.id"), nullable=False, index=True),
    Column("team", String(40), nullable=False),
    Column("title", Safe, nullable=False),
    Column("opened_by", ForeignKey("agent.id"), nullable=False),
    Column("opened_at", Instant, nullable=False),
    Column("closed_at", Instant),
    Index("ix_side_thread_open", "team", "closed_at"),
)

peak = Table(
    "peak",
    metadata,
    Column("team", ForeignKey("team.key"), primary_key=True),
    Column("is_on", Boolean, nullable=False),
    Column("since_at", Instant, nullable=False),
    Column("turning_at", Instant),
)

shift_note = Table(
    "shift_note",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("agent_id", ForeignKey("agent.id"), nullable=False),
    Column("text", Safe, nullable=False),
    Column("at", Instant, nullable=False, index=True),
)
