"""Bring a database to the newest schema.

On SQLite a batch change rebuilds a parent table and would empty its cascading children, so
migrations run with foreign keys off and end with a check of them.
"""

from pathlib import Path
from typing import Final

from sqlalchemy import Connection, Engine, column, inspect, literal, select, table, text

from kefu.core.errors import KefuError

HEAD: Final = "0005"
"""The newest revision; a test holds it against the files."""

SCRIPTS: Final = Path(__file__).parent / "migrations"
_LOCK: Final = 0x6B656D69
_VERSION: Final = table("alembic_version", column("version_num"))


class MigrationBroken(KefuError):
    """A migration left rows that refer to nothing; it was rolled back."""

    code = "migration.broken"


def migrate(engine: Engine) -> None:
    """Apply what is missing, in one transaction. Safe to repeat, and for several at once."""
    with engine.connect() as connection:
        if is_current(connection):
            return
    sqlite = engine.dialect.name == "sqlite"
    with engine.connect().execution_options(kefu_writes=True) as connection:
        if sqlite:
            _foreign_keys(connection, "PRAGMA foreign_keys=OFF")
        try:
            with connection.begin():
                if not sqlite:
                    connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})
                _upgrade(connection)
                if sqlite and connection.exec_driver_sql("PRAGMA foreign_key_check").first():
                    raise MigrationBroken
        finally:
            if sqlite:
                _foreign_keys(connection, "PRAGMA foreign_keys=ON")


def is_current(connection: Connection) -> bool:
    """Return whether the schema is the newest this code knows."""
    if not inspect(connection).has_table(_VERSION.name):
        return False
    found = connection.execute(select(literal(1)).where(_VERSION.c.version_num == HEAD))
    return found.first() is not None


def _upgrade(connection: Connection) -> None:
    """Run the missing migrations. Alembic is loaded here: a third of a second few starts need."""
    from alembic import command  # noqa: PLC0415
    from alembic.config import Config  # noqa: PLC0415

    config = Config()
    config.set_main_option("script_location", str(SCRIPTS).replace("%", "%%"))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


def _foreign_keys(connection: Connection, pragma: str) -> None:
    """Switch enforcement, which SQLite allows outside a transaction only."""
    connection.connection.cursor().execute(pragma)
