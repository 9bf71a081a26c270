"""Columns that carry proof: text that passed the guard, and instants in UTC."""

from datetime import UTC, datetime, timedelta, timezone
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import Connection, insert, select, text
from sqlalchemy.exc import StatementError

from kefu import guard
from kefu.core.ids import uuid7
from kefu.core.text import SafeText
from kefu.storage.db import Database
from kefu.storage.tables import customer
from tests.house import START


def keep(tx: Connection, /, **changes: Any) -> UUID:
    """Store a customer and return the id."""
    made = uuid7()
    row = {"id": made, "language": "en", "created_at": START, "seen_at": START}
    tx.execute(insert(customer).values(row | changes))
    return made


def name_of(tx: Connection, customer_id: UUID) -> SafeText | None:
    name: SafeText | None = tx.execute(
        select(customer.c.name).where(customer.c.id == customer_id)
    ).scalar_one()
    return name


def created_at(tx: Connection, customer_id: UUID) -> datetime:
    at: datetime = tx.execute(
        select(customer.c.created_at).where(customer.c.id == customer_id)
    ).scalar_one()
    return at


@pytest.mark.parametrize("name", ["王思远", b"bytes", 7, ["a"]])
def test_a_text_column_refuses_what_did_not_pass_the_guard(database: Database, name: Any) -> None:
    with pytest.raises(StatementError, match=f"takes SafeText, not {type(name).__name__}"):
        database.write_now(keep, name=name)


def test_text_comes_back_from_the_database_as_safe_text(database: Database) -> None:
    said = guard.clean("my card 4242 4242 4242 4242, ⟪typed⟫ 你好 🙂")
    revived = database.write_now(name_of, database.write_now(keep, name=said))
    assert type(revived) is SafeText and revived == said
    assert "4242 4242" not in revived.value
    assert database.write_now(name_of, database.write_now(keep, name=None)) is None


def test_a_parameter_of_a_query_is_guarded_like_a_value(database: Database) -> None:
    with pytest.raises(StatementError, match="SafeText"):
        database.write_now(lambda tx: tx.execute(select(customer).where(customer.c.name == "x")))


def test_nobody_makes_safe_text_by_its_constructor() -> None:
    with pytest.raises(TypeError, match=r"guard\.clean"):
        SafeText("unscreened", (), (), object())
    with pytest.raises(AttributeError):
        guard.clean("screened").value = "unscreened"
    with pytest.raises(TypeError):
        type("Loose", (SafeText,), {})("unscreened")


@pytest.mark.parametrize(
    "at",
    [
        datetime(1969, 12, 31, 23, 59, 59, 999_999, tzinfo=UTC),
        datetime(2026, 3, 2, 9, 0, 0, 1, tzinfo=UTC),
        datetime(2026, 3, 29, 2, 30, tzinfo=timezone(timedelta(hours=5, minutes=45))),
        datetime(9999, 12, 31, 23, 59, 59, 999_999, tzinfo=UTC),
    ],
)
def test_an_instant_comes_back_to_the_microsecond_in_utc(database: Database, at: datetime) -> None:
    revived = database.write_now(created_at, database.write_now(keep, created_at=at))
    assert revived == at and revived.utcoffset() == timedelta(0)


def test_an_instant_is_stored_as_whole_microseconds_on_both_databases(database: Database) -> None:
    made = database.write_now(keep, created_at=datetime(2026, 3, 2, 9, tzinfo=UTC))

    def raw(tx: Connection) -> int:
        stored: int = tx.execute(
            text("SELECT created_at FROM customer WHERE id = :id").bindparams(
                id=made.hex if tx.dialect.name == "sqlite" else made
            )
        ).scalar_one()
        return stored

    assert database.write_now(raw) == 1_772_442_000_000_000


def test_a_naive_datetime_is_refused(database: Database) -> None:
    with pytest.raises(StatementError, match="offset-naive"):
        database.write_now(keep, created_at=datetime(2026, 3, 2, 9))  # noqa: DTZ001 - the point
