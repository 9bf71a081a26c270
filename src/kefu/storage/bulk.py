"""Many rows in one statement: what a batch writes, at a third of executemany's cost.

Statements are made once by SQLAlchemy from the schema. On PostgreSQL the rows travel as one
array a column (`unnest`); on SQLite ready tuples go to the driver's own executemany. Values
pass the columns' own rules: a Safe column still takes SafeText alone.
"""

from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any, Final

import msgspec
from sqlalchemy import (
    JSON,
    Column,
    ColumnElement,
    Connection,
    Dialect,
    Table,
    Uuid,
    bindparam,
    cast,
    func,
    insert,
    select,
    update,
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.types import Text, TypeDecorator, TypeEngine

_NEW: Final = "new_"

Convert = Callable[[Any], Any]
Run = Callable[[Connection, Sequence[tuple[Any, ...]]], None]


def insert_rows(
    tx: Connection, table: Table, columns: tuple[str, ...], rows: Sequence[tuple[Any, ...]]
) -> None:
    """Insert rows of the named columns. Cost: one statement."""
    if rows:
        _plan(_insertion, table, columns, tx.dialect)(tx, rows)


def update_rows(
    tx: Connection, table: Table, columns: tuple[str, ...], rows: Sequence[tuple[Any, ...]]
) -> None:
    """Set the named columns of rows by id, which is the first of the columns."""
    if rows:
        _plan(_updating, table, columns, tx.dialect)(tx, rows)


Make = Callable[[Table, tuple[str, ...], Dialect], Run]


@lru_cache(maxsize=128)
def _plan(make: Make, table: Table, columns: tuple[str, ...], dialect: Dialect) -> Run:
    return make(table, columns, dialect)


def _insertion(table: Table, columns: tuple[str, ...], dialect: Dialect) -> Run:
    if dialect.name == "sqlite":
        return _driver(insert(table), table, columns, dialect)
    given, converts = _given(table, columns, dialect)
    source = select(*(_typed(table.c[name], given) for name in columns))
    statement = insert(table).from_select(list(columns), source)
    return _arrays(statement, columns, converts)


def _updating(table: Table, columns: tuple[str, ...], dialect: Dialect) -> Run:
    key, *changed = columns
    if dialect.name == "sqlite":
        values: dict[str, Any] = {name: bindparam(_NEW + name) for name in changed}
        statement = update(table).where(table.c[key] == bindparam(_NEW + key)).values(values)
        return _driver(statement, table, columns, dialect)
    given, converts = _given(table, columns, dialect)
    new = {name: _typed(table.c[name], given) for name in changed}
    statement = update(table).where(table.c[key] == given.c[key]).values(new)
    return _arrays(statement, columns, converts)


def _driver(statement: Any, table: Table, columns: tuple[str, ...], dialect: Dialect) -> Run:
    """Return a runner for SQLite: rows as tuples, in the order the statement takes them."""
    names = list(columns) if statement.is_insert else None
    compiled = statement.compile(dialect=dialect, column_keys=names)
    order = [name.removeprefix(_NEW) for name in compiled.positiontup]
    places = [(columns.index(name), _convert(table.c[name], dialect)) for name in order]
    sql = str(compiled)

    def run(tx: Connection, rows: Sequence[tuple[Any, ...]]) -> None:
        given = list(zip(*rows, strict=True))
        tx.exec_driver_sql(sql, list(zip(*_converted(given, places), strict=True)))

    return run


def _given(
    table: Table, columns: tuple[str, ...], dialect: Dialect
) -> tuple[Any, list[Convert | None]]:
    """Return the arrays as a table, one row an element, and how each value becomes one."""
    arrays = [bindparam(_NEW + name, type_=ARRAY(_plain(table.c[name].type))) for name in columns]
    given = func.unnest(*arrays).table_valued(*columns, name="given").render_derived()
    return given, [_convert(table.c[name], dialect) for name in columns]


def _typed(column: Column[Any], given: Any) -> ColumnElement[Any]:
    """Return the array's element as the column's type; JSON travels as text."""
    value: ColumnElement[Any] = given.c[column.name]
    return cast(value, JSON) if isinstance(column.type, JSON) else value


def _plain(type_: TypeEngine[Any]) -> TypeEngine[Any]:
    """Return the database type under a column type."""
    if isinstance(type_, TypeDecorator):
        return type_.impl_instance
    return Text() if isinstance(type_, JSON) else type_


def _arrays(statement: Any, columns: tuple[str, ...], converts: list[Convert | None]) -> Run:
    """Return a runner for PostgreSQL: each column as one array."""
    names = [_NEW + name for name in columns]
    places = list(enumerate(converts))

    def run(tx: Connection, rows: Sequence[tuple[Any, ...]]) -> None:
        given = list(zip(*rows, strict=True))
        arrays = map(list, _converted(given, places))
        tx.execute(statement, dict(zip(names, arrays, strict=True)))

    return run


def _converted(
    given: Sequence[Sequence[Any]], places: Sequence[tuple[int, Convert | None]]
) -> list[Sequence[Any]]:
    """Return columns in the order of `places`, their values as the driver takes them."""
    return [
        given[at] if convert is None else [convert(value) for value in given[at]]
        for at, convert in places
    ]


def _convert(column: Column[Any], dialect: Dialect) -> Convert | None:
    """Return how a value becomes what the driver takes, by the column's own rule; None: as is."""
    type_ = column.type
    if isinstance(type_, TypeDecorator):
        return _ruled(type_, dialect)
    if isinstance(type_, JSON):
        return _json
    if isinstance(type_, Uuid) and dialect.name == "sqlite":
        return _hex
    return None


def _ruled(type_: TypeDecorator[Any], dialect: Dialect) -> Convert:
    def convert(value: Any) -> Any:
        return type_.process_bind_param(value, dialect)

    return convert


_ENCODE: Final = msgspec.json.Encoder().encode


def _json(value: Any) -> str | None:
    return None if value is None else _ENCODE(value).decode()


def _hex(value: Any) -> str | None:
    return None if value is None else f"{value.int:032x}"
