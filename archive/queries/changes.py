"""What changed lately? The reporter's morning query."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from archive.diff import Change, diff
from archive.model import EditKind, Version
from archive.queries.reader import Reader, find_article
from archive.queries.versions import version_query, versions_of
from archive.schema import sites, versions
from archive.store.judging import mask_of


@dataclass(frozen=True, slots=True)
class Edit:
    """A version that is not an article's first, beside the one it replaced."""

    old: Version
    new: Version
    seq: int
    """With `new.captured_at`, where the next page begins."""

    @property
    def change(self) -> Change:
        """What lies between the two, computed now."""
        return diff(self.old.content, self.new.content)


class ChangeQueries(Reader):
    """Questions about edits."""

    def changes(
        self,
        *,
        site: str | None = None,
        article: int | str | None = None,
        kinds: Collection[EditKind] = (),
        stealth: bool | None = None,
        since: datetime | None = None,
        until: datetime | None = None,
        before: tuple[datetime, int] | None = None,
        limit: int | None = 100,
    ) -> list[Edit]:
        """Edits, the newest first; of any of `kinds`. `before` is (new.captured_at, seq) of the last one of the page
        before; the range includes `since` and not `until`."""
        query = version_query().where(versions.c.number > 1)
        if kinds:
            query = query.where(versions.c.edit_kinds.op("&")(mask_of(kinds)) != 0)
        query = query.where(versions.c.stealth == stealth) if stealth is not None else query
        query = query.where(versions.c.captured_at >= since) if since is not None else query
        query = query.where(versions.c.captured_at < until) if until is not None else query
        if before is not None:
            at, number = before
            is_older = (versions.c.captured_at == at) & (versions.c.id < number)
            query = query.where((versions.c.captured_at <= at) & ((versions.c.captured_at < at) | is_older))
        query = query.order_by(versions.c.captured_at.desc(), versions.c.id.desc()).limit(limit)
        with self._database.reading() as connection:
            if article is not None:
                query = query.where(versions.c.article_id == find_article(connection, article))
            if site is not None:
                owner = select(sites.c.id).where(sites.c.name == site).scalar_subquery()
                query = query.where(versions.c.site_id == owner)
            rows = connection.execute(query).all()
            places = [(row.article_id, row.number - 1) for row in rows]
            older = version_query().where(versions.c.article_id.in_({a for a, _ in places}))
            older = older.where(versions.c.number.in_({n for _, n in places}))
            before_rows = {(r.article_id, r.number): r for r in connection.execute(older)} if rows else {}
            wanted = [before_rows[place] for place in places]
            found = versions_of(connection, [*wanted, *rows])
        olds, news = found[: len(rows)], found[len(rows) :]
        return [Edit(old, new, row.id) for old, new, row in zip(olds, news, rows, strict=True)]

    def count_changes(self, *, site: str | None = None, since: datetime, until: datetime) -> int:
        """How many edits were first seen in that time."""
        query = select(func.count()).select_from(versions)
        query = query.where(versions.c.number > 1, versions.c.captured_at >= since, versions.c.captured_at < until)
        if site is not None:
            query = query.where(versions.c.site_id == select(sites.c.id).where(sites.c.name == site).scalar_subquery())
        with self._database.reading() as connection:
            return int(connection.execute(query).scalar_one())
