"""Fetches single pages outside a crawl (`extract URL`, `sites add`, `sites check`), through a crawl's guards."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any, TypeVar

from scrapy import Request, Spider
from scrapy.crawler import AsyncCrawlerRunner

from crawler import reactor
from crawler.probe import Fetched
from crawler.reading import ANSWERS, header

if TYPE_CHECKING:
    from scrapy.settings import Settings

T = TypeVar("T")


Fetch = Callable[[str], Awaitable[Fetched]]


class FetchSpider(Spider):
    """Runs one coroutine with a `fetch` of its own; records nothing."""

    name = "fetch"

    def __init__(self, *args: Any, work: Callable[[Fetch], Awaitable[Any]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.work = work
        self.value: Any = None
        self.error: BaseException | None = None

    async def start(self) -> Any:
        try:
            self.value = await self.work(self.fetch)
        except Exception as error:
            self.error = error
        return
        yield  # an async generator that yields nothing: Scrapy wants one

    async def fetch(self, url: str) -> Fetched:
        """The answer; what went wrong stands in its `error`. Never raises."""
        request = Request(url, meta={"handle_httpstatus_list": ANSWERS}, dont_filter=True)
        try:
            response = await self.crawler.engine.download_async(request)
        except Exception as error:
            return Fetched(url, error=str(error) or type(error).__name__)
        return Fetched(response.url, response.status, response.body, None, header(response, "Content-Type"))


def run(settings: Settings, work: Callable[[Fetch], Awaitable[T]]) -> T:
    """The value of `work(fetch)`. Blocks; once a process. Raises what it raises."""

    async def main() -> T:
        settings.set("ITEM_PIPELINES", {}, priority="cmdline")
        runner = AsyncCrawlerRunner(settings)
        crawler = runner.create_crawler(FetchSpider)
        await runner.crawl(crawler, work=work)
        spider: Any = crawler.spider
        if spider.error is not None:
            raise spider.error
        return spider.value  # type: ignore[no-any-return]

    return reactor.run(main)
