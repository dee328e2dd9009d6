"""Which articles are there?"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, Connection, FromClause, Select, exists, select, type_coerce

from archive.identity import fold
from archive.model import Article, EditKind
from archive.queries.having import Condition, has_edit, has_words
from archive.queries.reader import ARTICLE_COLUMNS, Reader, article_query, articles_of, find_article, pages
from archive.queries.search import parse_words
from archive.schema import articles, labels, sites
from archive.store.prepare import LARGEST

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
        filters: list[ColumnElement[bool]] = []
        ranges = (
            (articles.c.published_at, published_since, published_until),
            (articles.c.first_captured_at, captured_since, captured_until),
            (articles.c.changed_at, changed_since, None),
        )
        for column, since, until in ranges:
            filters += [column >= since] if since is not None else []
            filters += [column < until] if until is not None else []
        filters += [articles.c.language == language] if language is not None else []
        filters += [articles.c[name] >= min(least, LARGEST) for name, least in (at_least or {}).items()]
        if gone is not None:
            filters.append(articles.c.gone_at.is_not(None) if gone else articles.c.gone_at.is_(None))
        named = [(k, n) for k, n in (("category", category), ("topic", topic), ("author", author)) if n is not None]
        with self._database.reading() as connection:
            frequent = [label for label in named if not _is_rare(connection, *label)]
            is_walked = bool(site and named) and frequent == named and not (filters or kinds or stealth or words)
            listed = _LISTED if is_walked else articles
            conditions = [_has_label(kind, name, listed, is_rare=(kind, name) not in frequent) for kind, name in named]
            if kinds or stealth:
                conditions.append(has_edit(connection, kinds, stealth=stealth))
            if words is not None:
                terms = parse_words(words)
                conditions.append(has_words(connection, terms, is_sqlite=self._database.is_sqlite))
            is_few = any(condition.is_few for condition in conditions)
            query = _walked(site) if site is not None and is_walked else _of_site(site)
            query = query.where(*filters, *(condition.clause for condition in conditions))
            query = _newest_first(query, listed, before, sort=is_few).limit(limit)
            return articles_of(connection, connection.execute(query).all())

    def iter_articles(self, *, site: str | None = None) -> Iterator[Article]:
        """All articles in the order of their ids, for export."""
        query = article_query().order_by(articles.c.id)
        query = query.where(sites.c.name == site) if site is not None else query
        with self._database.reading() as connection, self._database.reading() as other:
            for rows in pages(connection, query):
                yield from articles_of(other, rows)


_LISTED = articles.alias("listed")
"""A site's articles as an index lists them: what is asked of these needs no article's row."""


def _of_site(site: str | None) -> Select[Any]:
    return article_query().where(sites.c.name == site) if site is not None else article_query()


def _walked(site: str) -> Select[Any]:
    """A site's articles; conditions on `_LISTED` are tried before an article's row is read."""
    owner = select(sites.c.id).where(sites.c.name == site).scalar_subquery()
    joined = _LISTED.join(articles, articles.c.id == _LISTED.c.id).outerjoin(sites, sites.c.id == articles.c.site_id)
    query = select(*ARTICLE_COLUMNS).select_from(joined)
    query = query.where(_LISTED.c.site_id == owner, articles.c.merged_into.is_(None))
    return query.with_hint(_LISTED, "INDEXED BY ix_articles_site_id_first_captured_at", "sqlite")


def _labelled(kind: str, name: str) -> Select[Any]:
    return select(labels.c.article_id).where(labels.c.kind == kind, labels.c.folded == fold(name))


def _is_rare(connection: Connection, kind: str, name: str) -> bool:
    return connection.execute(_labelled(kind, name).offset(RARE).limit(1)).first() is None


def _has_label(kind: str, name: str, listed: FromClause, *, is_rare: bool) -> Condition:
    if is_rare:
        return Condition(listed.c.id.in_(_labelled(kind, name)), True)
    return Condition(exists(_labelled(kind, name).where(labels.c.article_id == listed.c.id)), False)


def _newest_first(
    query: Select[Any], listed: FromClause, before: tuple[datetime, int] | None, *, sort: bool
) -> Select[Any]:
    """`sort`: the articles are few, so that their order is not to be had by walking through all by time."""
    if before is not None:
        at, number = before
        query = query.where(
            (listed.c.first_captured_at < at) | ((listed.c.first_captured_at == at) & (listed.c.id < number))
        )
    at_first = type_coerce(listed.c.first_captured_at, BigInteger)
    return query.order_by((at_first + 0 if sort else at_first).desc(), listed.c.id.desc())
