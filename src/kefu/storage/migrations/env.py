"""Alembic's entry: runs migrations on the connection `kefu.storage.migrate` gives."""

from alembic import context

from kefu.storage.tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=True,
)
context.run_migrations()
