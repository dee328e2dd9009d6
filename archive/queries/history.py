"""An article's life: its versions and what else befell it, in order; and what it said at a time, honestly."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

from sqlalchemy import Connection, select

from archive.diff import diff, find_flips
from archive.diff.notices import is_retraction
from archive.identity import readable_paragraphs
from archive.life import LifeLook, events
from archive.model import EditKind, Event, Version
from archive.queries.captures import capture_query, captures_of
from archive.queries.reader import Reader, find_article
from archive.queries.versions import version_query, versions_of
from archive.schema import captures, versions
from archive.schema import events as event_table

_NOTED = {EditKind.CORRECTION, EditKind.UPDATE_NOTE}


@dataclass(frozen=True, slots=True)
class Interval:
    """A state of an article with what is known of its limits: the truth between two looks is not."""

    version: Version
    seen_from: datetime
    """It was seen at this moment (its first look) ..."""
    seen_to: datetime
    """... and at this one (its last)."""
    not_before: datetime | None
    """The last look that saw the state before it: it came after this; None for the first state."""
    not_after: datetime | None
    """The first look that saw the state after it: it went before this; None while it is the newest."""
    is_certain: bool
    """True where the moment asked for lies between two looks at this state."""


class HistoryQueries(Reader):
    """Questions about one article's life."""

    def history(self, article: int | str) -> list[Event | Version]:
        """Versions and events, oldest first."""
        with self._database.reading() as connection:
            number = find_article(connection, article)
            query = version_query().where(versions.c.article_id == number).order_by(versions.c.number)
            own = versions_of(connection, connection.execute(query).all())
            told = [*_published(own), *_flips(own), *_retracted(own), *_of_looks(connection, number)]
            told += [*_noted(connection, number), *_noted_of_all(connection, own)]
        lines: list[Event | Version] = [*own, *told]
        return sorted(lines, key=_order)

    def events(self, article: int | str) -> list[Event]:
        """What befell an article besides its versions, oldest first."""
        return [line for line in self.history(article) if isinstance(line, Event)]

    def as_of(self, article: int | str, at: datetime) -> Interval | None:
        """What the article said at that time, with what is known of when it began and ended; None before the first
        look at it."""
        with self._database.reading() as connection:
            number = find_article(connection, article)
            query = version_query().where(versions.c.article_id == number).order_by(versions.c.number)
            rows = connection.execute(query).all()
            place = max((i for i, row in enumerate(rows) if row.captured_at <= at), default=None)
            if place is None:
                return None
            version = versions_of(connection, [rows[place]])[0]
        before = rows[place - 1] if place else None
        after = rows[place + 1] if place + 1 < len(rows) else None
        return Interval(
            version=version,
            seen_from=version.captured_at,
            seen_to=version.last_seen_at,
            not_before=before.last_seen_at if before is not None else None,
            not_after=after.captured_at if after is not None else None,
            is_certain=version.captured_at <= at <= version.last_seen_at,
        )


def _order(line: Event | Version) -> tuple[datetime, int, int]:
    """By time; a publication stands before the version that tells of it, other events after."""
    if isinstance(line, Version):
        return line.captured_at, 1, line.number
    return line.at, 0 if line.kind == "published" else 2, line.capture_id or 0


def _published(own: list[Version]) -> list[Event]:
    stated = next((v.content.published_at for v in own if v.content.published_at is not None), None)
    return [Event(stated, "published")] if stated is not None else []


def _flips(own: list[Version]) -> list[Event]:
    """A headline that flips, told once, where it is last seen to change."""
    flips = find_flips([version.content.title for version in own])
    if flips is None:
        return []
    last = [new for old, new in pairwise(own) if old.content.title != new.content.title][-1]
    between = " and ".join(f"“{text}”" for text in flips.texts)
    return [Event(last.captured_at, "headline_flips", f"between {between}, {flips.changes} changes so far")]


def _retracted(own: list[Version]) -> list[Event]:
    """Versions that brought a notice of retraction; the first one, where it stood there from the start."""
    found = []
    for first in own[:1]:
        language, paragraphs = first.content.language, readable_paragraphs(first.content.body)
        notes = [text for text in paragraphs if is_retraction(text, language)]
        found += [Event(first.captured_at, "retracted", note) for note in notes[:1]]
    for old, new in pairwise(own):
        if _NOTED & set(new.edit_kinds):
            notices = [notice for notice in diff(old.content, new.content).notices if notice.kind == "retraction"]
            found += [Event(new.captured_at, "retracted", notice.text) for notice in notices[:1]]
    return found


def _of_looks(connection: Connection, article_id: int) -> list[Event]:
    query = capture_query().where(captures.c.article_id == article_id)
    rows = connection.execute(query.order_by(captures.c.captured_at, captures.c.id)).all()
    looks = captures_of(connection, rows, texts=True)
    return events(
        [
            LifeLook(
                at=look.captured_at,
                outcome=look.outcome,
                url=look.url,
                final_url=look.final_url,
                reason=look.reason,
                access=look.content.access if look.content is not None else None,
                engagement=look.engagement,
                capture_id=look.id,
            )
            for look in looks
            if look.outcome is not None
        ]
    )


_TOLD = select(event_table.c.at, event_table.c.kind, event_table.c.detail, event_table.c.capture_id)


def _noted(connection: Connection, article_id: int) -> list[Event]:
    return [Event(*row) for row in connection.execute(_TOLD.where(event_table.c.article_id == article_id))]


def _noted_of_all(connection: Connection, own: list[Version]) -> list[Event]:
    """What befell the whole archive (a newer extractor) once the article was in it."""
    of_all = _TOLD.where(event_table.c.article_id.is_(None), event_table.c.kind == "rebaselined")
    return [Event(*row) for row in connection.execute(of_all) if own and row.at >= own[0].captured_at]
