"""The spider for single URLs, declared site or not."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

from scrapy import Request

from archive.model import Candidate, Due
from crawler.sites import Site
from crawler.spiders.base import ArchiveSpider


class ArticleSpider(ArchiveSpider):
    """`scrapy crawl article -a url=URL` (or urls=URL,URL): looks at once, whatever is due."""

    name = "article"
    by_hand = True

    def __init__(self, *args: Any, url: str | None = None, urls: Any = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        listed = urls.split(",") if isinstance(urls, str) else list(urls)
        self.urls = tuple(filter(None, [url, *listed]))
        if not self.urls:
            raise ValueError("the article spider needs -a url=URL")

    def choose_site(self, wanted: Site | str | None) -> Site:
        return super().choose_site(wanted) if wanted else self.runtime.sites.of_url(self.urls[0])

    async def start(self) -> AsyncIterator[Request]:
        if not await self.lock(*self.urls):
            return
        archive, now = self.runtime.archive, self.runtime.now()
        allowance = await self.runtime.call(self.runtime.allowance, self.site)
        await self.runtime.call(archive.add_site, self.site.name, self.site.url, scale=allowance.scale)
        found = [Candidate(url=url, found_in="seed") for url in self.urls]
        await self.runtime.call(archive.plan, self.site.name, found, now)
        for url in self.urls:
            await self.runtime.call(archive.release, url, now)  # asked for by hand: what it did to a reader is forgiven
            yield self.article_request(Due(url=url, reason="new", due_at=now))
