"""The two rows that live through a transaction and change in it: candidates and articles. Private to the store."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from functools import lru_cache
from typing import Any, TypeVar

from sqlalchemy import Connection, Table, bindparam, select, text

from archive.schema import articles, candidates
from archive.store import totals
from archive.store.bulk import add_rows, change_rows

T = TypeVar("T")
Row = TypeVar("Row", bound="CandidateRow | ArticleRow")
CHUNK = 500


@dataclass(slots=True)
class CandidateRow:
    """A URL the archive knows; see `schema.candidates`."""

    id: int
    key: str
    url: str
    host: str
    story: str | None
    site_id: int | None
    article_id: int | None
    found_in: str
    found_at: datetime
    title: str | None = None
    language: str | None = None
    published_at: datetime | None = None
    claimed_at: datetime | None = None
    seen_claim_at: datetime | None = None
    due_at: datetime | None = None
    due_reason: str | None = None
    last_captured_at: datetime | None = None
    last_outcome: str | None = None
    looks: int = 0
    failures: int = 0
    etag: str | None = None
    last_modified: str | None = None
    conditional_since_full: int = 0
    crashes: int = 0
    quarantined_at: datetime | None = None
    quarantine_reason: str | None = None
    stored: tuple[Any, ...] = ()
    """What the database has of the columns; only the rest is written back."""


@dataclass(slots=True)
class ArticleRow:
    """An article with what the next look is compared with; see `schema.articles`."""

    id: int
    url: str
    site_id: int | None
    candidate_id: int | None
    title: str | None = None
    language: str | None = None
    published_at: datetime | None = None
    modified_at: datetime | None = None
    categories: tuple[str, ...] | None = None
    topics: tuple[str, ...] | None = None
    authors: tuple[str, ...] | None = None
    access: str | None = None
    first_captured_at: datetime | None = None
    last_captured_at: datetime | None = None
    changed_at: datetime | None = None
    first_edited_at: datetime | None = None
    gone_at: datetime | None = None
    captures: int = 0
    versions: int = 0
    version_id: int | None = None
    content_id: int | None = None
    keyframe_id: int | None = None
    silent: str = ""
    partial: bool = False
    engagement_id: int | None = None
    shows_counters: bool = False
    views: int | None = None
    likes: int | None = None
    dislikes: int | None = None
    shares: int | None = None
    comments: int | None = None
    merged_into: int | None = None
    stored: tuple[Any, ...] = ()
    """What the database has of the columns; only the rest is written back."""


CANDIDATE_COLUMNS = tuple(f.name for f in fields(CandidateRow) if f.name != "stored")
ARTICLE_COLUMNS = tuple(f.name for f in fields(ArticleRow) if f.name != "stored")


def chunks(items: Collection[T], size: int = CHUNK) -> Iterator[Sequence[T]]:
    """`items` in pieces that fit into one statement."""
    everything = list(items)
    for start in range(0, len(everything), size):
        yield everything[start : start + size]


def load_candidates(connection: Connection, column: str, values: Collection[Any]) -> list[CandidateRow]:
    """The candidates whose `column` has one of the values, locked against other writers, by id."""
    found: list[CandidateRow] = []
    for some in chunks(sorted(set(values))):
        rows = connection.execute(_all_of(candidates, CANDIDATE_COLUMNS, column), {"values": some})
        found += [CandidateRow(*row) for row in rows]
    return [_as_stored(row, CANDIDATE_COLUMNS) for row in found]


def load_articles(connection: Connection, ids: Collection[int]) -> dict[int, ArticleRow]:
    """The articles of these ids, locked against other writers."""
    found: dict[int, ArticleRow] = {}
    for some in chunks(sorted(set(ids))):
        for row in connection.execute(_all_of(articles, ARTICLE_COLUMNS, "id"), {"values": some}):
            found[row[0]] = _as_stored(ArticleRow(*row), ARTICLE_COLUMNS)
    return found


@lru_cache(maxsize=16)
def _all_of(table: Table, columns: tuple[str, ...], by: str) -> Any:
    """The rows whose column `by` has one of the `values`. (Made once: that takes longer than the query.)"""
    values = bindparam("values", expanding=True, type_=table.c[by].type)
    query = select(*(table.c[name] for name in columns)).where(table.c[by].in_(values))
    return query.order_by(table.c.id).with_for_update()


def insert_rows(connection: Connection, table: Table, rows: Sequence[dict[str, Any]]) -> list[int]:
    """Stores the rows and gives their ids, in the order of the rows."""
    if not rows:
        return []
    take = _numbers_of_sqlite if connection.dialect.name == "sqlite" else _numbers_of_postgresql
    numbers = take(connection, table, len(rows))
    add_rows(connection, table, [row | {"id": number} for row, number in zip(rows, numbers, strict=True)])
    return numbers


def _numbers_of_sqlite(connection: Connection, table: Table, count: int) -> list[int]:
    """Ids for so many new rows. SQLite gives them back row by row only, at three times the price; the one writer that
    there is at a time can number its rows itself, as SQLite would."""
    last, ever = f"SELECT max(id) FROM {table.name}", "SELECT seq FROM sqlite_sequence WHERE name = ?"
    found = connection.exec_driver_sql(f"SELECT max(coalesce(({last}), 0), coalesce(({ever}), 0))", (table.name,))
    number = int(found.scalar_one())
    return list(range(number + 1, number + 1 + count))


def retire(connection: Connection, table: Table, number: int) -> None:
    """Keeps the number of a row that is removed from ever being another's. (PostgreSQL gives none twice by itself.)"""
    if connection.dialect.name == "sqlite":
        known = {"name": table.name, "number": number}
        move = text("UPDATE sqlite_sequence SET seq = max(seq, :number) WHERE name = :name")
        if connection.execute(move, known).rowcount == 0:
            connection.execute(text("INSERT INTO sqlite_sequence (name, seq) VALUES (:name, :number)"), known)


