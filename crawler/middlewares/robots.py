"""robots.txt before every request, as RFC 9309 has it; Scrapy's middleware takes "could not be had" for "allowed".

One fetch per scheme, host and port, kept for 24 hours and beyond the process (see `hosts`). What could not be had
forbids the whole host, and is asked for again after one to six hours, so that a dead robots.txt costs little. A stated
Crawl-delay reaches the downloader before the next request does. Parsing is `crawler.discovery.robots`.

Switched on by ROBOTSTXT_OBEY; settings ROBOTSTXT_USER_AGENT, BACKISSUE_ROBOTS_TIMEOUT and BACKISSUE_MAX_CRAWL_DELAY.
"""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from scrapy import Request
from scrapy.exceptions import IgnoreRequest, NotConfigured
from scrapy.http.request import NO_CALLBACK

from crawler.discovery.robots import MAX_BYTES, Robots, policy_for_status
from crawler.middlewares.addresses import ForbiddenAddress
from crawler.middlewares.hosts import RobotsAnswer, host_store
from crawler.middlewares.limits import READ_AT_MOST
from crawler.middlewares.politeness import CrawlStopped, HostBackingOff, PoliteDownloader

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

logger = logging.getLogger(__name__)

FRESH_FOR = timedelta(hours=24)
"""RFC 9309, 2.4."""
# A little under an hour, so that an hourly crawl asks again each time at first.
RECHECK_FIRST, RECHECK_LAST = timedelta(minutes=55), timedelta(hours=6)
MAX_REDIRECTS = 5
"""RFC 9309, 2.3.1.2; a longer chain counts as "there is none"."""
_IS_ROBOTS = "is_robots_txt"


class ForbiddenByRobots(IgnoreRequest):
    """robots.txt forbids the URL, or could not be had. Nothing was sent to the URL."""

    def __init__(self, url: str, reason: str) -> None:
        super().__init__(f"not fetched {url!r}: {reason}")
        self.url = url
        self.reason = reason


@dataclass(frozen=True, slots=True)
class HostRules:
    """The rules in force for one scheme, host and port."""

    origin: str
    answer: RobotsAnswer
    robots: Robots

    @classmethod
    def of(cls, origin: str, answer: RobotsAnswer) -> HostRules:
        policy = policy_for_status(answer.status)
        if policy == "parse":
            return cls(origin, answer, Robots.parse(answer.body))
        return cls(origin, answer, Robots.allow_all() if policy == "allow" else Robots.disallow_all())

    @property
    def reachable(self) -> bool:
        """False where robots.txt could not be had, and everything is forbidden for that."""
        return policy_for_status(self.answer.status) != "disallow"

    @property
    def why_forbidden(self) -> str:
        if self.reachable:
            return "robots.txt forbids it"
        found = f"HTTP {self.answer.status}" if self.answer.status else "no server answered"
        again = self.answer.fetched_at + patience(self.answer)
        return (
            f"its robots.txt could not be had ({found}), which forbids the whole host (RFC 9309); "
            f"it is asked for again after {again:%Y-%m-%d %H:%M} UTC"
        )


