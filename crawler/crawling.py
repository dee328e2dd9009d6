"""One `backissue crawl`: several sites at once in one process, each under its locks; the exit code tells a cron job."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from scrapy.crawler import AsyncCrawlerRunner

from archive import ArchiveError
from archive.model import Outcome
from crawler.runtime import Runtime
from crawler.sites import Site

if TYPE_CHECKING:
    from scrapy.settings import Settings

#: Outcomes that mean "the page could not be had this time".
FAILED = (Outcome.BLOCKED, Outcome.TRUNCATED, Outcome.ERROR)
EXIT_DONE, EXIT_SOME_FAILED, EXIT_NOTHING_FETCHED, EXIT_BUSY = 0, 3, 4, 75


@dataclass(slots=True)
class CrawlResult:
    """What a crawl came to."""

    counts: dict[str, Counter[str]] = field(default_factory=dict)
    """Site -> outcome -> captures."""
    source_failures: Counter[str] = field(default_factory=Counter)
    """Site -> sources (robots.txt, feeds, sitemaps) that could not be read, and pages whose host wants peace."""
    busy: list[str] = field(default_factory=list)
    """Sites that another crawl holds."""
    sites: int = 0
    signal_number: int | None = None
    error: str | None = None
    """What stopped the whole crawl; None where it ran to its end."""

    @property
    def total(self) -> Counter[str]:
        """Outcome -> captures, over all sites."""
        return sum(self.counts.values(), Counter())

    @property
    def exit_code(self) -> int:
        """As the contract of `backissue crawl` has it."""
        if self.signal_number is not None:
            return 128 + self.signal_number
        if self.error is not None:
            return EXIT_NOTHING_FETCHED
        if self.busy and len(self.busy) == self.sites:
            return EXIT_BUSY
        total = self.total
        failed = sum(total[str(outcome)] for outcome in FAILED) + sum(self.source_failures.values())
        if not failed:
            return EXIT_DONE
        return EXIT_SOME_FAILED if sum(total.values()) > sum(total[str(o)] for o in FAILED) else EXIT_NOTHING_FETCHED

    def summary(self) -> str:
        """One line fit for a cron mail.

        >>> CrawlResult(counts={"a": Counter(new=2, unchanged=5, error=1)}, sites=1).summary()
        '1 site: 8 pages, 2 new, 5 unchanged, 1 error'
        """
        total = self.total
        parts = [f"{total[str(outcome)]} {outcome}".replace("_", " ") for outcome in Outcome if total[str(outcome)]]
        pages = sum(total.values())
        text = f"{self.sites} site{'s' * (self.sites != 1)}: {', '.join([f'{pages} pages', *parts])}"
        if failures := sum(self.source_failures.values()):
            text += f", {failures} refused or unreadable"
        if self.busy:
            text += f", busy elsewhere: {', '.join(self.busy)}"
        if self.error:
            text += f"; stopped: {self.error}"
        return text


@dataclass(slots=True)
class Job:
    """One spider run that a crawl makes: a site, or URLs of one site."""

    site: Site
    urls: tuple[str, ...] = ()


async def crawl(runtime: Runtime, jobs: Sequence[Job], settings: Settings, *, at_once: int = 8) -> CrawlResult:
    """Crawl all jobs, `at_once` at a time, until they end or a signal stops them; the crawl's own row tells of it."""
    names = sorted({job.site.name for job in jobs})
    result = CrawlResult(sites=len(names))
    runtime.crawl_id = runtime.archive.start_crawl(names, runtime.now(), command=" ".join(sys.argv[1:]))
    runner = AsyncCrawlerRunner(settings)
    stopping = _stop_on_signals(runner, result)
    free = asyncio.Semaphore(at_once)

    async def run(job: Job) -> None:
        async with free:
            if not stopping.is_set() and runtime.recorder.error is None:
                await _run_spider(runner, runtime, job, result)

    ended = await asyncio.gather(*(run(job) for job in jobs), return_exceptions=True)
    await runtime.recorder.flush()
    await runtime.call(runtime.recorder.keeper.close)
    result.counts, result.source_failures = runtime.recorder.counts, runtime.failures
    failures = [error for error in (runtime.recorder.error, *ended) if isinstance(error, BaseException)]
    if failures:
        result.error = str(failures[0])
        if not isinstance(failures[0], ArchiveError):
            raise failures[0]
    else:
        await _end(runtime, result)
    return result


async def _end(runtime: Runtime, result: CrawlResult) -> None:
    """The crawl's row; where it cannot be written any more, that is how the crawl ended."""
    try:
        await runtime.call(
            runtime.archive.end_crawl, runtime.crawl_id, runtime.now(), result.exit_code, dict(result.total)
        )
        await runtime.call(runtime.recorder.keeper.expire)
    except ArchiveError as error:
        result.error = str(error)


async def _run_spider(runner: AsyncCrawlerRunner, runtime: Runtime, job: Job, result: CrawlResult) -> None:
    crawler = runner.create_crawler("article" if job.urls else "news")
    arguments: dict[str, Any] = {"urls": job.urls} if job.urls else {}
    await runner.crawl(crawler, site=job.site, runtime=runtime, **arguments)
    if getattr(crawler.spider, "busy", False):
        result.busy.append(job.site.name)


def _stop_on_signals(runner: Any, result: CrawlResult) -> asyncio.Event:
    """SIGINT and SIGTERM let what is in flight finish; a second one ends the process at once (nothing is lost)."""
    stopping = asyncio.Event()
    tasks: list[asyncio.Task[Any]] = []
    loop = asyncio.get_running_loop()

    def stop(number: int) -> None:
        if stopping.is_set():
            os._exit(128 + number)
        stopping.set()
        result.signal_number = number
        tasks.append(loop.create_task(runner.stop()))

    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop, number)
    return stopping
