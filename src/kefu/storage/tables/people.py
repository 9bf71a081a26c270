"""Who writes: customers and their browsers, agents and their teams."""

from sqlalchemy import (
    JSON,
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    UniqueConstraint,
    Uuid,
)

from kefu.storage.tables.base import metadata
from kefu.storage.types import Instant, Safe

customer = Table(
    "customer",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("name", Safe),
    Column("language", String(35), nullable=False),
    Column("tier", String(40)),
    Column("created_at", Instant, nullable=False),
    Column("seen_at", Instant, nullable=False),
)

identity = Table(
    "identity",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("customer_id", ForeignKey("customer.id"), nullable=False, index=True),
    Column("channel", String(20), nullable=False),
    Column("external_id", String(200), nullable=False),
    Column("proof", String(20), nullable=False),
    Column("created_at", Instant, nullable=False),
    UniqueConstraint("channel", "external_id"),
)

visitor = Table(
    "visitor",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("inbox_id", ForeignKey("inbox.id"), nullable=False),
    Column("customer_id", ForeignKey("customer.id"), nullable=False, index=True),
    Column("site", String(300), nullable=False),
    Column("language", String(35), nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("ended_at", Instant),
)

identity_token = Table(
    "identity_token",
    metadata,
    Column("inbox_id", ForeignKey("inbox.id"), primary_key=True),
    Column("jti", String(200), primary_key=True),
    Column("visitor_id", Uuid, nullable=False),
    Column("expires_at", Instant, nullable=False, index=True),
)

team = Table(
    "team",
    metadata,
    Column("key", String(40), primary_key=True),
    Column("name", JSON, nullable=False),
    Column("created_at", Instant, nullable=False),
)

role = Table(
    "role",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("name", String(40), nullable=False, unique=True),
    Column("permissions", JSON, nullable=False),
)

agent = Table(
    "agent",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("email", String(254), nullable=False, unique=True),
    Column("password_hash", String(200), nullable=False),
    Column("alias", String(80), nullable=False),
    Column("badge", String(12), nullable=False, unique=True),
    Column("languages", JSON, nullable=False),
    Column("teams", JSON(none_as_null=True)),
    Column("topics", JSON(none_as_null=True)),
    Column("capacity", Integer, nullable=False, server_default="4"),
    Column("work_state", String(10), nullable=False, server_default="available"),
    Column("work_state_at", Instant),
    Column("routed_at", Instant),
    Column("role_id", ForeignKey("role.id"), nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("seen_at", Instant),
    Column("left_at", Instant),
    CheckConstraint("work_state in ('available', 'away', 'break', 'wrapup')", name="work_state"),
)

shift = Table(
    "shift",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("agent_id", ForeignKey("agent.id"), nullable=False),
    Column("starts_at", Instant, nullable=False),
    Column("ends_at", Instant, nullable=False),
    Index("ix_shift_ends_at", "ends_at"),
    Index("ix_shift_agent", "agent_id", "starts_at"),
)

agent_session = Table(
    "agent_session",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("token_hash", LargeBinary(32), nullable=False, unique=True),
    Column("agent_id", ForeignKey("agent.id"), nullable=False, index=True),
    Column("client", String(200), nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("seen_at", Instant, nullable=False),
    Column("expires_at", Instant, nullable=False),
    Column("ended_at", Instant),
)
