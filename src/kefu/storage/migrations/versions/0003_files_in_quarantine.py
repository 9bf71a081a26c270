"""What the guard says of a file, and the key under which it lies while nobody has read it.

Files from before the guard read any stay as they are: they were sent and opened long ago.
"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("file") as file:
        file.add_column(
            sa.Column("state", sa.String(length=10), nullable=False, server_default="clean")
        )
        file.add_column(sa.Column("findings", sa.JSON(), nullable=True))
        file.add_column(sa.Column("sealed_key", sa.LargeBinary(), nullable=True))
        file.alter_column("sha256", existing_type=sa.String(length=64), nullable=True)
