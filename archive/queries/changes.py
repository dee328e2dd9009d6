"""What changed lately? The reporter's morning query."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from types import SimpleNamespace
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Connection, Select, func, select

from archive.diff import Change, HeadlineFlips, diff, find_flips
from archive.model import EditKind, Version, VersionHead
from archive.queries.rare_edits import newest_edits
from archive.queries.reader import Reader, find_article
from archive.queries.versions import version_query, versions_of
from archive.schema import sites, versions
from archive.store.contents import Texts
from archive.store.judging import kinds_of, mask_of


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

    @property
    def head(self) -> EditHead:
        """The same without the texts, measured now."""
        change = self.change
        words = change.words_added, change.words_removed
        return EditHead(self.old.head, self.new.head, self.seq, *words, self.flips)


@dataclass(frozen=True, slots=True)
class EditHead:
    """An edit as it is listed: who, what, when, how much. Read without any text."""

    old: VersionHead
    new: VersionHead
    seq: int
    """With `new.captured_at`, where the next page begins."""
    words_added: int
    """Of the body; where words cannot be told apart by spaces, characters."""
    words_removed: int
    flips: HeadlineFlips | None = None
    """Set where it changed a headline that flips between a few texts, as in an A/B test."""


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
        asked = _Asked(site, article, kinds, stealth, since, until, before, limit)
        with self._database.reading() as connection:
            rows = connection.execute(_edits(connection, asked)).all()
            found = versions_of(connection, [*map(_old, rows), *rows])
            olds, news = found[: len(rows)], found[len(rows) :]
            flips = _flips_of(connection, news)
        return [Edit(old, new, row.id, flips.get(new.id)) for old, new, row in zip(olds, news, rows, strict=True)]

    def edit_heads(
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
    ) -> list[EditHead]:
        """The same without the texts: many times quicker."""
        asked = _Asked(site, article, kinds, stealth, since, until, before, limit)
        with self._database.reading() as connection:
            rows = connection.execute(_edits(connection, asked)).all()
            olds, news = ([_head(row) for row in some] for some in (map(_old, rows), rows))
            flips = _flips_of(connection, news)
            unnoted = [row for row in rows if row.words_added is None]
            compared = _compared(connection, unnoted)
        found = []
        for old, new, row in zip(olds, news, rows, strict=True):
            titles, words = compared.get(row.id, ((old.title, new.title), (row.words_added, row.words_removed)))
            old, new = (replace(head, title=title) for head, title in zip((old, new), titles, strict=True))
            added, removed = words
            found.append(EditHead(old, new, row.id, added, removed, flips.get(new.id)))
        return found

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


class _Asked(NamedTuple):
    """Which edits are asked for."""

    site: str | None
    article: int | str | None
    kinds: Collection[EditKind]
    stealth: bool | None
    since: datetime | None
    until: datetime | None
    before: tuple[datetime, int] | None
    limit: int | None


def _old(row: Any) -> Any:
    """The version before, under the names that a version's row has."""
    own = dict(zip(_OWN, row[-len(_OWN) :], strict=True))
    return SimpleNamespace(article_id=row.article_id, url=row.url, site=row.site, **own)


_BEFORE = versions.alias("before")
_OWN = (
    *("id", "token", "number", "captured_at", "last_seen_at", "content_id", "edit_kinds", "reverts_to", "stealth"),
    *("extractor", "title"),
)


def _edits(connection: Connection, asked: _Asked) -> Select[Any]:
    """Edits with both their versions, the newest first."""
    query = _pairs().order_by(versions.c.captured_at.desc(), versions.c.id.desc())
    conditions = _conditions(connection, asked)
    if asked.article is None and (asked.kinds or asked.stealth):
        numbers = newest_edits(connection, asked.kinds, stealth=asked.stealth, conditions=conditions, limit=asked.limit)
        return query.where(versions.c.id.in_(numbers))
    query = query.where(versions.c.number > 1, *conditions).limit(asked.limit)
    query = query.where(versions.c.edit_kinds.op("&")(mask_of(asked.kinds)) != 0) if asked.kinds else query
    return query.where(versions.c.stealth == asked.stealth) if asked.stealth is not None else query


def _pairs() -> Select[Any]:
    is_before = (_BEFORE.c.article_id == versions.c.article_id) & (_BEFORE.c.number == versions.c.number - 1)
    more = (versions.c.title, versions.c.words_added, versions.c.words_removed)
    return (
        version_query()
        .add_columns(*more, *(_BEFORE.c[name].label(f"old_{name}") for name in _OWN))
        .join(_BEFORE, is_before)
    )


def _conditions(connection: Connection, asked: _Asked) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if asked.since is not None:
        conditions.append(versions.c.captured_at >= asked.since)
    if asked.until is not None:
        conditions.append(versions.c.captured_at < asked.until)
    if asked.before is not None:
        at, number = asked.before
        is_older = (versions.c.captured_at == at) & (versions.c.id < number)
        conditions.append((versions.c.captured_at <= at) & ((versions.c.captured_at < at) | is_older))
    if asked.site is not None:
        owner = select(sites.c.id).where(sites.c.name == asked.site).scalar_subquery()
        conditions.append(versions.c.site_id == owner)
    if asked.article is not None:
        conditions.append(versions.c.article_id == find_article(connection, asked.article))
    return conditions


def _head(row: Any) -> VersionHead:
    return VersionHead(
        id=row.token,
        article_id=row.article_id,
        number=row.number,
        url=row.url,
        captured_at=row.captured_at,
        last_seen_at=row.last_seen_at,
        title=row.title,
        edit_kinds=kinds_of(row.edit_kinds),
        reverts_to=row.reverts_to,
        stealth=row.stealth,
        site=row.site,
    )


def _compared(
    connection: Connection, rows: Sequence[Any]
) -> dict[int, tuple[tuple[str | None, str | None], tuple[int, int]]]:
    """Headlines and words of edits whose rows were made before these were noted (`backissue upgrade` notes them)."""
    texts = Texts(connection)
    texts.load({number for row in rows for number in (row.old_content_id, row.content_id)})
    found = {}
    for row in rows:
        old, new = texts.content(row.old_content_id), texts.content(row.content_id)
        change = diff(old, new)
        found[row.id] = (old.title, new.title), (change.words_added, change.words_removed)
    return found


def _flips_of(connection: Connection, found: Sequence[Version | VersionHead]) -> dict[str, HeadlineFlips]:
    """By version id: the flips of those that changed a headline which flips."""
    changed = [version for version in found if EditKind.HEADLINE in version.edit_kinds]
    flips = _flips(connection, {version.article_id for version in changed})
    return {version.id: flips[version.article_id] for version in changed if version.article_id in flips}


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
