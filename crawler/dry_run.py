"""What a crawl would fetch and why, as the archive has it; nothing is fetched, and no archive is made for it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from archive import Archive, NotFound
from archive.model import SourceState
from crawler.budget import Allowance
from crawler.hosts import ArchiveHosts
from crawler.middlewares.robots import HostRules, is_fresh, origin_of
from crawler.sites import Site, Sites
from crawler.traffic import HOUR, requests_since, site_allowances

if TYPE_CHECKING:
    from crawler.crawling import Job

WHY = {
    "new": "never looked at",
    "due": "its next look has come",
    "lastmod": "a feed or sitemap says it is newer",
    "retry": "the last look failed, or found no article",
    "confirm": "it was gone at the last look",
}
"""Reasons of the frontier, in words."""


def lines(database: str, sites: Sites, jobs: Sequence[Job], now: datetime, limit: int | None) -> Iterator[str]:
    """Lines for people. Raises ArchiveError."""
    try:
        with Archive.open(database, create=False) as archive:
            allowances = site_allowances(archive, sites, now)
            for job in jobs:
                if job.urls:
                    yield from _by_hand(job)
                else:
                    yield from _site(archive, job.site, allowances.get(job.site.name, Allowance()), now, limit)
    except NotFound:
        yield "there is no archive yet: the first crawl makes it"
        for job in jobs:
            first = f"{job.site.name}: never crawled: robots.txt, {job.site.url}, and whatever they lead to"
            yield from _by_hand(job) if job.urls else [first]


def _by_hand(job: Job) -> Iterator[str]:
    for url in job.urls:
        yield f"{job.site.name}: {url}  (asked for by hand, whatever is due)"


def _site(archive: Archive, site: Site, allowance: Allowance, now: datetime, limit: int | None) -> Iterator[str]:
    known = archive.sources(site.name)
    sources = [source for source in known if source.due_at is None or source.due_at <= now]
    due = archive.due(site.name, now, limit)
    if due or sources or not known:
        lists = (
            f"{len(sources)} of {len(known)} sources (feeds, sitemaps, listing pages) to read" if known else "new here"
        )
        pages = f"{len(due)} page{'s' * (len(due) != 1)} due"
        yield f"{site.name}: {pages}; {lists}, and what they bring that is new"
    else:
        moments = [archive.next_due_at(site.name), *(source.due_at for source in known)]
        first = min(moment for moment in moments if moment is not None)
        yield f"{site.name}: nothing is due before {first:%Y-%m-%d %H:%M} UTC"
    yield from _obstacles(archive, site, allowance, now)
    for source in sources:
        yield f"  {source.kind:8} {source.url}  ({_why(source, now)})"
    for each in due:
        why = f"{WHY.get(each.reason, each.reason)}; due since {each.due_at:%Y-%m-%d %H:%M} UTC"
        yield f"  {each.reason:8} {each.url}  ({why})"


def _obstacles(archive: Archive, site: Site, allowance: Allowance, now: datetime) -> Iterator[str]:
    """What would keep a crawl from fetching all of it."""
    if site.paused:
        yield "  paused: a crawl without arguments leaves it out"
    if allowance.per_hour is not None:
        left = allowance.left(requests_since(archive, site.name, now - HOUR))
        yield f"  {left} of {allowance.per_hour} requests of this hour are left (max_requests_per_hour)"
    hosts, origin = ArchiveHosts(archive), origin_of(site.url)
    robots = hosts.get_robots(origin)
    if robots is not None and is_fresh(robots, now) and not (rules := HostRules.of(origin, robots)).reachable:
        yield f"  nothing would be fetched: {rules.why_forbidden}"
    until = hosts.get_back_off(urlsplit(site.url).hostname or "")
    if until is not None and until > now:
        yield f"  nothing would be fetched: its host wants no request before {until:%Y-%m-%d %H:%M} UTC"


def _why(source: SourceState, now: datetime) -> str:
    if source.fetched_at is None:
        return "never read"
    minutes = (now - source.fetched_at) // timedelta(minutes=1)
    return f"last read {minutes} minutes ago" + (f", when it failed: {source.reason}" if source.failures else "")