def _numbers_of_postgresql(connection: Connection, table: Table, count: int) -> list[int]:
    """Ids for so many new rows, from the table's own sequence: COPY gives none back."""
    return list(connection.execute(_TAKE_NUMBERS, {"name": table.name, "count": count}).scalars())


_TAKE_NUMBERS = text(
    "WITH found AS MATERIALIZED (SELECT CAST(pg_get_serial_sequence(:name, 'id') AS regclass) AS sequence)"
    " SELECT nextval(sequence) FROM found, generate_series(1, :count)"
)


def insert_new(connection: Connection, table: Table, rows: Sequence[CandidateRow | ArticleRow]) -> None:
    """Stores new rows and gives them their ids."""
    names = CANDIDATE_COLUMNS if table is candidates else ARTICLE_COLUMNS
    values = [{name: getattr(row, name) for name in names if name != "id"} for row in rows]
    for row, number in zip(rows, insert_rows(connection, table, values), strict=True):
        row.id = number
        _as_stored(row, names)
    if table is articles:
        totals.note(connection, [({}, dict(zip(names, row.stored, strict=True))) for row in rows])


def _as_stored(row: Row, columns: tuple[str, ...]) -> Row:
    row.stored = tuple(getattr(row, name) for name in columns)
    return row


def save_candidates(connection: Connection, rows: Iterable[CandidateRow]) -> None:
    """Writes back what changed of the rows."""
    _save(connection, candidates, CANDIDATE_COLUMNS, rows)


def save_articles(connection: Connection, rows: Iterable[ArticleRow]) -> None:
    """Writes back what changed of the rows."""
    _save(connection, articles, ARTICLE_COLUMNS, rows)


def _save(
    connection: Connection, table: Table, columns: tuple[str, ...], rows: Iterable[CandidateRow | ArticleRow]
) -> None:
    """A statement for each set of columns that changed together: an index is touched only where its columns moved."""
    by_names: dict[tuple[str, ...], list[tuple[Any, ...]]] = defaultdict(list)
    moves: list[tuple[dict[str, Any], dict[str, Any]]] = []
    for row in rows:
        now = tuple(getattr(row, name) for name in columns)
        names = tuple(n for n, new, old in zip(columns, now, row.stored, strict=True) if n not in _FIXED and new != old)
        if names:
            by_names[names].append((*(getattr(row, name) for name in names), row.id))
            moves.append((dict(zip(columns, row.stored, strict=True)), dict(zip(columns, now, strict=True))))
        row.stored = now
    if table is articles:
        totals.note(connection, moves)
    for names, values in by_names.items():
        change_rows(connection, table, names, values)


_FIXED = frozenset({"id", "key"})
