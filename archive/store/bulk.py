"""Many rows into one table, without SQLAlchemy's work for each row: it costs more than the databases' own.

A statement of `insert()` makes a dictionary of parameters a row and looks at each again. Here the values of a column
are converted one after the other, by the column's own type; then SQLite takes tuples, and PostgreSQL a binary COPY, or
one statement over all of them as JSON.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, Dialect, Table, TableClause, exc
from sqlalchemy.dialects import sqlite

_Converter = tuple[str, Callable[[Any], Any] | None]
"""A column, and what its type makes of a value for the database; None where it takes values as they are."""


def add_rows(connection: Connection, table: Table | TableClause, rows: Sequence[dict[str, Any]]) -> None:
    """Stores rows that name the same columns. Raises `DBAPIError` as an `insert()` would."""
    if not rows:
        return
    names = tuple(rows[0])
    values = _values(rows, _converters(table, names, connection.dialect))
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql(_sqlite_insert(table, names), values)
    else:
        _copy(connection, table, names, values)


def change_rows(connection: Connection, table: Table, names: tuple[str, ...], rows: Sequence[tuple[Any, ...]]) -> None:
    """Changes the columns `names` of the rows that have an id; a row is the new values in that order, then the id."""
    if not rows:
        return
    named = (*names, "id")
    values = _converted(zip(*rows, strict=True), _converters(table, named, connection.dialect))
    statement = _changing(table, names, connection.dialect)
    is_sqlite = connection.dialect.name == "sqlite"
    connection.exec_driver_sql(statement, values if is_sqlite else (as_json(named, values),))


def count_rows(connection: Connection, table: Table, count: str, rows: Sequence[dict[str, Any]]) -> None:
    """Stores rows that name the same columns, in their order; where one of the same key is there, its count grows."""
    if not rows:
        return
    names = tuple(rows[0])
    values = _values(rows, _converters(table, names, connection.dialect))
    statement = _counting(table, count, names, connection.dialect)
    is_sqlite = connection.dialect.name == "sqlite"
    connection.exec_driver_sql(statement, values if is_sqlite else (as_json(names, values),))


def as_json(names: Sequence[str], rows: Iterable[Sequence[Any]]) -> str:
    """Rows for PostgreSQL's json_to_recordset.

    >>> as_json(("id", "title"), [(1, "Flood")])
    '[{"id":1,"title":"Flood"}]'
    """
    return json.dumps([dict(zip(names, row, strict=True)) for row in rows], ensure_ascii=False, separators=(",", ":"))


def _values(rows: Sequence[dict[str, Any]], converters: Sequence[_Converter]) -> list[tuple[Any, ...]]:
    return _converted(([row[name] for row in rows] for name, _ in converters), converters)


def _converted(columns: Iterable[Iterable[Any]], converters: Sequence[_Converter]) -> list[tuple[Any, ...]]:
    pairs = zip(columns, converters, strict=True)
    made = (column if convert is None else map(convert, column) for column, (_, convert) in pairs)
    return list(zip(*made, strict=True))


@lru_cache(maxsize=64)
def _converters(table: Table | TableClause, names: tuple[str, ...], dialect: Dialect) -> tuple[_Converter, ...]:
    """What a column's type makes of its values on the way into the database; None where it takes them as they are."""
    return tuple((name, table.c[name].type.dialect_impl(dialect).bind_processor(dialect)) for name in names)


@lru_cache(maxsize=64)
def _sqlite_insert(table: Table | TableClause, names: tuple[str, ...]) -> str:
    into = sqlite.dialect().identifier_preparer
    columns = ", ".join(into.quote(name) for name in names)
    return f"INSERT INTO {into.format_table(table)} ({columns}) VALUES ({', '.join('?' * len(names))})"


@lru_cache(maxsize=256)
def _changing(table: Table, names: tuple[str, ...], dialect: Dialect) -> str:
    quote, own = dialect.identifier_preparer.quote, dialect.identifier_preparer.format_table(table)
    if dialect.name == "sqlite":
        return f"UPDATE {own} SET {', '.join(f'{quote(name)} = ?' for name in names)} WHERE id = ?"
    changes = ", ".join(f"{quote(name)} = given.{quote(name)}" for name in names)
    return f"UPDATE {own} SET {changes} FROM {_given(table, (*names, 'id'), dialect)} WHERE {own}.id = given.id"


@lru_cache(maxsize=16)
def _counting(table: Table, count: str, names: tuple[str, ...], dialect: Dialect) -> str:
    quote, own = dialect.identifier_preparer.quote, dialect.identifier_preparer.format_table(table)
    columns, keys = ", ".join(map(quote, names)), ", ".join(quote(column.name) for column in table.primary_key.columns)
    if dialect.name == "sqlite":
        rows = f"VALUES ({', '.join('?' * len(names))})"
    else:
        rows = f"SELECT {columns} FROM {_given(table, names, dialect)}"
    more = f"{quote(count)} = {own}.{quote(count)} + excluded.{quote(count)}"
    return f"INSERT INTO {own} ({columns}) {rows} ON CONFLICT ({keys}) DO UPDATE SET {more}"


def _given(table: Table, names: tuple[str, ...], dialect: Dialect) -> str:
    """The rows that PostgreSQL is handed in JSON, in a statement's FROM."""
    quote = dialect.identifier_preparer.quote
    columns = zip(map(quote, names), _type_names(table, names, dialect), strict=True)
    return f"json_to_recordset(%s) AS given ({', '.join(f'{name} {kind}' for name, kind in columns)})"


def _copy(
    connection: Connection, table: Table | TableClause, names: tuple[str, ...], values: list[tuple[Any, ...]]
) -> None:
    import psycopg  # only an archive on PostgreSQL has it

    into = connection.dialect.identifier_preparer
    columns = ", ".join(map(into.quote, names))
    statement = f"COPY {into.format_table(table)} ({columns}) FROM STDIN (FORMAT BINARY)"
    try:
        with connection.connection.cursor() as cursor, cursor.copy(statement) as copy:  # type: ignore[attr-defined]
            copy.set_types(_type_names(table, names, connection.dialect))
            for row in values:
                copy.write_row(row)
    except psycopg.Error as error:
        raise exc.DBAPIError.instance(statement, None, error, psycopg.Error, dialect=connection.dialect) from error


@lru_cache(maxsize=64)
def _type_names(table: Table | TableClause, names: tuple[str, ...], dialect: Dialect) -> list[str]:
    return [table.c[name].type.compile(dialect).lower() for name in names]
