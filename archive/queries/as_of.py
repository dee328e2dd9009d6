"""What did a site say at a moment? A page at a time."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import exists, select

from archive.model import Version
from archive.queries.reader import Reader
from archive.queries.versions import version_query, versions_of
from archive.schema import articles, sites, versions


class AsOfQueries(Reader):
    """Questions about a moment."""

    def page_as_of(
        self,
        at: datetime,
        *,
        site: str | None = None,
        before: tuple[datetime, int] | None = None,
        limit: int = 50,
    ) -> list[Version]:
        """What each article said at that time, the state that had come last first; pages known to be gone by then
        are left out. `before` is (captured_at, article_id) of the last one of the page before."""
        later = versions.alias("later")
        is_replaced = exists(
            select(1).where(
                later.c.article_id == versions.c.article_id,
                later.c.number == versions.c.number + 1,
                later.c.captured_at <= at,
            )
        )
        is_newest = articles.c.version_id == versions.c.id  # told without a look for a later one
        query = version_query().where(versions.c.captured_at <= at, is_newest | ~is_replaced)
        query = query.where(articles.c.merged_into.is_(None))
        query = query.where(articles.c.gone_at.is_(None) | (articles.c.gone_at > at))
        if site is not None:
            owner = select(sites.c.id).where(sites.c.name == site).scalar_subquery()
            query = query.where(versions.c.site_id == owner)
        if before is not None:
            moment, number = before
            is_after = (versions.c.captured_at < moment) | (versions.c.article_id < number)
            query = query.where(versions.c.captured_at <= moment, is_after)
        query = query.order_by(versions.c.captured_at.desc(), versions.c.article_id.desc()).limit(limit)
        with self._database.reading() as connection:
            return versions_of(connection, connection.execute(query).all())
