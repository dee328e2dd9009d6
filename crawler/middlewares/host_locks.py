"""No request goes to a host that another crawl is talking to.

A crawl holds the locks of its site's hosts from its start. A redirect, a canonical address or an AMP page may lead to
further ones: their locks are taken on the way, and kept until the crawl ends. Where another crawl has one, the request
waits for BACKISSUE_MAX_WAIT seconds and then fails with `HostBusy`. Switched on by DOWNLOADER_MIDDLEWARES; for spiders
that have `locks`.
"""

from __future__ import annotations

import asyncio
from time import monotonic
from typing import TYPE_CHECKING

from scrapy.exceptions import IgnoreRequest
from scrapy.utils.httpobj import urlparse_cached

from archive import Busy
from crawler.middlewares.politeness import CrawlStopped, is_stopping

if TYPE_CHECKING:
    from collections.abc import Awaitable

    from scrapy import Request
    from scrapy.crawler import Crawler

    from archive.locks import HostLocks

_ASK_AGAIN = 0.5  # seconds


class HostBusy(IgnoreRequest):
    """Another crawl has held the host for as long as this one waits. Nothing was sent; a later crawl will get it."""

    def __init__(self, url: str) -> None:
        super().__init__(f"not fetched {url!r}: another crawl is talking to its host")
        self.url = url


class HostLocksMiddleware:
    """Takes a host's lock before the first request to it."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._max_wait = crawler.settings.getfloat("BACKISSUE_MAX_WAIT")

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> HostLocksMiddleware:
        return cls(crawler)

    def process_request(self, request: Request) -> Awaitable[None] | None:
        locks: HostLocks | None = getattr(self._crawler.spider, "locks", None)
        host = urlparse_cached(request).netloc.rpartition("@")[2]
        if locks is None or not host or locks.holds(host):
            return None
        return self._take(locks, host, request)

    async def _take(self, locks: HostLocks, host: str, request: Request) -> None:
        until = monotonic() + self._max_wait
        while True:
            try:
                await asyncio.to_thread(locks.take, [host])
                return
            except Busy:
                if monotonic() >= until:
                    raise HostBusy(request.url) from None
            if is_stopping(self._crawler):
                raise CrawlStopped(request.url)
            await asyncio.sleep(_ASK_AGAIN)
