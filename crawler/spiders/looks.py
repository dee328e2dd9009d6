"""Looks at what is due at a site, past Scrapy's scheduler and scraper: they took a tenth of a crawl's own time or more.

Each request passes every downloader middleware and each capture every pipeline, as if the engine had led them there.
What lies between has nothing to do for a list of pages that the archive made and of which nothing further is asked. The
engine is told that a request is under way until all looks are recorded: only then does it close a spider.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from scrapy import Request
from scrapy.spidermiddlewares.httperror import HttpError
from twisted.python.failure import Failure

from archive.model import Capture, Due
from crawler.middlewares.politeness import is_stopping
from crawler.reading import ANSWERS

if TYPE_CHECKING:
    from crawler.spiders.base import ArchiveSpider

UNRECORDED = 300
"""Captures of a site that may wait to be recorded, more than a batch; no more pages are fetched meanwhile."""
WAITING = 2
"""Looks at a host at once besides those that are read: one waits for the answer, the next for the host's turn. More
would be fetched long before they are read, and held in memory."""


class Looks:
    """The looks of one spider at one list of pages, a few at a time, in the list's order."""

    def __init__(self, spider: ArchiveSpider, due: Sequence[Due]) -> None:
        assert spider.crawler.engine is not None
        self._spider, self._engine, self._recorder = spider, spider.crawler.engine, spider.runtime.recorder
        self._recorder.ahead += len(due)
        self._waiting = iter(due)
        hosts = {urlsplit(one.url).netloc for one in due}
        most = spider.crawler.settings.getint("CONCURRENT_REQUESTS") or len(due)
        self._at_once = min(len(due), most, spider.runtime.workers.room + WAITING * len(hosts))
        self._room = asyncio.Semaphore(UNRECORDED)
        self._recording: set[asyncio.Task[None]] = set()
        self._running: asyncio.Task[None] | None = None

    async def run(self) -> None:
        """Returns when all looks are recorded. Where the crawl is stopped no further one is begun; Scrapy cancels who
        waits here then, and the looks that are under way are recorded all the same."""
        slot = self._engine._slot
        if slot is not None and not is_stopping(self._spider.crawler):
            under_way = Request(self._spider.site.url)
            slot.add_request(under_way)
            self._running = asyncio.create_task(self._run())
            self._running.add_done_callback(lambda _: slot.remove_request(under_way))
            await asyncio.shield(self._running)

    async def _run(self) -> None:
        await asyncio.gather(*(self._look_on() for _ in range(self._at_once)))
        await asyncio.gather(*self._recording)

    async def _look_on(self) -> None:
        for due in self._waiting:
            self._recorder.ahead -= 1
            if is_stopping(self._spider.crawler):
                return
            request = self._spider.article_request(due)
            try:
                await self._look(due, request)
            except Exception:
                failure = Failure()  # type: ignore[no-untyped-call]
                self._engine.scraper.handle_spider_error(failure, request, failure)

    async def _look(self, due: Due, request: Request) -> None:
        try:
            response = await self._engine.download_async(request)
            if not 200 <= response.status < 300 and response.status not in ANSWERS:
                raise HttpError(response, "Ignoring non-200 response")
        except Exception as error:
            for capture in await self._spider.captures_of_failure(due, error):
                await self._record(capture)
        else:
            async for capture in self._spider.parse(response):
                await self._record(capture)

    async def _record(self, capture: Capture) -> None:
        """Hands a capture to the pipelines; waits only where many wait already."""
        await self._room.acquire()
        task = asyncio.create_task(self._engine.scraper.start_itemproc_async(capture, response=None))
        self._recording.add(task)
        task.add_done_callback(self._recorded)

    def _recorded(self, task: asyncio.Task[None]) -> None:
        self._recording.discard(task)
        self._room.release()
