"""What did a site say at a moment? A page at a time."""

from __future__ import annotations

from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import BindParameter, Select, bindparam, exists, select

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
        asked: dict[str, Any] = {"at": at, "site": site, "size": limit}
        if before is not None:
            asked |= {"moment": before[0], "number": before[1]}
        query = _states(of_site=site is not None, goes_on=before is not None)
        with self._database.reading() as connection:
            return versions_of(connection, connection.execute(query, asked).all())


@cache
def _states(*, of_site: bool, goes_on: bool) -> Select[Any]:
    """What each article said `at` a time, `size` of them; of a `site`, behind (`moment`, `number`) where asked. Built
    once: that takes longer than to answer it."""
    at: BindParameter[Any] = bindparam("at")
    later = versions.alias("later")
    is_next = (later.c.article_id == versions.c.article_id) & (later.c.number == versions.c.number + 1)
    is_replaced = exists(select(1).where(is_next, later.c.captured_at <= at))
    is_newest = articles.c.version_id == versions.c.id  # told without a look for a later one
    query = version_query().where(versions.c.captured_at <= at, is_newest | ~is_replaced)
    query = query.where(articles.c.merged_into.is_(None), articles.c.gone_at.is_(None) | (articles.c.gone_at > at))
    if of_site:
        owner = select(sites.c.id).where(sites.c.name == bindparam("site")).scalar_subquery()
        query = query.where(versions.c.site_id == owner)
    if goes_on:
        moment: BindParameter[Any] = bindparam("moment")
        is_after = (versions.c.captured_at < moment) | (versions.c.article_id < bindparam("number"))
        query = query.where(versions.c.captured_at <= moment, is_after)
    return query.order_by(versions.c.captured_at.desc(), versions.c.article_id.desc()).limit(bindparam("size"))
