"""What is still to be done: effects and timers."""

from sqlalchemy import (
    JSON,
    BigInteger,
    Column,
    Index,
    Integer,
    String,
    Table,
)

from kefu.storage.tables.base import metadata
from kefu.storage.types import Instant

_RowNumber = BigInteger().with_variant(Integer, "sqlite")

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
