"""Two articles found to be one, or one to be two: recorded, and reversible."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, insert, select, update

from archive.errors import ArchiveError, NotFound
from archive.queries.reader import find_article
from archive.schema import candidates, captures, events, merges
from archive.store import labels, rebuilding, sketching
from archive.store.contents import Texts
from archive.store.rows import ArticleRow, chunks, load_articles, save_articles

_TABLES: dict[str, Any] = {"candidates": candidates, "captures": captures}
"""What a merge moves, under the names by which it remembers them."""


def merge(
    connection: Connection,
    kept_id: int,
    absorbed_id: int,
    at: datetime,
    reason: str | None,
    *,
    looked_at_absorbed: bool = False,
) -> int:
    """Puts the looks and addresses of one article to another's; the number by which `split` undoes it.

    `looked_at_absorbed`: from now on the absorbed one's address is looked at, where the kept one's may be dead.
    """
    rows = load_articles(connection, [kept_id, absorbed_id])
    kept, absorbed = _both(rows, kept_id, absorbed_id)
    moved = {
        "candidates": _ids(connection, candidates, absorbed_id),
        "captures": _ids(connection, captures, absorbed_id),
    }
    _move(connection, moved, kept_id)
    absorbed.merged_into = kept_id
    record = {"kept_id": kept_id, "absorbed_id": absorbed_id, "at": at, "reason": reason, "moved": moved}
    number: int = connection.execute(insert(merges).values(record).returning(merges.c.id)).scalar_one()
    resting = set(moved["candidates"])
    if looked_at_absorbed and absorbed.candidate_id is not None:
        resting = (resting | {kept.candidate_id or absorbed.candidate_id}) - {absorbed.candidate_id}
        kept.candidate_id = absorbed.candidate_id
    connection.execute(update(candidates).where(candidates.c.id.in_(resting)).values(due_at=None))
    _note(connection, kept_id, at, "merged", f"with article {absorbed_id}, {absorbed.url}" + _because(reason))
    _refold(connection, kept, absorbed)
    return number


def split(connection: Connection, absorbed_id: int, at: datetime, reason: str | None) -> None:
    """Undoes the merge that took this article in; looks at its addresses made since go with it."""
    query = select(merges).where(merges.c.absorbed_id == absorbed_id, merges.c.undone_at.is_(None))
    row = connection.execute(query.order_by(merges.c.id.desc())).first()
    if row is None:
        raise NotFound("merged article", absorbed_id, "see `backissue history` of the article it was merged into")
    holder = find_article(connection, row.kept_id)  # what took it in may have been taken in itself since
    rows = load_articles(connection, [holder, absorbed_id])
    kept, absorbed = rows[holder], rows[absorbed_id]
    own = {name: _still_of(connection, _TABLES[name], numbers, holder) for name, numbers in row.moved.items()}
    since = captures.c.candidate_id.in_(own["candidates"]) & (captures.c.article_id == holder)
    own["captures"] = sorted({*own["captures"], *connection.execute(select(captures.c.id).where(since)).scalars()})
    _move(connection, own, absorbed_id)
    absorbed.merged_into = None
    connection.execute(update(merges).where(merges.c.id == row.id).values(undone_at=at))
    if kept.candidate_id in own["candidates"]:
        kept.candidate_id = next(iter(_ids(connection, candidates, kept.id)), None)
    both = [number for number in (kept.candidate_id, absorbed.candidate_id) if number is not None]
    connection.execute(update(candidates).where(candidates.c.id.in_(both)).values(due_at=at, due_reason="due"))
    _note(
        connection,
        kept.id,
        at,
        "split",
        f"article {absorbed_id}, {absorbed.url}, stands alone again" + _because(reason),
    )
    _refold(connection, absorbed, kept)


def were_split(connection: Connection, one_id: int, other_id: int) -> bool:
    """Whether somebody said of these two that they are not one."""
    pair = (one_id, other_id)
    undone = select(merges.c.id).where(merges.c.absorbed_id.in_(pair), merges.c.kept_id.in_(pair))
    return connection.execute(undone.where(merges.c.undone_at.is_not(None)).limit(1)).first() is not None


def _both(rows: dict[int, ArticleRow], kept_id: int, absorbed_id: int) -> tuple[ArticleRow, ArticleRow]:
    if kept_id == absorbed_id:
        raise ArchiveError(f"article {kept_id} cannot be merged with itself")
    for number in (kept_id, absorbed_id):
        if number not in rows or rows[number].merged_into is not None:
            raise NotFound("article of its own", number, "it may have been merged already")
    return rows[kept_id], rows[absorbed_id]


def _ids(connection: Connection, table: Any, article_id: int) -> list[int]:
    query = select(table.c.id).where(table.c.article_id == article_id).order_by(table.c.id)
    return [row.id for row in connection.execute(query)]


def _still_of(connection: Connection, table: Any, numbers: list[int], holder: int) -> list[int]:
    """Those rows that the article still has: what went to it with others may have left it with others."""
    found: list[int] = []
    for some in chunks(numbers):
        query = select(table.c.id).where(table.c.id.in_(some), table.c.article_id == holder)
        found += connection.execute(query.order_by(table.c.id)).scalars()
    return found


def _move(connection: Connection, moved: dict[str, list[int]], to: int) -> None:
    for name, numbers in moved.items():
        table = _TABLES[name]
        for some in chunks(numbers):
            connection.execute(update(table).where(table.c.id.in_(some)).values(article_id=to))


def _refold(connection: Connection, first: ArticleRow, second: ArticleRow) -> None:
    """The one that gains looks comes first: versions keep their ids by going over before the other loses them."""
    texts = Texts(connection)
    for article in (first, second):
        rebuilding.rebuild(connection, texts, article)
    save_articles(connection, [first, second])
    sketching.note(connection, texts, [first.id, second.id])
    labels.refresh(connection, [first, second])


def _note(connection: Connection, article_id: int, at: datetime, kind: str, detail: str) -> None:
    connection.execute(insert(events).values(article_id=article_id, at=at, kind=kind, detail=detail))


def _because(reason: str | None) -> str:
    return f": {reason}" if reason else ""
