"""Which articles have such an edit, such words; which versions stood on a site at a moment?"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import datetime

from sqlalchemy import exists, select

from archive.model import EditKind, Version
from archive.queries.reader import pages
from archive.queries.search import SearchQueries, parse_words
from archive.queries.versions import version_query, versions_of
from archive.schema import articles, sites, versions
from archive.store.judging import mask_of


class SelectionQueries(SearchQueries):
    """Questions about sets of articles."""

    def articles_with(
        self, *, kinds: Collection[EditKind] = (), stealth: bool = False, words: str | None = None
    ) -> set[int]:
        """The ids of articles of which one edit is of any of `kinds` (and stealthy), and one version has the words
        (as `search` reads them)."""
        query = select(versions.c.article_id).distinct()
        if kinds or stealth:
            query = query.where(versions.c.number > 1)
        query = query.where(versions.c.edit_kinds.op("&")(mask_of(kinds)) != 0) if kinds else query
        query = query.where(versions.c.stealth) if stealth else query
        with self._database.reading() as connection:
            found = set(connection.execute(query).scalars()) if kinds or stealth else None
            if words is not None:
                numbers = self._matching(connection, parse_words(words), ranked=False)
                owners = select(versions.c.article_id).where(versions.c.id.in_(numbers))
                having = set(connection.execute(owners).scalars())
                found = having if found is None else found & having
        return found or set()

    def site_as_of(self, at: datetime, *, site: str | None = None) -> Iterator[Version]:
        """What each article said at that time, the one that came last first; pages known to be gone by then are
        left out."""
        later = versions.alias("later")
        is_replaced = exists(
            select(1).where(
                later.c.article_id == versions.c.article_id,
                later.c.number == versions.c.number + 1,
                later.c.captured_at <= at,
            )
        )
        query = version_query().where(versions.c.captured_at <= at, ~is_replaced)
        query = query.where(articles.c.gone_at.is_(None) | (articles.c.gone_at > at))
        query = query.where(sites.c.name == site) if site is not None else query
        query = query.order_by(versions.c.captured_at.desc(), versions.c.id.desc())
        with self._database.reading() as connection, self._database.reading() as other:
            for rows in pages(connection, query, 200):
                yield from versions_of(other, rows)
