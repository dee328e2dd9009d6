"""The site spider: find what the site lists, then look at what is new or due."""

from __future__ import annotations

from collections.abc import AsyncIterator

from scrapy import Request

from archive import ArchiveError
from archive.model import Due
from crawler.budget import Allowance
from crawler.finding import Finder
from crawler.middlewares.politeness import CrawlStopped
from crawler.middlewares.robots import RobotsMiddleware
from crawler.spiders.base import ArchiveSpider
from crawler.spiders.looks import Looks
from crawler.traffic import HOUR, requests_since


class NewsSpider(ArchiveSpider):
    """`scrapy crawl news -a site=NAME`. Holds the site's locks while it runs; `busy` where another crawl has one."""

    name = "news"
    looks: Looks | None = None
    """At what was due; None before that is known."""

    async def start(self) -> AsyncIterator[Request]:
        """No requests for the engine: see `Looks`."""
        if not await self.lock():
            return
        try:
            self.looks = Looks(self, await self.find_due())
            await self.looks.run()
        except ArchiveError as error:
            self.runtime.recorder.error = error  # stops every crawl of this process
        except Exception as error:
            self.logger.exception("%s: the crawl of it broke", self.site.name)
            self.runtime.trouble(self.site.name, f"its crawl broke: {type(error).__name__}: {error}")
        for request in tuple[Request, ...]():
            yield request  # which makes it the asynchronous generator that Scrapy wants

    async def find_due(self) -> list[Due]:
        """Everything that is due once the site's sources were read; nothing where robots.txt forbids the site."""
        archive, allowance = self.runtime.archive, await self.runtime.call(self.runtime.allowance, self.site)
        await self.runtime.call(archive.add_site, self.site.name, self.site.url, scale=allowance.scale)
        left = await self.requests_left(allowance)
        if left == 0:
            return []
        try:
            rules = await self.robots().rules(self.site.url)
        except ArchiveError:
            raise
        except CrawlStopped:
            return []
        except Exception as error:
            self.runtime.trouble(self.site.name, f"nothing was fetched: {error}")
            return []
        if not rules.reachable:
            self.runtime.trouble(self.site.name, f"nothing was fetched: {rules.why_forbidden}")
            return []
        await Finder(self.site, self.runtime, self.download, self.rendered).run(rules.robots.sitemaps)
        sent = self.crawler.stats.get_value("downloader/request_count", 0) if self.crawler.stats else 0
        bounds = (self.runtime.limit, None if left is None else max(left - sent, 0))
        limit = min((bound for bound in bounds if bound is not None), default=None)
        return await self.runtime.call(archive.due, self.site.name, self.runtime.now(), limit)

    async def requests_left(self, allowance: Allowance) -> int | None:
        """What the hour's budget leaves to this crawl; None = no bound. What it cannot take stays due."""
        if allowance.per_hour is None:
            return None
        archive, an_hour_ago = self.runtime.archive, self.runtime.now() - HOUR
        left = allowance.left(await self.runtime.call(requests_since, archive, self.site.name, an_hour_ago))
        if left == 0:
            self.logger.info("%s: this hour's %d requests are made", self.site.name, allowance.per_hour)
        return left

    def robots(self) -> RobotsMiddleware:
        """The crawler's robots.txt middleware (its rules name the sitemaps)."""
        middleware = self.crawler.get_downloader_middleware(RobotsMiddleware)
        if middleware is None:
            raise RuntimeError("ROBOTSTXT_OBEY is off; the news spider will not crawl without it")
        return middleware
