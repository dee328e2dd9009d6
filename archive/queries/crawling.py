"""What a crawl must know: sites, hosts, sources, earlier crawls, pages left alone."""

from __future__ import annotations

from dataclasses import fields
from datetime import datetime

from sqlalchemy import select

from archive.addresses import url_key
from archive.model import Crawl, HostState, Quarantined, SiteState, SourceState
from archive.queries.reader import Reader
from archive.schema import candidates, crawls, hosts, sites, sources

_HOST = tuple(hosts.c[field.name] for field in fields(HostState))
_SOURCE = (sites.c.name, *(sources.c[field.name] for field in fields(SourceState) if field.name != "site"))


class CrawlQueries(Reader):
    """Questions about crawls."""

    def sites(self) -> list[SiteState]:
        """Every site the archive has heard of, by name."""
        query = select(sites.c.name, sites.c.url, sites.c.added_at, sites.c.scale).order_by(sites.c.name)
        with self._database.reading() as connection:
            return [SiteState(*row) for row in connection.execute(query)]

    def host(self, host: str) -> HostState:
        """What is known of a host; an empty state where nothing is."""
        with self._database.reading() as connection:
            row = connection.execute(select(*_HOST).where(hosts.c.host == host)).first()
            return HostState(*row) if row is not None else HostState(host)

    def sources(self, site: str) -> list[SourceState]:
        """The feeds, sitemaps and pages the site was discovered by, by URL."""
        query = select(*_SOURCE).join(sites, sites.c.id == sources.c.site_id).where(sites.c.name == site)
        with self._database.reading() as connection:
            return [SourceState(*row) for row in connection.execute(query.order_by(sources.c.url))]

    def rests(self, url: str, now: datetime) -> bool:
        """Whether the address was looked at, and its next look has not come."""
        is_due = candidates.c.due_at.is_not(None) & (candidates.c.due_at <= now)
        query = select(candidates.c.id).where(candidates.c.key == url_key(url), candidates.c.looks > 0, ~is_due)
        with self._database.reading() as connection:
            return connection.execute(query).first() is not None

    def crawls(self, limit: int | None = 50) -> list[Crawl]:
        """The crawls, the newest first."""
        columns = tuple(crawls.c[field.name] for field in fields(Crawl))
        query = select(*columns).order_by(crawls.c.started_at.desc(), crawls.c.id.desc()).limit(limit)
        with self._database.reading() as connection:
            return [Crawl(*row) for row in connection.execute(query)]

    def quarantined(self, site: str | None = None) -> list[Quarantined]:
        """Pages that crashed the extractor and are left alone, the newest first."""
        query = (
            select(
                candidates.c.url,
                sites.c.name,
                candidates.c.quarantine_reason,
                candidates.c.crashes,
                candidates.c.quarantined_at,
            )
            .outerjoin(sites, sites.c.id == candidates.c.site_id)
            .where(candidates.c.quarantined_at.is_not(None))
            .order_by(candidates.c.quarantined_at.desc())
        )
        query = query.where(sites.c.name == site) if site is not None else query
        with self._database.reading() as connection:
            return [Quarantined(*row) for row in connection.execute(query)]

    def next_due_at(self, site: str) -> datetime | None:
        """When the site's next look is due; None where none is planned."""
        query = (
            select(candidates.c.due_at)
            .join(sites, sites.c.id == candidates.c.site_id)
            .where(sites.c.name == site, candidates.c.due_at.is_not(None), candidates.c.quarantined_at.is_(None))
            .order_by(candidates.c.due_at)
            .limit(1)
        )
        with self._database.reading() as connection:
            found: datetime | None = connection.execute(query).scalar()
            return found
