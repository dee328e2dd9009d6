"""Which articles are there?"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, Connection, Select, exists, select, type_coerce

from archive.identity import fold
from archive.model import Article
from archive.queries.reader import Reader, article_query, articles_of, find_article, pages
from archive.schema import articles, labels, sites

RARE = 2000
"""A label that no more articles carry than this."""


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
        query = query.where(sites.c.name == site) if site is not None else query
        query = query.where(articles.c.language == language) if language is not None else query
        query = query.where(articles.c.views >= views_at_least) if views_at_least is not None else query
        if gone is not None:
            query = query.where(articles.c.gone_at.is_not(None) if gone else articles.c.gone_at.is_(None))
        named = [(k, n) for k, n in (("category", category), ("topic", topic), ("author", author)) if n is not None]
        with self._database.reading() as connection:
            is_rare = [_is_rare(connection, kind, name) for kind, name in named]
            for (kind, name), rare in zip(named, is_rare, strict=True):
                query = query.where(_among_rare(kind, name) if rare else _labelled(kind, name))
            query = _newest_first(query, before, sort=any(is_rare)).limit(limit)
            return articles_of(connection, connection.execute(query).all())

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


def _is_rare(connection: Connection, kind: str, name: str) -> bool:
    """Whether so few articles carry the label that it is quicker to sort them than to pass by all the others."""
    some = select(labels.c.article_id).where(labels.c.kind == kind, labels.c.folded == fold(name))
    return connection.execute(some.offset(RARE).limit(1)).first() is None


def _among_rare(kind: str, name: str) -> ColumnElement[bool]:
    named = select(labels.c.article_id).where(labels.c.kind == kind, labels.c.folded == fold(name))
    return articles.c.id.in_(named)


def _newest_first(query: Select[Any], before: tuple[datetime, int] | None, *, sort: bool) -> Select[Any]:
    """`sort`: the articles are few, so that their order is not to be had by walking through all by time."""
    if before is not None:
        at, number = before
        query = query.where(
            (articles.c.first_captured_at < at) | ((articles.c.first_captured_at == at) & (articles.c.id < number))
        )
    at_first = type_coerce(articles.c.first_captured_at, BigInteger)
    return query.order_by((at_first + 0 if sort else at_first).desc(), articles.c.id.desc())
