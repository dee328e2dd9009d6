"""One `backissue crawl`: several sites at once in one process, each under its locks."""

from __future__ import annotations

import asyncio
import gc
import logging
import sys
from collections import defaultdict
from collections.abc import Awaitable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from scrapy.crawler import AsyncCrawlerRunner

from archive import ArchiveError, room
from archive.locks import lock_name
from crawler.browser import NoBrowser, find_chromium
from crawler.keeping import Keeper
from crawler.results import CrawlResult
from crawler.runtime import Runtime
from crawler.sites import Site
from crawler.stopping import STORING, Stopping

if TYPE_CHECKING:
    from scrapy.settings import Settings

logger = logging.getLogger(__name__)


@dataclass(slots=True)
class Job:
    """One spider run that a crawl makes: a site, or URLs of one site."""

    site: Site
    urls: tuple[str, ...] = ()


async def crawl(runtime: Runtime, jobs: Sequence[Job], settings: Settings, *, at_once: int = 8) -> CrawlResult:
    """Crawl all jobs, `at_once` at a time, until they end or a signal stops them; the crawl's own row tells of it.

    Raises ArchiveError, with nothing fetched, where nothing could be stored.
    """
    room.check(runtime.archive, _keeper(runtime).store.folder)
    _collect_seldom()
    names = sorted({job.site.name for job in jobs})
    result = CrawlResult(sites=len(names))
    runtime.started_at = runtime.now()
    runtime.crawl_id = runtime.archive.start_crawl(names, runtime.started_at, command=" ".join(sys.argv[1:]))
    runner = AsyncCrawlerRunner(settings)
    stopping = Stopping(runner, runtime)
    free = asyncio.Semaphore(at_once)
    # Two jobs at one host take turns: the second would find the first's lock, and call it another crawl's.
    turns: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)

    async def run(job: Job) -> None:
        async with turns[lock_name(urlsplit(job.site.url).netloc)], free:
            if stopping.number is None and runtime.recorder.error is None:
                await _run_spider(runner, runtime, job, result)

    running = asyncio.gather(*(run(job) for job in jobs), return_exceptions=True)
    overdue = asyncio.create_task(stopping.overdue.wait())
    running.add_done_callback(lambda _: overdue.cancel())
    await asyncio.wait([overdue])
    result.signal_number, result.cut_short = stopping.number, not running.done()
    failures = [error for error in (running.result() if running.done() else []) if isinstance(error, BaseException)]
    with suppress(TimeoutError):
        await asyncio.wait_for(_end(runtime, result, failures), STORING if stopping.number else None)
    return result


async def _run_spider(runner: AsyncCrawlerRunner, runtime: Runtime, job: Job, result: CrawlResult) -> None:
    if job.site.render:
        try:
            find_chromium()
        except NoBrowser as error:
            runtime.trouble(job.site.name, f"not crawled: render = true needs a browser, and {error}")
            return
    crawler = runner.create_crawler("article" if job.urls else "news")
    arguments: dict[str, Any] = {"urls": job.urls} if job.urls else {}
    await runner.crawl(crawler, site=job.site, runtime=runtime, **arguments)
    if getattr(crawler.spider, "busy", False):
        result.busy.append(job.site.name)


async def _end(runtime: Runtime, result: CrawlResult, failures: Sequence[BaseException]) -> None:
    """Everything that was seen is stored; then the crawl's row. Raises what is no trouble of the archive."""
    recorder = runtime.recorder
    result.counts, result.reasons, result.troubles = recorder.counts, recorder.reasons, runtime.troubles
    await recorder.flush()
    result.left = +runtime.left
    await runtime.call(recorder.writer.close)
    failures = [error for error in (recorder.error, *failures) if error is not None]
    if failures:
        result.error = str(failures[0])
        if not isinstance(failures[0], ArchiveError):
            raise failures[0]
        return
    try:
        result.warnings = await _warnings(runtime, result)
        await runtime.call(
            runtime.archive.end_crawl, runtime.crawl_id, runtime.now(), result.exit_code, dict(result.total)
        )
        await runtime.call(_keeper(runtime).expire)
    except ArchiveError as error:
        result.error = str(error)
    await runtime.browser.close()


def _collect_seldom() -> None:
    """Garbage is looked for a tenth as often, and never among what was loaded: by default it takes a tenth of a crawl's
    own time. Pages are no garbage of that kind, they go when nobody names them."""
    gc.freeze()
    gc.set_threshold(10_000, 10, 10)


def _keeper(runtime: Runtime) -> Keeper:
    """This process's own, for what is done before the writing process starts and after it ended."""
    return Keeper(runtime.archive, runtime.sites, runtime.raw_folder, now=runtime.now)


async def _warnings(runtime: Runtime, result: CrawlResult) -> dict[str, list[str]]:
    """What the crawl warns of, and what became unusual at its sites since it began; `backissue stats SITE` tells what
    still is."""
    found = dict(runtime.warnings)
    for site in sorted(result.counts):
        before = await _unusual(runtime, site, runtime.started_at)
        if news := [
            words for kind, words in (await _unusual(runtime, site, runtime.now())).items() if kind not in before
        ]:
            found[site] = [*found.get(site, ()), *news]
    return found


def _unusual(runtime: Runtime, site: str, at: Any) -> Awaitable[dict[str, str]]:
    return runtime.call(runtime.archive.unusual, site, at)
