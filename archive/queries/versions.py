"""What did an article say, and when?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Connection, Select, select

from archive.errors import NotFound
from archive.model import Version
from archive.queries.reader import Reader, find_article, pages
from archive.schema import articles, captures, sites, versions
from archive.store.contents import Texts
from archive.store.judging import kinds_of
from archive.store.rows import chunks

VERSION_COLUMNS = (
    versions.c.token,
    versions.c.article_id,
    versions.c.number,
    articles.c.url,
    versions.c.captured_at,
    versions.c.last_seen_at,
    versions.c.content_id,
    versions.c.edit_kinds,
    versions.c.reverts_to,
    versions.c.stealth,
    versions.c.extractor,
    sites.c.name.label("site"),
    versions.c.id,
)


class VersionQueries(Reader):
    """Questions about versions."""

    def versions(self, article: int | str) -> list[Version]:
        """All versions of an article, the first one first."""
        with self._database.reading() as connection:
            number = find_article(connection, article)
            query = version_query().where(versions.c.article_id == number).order_by(versions.c.number)
            return versions_of(connection, connection.execute(query).all())

    def version(self, article: int | str, number: int) -> Version:
        """One version by its place; negative numbers count from the newest (-1)."""
        with self._database.reading() as connection:
            owner = find_article(connection, article)
            query = version_query().where(versions.c.article_id == owner)
            if number < 0:
                query = query.order_by(versions.c.number.desc()).offset(-number - 1).limit(1)
            else:
                query = query.where(versions.c.number == number)
            found = versions_of(connection, connection.execute(query).all())
        if not found:
            raise NotFound("version", number, f"article {article!r} has others, see `backissue history`")
        return found[0]

    def version_by_id(self, token: str) -> Version:
        """The version that an id names, also where its state is now known to have begun earlier."""
        with self._database.reading() as connection:
            found = connection.execute(version_query().where(versions.c.token == token)).all()
            if not found:
                mine = select(captures.c.version_id).where(captures.c.token == token).scalar_subquery()
                found = connection.execute(version_query().where(versions.c.id == mine)).all()
            if not found:
                raise NotFound("version", token, "an id has 12 letters and digits, as `backissue history` shows them")
            return versions_of(connection, found)[0]

    def version_at(self, article: int | str, at: datetime) -> Version | None:
        """What the article said at that time, as far as is known; None before its first capture."""
        with self._database.reading() as connection:
            owner = find_article(connection, article)
            query = version_query().where(versions.c.article_id == owner, versions.c.captured_at <= at)
            row = connection.execute(query.order_by(versions.c.number.desc()).limit(1)).all()
            return versions_of(connection, row)[0] if row else None

    def versions_at(self, at: datetime, *, site: str | None = None, limit: int | None = 100) -> list[Version]:
        """The site as it was: what each article said at that time, the newest article first."""
        newest = (
            select(versions.c.id)
            .where(versions.c.article_id == articles.c.id, versions.c.captured_at <= at)
            .order_by(versions.c.number.desc())
            .limit(1)
            .correlate(articles)
            .scalar_subquery()
        )
        chosen = select(articles.c.id, articles.c.first_captured_at, newest.label("version_id"))
        chosen = chosen.where(articles.c.first_captured_at <= at, articles.c.merged_into.is_(None))
        if site is not None:
            chosen = chosen.where(
                articles.c.site_id == select(sites.c.id).where(sites.c.name == site).scalar_subquery()
            )
        chosen = chosen.order_by(articles.c.first_captured_at.desc(), articles.c.id.desc()).limit(limit)
        with self._database.reading() as connection:
            order = [row.version_id for row in connection.execute(chosen) if row.version_id is not None]
            place = {number: index for index, number in enumerate(order)}
            rows = [
                row
                for some in chunks(order)
                for row in connection.execute(version_query().where(versions.c.id.in_(some)))
            ]
            return versions_of(connection, sorted(rows, key=lambda row: place[row.id]))

    def iter_versions(self, *, site: str | None = None) -> Iterator[Version]:
        """All versions by article and number, for export."""
        query = version_query().order_by(versions.c.article_id, versions.c.number)
        query = query.where(sites.c.name == site) if site is not None else query
        with self._database.reading() as connection, self._database.reading() as other:
            for rows in pages(connection, query, 200):
                yield from versions_of(other, rows)


@cache
def version_query() -> Select[Any]:
    """Versions with their article's URL and site."""
    joined = versions.join(articles, articles.c.id == versions.c.article_id).outerjoin(
        sites, sites.c.id == articles.c.site_id
    )
    return select(*VERSION_COLUMNS).select_from(joined)


def versions_of(connection: Connection, rows: Sequence[Any]) -> list[Version]:
    """Model objects of rows of `version_query`, with their texts."""
    texts = Texts(connection)
    texts.load({row.content_id for row in rows})
    return [
        Version(
            id=row.token,
            article_id=row.article_id,
            number=row.number,
            url=row.url,
            captured_at=row.captured_at,
            last_seen_at=row.last_seen_at,
            content=texts.content(row.content_id),
            edit_kinds=kinds_of(row.edit_kinds),
            reverts_to=row.reverts_to,
            stealth=row.stealth,
            extractor=row.extractor,
            site=row.site,
        )
        for row in rows
    ]
