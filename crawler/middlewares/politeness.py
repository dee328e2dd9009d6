"""When the next request may go to a host: one at a time, its delay, its Crawl-delay, its moments of peace.

Decided where requests leave for the network, in the downloader, so that retries, redirects, robots.txt and requests
queued long ago all wait alike. Who asks for peace, and for how long, is `back_off`'s to find out; Crawl-delay comes
from `robots`. Switched on by DOWNLOADER.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from datetime import datetime
from time import monotonic
from typing import TYPE_CHECKING, Any

from scrapy.core.downloader import Downloader, Slot
from scrapy.exceptions import IgnoreRequest
from scrapy.utils.httpobj import urlparse_cached
from twisted.python.failure import Failure

from crawler.middlewares.direct import DirectMiddlewares

if TYPE_CHECKING:
    from scrapy import Request
    from scrapy.crawler import Crawler
    from scrapy.http import Response
    from twisted.internet.defer import Deferred

RETRY_AFTER_AT = "retry_after_at"
"""Response.meta key: the moment (aware UTC) before which the host wants no request, on a 429 or 503 answer."""

_LOOK_UP = 1.0  # seconds after which a waiting queue looks whether the crawl goes on


class HostBackingOff(IgnoreRequest):
    """The host is left alone for longer than this crawl waits. Nothing was sent; ask again after `until_at`."""

    def __init__(self, url: str, until_at: datetime) -> None:
        super().__init__(f"not fetched {url!r}: its host is left alone until {until_at:%Y-%m-%d %H:%M:%S} UTC")
        self.url = url
        self.until_at = until_at


class CrawlStopped(IgnoreRequest):
    """The crawl was told to stop before the request's turn came. Nothing was sent, and nothing is known of the page."""

    def __init__(self, url: str) -> None:
        super().__init__(f"not fetched {url!r}: the crawl was stopped")
        self.url = url


def is_stopping(crawler: Crawler) -> bool:
    """Whether a crawl was told to stop; no further request of it may go out."""
    engine = crawler.engine
    return engine is None or not engine.running or getattr(engine._slot, "closing", None) is not None


@dataclass(slots=True)
class Manners:
    """How one host wants to be treated. Times are of the monotonic clock."""

    delay: float = 0.0
    """The site's own delay (sites.toml)."""
    crawl_delay: float = 0.0
    """What robots.txt states; counted from the end of the last answer, so that no path is too short for it."""
    pace: float = 0.0
    """Grows with every 429, fades with every good answer."""
    last_end: float = float("-inf")
    hold_until: float = float("-inf")
    given_up_until: datetime | None = None
    strikes: int = 0
    """429 and 503 answers in a row."""
    silences: int = 0
    """Requests in a row that found no server."""
    latencies: deque[float] = field(default_factory=lambda: deque(maxlen=5))
    """Seconds to the first byte of the last answers."""

    def next_start(self, last_start: float) -> float:
        """The earliest moment for the next request, after one that started at `last_start`."""
        stated = max(self.delay, self.crawl_delay, self.pace)
        return max(last_start + stated, self.last_end + self.crawl_delay, self.hold_until)


@dataclass(slots=True, eq=False, init=False)
class PoliteSlot(Slot):
    """A host's queue, whose delay is never less than the host's manners ask for."""

    manners: Manners
    in_flight: int

    def __init__(self, concurrency: int, delay: float, jitter: float, manners: Manners) -> None:
        Slot.__init__(self, concurrency, delay, jitter)
        self.manners = manners
        self.in_flight = 0

    def download_delay(self) -> float:
        """Seconds from the last start to the next, as the downloader reckons them; it asks again when they are over.

        A long wait is told in parts, so that a crawl that is stopped meanwhile ends within a second.
        """
        wanted = max(Slot.download_delay(self), self.manners.next_start(self.lastseen) - self.lastseen)
        return min(wanted, monotonic() - self.lastseen + _LOOK_UP)

    def count_in_flight(self) -> None:
        if len(self.transferring) < self.in_flight:
            self.manners.last_end = monotonic()
        self.in_flight = len(self.transferring)


class PoliteDownloader(Downloader):
    """Scrapy's downloader, one slot per host, holding the promises that its own lets slip."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self.middleware = DirectMiddlewares(*self.middleware.middlewares, crawler=crawler)
        self._manners: dict[str, Manners] = {}

    def get_slot_key(self, request: Request) -> str:
        """The host, always: Scrapy would leave a redirect in the slot of the host that it came from."""
        return (urlparse_cached(request).hostname or "").rstrip(".")

    def manners(self, request: Request) -> Manners:
        """The manners of the request's host (they outlive its slot, which Scrapy drops after a minute's silence)."""
        return self._manners.setdefault(self.get_slot_key(request), Manners())

    def base_delay(self, request: Request) -> float:
        """The delay of the request's host before its manners are asked."""
        slot = self.slots.get(self.get_slot_key(request))
        return slot.delay if slot else self._delay

    def fail_queued(self, slot: Slot, error: Callable[[str], Exception]) -> None:
        """Fails what waits in a slot, each request with `error(its URL)`."""
        while slot.queue:
            queued, waiting = slot.queue.popleft()
            waiting.errback(Failure(error(queued.url)))  # type: ignore[no-untyped-call]

    def _get_slot(self, request: Request, spider: Any = None) -> tuple[str, Slot]:
        key, slot = super()._get_slot(request)
        if not isinstance(slot, PoliteSlot):
            slot = self.slots[key] = PoliteSlot(slot.concurrency, slot.delay, slot.jitter, self.manners(request))
        return key, slot

    def _process_queue(self, slot: Slot) -> None:
        if isinstance(slot, PoliteSlot):
            slot.count_in_flight()
        if is_stopping(self.crawler):
            self.fail_queued(slot, CrawlStopped)
        super()._process_queue(slot)

    def _wait_for_download(
        self, slot: Slot, request: Request, queue_dfd: Deferred[Response]
    ) -> Coroutine[Any, Any, None]:
        # Counted before the coroutine starts; Scrapy counts when it runs, and with no delay starts any number at once.
        slot.transferring.add(request)
        if isinstance(slot, PoliteSlot):
            slot.count_in_flight()
        return super()._wait_for_download(slot, request, queue_dfd)
