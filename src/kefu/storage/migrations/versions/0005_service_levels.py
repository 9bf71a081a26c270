"""Teams, the queue, targets, promises and escalations; the permissions they need."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_ROLE = sa.table(
    "role", sa.column("id", sa.Uuid()), sa.column("name"), sa.column("permissions", sa.JSON())
)
_NEW = {
    "agent": ("conversation:escalate",),
    "supervisor": ("conversation:escalate", "floor:read"),
    "admin": ("conversation:escalate", "floor:read", "service:manage"),
}


def upgrade() -> None:
    _new_tables()
    _wider_agents()
    _wider_conversations()
    _wider_roles()


def _new_tables() -> None:
    op.create_table(
        "team",
        sa.Column("key", sa.String(length=40), nullable=False),
        sa.Column("name", sa.JSON(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_team")),
    )
    op.create_table(
        "shift",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("agent_id", sa.Uuid(), nullable=False),
        sa.Column("starts_at", sa.BigInteger(), nullable=False),
        sa.Column("ends_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["agent_id"], ["agent.id"], name=op.f("fk_shift_agent_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_shift")),
    )
    op.create_index("ix_shift_agent", "shift", ["agent_id", "starts_at"])
    op.create_index("ix_shift_ends_at", "shift", ["ends_at"])
    op.create_table(
        "calendar",
        sa.Column("key", sa.String(length=40), nullable=False),
        sa.Column("name", sa.JSON(), nullable=False),
        sa.Column("definition", sa.JSON(), nullable=False),
        sa.Column("changed_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_calendar")),
    )
    op.create_table(
        "sla_policy",
        sa.Column("key", sa.String(length=40), nullable=False),
        sa.Column("conditions", sa.JSON(), nullable=False),
        sa.Column("targets", sa.JSON(), nullable=False),
        sa.Column("calendar_key", sa.String(length=40), nullable=False),
        sa.Column("changed_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["calendar_key"], ["calendar.key"], name=op.f("fk_sla_policy_calendar_key")
        ),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_sla_policy")),
    )
    op.create_table(
        "service",
        sa.Column("conversation_id", sa.Uuid(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("policy_key", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversation.id"], name=op.f("fk_service_conversation_id")
        ),
        sa.PrimaryKeyConstraint("conversation_id", name=op.f("pk_service")),
    )
    op.create_table(
        "target",
        sa.Column("conversation_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("within", sa.BigInteger(), nullable=False),
        sa.Column("warn_after", sa.BigInteger(), nullable=False),
        sa.Column("started_at", sa.BigInteger(), nullable=False),
        sa.Column("pauses", sa.JSON(), nullable=False),
        sa.Column("paused_at", sa.BigInteger(), nullable=True),
        sa.Column("due_at", sa.BigInteger(), nullable=True),
        sa.Column("warn_at", sa.BigInteger(), nullable=True),
        sa.Column("met_at", sa.BigInteger(), nullable=True),
        sa.Column("warned_at", sa.BigInteger(), nullable=True),
        sa.Column("breached_at", sa.BigInteger(), nullable=True),
        sa.Column("next_at", sa.BigInteger(), nullable=True),
        sa.CheckConstraint(
            "kind in ('first', 'next', 'resolution', 'escalation')", name=op.f("ck_target_kind")
        ),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversation.id"], name=op.f("fk_target_conversation_id")
        ),
        sa.PrimaryKeyConstraint("conversation_id", "kind", "number", name=op.f("pk_target")),
    )
    op.create_index("ix_target_due", "target", ["due_at"])
    op.create_index("ix_target_next_at", "target", ["next_at"])
    op.create_table(
        "promise",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("conversation_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("team", sa.String(length=40), nullable=False),
        sa.Column("language", sa.String(length=35), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("since_at", sa.BigInteger(), nullable=False),
        sa.Column("made_at", sa.BigInteger(), nullable=False),
        sa.Column("ahead", sa.Integer(), nullable=True),
        sa.Column("rate", sa.Float(), nullable=True),
        sa.Column("low_at", sa.BigInteger(), nullable=True),
        sa.Column("due_at", sa.BigInteger(), nullable=False),
        sa.Column("renew_at", sa.BigInteger(), nullable=True),
        sa.Column("served_at", sa.BigInteger(), nullable=True),
        sa.Column("kept_at", sa.BigInteger(), nullable=True),
        sa.Column("renewed_at", sa.BigInteger(), nullable=True),
        sa.Column("broken_at", sa.BigInteger(), nullable=True),
        sa.Column("deviation", sa.Float(), nullable=True),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversation.id"], name=op.f("fk_promise_conversation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_promise")),
        sa.UniqueConstraint(
            "conversation_id", "number", name=op.f("uq_promise_conversation_id_number")
        ),
    )
    op.create_index("ix_promise_served", "promise", ["team", "language", "served_at"])
    op.create_index("ix_promise_made", "promise", ["made_at"])
    op.create_index("ix_promise_renew_at", "promise", ["renew_at"])
    op.create_table(
        "escalation",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("conversation_id", sa.Uuid(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("to_team", sa.String(length=40), nullable=False),
        sa.Column("reason", sa.String(length=20), nullable=False),
        sa.Column("asked_by", sa.String(length=10), nullable=False),
        sa.Column("status", sa.String(length=10), nullable=False),
        sa.Column("owner_id", sa.Uuid(), nullable=True),
        sa.Column("requested_at", sa.BigInteger(), nullable=False),
        sa.Column("due_at", sa.BigInteger(), nullable=True),
        sa.Column("settled_at", sa.BigInteger(), nullable=True),
        sa.CheckConstraint(
            "status in ('requested', 'accepted', 'answered', 'declined', 'withdrawn')",
            name=op.f("ck_escalation_status"),
        ),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversation.id"], name=op.f("fk_escalation_conversation_id")
        ),
        sa.ForeignKeyConstraint(["owner_id"], ["agent.id"], name=op.f("fk_escalation_owner_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_escalation")),
    )
    op.create_index("ix_escalation_conversation", "escalation", ["conversation_id", "requested_at"])
    op.create_index("ix_escalation_status", "escalation", ["status", "requested_at"])
    op.create_table(
        "continuation",
        sa.Column("conversation_id", sa.Uuid(), nullable=False),
        sa.Column("choice", sa.String(length=10), nullable=False),
        sa.Column("contact", sa.Text(), nullable=True),
        sa.Column("proof", sa.String(length=20), nullable=False),
        sa.Column("enqueued_at", sa.BigInteger(), nullable=False),
        sa.Column("chosen_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversation.id"], name=op.f("fk_continuation_conversation_id")
        ),
        sa.PrimaryKeyConstraint("conversation_id", name=op.f("pk_continuation")),
    )
    op.create_table(
        "side_thread",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("conversation_id", sa.Uuid(), nullable=False),
        sa.Column("team", sa.String(length=40), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("opened_by", sa.Uuid(), nullable=False),
        sa.Column("opened_at", sa.BigInteger(), nullable=False),
        sa.Column("closed_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversation.id"], name=op.f("fk_side_thread_conversation_id")
        ),
        sa.ForeignKeyConstraint(["opened_by"], ["agent.id"], name=op.f("fk_side_thread_opened_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_side_thread")),
    )
    op.create_index("ix_side_thread_conversation_id", "side_thread", ["conversation_id"])
    op.create_index("ix_side_thread_open", "side_thread", ["team", "closed_at"])
    op.create_table(
        "peak",
        sa.Column("team", sa.String(length=40), nullable=False),
        sa.Column("is_on", sa.Boolean(), nullable=False),
        sa.Column("since_at", sa.BigInteger(), nullable=False),
        sa.Column("turning_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["team"], ["team.key"], name=op.f("fk_peak_team")),
        sa.PrimaryKeyConstraint("team", name=op.f("pk_peak")),
    )
    op.create_table(
        "shift_note",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("agent_id", sa.Uuid(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["agent_id"], ["agent.id"], name=op.f("fk_shift_note_agent_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_shift_note")),
    )
    op.create_index("ix_shift_note_at", "shift_note", ["at"])


def _wider_agents() -> None:
    with op.batch_alter_table("agent") as agent:
        agent.add_column(sa.Column("teams", sa.JSON(), nullable=True))
        agent.add_column(sa.Column("topics", sa.JSON(), nullable=True))
        agent.add_column(sa.Column("capacity", sa.Integer(), nullable=False, server_default="4"))
        agent.add_column(
            sa.Column(
                "work_state", sa.String(length=10), nullable=False, server_default="available"
            )
        )
        agent.add_column(sa.Column("work_state_at", sa.BigInteger(), nullable=True))
        agent.add_column(sa.Column("routed_at", sa.BigInteger(), nullable=True))
        agent.create_check_constraint(
            "work_state", "work_state in ('available', 'away', 'break', 'wrapup')"
        )


def _wider_conversations() -> None:
    """Give old conversations a place: those that wait without an agent keep their time."""
    with op.batch_alter_table("conversation") as conversation:
        conversation.add_column(sa.Column("topic", sa.String(length=80), nullable=True))
        conversation.add_column(
            sa.Column("team", sa.String(length=40), nullable=False, server_default="front")
        )
        conversation.add_column(
            sa.Column("priority", sa.Integer(), nullable=False, server_default="0")
        )
        conversation.add_column(sa.Column("place_at", sa.BigInteger(), nullable=True))
        conversation.add_column(sa.Column("barred", sa.JSON(), nullable=True))
        conversation.add_column(sa.Column("idle_closes_at", sa.BigInteger(), nullable=True))
        conversation.add_column(sa.Column("follows", sa.String(length=9), nullable=True))
    waiting = sa.text("place_at is not null")
    op.create_index(
        "ix_conversation_queue",
        "conversation",
        ["team", "place_at", "id"],
        sqlite_where=waiting,
        postgresql_where=waiting,
    )
    op.execute(
        "update conversation set place_at = waiting_since"
        " where status = 'open' and assignee_id is null"
    )


def _wider_roles() -> None:
    """Give the roles that a desk began with the permissions that are new."""
    tx = op.get_bind()
    for row in tx.execute(sa.select(_ROLE).where(_ROLE.c.name.in_(list(_NEW)))).all():
        permissions = sorted({*row.permissions, *_NEW[row.name]})
        tx.execute(sa.update(_ROLE).where(_ROLE.c.id == row.id).values(permissions=permissions))
