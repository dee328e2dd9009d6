"""How many requests an hour a site may have, and how far apart that sets the looks at its articles. Pure.

Budgets are upper bounds (`max_requests_per_hour`, of a site and of all together). Within them a site gets what its
articles need; a budget larger than that buys more looks only as long as they still find something.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median_low

from archive.revisit import DEFAULT_SCALE, looks_in_a_life, next_visit, scale_for_budget

FINEST_SCALE = 0.295
"""c of 32 looks an article: they catch 93 % of edits where 16 catch 89 %; twice as many again bring next to nothing."""
USUAL_ARTICLES_PER_DAY = 50.0
"""Taken for a site that was never crawled, where no other site says better."""
QUIET_SOURCE_AGAIN = timedelta(minutes=50)


@dataclass(frozen=True, slots=True)
class Traffic:
    """What a site asks of a crawl, as the archive has seen it."""

    articles_per_day: float | None = None
    """New ones; None where the site was never crawled."""
    sources: int = 0
    """Feeds, sitemaps and listing pages that answer."""

    def sources_per_hour(self, every: timedelta = timedelta(hours=1)) -> float:
        """Requests for them, where a crawl runs `every` so often; each rests 50 minutes when it brought nothing new."""
        return self.sources * (timedelta(hours=1) / max(every, QUIET_SOURCE_AGAIN))

    def per_hour(self, scale: float | None = None, every: timedelta = timedelta(hours=1)) -> float:
        """All requests, once as many articles grow old as are born."""
        looks = 1 + looks_at_runs(DEFAULT_SCALE if scale is None else scale, every)
        return (self.articles_per_day or 0.0) * looks / 24 + self.sources_per_hour(every)


@dataclass(frozen=True, slots=True)
class Allowance:
    """What one site may have. Retries and further parts of an article come on top."""

    per_hour: int | None = None
    """Requests; None = as many as politeness allows."""
    scale: float | None = None
    """c of the revisit rule; None = the default's."""

    def left(self, spent: int) -> int | None:
        """Requests that a crawl may make now, after so many in the last hour; None = no bound.

        >>> Allowance(600).left(450), Allowance(600).left(700), Allowance().left(9)
        (150, 0, None)
        """
        return None if self.per_hour is None else max(self.per_hour - spent, 0)


def allowances(
    overall: int | None, caps: Mapping[str, int | None], traffic: Mapping[str, Traffic]
) -> dict[str, Allowance]:
    """Each site's allowance, given the overall budget and the sites' own."""
    known = [each.articles_per_day for each in traffic.values() if each.articles_per_day is not None]
    usual = median_low(known) if known else USUAL_ARTICLES_PER_DAY
    wants = {name: _filled(traffic.get(name, Traffic()), usual).per_hour() + 1 for name in caps}
    shares = dict(caps) if overall is None else divide(overall, wants, caps)
    return {name: allowance(share, traffic.get(name, Traffic())) for name, share in shares.items()}


def allowance(per_hour: float | None, traffic: Traffic) -> Allowance:
    """The allowance of a site that may have so many requests an hour: c follows from what its sources leave.

    >>> allowance(100, Traffic(articles_per_day=200)).scale > allowance(200, Traffic(articles_per_day=200)).scale
    True
    >>> allowance(100_000, Traffic(articles_per_day=10)).scale
    0.295
    """
    if per_hour is None:
        return Allowance()
    if traffic.articles_per_day is None:
        return Allowance(int(per_hour))
    for_articles = max(per_hour - traffic.sources_per_hour(), 0.0)
    return Allowance(int(per_hour), max(scale_for_budget(for_articles, traffic.articles_per_day), FINEST_SCALE))


def divide(overall: float, wants: Mapping[str, float], caps: Mapping[str, int | None]) -> dict[str, float]:
    """Shares that never add up to more than `overall`: by want, none above its cap, what is left over goes to others.

    >>> divide(100, {"a": 30, "b": 10, "c": 10}, {"a": 20, "b": None, "c": None})
    {'a': 20, 'b': 40.0, 'c': 40.0}
    """
    shares: dict[str, float] = {}
    left, waiting = overall, dict(wants)
    while waiting:
        each = left / sum(waiting.values())
        full = {name: cap for name in waiting if (cap := caps.get(name)) is not None and cap <= each * waiting[name]}
        if not full:
            return shares | {name: each * want for name, want in waiting.items()}
        shares |= full
        left -= sum(full.values())
        waiting = {name: want for name, want in waiting.items() if name not in full}
    return shares


def looks_at_runs(scale: float, every: timedelta) -> int:
    """Looks at an article that never changes, where a crawl runs only `every` so often and finds it due or not.

    >>> looks_at_runs(0.63, timedelta(minutes=1)), looks_at_runs(0.63, timedelta(days=1))
    (15, 7)
    """
    if every <= timedelta(minutes=10):
        return looks_in_a_life(scale)
    born = at = datetime(1970, 1, 1)  # noqa: DTZ001 - only differences count
    looks = 0
    while (visit := next_visit(at, born, 0, scale)) is not None and looks < 100_000:
        at = born + -((born - visit.at) // every) * every
        looks += 1
    return looks


def _filled(traffic: Traffic, articles_per_day: float) -> Traffic:
    """A site never crawled is taken for a usual one."""
    return Traffic(articles_per_day, 1) if traffic.articles_per_day is None else traffic
