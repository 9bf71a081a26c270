"""The whole schema. Stores and reads name these tables, nobody else does."""

from sqlalchemy import (
    JSON,
    BigInteger,
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    UniqueConstraint,
    Uuid,
    text,
)

from kefu.storage.types import Instant, Safe

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

_RowNumber = BigInteger().with_variant(Integer, "sqlite")

inbox = Table(
    "inbox",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("kind", String(20), nullable=False),
    Column("key", String(40), nullable=False, unique=True),
    Column("name", JSON, nullable=False),
    Column("origins", JSON, nullable=False),
    Column("identity_keys", LargeBinary),
    Column("exchange", LargeBinary),
    Column("created_at", Instant, nullable=False),
)

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
    Column("role_id", ForeignKey("role.id"), nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("seen_at", Instant),
    Column("left_at", Instant),
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

conversation = Table(
    "conversation",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("inbox_id", ForeignKey("inbox.id"), nullable=False),
    Column("customer_id", ForeignKey("customer.id"), nullable=False),
    Column("reference", String(9), nullable=False, unique=True),
    Column("status", String(10), nullable=False),
    Column("language", String(35), nullable=False),
    Column("assignee_id", ForeignKey("agent.id")),
    Column("assignee_name", String(80)),
    Column("assignee_badge", String(12)),
    Column("seq", Integer, nullable=False),
    Column("public_seq", Integer, nullable=False),
    Column("customer_seen", Integer, nullable=False, server_default="0"),
    Column("agent_seen", Integer, nullable=False, server_default="0"),
    Column("unread", Integer, nullable=False),
    Column("preview", Safe),
    Column("preview_by", String(10)),
    Column("waiting_since", Instant),
    Column("opened_at", Instant, nullable=False),
    Column("updated_at", Instant, nullable=False),
    Column("closed_at", Instant),
    Column("guard_memory", JSON(none_as_null=True)),
    CheckConstraint("status in ('open', 'closed')", name="status"),
    Index(
        "uq_conversation_open",
        "inbox_id",
        "customer_id",
        unique=True,
        sqlite_where=text("status = 'open'"),
        postgresql_where=text("status = 'open'"),
    ),
    Index("ix_conversation_customer", "customer_id", "updated_at"),
    Index("ix_conversation_updated", "updated_at"),
    Index("ix_conversation_list", "status", "updated_at", "id"),
    Index("ix_conversation_assignee", "assignee_id", "status", "updated_at"),
)

event = Table(
    "event",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("conversation_id", ForeignKey("conversation.id"), nullable=False),
    Column("inbox_id", Uuid, nullable=False),
    Column("seq", Integer, nullable=False),
    Column("kind", String(20), nullable=False),
    Column("visibility", String(10), nullable=False),
    Column("author_kind", String(10), nullable=False),
    Column("author_id", Uuid),
    Column("author_name", String(80)),
    Column("author_badge", String(12)),
    Column("at", Instant, nullable=False),
    Column("text", Safe),
    Column("key", String(64)),
    Column("external_id", String(200)),
    Column("version", Integer, nullable=False, server_default="0"),
    Column("data", JSON, nullable=False),
    UniqueConstraint("conversation_id", "seq"),
    UniqueConstraint("inbox_id", "key"),
    UniqueConstraint("inbox_id", "external_id", "kind", "version"),
    CheckConstraint("visibility in ('public', 'internal')", name="visibility"),
)

file = Table(
    "file",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("customer_id", ForeignKey("customer.id")),
    Column("agent_id", ForeignKey("agent.id")),
    Column("conversation_id", ForeignKey("conversation.id"), index=True),
    Column("name", Safe, nullable=False),
    Column("content_type", String(100), nullable=False),
    Column("size", Integer, nullable=False),
    Column("width", Integer),
    Column("height", Integer),
    Column("sha256", String(64), index=True),
    Column("preview_sha256", String(64), index=True),
    Column("created_at", Instant, nullable=False),
    Column("state", String(10), nullable=False, server_default="clean"),
    Column("findings", JSON(none_as_null=True)),
    Column("sealed_key", LargeBinary),
)

outbox = Table(
    "outbox",
    metadata,
    Column("id", _RowNumber, primary_key=True, autoincrement=True),
    Column("name", String(40), nullable=False),
    Column("lane", String(80), nullable=False),
    Column("payload", JSON, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("due_at", Instant, nullable=False),
    Column("leased_until", Instant),
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("failed_code", String(60)),
    Index("ix_outbox_lane", "lane", "id"),
)

timer = Table(
    "timer",
    metadata,
    Column("name", String(40), primary_key=True),
    Column("subject", String(80), primary_key=True),
    Column("due_at", Instant, nullable=False, index=True),
    Column("payload", JSON, nullable=False),
)

report = Table(
    "report",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("conversation_id", ForeignKey("conversation.id"), nullable=False),
    Column("seq", Integer, nullable=False),
    Column("reasons", JSON, nullable=False),
    Column("agent_id", ForeignKey("agent.id")),
    Column("tries", Integer, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("settled_at", Instant),
    Column("settled_by", ForeignKey("agent.id")),
    Index("ix_report_agent", "agent_id", "created_at"),
    Index("ix_report_settled", "settled_at", "created_at"),
)
