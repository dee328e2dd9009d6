"""What is not as usual at a site? The counts behind `archive.watching`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from itertools import groupby
from operator import itemgetter
from typing import Any

from sqlalchemy import Connection, case, func, select

from archive import missed, watching
from archive.missed import Interval, Missed
from archive.model import Outcome
from archive.queries.reader import Reader
from archive.queries.stats import day_number
from archive.schema import articles, captures, engagements, sites, versions

_DAYS = 30
_FRESH = 72.0
"""Hours after its publication within which an article must have been found for the time before to count."""
_COLUMNS = {
    "authors": versions.c.authors_digest,
    "categories": versions.c.categories_digest,
    "published_at": articles.c.published_at,
    **{name: engagements.c[name] for name in ("views", "likes", "dislikes", "shares", "comments")},
}


class WatchQueries(Reader):
    """Questions of somebody who watches."""

    def unusual(self, site: str, now: datetime) -> dict[str, str]:
        """What is not as usual at a site, by a short name ("authors", "blocked", "silent"), in words; see
        `archive.watching` for the rules. Empty where all is well, and while too little is known."""
        with self._database.reading() as connection:
            number = connection.execute(select(sites.c.id).where(sites.c.name == site)).scalar()
            at = captures.c.captured_at
            first = connection.execute(select(at).where(captures.c.site_id == number).order_by(at).limit(1)).scalar()
            if number is None or first is None or now - first < watching.LEAST_KNOWN:
                return {}
            since = max(first + watching.RECENTLY, now - timedelta(days=_DAYS))
            said = watching.gone_fields(_stated(connection, number, since, now))
            days = _new_by_day(connection, number, since, now)
            recent, before = (
                _looks(connection, number, *span)
                for span in ((now - watching.RECENTLY, now), (since, now - watching.RECENTLY))
            )
        if words := watching.new_walls(recent, before):
            said["blocked"] = words
        today = now.timestamp() // 86_400
        if words := watching.silence(days, int(today), was_crawled=today - 1 in days):
            said["silent"] = words
        return said

    def missed_edits(self, site: str, *, since: datetime, until: datetime) -> Missed | None:
        """What was probably missed of the edits of articles first seen in that time; None where too little is known."""
        owner = select(sites.c.id).where(sites.c.name == site).scalar_subquery()
        seen = [outcome.value for outcome in (Outcome.NEW, Outcome.CHANGED, Outcome.UNCHANGED, Outcome.NOT_MODIFIED)]
        query = (
            select(captures.c.article_id, captures.c.captured_at, captures.c.outcome, articles.c.published_at)
            .join(articles, articles.c.id == captures.c.article_id)
            .where(articles.c.site_id == owner, *_seen(since, until), captures.c.outcome.in_(seen))
            .order_by(captures.c.article_id, captures.c.captured_at)
        )
        with self._database.reading() as connection:
            return missed.estimate(_intervals(connection.execute(query)))


def _seen(since: datetime, until: datetime) -> tuple[Any, ...]:
    return articles.c.first_captured_at >= since, articles.c.first_captured_at < until


def _intervals(rows: Iterable[Any]) -> Iterator[Interval]:
    """The times between looks, and between publication and the first one where the page states when that was."""
    for _, looks in groupby(rows, key=itemgetter(0)):
        first, *others = looks
        born = first[3] if first[3] is not None and first[3] <= first[1] else first[1]
        before = _hours(first[1] - born)
        if before <= _FRESH:  # an old page found late tells of the site's past, not of what this crawl missed
            yield Interval(0.0, before, None)
        for _, at, outcome, _ in others:
            age = _hours(at - born)
            yield Interval(before, age, outcome == Outcome.CHANGED.value)
            before = age


def _hours(span: timedelta) -> float:
    return span / timedelta(hours=1)


def _stated(connection: Connection, site_id: int, since: datetime, until: datetime) -> list[frozenset[str]]:
    """What each new article stated when it was first seen, the newest first."""
    query = (
        select(*(column.is_not(None).label(name) for name, column in _COLUMNS.items()))
        .select_from(captures)
        .join(versions, versions.c.id == captures.c.version_id)
        .join(articles, articles.c.id == captures.c.article_id)
        .outerjoin(engagements, engagements.c.id == captures.c.engagement_id)
        .where(*_of(site_id, since, until), captures.c.outcome == Outcome.NEW.value)
        .order_by(captures.c.captured_at.desc(), captures.c.id.desc())
        .limit(watching.MOST)
    )
    return [frozenset(name for name, is_there in row._mapping.items() if is_there) for row in connection.execute(query)]


def _looks(connection: Connection, site_id: int, since: datetime, until: datetime) -> watching.Looks:
    blocked = func.coalesce(func.sum(case((captures.c.outcome == Outcome.BLOCKED.value, 1), else_=0)), 0)
    return watching.Looks(
        *map(int, connection.execute(select(func.count(), blocked).where(*_of(site_id, since, until))).one())
    )


def _new_by_day(connection: Connection, site_id: int, since: datetime, until: datetime) -> dict[int, int]:
    """Day number -> new articles, of the whole days on which the site was looked at."""
    day = day_number(captures.c.captured_at)
    new = func.sum(case((captures.c.outcome == Outcome.NEW.value, 1), else_=0))
    query = select(day, new).where(*_of(site_id, since, until)).group_by(day)
    today = int(until.timestamp() // 86_400)
    return {int(row[0]): int(row[1]) for row in connection.execute(query) if row[0] != today}


def _of(site_id: int, since: datetime, until: datetime) -> tuple[Any, ...]:
    return captures.c.site_id == site_id, captures.c.captured_at >= since, captures.c.captured_at < until
