"""How much is there, and is the crawl well? Every count that is shown anywhere."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import BigInteger, Connection, Float, case, cast, func, literal_column, select, type_coerce

from archive.model import Outcome
from archive.queries.reader import Reader
from archive.schema import TROUBLE, articles, candidates, captures, label_totals, sites, text_totals, totals, versions
from archive.store.totals import EVERYWHERE, NO_SITE, TEXT_COUNTS

_DAY = 86_400_000_000  # microseconds
_FAILED = frozenset({Outcome.BLOCKED.value, Outcome.TRUNCATED.value, Outcome.ERROR.value})


@dataclass(frozen=True, slots=True)
class SiteStats:
    """What the archive has of one site."""

    site: str | None
    articles: int
    versions: int
    captures: int
    edited: int
    """Articles with more than one version."""
    gone: int
    first_captured_at: datetime | None
    last_captured_at: datetime | None
    waiting: int = 0
    """Addresses known and never looked at."""
    due: int = 0
    """Addresses whose look is due."""
    quarantined: int = 0
    looks_last_day: int = 0
    """In the last 24 hours, whatever they found; looks that found no article, too."""
    failed_last_day: int = 0
    """Of these: blocked, truncated, errors."""


@dataclass(frozen=True, slots=True)
class DayHealth:
    """One site on one day."""

    day: datetime
    """Its midnight, UTC."""
    looks: int
    new: int
    changed: int
    blocked: int
    failed: int
    """Error, truncated or no article."""
    missing: dict[str, float] = field(default_factory=dict)
    """Field -> share of the day's new articles that do not state it."""


@dataclass(frozen=True, slots=True)
class Storage:
    """Room that the texts take."""

    contents: int
    keyframes: int
    bytes: int
    """Of the texts alone, as stored."""
    database_bytes: int
    """Of the whole database."""
    captures_per_day: float
    """Over the last seven days that have any."""


@dataclass(frozen=True, slots=True)
class LabelCount:
    """A label that pages carry, and on how many articles' newest version it stands."""

    label: str
    articles: int


class StatsQueries(Reader):
    """Questions of quantity."""

    def stats(self, now: datetime) -> list[SiteStats]:
        """A row a site, by name; articles of no site last."""
        with self._database.reading() as connection:
            names = _pairs(connection, select(sites.c.id, sites.c.name))
            frontier = [_pairs(connection, query) for query in _frontier(now)]
            found = {row[0]: row[1:] for row in connection.execute(select(totals)).all()}
            looks = {row[0]: row[1:] for row in connection.execute(_looks_since(now - timedelta(days=1))).all()}
        numbers = [*sorted(names, key=lambda number: names[number]), *([NO_SITE] if NO_SITE in found else [])]
        nothing: tuple[Any, ...] = (0, 0, 0, 0, 0, None, None)
        waiting, due, due_and_left_alone, quarantined = frontier
        kept: list[tuple[Any, ...]] = [(names.get(n), *found.get(n, nothing)) for n in numbers]
        ready = Counter(due)
        ready.subtract(due_and_left_alone)
        now_there = [(waiting.get(n, 0), ready[n], quarantined.get(n, 0), *looks.get(n, (0, 0))) for n in numbers]
        return [SiteStats(*(one + other)) for one, other in zip(kept, now_there, strict=True)]

    def health(self, site: str, *, since: datetime, until: datetime) -> list[DayHealth]:
        """A row a day on which the site was looked at, oldest first: is it blocked, did a field go missing?"""
        with self._database.reading() as connection:
            number = connection.execute(select(sites.c.id).where(sites.c.name == site)).scalar()
            rows = connection.execute(_byday_number(number, since, until)).all()
            missing = {row[0]: row[1:] for row in connection.execute(_missing_byday_number(number, since, until))}
        names = ("title", "body", "authors", "categories", "published_at", "language")
        epoch = datetime(1970, 1, 1, tzinfo=since.tzinfo)
        return [
            DayHealth(
                day=epoch + timedelta(days=row.day),
                looks=int(row.looks),
                new=int(row.new),
                changed=int(row.changed),
                blocked=int(row.blocked),
                failed=int(row.failed),
                missing={n: round(float(s), 4) for n, s in zip(names, missing.get(row.day, ()), strict=False)},
            )
            for row in rows
        ]

    def storage(self) -> Storage:
        """How much room the archive takes."""
        size = (
            "SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()"
            if self._database.is_sqlite
            else "SELECT pg_database_size(current_database())"
        )
        with self._database.reading() as connection:
            sums = [func.coalesce(func.sum(text_totals.c[name]), 0) for name in TEXT_COUNTS]
            number, keyframes, room = map(int, connection.execute(select(*sums)).one())
            total = connection.exec_driver_sql(size).scalar_one()
            last = connection.execute(select(func.max(captures.c.captured_at))).scalar()
            week = 0
            if last is not None:
                recent = select(func.count()).where(captures.c.captured_at > last - timedelta(days=7))
                week = connection.execute(recent).scalar_one()
        return Storage(number, keyframes, room, int(total), week / 7)

    def labels(self, kind: str = "category", *, site: str | None = None, limit: int | None = 200) -> list[LabelCount]:
        """The labels of a kind (category, topic, author), the most frequent first."""
        query = select(label_totals.c.label, label_totals.c.articles).where(label_totals.c.kind == kind)
        query = query.where(label_totals.c.site_id == counted_for(site))
        query = query.order_by(label_totals.c.articles.desc(), label_totals.c.folded).limit(limit)
        with self._database.reading() as connection:
            return [LabelCount(*row) for row in connection.execute(query)]

    def outcomes(
        self, *, site: str | None = None, crawl_id: int | None = None, since: datetime | None = None
    ) -> dict[Outcome, int]:
        """How many looks came to what."""
        query = select(captures.c.outcome, func.count()).group_by(captures.c.outcome)
        if site is not None:
            query = query.where(captures.c.site_id == select(sites.c.id).where(sites.c.name == site).scalar_subquery())
        query = query.where(captures.c.crawl_id == crawl_id) if crawl_id is not None else query
        query = query.where(captures.c.captured_at >= since) if since is not None else query
        with self._database.reading() as connection:
            return {Outcome(row[0]): row[1] for row in connection.execute(query)}

    def outcomes_by_site(self, *, since: datetime) -> dict[tuple[str, str], int]:
        """(site, outcome) -> looks since then, of sites that have a name."""
        query = (
            select(sites.c.name, captures.c.outcome, func.count())
            .join(sites, sites.c.id == captures.c.site_id)
            .where(captures.c.captured_at >= since)
            .group_by(sites.c.name, captures.c.outcome)
        )
        with self._database.reading() as connection:
            return {(row[0], row[1]): row[2] for row in connection.execute(query).all()}


