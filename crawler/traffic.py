"""What the archive's own counts tell of a site's traffic: the figures behind budgets and `backissue schedule`."""

from __future__ import annotations

from datetime import datetime, timedelta
from statistics import median_low

from archive import Archive
from crawler.budget import Allowance, Traffic, allowances
from crawler.sites import Sites

WINDOW = timedelta(days=14)
HOUR = timedelta(hours=1)


def traffic_of(archive: Archive, site: str, now: datetime) -> Traffic:
    """New articles on a usual day (the day of a first crawl, when everything is new, is none), and readable sources."""
    days = archive.health(site, since=now - WINDOW, until=now)
    news = [day.new for day in days[1:-1] or days[1:] or days]
    sources = sum(source.entries is not None for source in archive.sources(site))
    return Traffic(float(median_low(news)) if news else None, sources)


def requests_since(archive: Archive, site: str, since: datetime) -> int:
    """Looks at pages and at sources (each counted once) that were made since then."""
    looks = sum(archive.outcomes(site=site, since=since).values())
    return looks + sum(bool(source.fetched_at and source.fetched_at >= since) for source in archive.sources(site))


def site_allowances(archive: Archive, sites: Sites, now: datetime) -> dict[str, Allowance]:
    """Every declared site's allowance; empty (and nothing is counted) where no budget is declared."""
    active = [site for site in sites if not site.paused]
    overall, caps = sites.defaults.max_requests_per_hour, {site.name: site.max_requests_per_hour for site in active}
    if overall is None and not any(caps.values()):
        return {}
    return allowances(overall, caps, {name: traffic_of(archive, name, now) for name in caps})
