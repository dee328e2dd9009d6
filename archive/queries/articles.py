"""Which articles are there?"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, exists, select

from archive.identity import fold
from archive.model import Article
from archive.queries.reader import Reader, article_query, articles_of, find_article, pages
from archive.schema import articles, labels, sites


class ArticleQueries(Reader):
    """Questions about articles."""

    def article(self, article: int | str) -> Article:
        """The article of an id or of any of its addresses; `NotFound` where there is none."""
        with self._database.reading() as connection:
            number = find_article(connection, article)
            return articles_of(connection, connection.execute(article_query().where(articles.c.id == number)).all())[0]

    def articles(
        self,
        *,
        site: str | None = None,
        category: str | None = None,
        topic: str | None = None,
        author: str | None = None,
        language: str | None = None,
        published_since: datetime | None = None,
        published_until: datetime | None = None,
        captured_since: datetime | None = None,
        captured_until: datetime | None = None,
        changed_since: datetime | None = None,
        views_at_least: int | None = None,
        gone: bool | None = None,
        before: tuple[datetime, int] | None = None,
        limit: int | None = 100,
    ) -> list[Article]:
        """Articles, the newest first seen first. `before` is (first_captured_at, id) of the last one of the page
        before; ranges include their start and not their end."""
        query = article_query()
        ranges = (
            (articles.c.published_at, published_since, published_until),
            (articles.c.first_captured_at, captured_since, captured_until),
            (articles.c.changed_at, changed_since, None),
        )
        for column, since, until in ranges:
            query = query.where(column >= since) if since is not None else query
            query = query.where(column < until) if until is not None else query
        for kind, name in (("category", category), ("topic", topic), ("author", author)):
            query = query.where(_labelled(kind, name)) if name is not None else query
        query = query.where(sites.c.name == site) if site is not None else query
        query = query.where(articles.c.language == language) if language is not None else query
        query = query.where(articles.c.views >= views_at_least) if views_at_least is not None else query
        if gone is not None:
            query = query.where(articles.c.gone_at.is_not(None) if gone else articles.c.gone_at.is_(None))
        with self._database.reading() as connection:
            return articles_of(connection, connection.execute(_newest_first(query, before).limit(limit)).all())

    def iter_articles(self, *, site: str | None = None) -> Iterator[Article]:
        """All articles in the order of their ids, for export."""
        query = article_query().order_by(articles.c.id)
        query = query.where(sites.c.name == site) if site is not None else query
        with self._database.reading() as connection, self._database.reading() as other:
            for rows in pages(connection, query):
                yield from articles_of(other, rows)


def _labelled(kind: str, name: str) -> ColumnElement[bool]:
    return exists(
        select(1).where(labels.c.article_id == articles.c.id, labels.c.kind == kind, labels.c.folded == fold(name))
    )


def _newest_first(query: Select[Any], before: tuple[datetime, int] | None) -> Select[Any]:
    if before is not None:
        at, number = before
        query = query.where(
            (articles.c.first_captured_at < at) | ((articles.c.first_captured_at == at) & (articles.c.id < number))
        )
    return query.order_by(articles.c.first_captured_at.desc(), articles.c.id.desc())