class RobotsMiddleware:
    """Asks a host's robots.txt before its first page; `rules` tells a spider the same, with the sitemaps."""

    def __init__(self, crawler: Crawler) -> None:
        if not crawler.settings.getbool("ROBOTSTXT_OBEY"):
            raise NotConfigured
        self._crawler = crawler
        self._agent: str = crawler.settings["ROBOTSTXT_USER_AGENT"] or crawler.settings["USER_AGENT"]
        self._timeout = crawler.settings.getfloat("BACKISSUE_ROBOTS_TIMEOUT")
        self._max_crawl_delay = crawler.settings.getfloat("BACKISSUE_MAX_CRAWL_DELAY")
        self._store = host_store(crawler)
        self._rules: dict[str, HostRules] = {}
        self._loading: dict[str, asyncio.Task[HostRules]] = {}

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> RobotsMiddleware:
        return cls(crawler)

    async def process_request(self, request: Request) -> None:
        if request.meta.get(_IS_ROBOTS) or not request.url.startswith(("http:", "https:")):
            return
        rules = await self.rules(request.url)
        if not rules.robots.allows(request.url, self._agent):
            self._crawler.stats.inc_value("robots/forbidden")
            raise ForbiddenByRobots(request.url, rules.why_forbidden)
        if delay := rules.robots.crawl_delay(self._agent):
            downloader = self._crawler.engine.downloader
            if isinstance(downloader, PoliteDownloader):
                downloader.manners(request).crawl_delay = min(float(delay), self._max_crawl_delay)

    async def rules(self, url: str) -> HostRules:
        """The rules for a URL's host, fetched where need be.

        Raises HostBackingOff where the host wants peace, ForbiddenAddress where it is not public.
        """
        origin = origin_of(url)
        known = self._rules.get(origin)
        if known and is_fresh(known.answer, datetime.now(UTC)):
            return known
        if origin not in self._loading:
            self._loading[origin] = asyncio.ensure_future(self._load(origin))
            self._loading[origin].add_done_callback(lambda _: self._loading.pop(origin))
        return await asyncio.shield(self._loading[origin])

    async def _load(self, origin: str) -> HostRules:
        kept = await asyncio.to_thread(self._store.get_robots, origin)
        if kept is None or not is_fresh(kept, datetime.now(UTC)):
            kept = await self._fetch(origin, failures=kept.failures if kept else 0)
            await asyncio.to_thread(self._store.put_robots, origin, kept)
        self._rules[origin] = HostRules.of(origin, kept)
        return self._rules[origin]

    async def _fetch(self, origin: str, failures: int) -> RobotsAnswer:
        meta = {
            _IS_ROBOTS: True,
            READ_AT_MOST: MAX_BYTES,
            "download_timeout": self._timeout,
            "max_retry_times": 1,
            "redirect_ttl": MAX_REDIRECTS,
        }
        # Not compressed: a stream that is cut at 500 KiB could not be read.
        headers = {"Accept": "text/plain,*/*;q=0.5", "Accept-Encoding": "identity"}
        request = Request(f"{origin}/robots.txt", headers=headers, meta=meta, callback=NO_CALLBACK, priority=1000)
        status: int | None = None
        body = b""
        self._crawler.stats.inc_value("robots/fetched")
        try:
            response = await self._crawler.engine.download_async(request)
            status = response.status
            body = response.body[:MAX_BYTES] if 200 <= status < 300 else b""
        except (HostBackingOff, CrawlStopped):  # says nothing about its robots.txt
            raise
        except ForbiddenAddress as error:
            if origin_of(error.url) == origin:  # the host itself, and not where its robots.txt was redirected to
                raise
        except IgnoreRequest as error:
            status = 310 if "max redirections" in str(error) else None
        except Exception as error:
            logger.info("No robots.txt from %s: %s: %s", origin, type(error).__name__, error)
        lost = policy_for_status(status) == "disallow"
        return RobotsAnswer(datetime.now(UTC), status, body, failures + 1 if lost else 0)


def origin_of(url: str) -> str:
    """Scheme, host and port: what one robots.txt speaks for.

    >>> origin_of("https://News.example/a?b"), origin_of("http://user@[2001:db8::1]:8080/")
    ('https://news.example', 'http://[2001:db8::1]:8080')
    """
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2].lower()}"


def is_fresh(answer: RobotsAnswer, now: datetime) -> bool:
    """True until a kept answer has to be asked for again.

    >>> then = datetime(2026, 3, 1, tzinfo=UTC)
    >>> is_fresh(RobotsAnswer(then, 200), then + timedelta(hours=23))
    True
    >>> lost = [RobotsAnswer(then, 503, failures=n) for n in (1, 2, 9)]
    >>> [is_fresh(answer, then + timedelta(hours=1)) for answer in lost]
    [False, True, True]
    >>> is_fresh(lost[2], then + timedelta(hours=6))
    False
    """
    age = now - answer.fetched_at
    if age < timedelta(0):  # the clock was set back: ask again
        return False
    return age < patience(answer)


def patience(answer: RobotsAnswer) -> timedelta:
    """For how long an answer holds."""
    if answer.failures == 0:
        return FRESH_FOR
    return min(RECHECK_LAST, RECHECK_FIRST * (1 << min(answer.failures - 1, 10)))
