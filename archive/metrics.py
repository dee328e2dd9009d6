"""What Prometheus is told: how much there is, how the last day went, what is unusual. Needs `prometheus_client`."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from time import monotonic
from typing import Any

from prometheus_client import CollectorRegistry
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from archive.queries import Queries, SiteStats

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"

_KEPT_FOR = timedelta(minutes=10)
"""What is unusual at a site changes slowly."""
_NEVER = datetime.min.replace(tzinfo=UTC)
_A_SCRAPE = 0.3
"""Seconds that a scrape may take to find it out: where there are many sites, the next ones go on."""
_OF_SITES: tuple[tuple[str, str, Callable[[SiteStats], float | None]], ...] = (
    ("backissue_articles", "Articles in the archive.", lambda s: s.articles),
    ("backissue_versions", "Versions of articles.", lambda s: s.versions),
    ("backissue_captures", "Looks at articles, whatever they found.", lambda s: s.captures),
    ("backissue_gone", "Articles whose page has gone.", lambda s: s.gone),
    ("backissue_waiting", "Addresses never looked at yet.", lambda s: s.waiting),
    ("backissue_due", "Addresses whose look is due.", lambda s: s.due),
    ("backissue_quarantined", "Pages left alone, because they crashed or hung the extractor.", lambda s: s.quarantined),
    (
        "backissue_last_capture_seconds",
        "When the site was last looked at (Unix time).",
        lambda s: round(s.last_captured_at.timestamp()) if s.last_captured_at else None,
    ),
)


class ArchiveMetrics(Collector):
    """An archive's numbers, as they are when they are asked for. Raises ArchiveError then."""

    def __init__(self, archive: Queries, now: Callable[[], datetime]) -> None:
        self._archive, self._now = archive, now
        self._unusual: dict[str, Collection[str]] = {}
        self._asked_at: dict[str, datetime] = {}

    def describe(self) -> Iterable[GaugeMetricFamily]:
        """Nothing: the registry need not ask the database to learn names."""
        return ()

    def collect(self) -> Iterator[GaugeMetricFamily]:
        now = self._now()
        stats = self._archive.stats(now)
        for name, words, value in _OF_SITES:
            rows = ((s.site or "", value(s)) for s in stats)
            yield gauge(name, words, ("site",), {(site,): found for site, found in rows if found is not None})
        day = self._archive.outcomes_by_site(since=now - timedelta(days=1))
        words = "Looks of the last 24 hours by what they found."
        yield gauge("backissue_looks_last_day", words, ("site", "outcome"), day)
        self._look_again([s.site for s in stats if s.site], now)
        unusual = {(site, what): 1.0 for site, found in self._unusual.items() for what in found}
        yield gauge("backissue_unusual", "1 for what is not as usual at a site.", ("site", "what"), unusual)
        for crawl in self._archive.crawls(1):
            began = crawl.started_at.timestamp()
            yield gauge(
                "backissue_last_crawl_started_seconds", "When the last crawl began (Unix time).", (), {(): began}
            )
        for crawl in [each for each in self._archive.crawls(20) if each.exit_code is not None][:1]:
            words = "Exit code of the last crawl that ended."
            yield gauge("backissue_last_crawl_exit_code", words, (), {(): float(crawl.exit_code or 0)})

    def _look_again(self, sites: Iterable[str], now: datetime) -> None:
        """Finds out what is unusual where that was longest ago."""
        ends = monotonic() + _A_SCRAPE
        due = [site for site in sites if not timedelta() <= now - self._asked_at.get(site, _NEVER) < _KEPT_FOR]
        for site in sorted(due, key=lambda site: self._asked_at.get(site, _NEVER)):
            self._unusual[site] = self._archive.unusual(site, now)
            self._asked_at[site] = now
            if monotonic() > ends:
                break


def gauge(name: str, words: str, labels: tuple[str, ...], values: Mapping[Any, float]) -> GaugeMetricFamily:
    """A metric with a value for each of some label values."""
    made = GaugeMetricFamily(name, words, labels=labels)
    for of, value in values.items():
        made.add_metric(of, value)
    return made


def registry_of(archive: Queries, now: Callable[[], datetime]) -> CollectorRegistry:
    """A registry that tells of an archive; worth keeping between two scrapes."""
    registry = CollectorRegistry()
    registry.register(ArchiveMetrics(archive, now))
    return registry
