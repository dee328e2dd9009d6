"""A site that answers slowly is asked more slowly: AutoThrottle, steadied.

Scrapy's follows every single answer: one late answer (ours may be the busy machine) sets the pace, and error pages
never bring it back, so that a site with many 404 pages stays slow to the end. Here the usual time of the last few
answers counts. Stands in for Scrapy's extension in EXTENSIONS; settings AUTOTHROTTLE_*.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from scrapy.extensions.throttle import AutoThrottle

from crawler.middlewares.politeness import PoliteSlot

if TYPE_CHECKING:
    from scrapy.core.downloader import Slot
    from scrapy.http import Response

_REFUSING = frozenset({401, 403, 429})


class Throttle(AutoThrottle):
    """Delay = the usual time to the first byte, per request in flight; between DOWNLOAD_DELAY and the maximum."""

    def _adjust_delay(self, slot: Slot, latency: float, response: Response) -> None:
        if not isinstance(slot, PoliteSlot):
            return super()._adjust_delay(slot, latency, response)
        recent = slot.manners.latencies
        recent.append(latency)
        usual = sorted(recent)[(len(recent) - 1) // 2]
        wanted = min(max(self.mindelay, usual / self.target_concurrency), self.maxdelay)
        quick_refusal = response.status >= 500 or response.status in _REFUSING  # says nothing about how busy a site is
        if wanted > slot.delay or not quick_refusal:
            slot.delay = wanted
        return None
