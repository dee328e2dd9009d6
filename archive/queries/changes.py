"""What changed lately? The reporter's morning query."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, func, select

from archive.diff import Change, HeadlineFlips, diff, find_flips
from archive.model import EditKind, Version
from archive.queries.rare_edits import newest_edits
from archive.queries.reader import Reader, find_article
from archive.queries.versions import version_query, versions_of
from archive.schema import sites, versions
from archive.store.contents import Texts
from archive.store.judging import mask_of


@dataclass(frozen=True, slots=True)
class Edit:
    """A version that is not an article's first, beside the one it replaced."""

    old: Version
    new: Version
    seq: int
    """With `new.captured_at`, where the next page begins."""
    flips: HeadlineFlips | None = None
    """Set where it changed a headline that flips between a few texts, as in an A/B test."""

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
        conditions: list[ColumnElement[bool]] = []
        if since is not None:
            conditions.append(versions.c.captured_at >= since)
        if until is not None:
            conditions.append(versions.c.captured_at < until)
        if before is not None:
            at, number = before
            is_older = (versions.c.captured_at == at) & (versions.c.id < number)
            conditions.append((versions.c.captured_at <= at) & ((versions.c.captured_at < at) | is_older))
        if site is not None:
            owner = select(sites.c.id).where(sites.c.name == site).scalar_subquery()
            conditions.append(versions.c.site_id == owner)
        with self._database.reading() as connection:
            if article is not None:
                conditions.append(versions.c.article_id == find_article(connection, article))
            query = version_query().order_by(versions.c.captured_at.desc(), versions.c.id.desc())
            if article is None and (kinds or stealth):
                numbers = newest_edits(connection, kinds, stealth=stealth, conditions=conditions, limit=limit)
                query = query.where(versions.c.id.in_(numbers))
            else:
                query = query.where(versions.c.number > 1, *conditions).limit(limit)
                query = query.where(versions.c.edit_kinds.op("&")(mask_of(kinds)) != 0) if kinds else query
                query = query.where(versions.c.stealth == stealth) if stealth is not None else query
            rows = connection.execute(query).all()
            places = [(row.article_id, row.number - 1) for row in rows]
            older = version_query().where(versions.c.article_id.in_({a for a, _ in places}))
            older = older.where(versions.c.number.in_({n for _, n in places}))
            before_rows = {(r.article_id, r.number): r for r in connection.execute(older)} if rows else {}
            wanted = [before_rows[place] for place in places]
            found = versions_of(connection, [*wanted, *rows])
            olds, news = found[: len(rows)], found[len(rows) :]
            flips = _flips(connection, {new.article_id for new in news if EditKind.HEADLINE in new.edit_kinds})
        return [
            Edit(old, new, row.id, flips.get(new.article_id) if EditKind.HEADLINE in new.edit_kinds else None)
            for old, new, row in zip(olds, news, rows, strict=True)
        ]

    def headline_flips(self, article: int | str) -> HeadlineFlips | None:
        """What the article's headline flips between; None where it does not."""
        with self._database.reading() as connection:
            number = find_article(connection, article)
            return _flips(connection, {number}).get(number)

    def count_changes(self, *, site: str | None = None, since: datetime, until: datetime) -> int:
        """How many edits were first seen in that time."""
        query = select(func.count()).select_from(versions)
        query = query.where(versions.c.number > 1, versions.c.captured_at >= since, versions.c.captured_at < until)
        if site is not None:
            query = query.where(versions.c.site_id == select(sites.c.id).where(sites.c.name == site).scalar_subquery())
        with self._database.reading() as connection:
            return int(connection.execute(query).scalar_one())


def _flips(connection: Connection, article_ids: Collection[int]) -> dict[int, HeadlineFlips]:
    """The articles among these whose headline flips. Told by the digests; only what flips is read."""
    columns = (versions.c.article_id, versions.c.title_digest, versions.c.content_id)
    query = select(*columns).where(versions.c.article_id.in_(article_ids))
    shown: dict[int, list[str | None]] = {}
    told_by: dict[str, int] = {}
    for row in connection.execute(query.order_by(versions.c.article_id, versions.c.number)) if article_ids else ():
        shown.setdefault(row.article_id, []).append(row.title_digest)
        told_by.setdefault(row.title_digest, row.content_id)
    found = {number: flips for number, titles in shown.items() if (flips := find_flips(titles)) is not None}
    texts = Texts(connection)
    texts.load({told_by[digest] for flips in found.values() for digest in flips.texts})
    return {
        number: replace(flips, texts=tuple(texts.content(told_by[digest]).title or "" for digest in flips.texts))
        for number, flips in found.items()
    }
