"""Many rows into one table, without SQLAlchemy's work for each row: it costs more than the databases' own.

A statement of `insert()` makes a dictionary of parameters a row and looks at each again. Here the values of a column
are converted one after the other, by the column's own type; then SQLite takes tuples, and PostgreSQL a binary COPY.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, Dialect, Table, TableClause, exc
from sqlalchemy.dialects import sqlite


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


def _values(rows: Sequence[dict[str, Any]], converters: Sequence[tuple[str, Any]]) -> list[tuple[Any, ...]]:
    columns: list[Any] = []
    for name, convert in converters:
        column = [row[name] for row in rows]
        columns.append(column if convert is None else map(convert, column))
    return list(zip(*columns, strict=True))


@lru_cache(maxsize=64)
def _converters(
    table: Table | TableClause, names: tuple[str, ...], dialect: Dialect
) -> tuple[tuple[str, Callable[[Any], Any] | None], ...]:
    """What a column's type makes of its values on the way into the database; None where it takes them as they are."""
    return tuple((name, table.c[name].type.dialect_impl(dialect).bind_processor(dialect)) for name in names)


@lru_cache(maxsize=64)
def _sqlite_insert(table: Table | TableClause, names: tuple[str, ...]) -> str:
    into = sqlite.dialect().identifier_preparer
    columns = ", ".join(into.quote(name) for name in names)
    return f"INSERT INTO {into.format_table(table)} ({columns}) VALUES ({', '.join('?' * len(names))})"


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
