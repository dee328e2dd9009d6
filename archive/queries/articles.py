"""Which articles are there?"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, Connection, Select, exists, select, type_coerce

from archive.identity import fold
from archive.model import Article, EditKind
from archive.queries.having import Condition, has_edit, has_words
from archive.queries.reader import Reader, article_query, articles_of, find_article, pages
from archive.queries.search import parse_words
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
        at_least: Mapping[str, int] | None = None,
        gone: bool | None = None,
        kinds: Collection[EditKind] = (),
        stealth: bool = False,
        words: str | None = None,
        before: tuple[datetime, int] | None = None,
        limit: int | None = 100,
    ) -> list[Article]:
        """Articles, the newest first seen first, that fit all filters: with one edit that is of any of `kinds` (and,
        with `stealth`, stealthy), and one version that has the words (as `search` reads them). `at_least`: what each
        of these counters (`model.COUNTERS`) must be, at the newest look. `before` is (first_captured_at, id) of the
        last one of the page before; ranges include their start and not their end."""
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
        query = query.where(*(articles.c[name] >= least for name, least in (at_least or {}).items()))
        if gone is not None:
            query = query.where(articles.c.gone_at.is_not(None) if gone else articles.c.gone_at.is_(None))
        named = [(k, n) for k, n in (("category", category), ("topic", topic), ("author", author)) if n is not None]
        with self._database.reading() as connection:
            conditions = [_has_label(connection, kind, name) for kind, name in named]
            if kinds or stealth:
                conditions.append(has_edit(connection, kinds, stealth=stealth))
            if words is not None:
                terms = parse_words(words)
                conditions.append(has_words(connection, terms, is_sqlite=self._database.is_sqlite))
            query = query.where(*(condition.clause for condition in conditions))
            query = _newest_first(query, before, sort=any(condition.is_few for condition in conditions)).limit(limit)
            return articles_of(connection, connection.execute(query).all())

    def iter_articles(self, *, site: str | None = None) -> Iterator[Article]:
        """All articles in the order of their ids, for export."""
        query = article_query().order_by(articles.c.id)
        query = query.where(sites.c.name == site) if site is not None else query
        with self._database.reading() as connection, self._database.reading() as other:
            for rows in pages(connection, query):
                yield from articles_of(other, rows)


def _has_label(connection: Connection, kind: str, name: str) -> Condition:
    named = select(labels.c.article_id).where(labels.c.kind == kind, labels.c.folded == fold(name))
    if connection.execute(named.offset(RARE).limit(1)).first() is None:
        return Condition(articles.c.id.in_(named), True)
    return Condition(exists(named.where(labels.c.article_id == articles.c.id)), False)


def _newest_first(query: Select[Any], before: tuple[datetime, int] | None, *, sort: bool) -> Select[Any]:
    """`sort`: the articles are few, so that their order is not to be had by walking through all by time."""
    if before is not None:
        at, number = before
        query = query.where(
            (articles.c.first_captured_at < at) | ((articles.c.first_captured_at == at) & (articles.c.id < number))
        )
    at_first = type_coerce(articles.c.first_captured_at, BigInteger)
    return query.order_by((at_first + 0 if sort else at_first).desc(), articles.c.id.desc())
