"""What every spider of ours does: fetch a page that is due, have it read by a worker, yield a Capture."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, Self
from urllib.parse import urlsplit

from scrapy import Request, Spider
from scrapy.http import Response
from twisted.python.failure import Failure

from archive import ArchiveError, Busy
from archive.identity import is_later_part
from archive.locks import HostLocks
from archive.model import Candidate, Capture, Due, Outcome, Verdict
from crawler import reading
from crawler.browser import NoBrowser
from crawler.extraction import VERSION, Extraction, PageLinks
from crawler.middlewares.host_locks import HostBusy
from crawler.middlewares.politeness import RETRY_AFTER_AT, CrawlStopped, HostBackingOff
from crawler.outcomes import OUTCOME_OF_VERDICT, outcome_of_failure, outcome_of_status
from crawler.rendering import RENDERED, rendered
from crawler.reservations import reservations
from crawler.runtime import Runtime
from crawler.sites import Site
from crawler.variants import Variants, is_one
from crawler.workers import WorkerFailed

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

#: Parts of one article that are fetched and joined; a page that claims more is a trap.
MAX_PARTS = 20
#: Nothing was sent, so nothing was seen: the page stays due.
NOTHING_SENT = (CrawlStopped, HostBackingOff, HostBusy)


class ArchiveSpider(Spider):
    """Base of the spiders; `runtime` is shared by all crawls of a process."""

    custom_settings: dict[str, Any] | None = {  # noqa: RUF012 - as Scrapy declares it
        # A page yields one capture, seldom two: four tasks an answer (settings.py's, for spiders that yield many) idle.
        "CONCURRENT_ITEMS": 1,
        # A crawl is of one site: no request waits for the least busy of several hosts.
        "SCHEDULER_PRIORITY_QUEUE": "scrapy.pqueues.ScrapyPriorityQueue",
        # The others are about requests that a callback yields (depth, referrer, length); ours yield captures only.
        "SPIDER_MIDDLEWARES_BASE": {"scrapy.spidermiddlewares.httperror.HttpErrorMiddleware": 50},
    }
    runtime: Runtime
    site: Site
    locks: HostLocks | None = None
    """Of the site's hosts, and of those that the crawl is led to; None before `lock`."""
    by_hand = False
    """Whether somebody named the very addresses (and may well name one by a short link)."""
    busy = False
    """True where another crawl holds the site's hosts."""

    def __init__(
        self, *args: Any, site: Site | str | None = None, runtime: Runtime | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self._wanted = site
        if runtime is not None:
            self.runtime = runtime

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> Self:
        """Under plain `scrapy crawl` the spider finds the archive and the sites by the settings."""
        spider = super().from_crawler(crawler, *args, **kwargs)
        if not hasattr(spider, "runtime"):
            spider.runtime = Runtime.of(crawler)
        spider.site = spider.choose_site(spider._wanted)
        crawler.settings.setdict(site_settings(spider.site), priority="spider")
        return spider

    def choose_site(self, wanted: Site | str | None) -> Site:
        """The site that the spider works on. Raises ValueError with what is known where the name is not."""
        if isinstance(wanted, Site):
            return wanted
        if wanted is None:
            known = ", ".join(self.runtime.sites.names)
            raise ValueError(f"the {self.name} spider needs -a site=NAME (known: {known})")
        return self.runtime.sites[wanted]

    @property
    def site_name(self) -> str:
        """The Site's name, as captures carry it."""
        return self.site.name

    @cached_property
    def variants(self) -> Variants:
        """Which addresses show one article."""
        return Variants(self.runtime.archive, self.site, self.runtime.now, by_hand=self.by_hand)

    async def lock(self, *urls: str) -> bool:
        """Take the locks of the hosts of the site and of these URLs until the spider closes; False (and `busy`) where
        another crawl has one."""
        self.locks = HostLocks(self.runtime.archive)
        try:
            await self.runtime.call(self.locks.take, [urlsplit(url).netloc for url in (self.site.url, *urls)])
        except Busy as error:
            self.busy = True
            self.logger.info("%s: %s", self.site.name, error)
            return False
        return True

    async def closed(self, reason: str) -> None:
        """Scrapy calls this at the end: what was recorded is stored, the locks go."""
        await self.runtime.recorder.flush()
        if self.locks is not None:
            self.locks.close()

    async def download(self, url: str, headers: dict[str, str] | None = None, **meta: Any) -> Response:
        """One fetch through every downloader middleware, whatever its status. Raises what the downloader raises."""
        asked = {"handle_httpstatus_list": reading.ANSWERS, **meta}
        return await self.crawler.engine.download_async(Request(url, headers=headers, meta=asked, dont_filter=True))

    async def rendered(self, response: Response) -> Response:
        """The answer as a browser shows it, where the site's `render` wants that. Raises what `rendered` raises."""
        return await rendered(response, self.site, self.runtime.browser, self.download)

    def article_request(self, due: Due) -> Request:
        """The fetch of a due URL; with its validators where the site's `conditional` setting allows a 304."""
        meta: dict[str, Any] = {"handle_httpstatus_list": reading.ANSWERS, "due": due}
        if reading.may_be_conditional(self.site, due):
            meta["conditional"] = {"etag": due.etag, "last_modified": due.last_modified}
        return Request(due.url, callback=self.parse, errback=self.failed, meta=meta, dont_filter=True)

    async def parse(self, response: Response, **_: Any) -> AsyncIterator[Capture]:
        """The captures of one answer: one, or two where the page is a variant of another address."""
        due: Due = response.meta["due"]
        if (said := self.said_without_reading(due, response)) is not None:
            yield said
            return
        try:
            response = await self.rendered(response)
            extraction = await self.read(response)
            asked, landed, leads_elsewhere = due.url, response.url, self.variants.leads_elsewhere
            if landed != asked and await self.runtime.call(leads_elsewhere, asked, landed, extraction):
                reason = "redirected to another story"
                yield self.capture(due, response, outcome=Outcome.NOT_ARTICLE, reason=reason)
                return
            response, extraction = await self.first_part(due, response, extraction)
            canonical = reading.other_address(response.url, extraction)
            if canonical is None:
                extraction, parts = await self.with_other_parts(response, extraction)
                yield self.capture(due, response, extraction=extraction, parts=parts)
        except Exception as error:
            for capture in await self.captures_of_failure(due, error, response):
                yield capture
            return
        if canonical is not None:
            async for capture in self.follow_canonical(due, response, extraction, canonical):
                yield capture

    def said_without_reading(self, due: Due, response: Response) -> Capture | None:
        """The capture of an answer whose status or place says enough; None where it has to be read."""
        outcome = outcome_of_status(response.status)
        if outcome is not None:
            return self.capture(due, response, outcome=outcome, reason=f"HTTP {response.status}")
        if reading.is_led_home(due.url, response.url, self.site.url):
            return self.capture(due, response, outcome=Outcome.GONE, reason="redirected to the front page")
        return None

    async def first_part(self, due: Due, response: Response, part: Extraction) -> tuple[Response, Extraction]:
        """Where a listing led to a further part of an article, its first one: from there all are read, in order."""
        first = part.article.canonical_url if part.article else None
        if first is None or not is_later_part(response.url, first):
            return response, part
        answer = await self.rendered(await self.download(first, due=due))
        extraction = await self.read(answer)
        is_first = outcome_of_status(answer.status) is None and extraction.verdict is Verdict.ARTICLE
        return (answer, extraction) if is_first else (response, part)

    async def follow_canonical(
        self, due: Due, response: Response, extraction: Extraction, canonical: str
    ) -> AsyncIterator[Capture]:
        """The article under the address that its AMP, mobile or print variant names; the variant becomes an alias.

        Where no article is known there and none is found, or one of another story, the page names a wrong address: then
        it is the article itself. (Where nobody could be asked, that address waits for the next crawl.)
        """
        if await self.runtime.call(self.variants.names_wrongly, due.url, extraction, canonical):
            for capture in await self.captures_of_variant(due, response, extraction):
                yield capture
            return
        candidate = Candidate(url=canonical, found_in="link")
        await self.runtime.call(self.runtime.archive.plan, self.site_name, [candidate], self.runtime.now())
        captures = await self.look_at(Due(url=canonical, reason="new", due_at=due.due_at), other_urls=(due.url,))
        main = captures[-1].content if captures else None
        known = main or await self.runtime.call(self.variants.known, canonical)
        is_variant = not captures or is_one(extraction.article, known)
        if is_variant:
            reason = f"a variant of {canonical}"
            yield self.capture(due, response, outcome=Outcome.MOVED, reason=reason, final_url=canonical)
        else:
            for capture in await self.captures_of_variant(due, response, extraction):
                yield capture
        for capture in captures:
            yield capture if is_variant else replace(capture, other_urls=())

    async def captures_of_variant(self, due: Due, response: Response, extraction: Extraction) -> Sequence[Capture]:
        """The capture of a page that names another address, as the article that it is; or what its failure leaves."""
        article = replace(extraction.article, canonical_url=None) if extraction.article else None
        try:
            whole, parts = await self.with_other_parts(response, replace(extraction, article=article))
        except Exception as error:
            return await self.captures_of_failure(due, error, response)
        return [self.capture(due, response, extraction=whole, parts=parts)]

    async def look_at(self, due: Due, other_urls: tuple[str, ...]) -> Sequence[Capture]:
        """The captures of one more fetch, made at once; [] where nothing was sent."""
        answer: Response | None = None
        try:
            answer = await self.download(due.url, due=due)
            if (said := self.said_without_reading(due, answer)) is not None:
                return [said]
            answer = await self.rendered(answer)
            extraction, parts = await self.with_other_parts(answer, await self.read(answer))
            return [self.capture(due, answer, extraction=extraction, parts=parts, other_urls=other_urls)]
        except Exception as error:
            return await self.captures_of_failure(due, error, answer)

    async def read(self, response: Response) -> Extraction:
        """The extraction of one answer, made in a worker process. Raises WorkerFailed, whatever it fails of."""
        try:
            return await self.runtime.workers.run(
                reading.read_article,
                response.body,
                response.url,
                content_type=reading.header(response, "Content-Type"),
                fetched_at=self.runtime.now(),
                hints=self.site.hints_at(self.runtime.now().date()),
            )
        except WorkerFailed:
            raise
        except Exception as error:
            raise WorkerFailed(f"the extractor failed: {type(error).__name__}: {error}") from error

    async def with_other_parts(self, response: Response, first: Extraction) -> tuple[Extraction, list[Response]]:
        """The article with its further pages joined, and their answers; unchanged where it has one page."""
        parts, seen, following = [first], {response.url}, first.links.next_page
        answers: list[Response] = []
        while first.verdict is Verdict.ARTICLE and following and following not in seen and len(parts) < MAX_PARTS:
            seen.add(following)
            try:
                answer = await self.rendered(await self.download(following))
                part = await self.read(answer)
            except NOTHING_SENT:
                raise
            except Exception as error:
                part = Extraction(verdict=Verdict.TRUNCATED, reason=f"part {len(parts) + 1}: {error!r}")
            else:
                outcome = outcome_of_status(answer.status)
                if outcome is Outcome.GONE and not await self.runtime.call(self.variants.goes_on, response.url, parts):
                    parts[-1] = replace(parts[-1], links=replace(parts[-1].links, next_page=None))
                    break
                if outcome is not None:
                    part = Extraction(verdict=Verdict.TRUNCATED, reason=f"part {len(parts) + 1}: HTTP {answer.status}")
                answers.append(answer)
            parts.append(part)
            following = part.links.next_page
        if len(parts) == 1:
            return parts[0], answers
        from crawler.extraction import join  # late: it loads the extractor

        return join(parts), answers

    async def crashed_capture(self, due: Due, response: Response, error: WorkerFailed) -> Capture:
        """The capture of a page that hung or killed its reader; after three of them the page is left alone."""
        await self.runtime.call(self.runtime.archive.quarantine, due.url, error.reason, self.runtime.now())
        return self.capture(due, response, outcome=Outcome.ERROR, reason=error.reason)

    async def failed(self, failure: Failure) -> Sequence[Capture]:
        """The capture of a fetch that brought no answer (Scrapy's errback)."""
        due: Due = failure.request.meta["due"]  # type: ignore[attr-defined]
        return await self.captures_of_failure(due, failure.value or RuntimeError("no reason given"))

    async def captures_of_failure(
        self, due: Due, error: BaseException, response: Response | None = None
    ) -> Sequence[Capture]:
        """What a failed look leaves: a capture with its reason, or nothing where nothing was seen of the page."""
        if isinstance(error, NOTHING_SENT):
            self.runtime.left[self.site_name] += not isinstance(error, CrawlStopped)
            return []
        if isinstance(error, NoBrowser):
            self.runtime.left[self.site_name] += 1
            self.runtime.trouble(self.site_name, f"pages were not rendered: {error}")
            return []
        if isinstance(error, ArchiveError):
            self.runtime.recorder.error = self.runtime.recorder.error or error  # stops every crawl of this process
            return []
        if isinstance(error, WorkerFailed) and response is not None:
            return [await self.crashed_capture(due, response, error)]
        return [self.failed_capture(due, error)]

    def failed_capture(self, due: Due, error: BaseException) -> Capture:
        """The capture of a fetch that raised."""
        outcome, reason = outcome_of_failure(error)
        return Capture(
            url=due.url,
            captured_at=self.runtime.now(),
            outcome=outcome,
            reason=reason,
            site=self.site_name,
            crawl_id=self.runtime.crawl_id,
        )

    def capture(
        self,
        due: Due,
        response: Response,
        *,
        extraction: Extraction | None = None,
        parts: Sequence[Response] = (),
        outcome: Outcome | None = None,
        reason: str | None = None,
        final_url: str | None = None,
        other_urls: tuple[str, ...] = (),
    ) -> Capture:
        """The Capture of an answer: what was read of it, or the outcome that its status decided."""
        if extraction is not None:
            outcome, reason = OUTCOME_OF_VERDICT[extraction.verdict], extraction.reason
        landed = final_url or response.url
        links, now = extraction.links if extraction else PageLinks(), self.runtime.now()
        asked = reservations(reading.headers(response), links.robots, links.tdm_reservation)
        rendered = {"rendered": reading.header(response, RENDERED) or "no"} if self.site.render else {}
        return Capture(
            url=due.url,
            captured_at=now,
            outcome=outcome,
            verdict=extraction.verdict if extraction else None,
            reason=reason,
            status=response.status,
            final_url=None if landed == due.url else landed,
            content=extraction.article if extraction and outcome is None else None,
            engagement=extraction.engagement if extraction and outcome is None else None,
            site=self.site_name,
            crawl_id=self.runtime.crawl_id,
            extractor=VERSION if extraction else None,
            retry_after_at=response.meta.get(RETRY_AFTER_AT),
            etag=reading.header(response, "ETag"),
            last_modified=reading.header(response, "Last-Modified"),
            other_urls=other_urls,
            provenance={**(extraction.provenance if extraction else {}), **asked, **rendered} or None,
            raw=reading.raw_answers(self.site, (response, *parts), outcome, asked, now),
        )


def site_settings(site: Site) -> dict[str, Any]:
    """The Scrapy settings that a site's declaration decides."""
    return {
        "DOWNLOAD_DELAY": site.delay,
        "USER_AGENT": site.user_agent,
        "BACKISSUE_ALLOW_ADDRESSES": list(site.allow_addresses),
    }
