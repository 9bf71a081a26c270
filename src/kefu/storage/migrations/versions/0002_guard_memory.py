"""What the guard remembers of a conversation: counts and kinds, never text."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("conversation", sa.Column("guard_memory", sa.JSON(), nullable=True))
