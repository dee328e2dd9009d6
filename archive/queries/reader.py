"""What all readers share: the database, and the way from rows to model objects."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache
from typing import Any

from sqlalchemy import Connection, Select, select

from archive.errors import NotFound
from archive.model import Article
from archive.schema import articles, candidates, sites
from archive.store.engine import Database
from archive.store.prepare import key_of
from archive.store.rows import chunks

ARTICLE_COLUMNS = (
    articles.c.id,
    articles.c.url,
    sites.c.name.label("site"),
    articles.c.title,
    articles.c.first_captured_at,
    articles.c.last_captured_at,
    articles.c.versions,
    articles.c.captures,
    articles.c.published_at,
    articles.c.modified_at,
    articles.c.language,
    articles.c.categories,
    articles.c.topics,
    articles.c.authors,
    articles.c.gone_at,
)
PAGE = 1000
_DIGITS = 18
"""Of the largest id that a database can have."""


class Reader:
    """A reader of one database; safe to use from several threads."""

    def __init__(self, database: Database) -> None:
        self._database = database

    @property
    def database(self) -> Database:
        """The connection, for `locks` and `migrations`."""
        return self._database

    @property
    def url(self) -> str:
        """The database's URL, without its password."""
        return self._database.name


@cache
def article_query() -> Select[Any]:
    """Articles with their site's name; those merged into another are left out."""
    joined = articles.outerjoin(sites, sites.c.id == articles.c.site_id)
    return select(*ARTICLE_COLUMNS).select_from(joined).where(articles.c.merged_into.is_(None))


def articles_of(connection: Connection, rows: Sequence[Any]) -> list[Article]:
    """Model objects of rows of `article_query`, with their other addresses."""
    others = _other_urls(connection, {row.id: row.url for row in rows})
    return [Article(**row._mapping, other_urls=others.get(row.id, ())) for row in rows]


def find_article(connection: Connection, article: int | str) -> int:
    """The id of an article given by id or by any of its addresses; `NotFound` otherwise."""
    if str(article).isdecimal() and len(str(article)) <= _DIGITS:
        article = int(article)
    if isinstance(article, int) and article < 10**_DIGITS:
        query = select(articles.c.id, articles.c.merged_into).where(articles.c.id == article)
    else:
        query = (
            select(articles.c.id, articles.c.merged_into)
            .join(candidates, candidates.c.article_id == articles.c.id)
            .where(candidates.c.key == key_of(str(article)))
        )
    row = connection.execute(query).first()
    if row is None:
        raise NotFound("article", article, "give an id or a URL as `backissue articles` shows them")
    return row.id if row.merged_into is None else find_article(connection, row.merged_into)


def pages(connection: Connection, query: Select[Any], size: int = PAGE) -> Iterator[list[Any]]:
    """The rows of a long answer, some at a time."""
    result = connection.execution_options(stream_results=True, yield_per=size).execute(query)
    for part in result.partitions(size):
        yield list(part)


def _other_urls(connection: Connection, mine: dict[int, str]) -> dict[int, tuple[str, ...]]:
    found: dict[int, list[str]] = {}
    query = select(candidates.c.article_id, candidates.c.url).order_by(candidates.c.id)
    for some in chunks(mine):
        for article_id, url in connection.execute(query.where(candidates.c.article_id.in_(some))):
            if url != mine[article_id]:
                found.setdefault(article_id, []).append(url)
    return {article_id: tuple(urls) for article_id, urls in found.items()}
