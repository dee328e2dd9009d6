"""Writes the exports as tables of one plain SQLite file: readable texts, where the archive itself keeps patches.

For datasette, DuckDB, R or a few lines of SQL; from an archive on PostgreSQL too. Streams: a thousand rows at a time.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from contextlib import closing
from itertools import islice
from pathlib import Path
from typing import Any

from archive.export import complete
from archive.export.rows import Field, plain, to_json

BATCH = 1000
_TYPES = {"integer": "INTEGER", "yes/no": "INTEGER"}
#: By what readers of these tables look things up.
_INDEXES = {
    "articles": ("url", "site", "first_captured_at"),
    "versions": ("url", "captured_at"),
    "engagement": ("url",),
    "captures": ("url", "article_id", "captured_at"),
}
_SEARCH = (
    "CREATE VIRTUAL TABLE versions_search USING fts5 (title, body, content='versions', content_rowid='rowid')",
    "INSERT INTO versions_search (versions_search) VALUES ('rebuild')",
)


def write_sqlite(tables: Mapping[str, tuple[Sequence[Field[Any]], Iterable[Any]]], output: Path) -> None:
    """A table a name, with its fields as columns: times as text in UTC, lists as JSON, yes and no as 1 and 0; and an
    index of the words of titles and texts, `versions_search` (FTS5). The file appears when it is complete.

    Raises OSError where it cannot be written."""
    with complete(output) as part, closing(sqlite3.connect(part)) as connection:
        connection.executescript("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;")
        try:
            for name, (fields, records) in tables.items():
                _fill(connection, name, fields, records)
            for statement in _SEARCH if "versions" in tables else ():
                connection.execute(statement)
            connection.commit()
        except sqlite3.Error as error:
            raise OSError(str(error)) from error


def _fill(connection: sqlite3.Connection, name: str, fields: Sequence[Field[Any]], records: Iterable[Any]) -> None:
    columns = ", ".join(f"{field.name} {_TYPES.get(field.kind, 'TEXT')}" for field in fields)
    connection.execute(f"CREATE TABLE {name} ({columns})")
    insert = f"INSERT INTO {name} VALUES ({', '.join('?' * len(fields))})"
    rows = ([_value(field.value(record)) for field in fields] for record in records)
    while some := list(islice(rows, BATCH)):
        connection.executemany(insert, some)
    for column in _INDEXES.get(name, ()):
        connection.execute(f"CREATE INDEX {name}_{column} ON {name} ({column})")


def _value(value: object) -> object:
    """What SQLite holds; half a surrogate pair, which no text may have, is escaped.

    >>> _value(("a", "b")), _value(True), _value("\\ud800")
    ('["a", "b"]', True, '\\\\ud800')
    """
    found = plain(value)
    if isinstance(found, list | dict):
        return to_json(found)
    return found.encode("utf-8", "backslashreplace").decode() if isinstance(found, str) else found
