"""Migrations: from nothing to the schema of `tables`, again without harm, and never half."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from uuid import uuid4

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import CheckConstraint, Connection, Engine, func, insert, inspect, select
from sqlalchemy.exc import IntegrityError

from kefu.storage import tables
from kefu.storage.db import Database, engine_of
from kefu.storage.migrate import HEAD, SCRIPTS, MigrationBroken, is_current, migrate
from tests.house import START


@pytest.fixture(params=["sqlite", "postgres"])
def empty(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    """The engine of a database without a table, on each kind in turn."""
    postgres = request.param == "postgres"
    url = request.getfixturevalue("postgres_url") if postgres else f"sqlite:///{tmp_path}/new.db"
    engine = engine_of(url)
    yield engine
    engine.dispose()


def test_the_newest_revision_is_the_one_the_code_names() -> None:
    config = Config()
    config.set_main_option("script_location", str(SCRIPTS))
    assert ScriptDirectory.from_config(config).get_heads() == [HEAD]


def test_migrations_from_nothing_make_exactly_the_schema_of_the_tables(empty: Engine) -> None:
    with empty.connect() as before:
        assert not is_current(before)
    migrate(empty)
    with empty.connect() as connection:
        assert is_current(connection)
        context = MigrationContext.configure(connection, opts={"compare_server_default": True})
        assert compare_metadata(context, tables.metadata) == []
        assert _checks(connection) == {
            str(check.name)
            for table in tables.metadata.tables.values()
            for check in table.constraints
            if isinstance(check, CheckConstraint)
        }


def _checks(connection: Connection) -> set[str]:
    """Return the names of check constraints, which Alembic does not compare."""
    looked = inspect(connection)
    found = (c for t in looked.get_table_names() for c in looked.get_check_constraints(t))
    return {str(check["name"]) for check in found}


def test_a_customer_has_one_open_conversation_in_an_inbox_by_the_schema_itself(
    database: Database,
) -> None:
    def twice(tx: Connection) -> None:
        customer_id = uuid4()
        seen = {"created_at": START, "seen_at": START}
        tx.execute(insert(tables.customer).values(id=customer_id, language="en", **seen))
        inbox_id = tx.execute(select(tables.inbox.c.id)).scalar_one()
        row = {"inbox_id": inbox_id, "customer_id": customer_id, "status": "open"}
        row |= {"language": "en", "seq": 0, "public_seq": 0, "unread": 0}
        row |= {"opened_at": START, "updated_at": START}
        for reference in ("AAAA-AAAA", "BBBB-BBBB"):
            values = row | {"id": uuid4(), "reference": reference}
            tx.execute(insert(tables.conversation).values(values))

    with pytest.raises(IntegrityError):
        database.write_now(twice)


def test_migrating_again_keeps_every_row(database: Database) -> None:
    before = database.write_now(_counts)
    assert before["agent"] > 0
    for _ in range(2):
        migrate(database.engine)
    assert database.write_now(_counts) == before


def test_foreign_keys_are_enforced_after_a_migration(database: Database) -> None:
    migrate(database.engine)

    def orphan(tx: Connection) -> None:
        row = {"id": uuid4(), "customer_id": uuid4(), "channel": "exchange"}
        row |= {"external_id": "HD-1", "proof": "signed_token", "created_at": START}
        tx.execute(insert(tables.identity).values(row))

    with pytest.raises(IntegrityError):
        database.write_now(orphan)


def test_a_migration_that_leaves_rows_referring_to_nothing_is_rolled_back(tmp_path: Path) -> None:
    engine = engine_of(f"sqlite:///{tmp_path}/kefu.db")
    with engine.connect() as connection:
        connection.connection.cursor().execute("PRAGMA foreign_keys=OFF")
        connection.exec_driver_sql("CREATE TABLE parent (id INTEGER PRIMARY KEY)")
        connection.exec_driver_sql("CREATE TABLE child (id INTEGER REFERENCES parent (id))")
        connection.exec_driver_sql("INSERT INTO child VALUES (1)")
        connection.commit()
    with pytest.raises(MigrationBroken):
        migrate(engine)
    with engine.connect() as connection:
        assert inspect(connection).get_table_names() == ["child", "parent"]
    engine.dispose()


def test_two_processes_that_start_at_once_both_find_the_schema(empty: Engine) -> None:
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(migrate, [empty, empty]))
    with empty.connect() as connection:
        assert is_current(connection)


def _counts(tx: Connection) -> dict[str, int]:
    return {
        name: tx.execute(select(func.count()).select_from(table)).scalar_one()
        for name, table in tables.metadata.tables.items()
    }