def counted_for(site: str | None) -> Any:
    """The site's number in tables of counts: a subquery, or what stands for all sites."""
    return EVERYWHERE if site is None else select(sites.c.id).where(sites.c.name == site).scalar_subquery()


def _pairs(connection: Connection, query: Any) -> dict[Any, Any]:
    """The first column of the rows -> the second."""
    return {row[0]: row[1] for row in connection.execute(query).all()}


def _looks_since(since: datetime) -> Any:
    """(site's number, looks, failed ones) since then, of each site: counted in indexes alone."""
    looks = select(func.count()).where(captures.c.site_id == sites.c.id, captures.c.captured_at >= since)
    failed = looks.where(captures.c.outcome.in_(_FAILED), literal_column(f"captures.{TROUBLE}"))
    failed = failed.with_hint(captures, "INDEXED BY ix_captures_trouble", "sqlite")
    return select(sites.c.id, *(each.correlate(sites).scalar_subquery() for each in (looks, failed)))


def _frontier(now: datetime) -> list[Any]:
    """By site: never looked at; due; of these left alone; left alone. Each is read off an index of just these."""
    is_waiting = (candidates.c.looks == literal_column("0")) & candidates.c.due_at.is_not(None)
    is_due, is_left_alone = candidates.c.due_at <= now, candidates.c.quarantined_at.is_not(None)
    owner = func.coalesce(candidates.c.site_id, NO_SITE)
    query = select(owner, func.count()).select_from(candidates).group_by(owner)
    asked = (
        ("waiting", is_waiting),
        ("due_at_site_id", is_due),
        ("quarantined_at", is_due & is_left_alone),
        ("quarantined_at", is_left_alone),
    )
    return [
        query.where(which).with_hint(candidates, f"INDEXED BY ix_candidates_{index}", "sqlite")
        for index, which in asked
    ]


def day_number(moment: Any) -> Any:
    """Days since 1970 of a stored moment (whole numbers divide without rest on both databases)."""
    return (type_coerce(moment, BigInteger) // _DAY).label("day")


def _byday_number(site_id: int | None, since: datetime, until: datetime) -> Any:
    number = day_number(captures.c.captured_at)

    def share(*outcomes: Outcome) -> Any:
        return func.sum(case((captures.c.outcome.in_([outcome.value for outcome in outcomes]), 1), else_=0))

    return (
        select(
            number,
            func.count().label("looks"),
            share(Outcome.NEW).label("new"),
            share(Outcome.CHANGED).label("changed"),
            share(Outcome.BLOCKED).label("blocked"),
            share(Outcome.ERROR, Outcome.TRUNCATED, Outcome.NOT_ARTICLE).label("failed"),
        )
        .where(captures.c.site_id == site_id, captures.c.captured_at >= since, captures.c.captured_at < until)
        .group_by(number)
        .order_by(number)
    )


def _missing_byday_number(site_id: int | None, since: datetime, until: datetime) -> Any:
    number = day_number(articles.c.first_captured_at)
    columns = (
        versions.c.title_digest,
        versions.c.body_digest,
        versions.c.authors_digest,
        versions.c.categories_digest,
        articles.c.published_at,
        articles.c.language,
    )
    shares = [cast(func.sum(case((column.is_(None), 1), else_=0)), Float) / func.count() for column in columns]
    return (
        select(number, *shares)
        .join(versions, (versions.c.article_id == articles.c.id) & (versions.c.number == 1))
        .where(articles.c.site_id == site_id, articles.c.first_captured_at >= since)
        .where(articles.c.first_captured_at < until)
        .group_by(number)
    )
