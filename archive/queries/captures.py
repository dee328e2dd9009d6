"""Who looked when, what came back, and what did the counters say?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, literal_column, select

from archive.model import COUNTERS, Capture, Counter, Engagement, EngagementPoint, Outcome, Verdict
from archive.queries.reader import Reader, find_article, pages
from archive.schema import TROUBLE, articles, candidates, captures, engagements, provenances, sites, versions
from archive.store.contents import Texts
from archive.store.prepare import SEEN

_POINT = (articles.c.url, captures.c.captured_at, *(engagements.c[n] for n in (*COUNTERS, "comments_open")))


class CaptureQueries(Reader):
    """Questions about looks and counters."""

    def captures(
        self,
        article: int | str | None = None,
        *,
        site: str | None = None,
        crawl_id: int | None = None,
        outcome: Outcome | None = None,
        since: datetime | None = None,
        until: datetime | None = None,
        before: tuple[datetime, int] | None = None,
        limit: int | None = 100,
        texts: bool = False,
    ) -> list[Capture]:
        """Looks, the newest first; with what each read where `texts` is set. `before` is (captured_at, id) of the
        last one of the page before."""
        query = capture_query()
        with self._database.reading() as connection:
            if article is not None:
                query = query.where(captures.c.article_id == find_article(connection, article))
            query = query.where(sites.c.name == site) if site is not None else query
            query = query.where(captures.c.crawl_id == crawl_id) if crawl_id is not None else query
            if outcome is not None:
                query = query.where(captures.c.outcome == outcome.value)
                is_trouble = outcome not in SEEN and site is not None and article is None and crawl_id is None
                query = _among_trouble(query, site) if is_trouble and site is not None else query
            query = query.where(captures.c.captured_at >= since) if since is not None else query
            query = query.where(captures.c.captured_at < until) if until is not None else query
            if before is not None:
                at, number = before
                is_older = (captures.c.captured_at == at) & (captures.c.id < number)
                query = query.where((captures.c.captured_at < at) | is_older)
            query = query.order_by(captures.c.captured_at.desc(), captures.c.id.desc()).limit(limit)
            return captures_of(connection, connection.execute(query).all(), texts=texts)

    def iter_captures(self, *, site: str | None = None, texts: bool = False) -> Iterator[Capture]:
        """All looks in the order in which they were recorded, for export."""
        query = capture_query().order_by(captures.c.id)
        query = query.where(sites.c.name == site) if site is not None else query
        with self._database.reading() as connection, self._database.reading() as other:
            for rows in pages(connection, query, 500):
                yield from captures_of(other, rows, texts=texts)

    def engagement(self, article: int | str) -> list[EngagementPoint]:
        """The counters of an article, a point a look that read the page, in order; none where it never showed any."""
        with self._database.reading() as connection:
            number = find_article(connection, article)
            query = _points().where(captures.c.article_id == number)
            return [EngagementPoint(*row) for row in connection.execute(query.order_by(captures.c.captured_at))]

    def iter_engagement(self, *, site: str | None = None) -> Iterator[EngagementPoint]:
        """All counters, by article and time, for export."""
        query = _points().order_by(captures.c.article_id, captures.c.captured_at)
        if site is not None:
            query = query.join(sites, sites.c.id == articles.c.site_id).where(sites.c.name == site)
        with self._database.reading() as connection:
            for rows in pages(connection, query):
                yield from (EngagementPoint(*row) for row in rows)


def _among_trouble(query: Select[Any], site: str) -> Select[Any]:
    """The condition is spelled as the index's own is: only then a database sees that it may use it."""
    mine = select(sites.c.id).where(sites.c.name == site).scalar_subquery()
    query = query.where(captures.c.site_id == mine, literal_column(f"captures.{TROUBLE}"))
    return query.with_hint(captures, "INDEXED BY ix_captures_trouble", "sqlite")


def _points() -> Select[Any]:
    joined = captures.join(engagements, engagements.c.id == captures.c.engagement_id).join(
        articles, articles.c.id == captures.c.article_id
    )
    return select(*_POINT).select_from(joined).where(articles.c.shows_counters)


def capture_query() -> Select[Any]:
    """Looks with all that their rows point to."""
    joined = (
        captures.join(candidates, candidates.c.id == captures.c.candidate_id)
        .outerjoin(sites, sites.c.id == captures.c.site_id)
        .outerjoin(versions, versions.c.id == captures.c.version_id)
        .outerjoin(engagements, engagements.c.id == captures.c.engagement_id)
        .outerjoin(provenances, provenances.c.id == captures.c.provenance_id)
    )
    return select(
        captures,
        candidates.c.url.label("candidate_url"),
        sites.c.name.label("site"),
        versions.c.token.label("version_token"),
        *(engagements.c[name] for name in (*COUNTERS, "comments_open", "detail")),
        provenances.c.data.label("provenance"),
    ).select_from(joined)


def captures_of(connection: Connection, rows: Sequence[Any], *, texts: bool) -> list[Capture]:
    """Model objects of rows of `capture_query`."""
    known = Texts(connection)
    if texts:
        known.load({row.content_id for row in rows if row.content_id is not None})
    return [_capture(row, known if texts else None) for row in rows]


def _capture(row: Any, texts: Texts | None) -> Capture:
    return Capture(
        url=row.url or row.candidate_url,
        captured_at=row.captured_at,
        outcome=Outcome(row.outcome),
        verdict=Verdict(row.verdict) if row.verdict is not None else None,
        reason=row.reason,
        status=row.status,
        final_url=row.final_url,
        content=texts.content(row.content_id) if texts is not None and row.content_id is not None else None,
        engagement=_engagement(row) if row.engagement_id is not None else None,
        site=row.site,
        crawl_id=row.crawl_id,
        extractor=row.extractor,
        etag=row.etag,
        last_modified=row.last_modified,
        other_urls=row.other_urls or (),
        raw_path=row.raw_path,
        provenance=row.provenance,
        retry_after_at=row.retry_after_at,
        id=row.id,
        article_id=row.article_id,
        version_id=row.version_token,
    )


def _engagement(row: Any) -> Engagement:
    detail = row.detail or {}
    counters = {name: Counter(getattr(row, name), *detail[name]) for name in COUNTERS if getattr(row, name) is not None}
    suspects = tuple(detail.get("placeholder_suspect", ()))
    return Engagement(**counters, comments_open=row.comments_open, placeholder_suspect=suspects)
