"""The two rows that live through a transaction and change in it: candidates and articles. Private to the store."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import Connection, Table, bindparam, insert, select, update

from archive.schema import articles, candidates

T = TypeVar("T")
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
    merged_into: int | None = None


CANDIDATE_COLUMNS = tuple(f.name for f in fields(CandidateRow))
ARTICLE_COLUMNS = tuple(f.name for f in fields(ArticleRow))


def chunks(items: Collection[T], size: int = CHUNK) -> Iterator[Sequence[T]]:
    """`items` in pieces that fit into one statement."""
    everything = list(items)
    for start in range(0, len(everything), size):
        yield everything[start : start + size]


def load_candidates(connection: Connection, column: str, values: Collection[Any]) -> list[CandidateRow]:
    """The candidates whose `column` has one of the values, locked against other writers, by id."""
    found: list[CandidateRow] = []
    for some in chunks(sorted(set(values))):
        query = select(*(candidates.c[name] for name in CANDIDATE_COLUMNS)).where(candidates.c[column].in_(some))
        found += [CandidateRow(*row) for row in connection.execute(query.order_by(candidates.c.id).with_for_update())]
    return found


def load_articles(connection: Connection, ids: Collection[int]) -> dict[int, ArticleRow]:
    """The articles of these ids, locked against other writers."""
    found: dict[int, ArticleRow] = {}
    for some in chunks(sorted(set(ids))):
        query = select(*(articles.c[name] for name in ARTICLE_COLUMNS)).where(articles.c.id.in_(some))
        for row in connection.execute(query.order_by(articles.c.id).with_for_update()):
            found[row[0]] = ArticleRow(*row)
    return found


def insert_rows(connection: Connection, table: Table, rows: Sequence[dict[str, Any]]) -> list[int]:
    """Stores the rows and gives their ids, in the order of the rows."""
    if not rows:
        return []
    statement = insert(table).returning(table.c.id, sort_by_parameter_order=True)
    return [row[0] for row in connection.execute(statement, list(rows))]


def as_values(row: CandidateRow | ArticleRow) -> dict[str, Any]:
    """A new row's values, its id left to the database."""
    names = CANDIDATE_COLUMNS if isinstance(row, CandidateRow) else ARTICLE_COLUMNS
    return {name: getattr(row, name) for name in names if name != "id"}


def _update_of(table: Table, columns: tuple[str, ...]) -> Any:
    values: dict[str, Any] = {name: bindparam(f"new_{name}") for name in columns if name not in ("id", "key")}
    return update(table).where(table.c.id == bindparam("row_id")).values(values)


_UPDATE_CANDIDATE = _update_of(candidates, CANDIDATE_COLUMNS)
_UPDATE_ARTICLE = _update_of(articles, ARTICLE_COLUMNS)


def save_candidates(connection: Connection, rows: Iterable[CandidateRow]) -> None:
    """Writes the rows back."""
    _save(connection, _UPDATE_CANDIDATE, CANDIDATE_COLUMNS, rows)


def save_articles(connection: Connection, rows: Iterable[ArticleRow]) -> None:
    """Writes the rows back."""
    _save(connection, _UPDATE_ARTICLE, ARTICLE_COLUMNS, rows)


def _save(
    connection: Connection, statement: Any, columns: tuple[str, ...], rows: Iterable[CandidateRow | ArticleRow]
) -> None:
    values = [
        {"row_id": row.id} | {f"new_{n}": getattr(row, n) for n in columns if n not in ("id", "key")} for row in rows
    ]
    if values:
        connection.execute(statement, values)
