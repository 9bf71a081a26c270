"""Alerts for supervisors, and the permission to read them."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_ROLE = sa.table(
    "role", sa.column("id", sa.Uuid()), sa.column("name"), sa.column("permissions", sa.JSON())
)


def upgrade() -> None:
    op.create_table(
        "alert",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("conversation_id", sa.Uuid(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("reasons", sa.JSON(), nullable=False),
        sa.Column("agent_id", sa.Uuid(), nullable=True),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("settled_at", sa.BigInteger(), nullable=True),
        sa.Column("settled_by", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(["agent_id"], ["agent.id"], name=op.f("fk_alert_agent_id")),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversation.id"], name=op.f("fk_alert_conversation_id")
        ),
        sa.ForeignKeyConstraint(["settled_by"], ["agent.id"], name=op.f("fk_alert_settled_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_alert")),
    )
    op.create_index("ix_alert_agent", "alert", ["agent_id", "created_at"])
    op.create_index("ix_alert_settled", "alert", ["settled_at", "created_at"])
    _let_read_alerts()


def _let_read_alerts() -> None:
    """Give the roles that watch over the desk the permission that is new."""
    tx = op.get_bind()
    watching = sa.select(_ROLE).where(_ROLE.c.name.in_(["supervisor", "admin"]))
    for row in tx.execute(watching).all():
        permissions = sorted({*row.permissions, "alert:read"})
        tx.execute(sa.update(_ROLE).where(_ROLE.c.id == row.id).values(permissions=permissions))
