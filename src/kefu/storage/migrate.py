"""Bring a database to the newest schema.

On SQLite a batch change rebuilds a parent table and would empty its cascading children, so
migrations run with foreign keys off and end with a check of them.
"""

from pathlib import Path
from typing import Final

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, text

from kefu.core.errors import KefuError

_SCRIPTS: Final = Path(__file__).parent / "migrations"
_LOCK: Final = 0x6B656D69


class MigrationBroken(KefuError):
    """A migration left rows that refer to nothing; it was rolled back."""

    code = "migration.broken"


def migrate(engine: Engine) -> None:
    """Apply what is missing, in one transaction. Safe to repeat, also by two processes at once."""
    sqlite = engine.dialect.name == "sqlite"
    with engine.connect().execution_options(kefu_writes=True) as connection:
        if sqlite:
            _foreign_keys(connection, "PRAGMA foreign_keys=OFF")
        try:
            with connection.begin():
                if not sqlite:
                    connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})
                config = _config()
                config.attributes["connection"] = connection
                command.upgrade(config, "head")
                if sqlite and connection.exec_driver_sql("PRAGMA foreign_key_check").first():
                    raise MigrationBroken
        finally:
            if sqlite:
                _foreign_keys(connection, "PRAGMA foreign_keys=ON")


def is_current(connection: Connection) -> bool:
    """Return whether the schema is the newest this code knows."""
    head = ScriptDirectory.from_config(_config()).get_current_head()
    return MigrationContext.configure(connection).get_current_revision() == head


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(_SCRIPTS).replace("%", "%%"))
    return config


def _foreign_keys(connection: Connection, pragma: str) -> None:
    """Switch enforcement, which SQLite allows outside a transaction only."""
    connection.connection.cursor().execute(pragma)
