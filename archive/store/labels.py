"""The labels that articles are listed by: categories, topics, authors, of the newest version."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import Connection, delete, insert

from archive.identity import fold
from archive.schema import labels
from archive.store.rows import ArticleRow, chunks

Labels = tuple[tuple[str, ...] | None, ...]


def of(article: ArticleRow) -> Labels:
    """What the rows of an article are made from; compare to know whether they must be made again."""
    return article.categories, article.topics, article.authors


def refresh(connection: Connection, changed: Iterable[ArticleRow]) -> None:
    """Makes the label rows of these articles anew."""
    rows = []
    ids = []
    for article in changed:
        ids.append(article.id)
        for kind, names in zip(("category", "topic", "author"), of(article), strict=True):
            for folded, label in {fold(name): name for name in reversed(names or ())}.items():
                rows.append({"kind": kind, "folded": folded, "article_id": article.id, "label": label})
    for some in chunks(ids):
        connection.execute(delete(labels).where(labels.c.article_id.in_(some)))
    if rows:
        connection.execute(insert(labels), rows)
