"""Workers for more than one machine: procrastinate on the archive's own PostgreSQL hands out due sites and imports.

A job is one of our own commands, run as a child process (`backissue crawl SITE`): procrastinate's event loop and
Scrapy's reactor each want to be the only one, a crawl that runs out of memory costs nobody else, and what a command
does is tested once. Jobs hold nothing that the archive does not hold too: a site that is crawled twice is `busy` the
second time, an import stores what was stored before once. So a job may always be done again.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

from procrastinate import App, PsycopgConnector, RetryStrategy, exceptions
from procrastinate.jobs import Job, Status

from archive import Archive
from crawler.discovery.robots import policy_for_status
from crawler.hosts import ArchiveHosts
from crawler.middlewares.robots import is_fresh, origin_of
from crawler.sites import Site, load_sites
from crawler.worker_metrics import count_for_ever, serve

logger = logging.getLogger(__name__)

#: Exit codes of `crawl` after which doing it again at once helps nobody: done, failures that the frontier knows, a
#: mistake in sites.toml, busy; and those of imports: done, some lines left out. (Where an import ends with 2, the file
#: or the database is not there now: it waits, and is told of as failed in the end.)
CRAWL_SETTLED = frozenset({0, 2, 3, 4, 75})
IMPORT_SETTLED = frozenset({0, 1})
MOST_TRIES = 5


class JobFailed(Exception):
    """A job's command was stopped, was killed or broke: another try may better it."""


@dataclass(frozen=True, slots=True)
class WorkerOptions:
    """What the `worker` command was told."""

    database: str
    sites_file: Path
    jobs_at_once: int = 2
    heartbeat: float = 10.0
    """Seconds between two signs of life; a worker silent for three of them is taken for dead."""
    wait: bool = True
    """False: end when nothing is left to do."""
    metrics: tuple[str, int] | None = None
    """Address and port of /metrics; None = it is not served."""


def make_app(options: WorkerOptions) -> App:
    """procrastinate on the archive's database (its tables are named procrastinate_…), with the kinds of jobs."""
    app = App(connector=PsycopgConnector(conninfo=options.database.replace("postgresql+psycopg://", "postgresql://")))
    again = RetryStrategy(max_attempts=MOST_TRIES, exponential_wait=4, retry_exceptions=(JobFailed,))

    @app.task(name="crawl", retry=again)
    async def crawl(site: str) -> None:
        await run_command(options, ["crawl", site], CRAWL_SETTLED)

    @app.task(name="import", retry=again)
    async def import_file(kind: str, path: str) -> None:
        await run_command(options, ["import", kind, path], IMPORT_SETTLED)

    @app.task(name="reextract", retry=again)
    async def reextract(site: str) -> None:
        await run_command(options, ["reextract", "--site", site], IMPORT_SETTLED)

    @app.periodic(cron="* * * * *")
    @app.task(name="look", queueing_lock="look", priority=10)
    async def look(timestamp: int) -> None:
        await defer_due(app, options)

    return app


async def run_command(options: WorkerOptions, arguments: Sequence[str], settled: frozenset[int]) -> None:
    """Run one of our commands to its end. Raises JobFailed where another try may help."""
    command = [sys.executable, "-c", "from crawler.cli import main; main()", *arguments]
    # Not as arguments: the database's password is nobody's business who lists processes.
    own = {"BACKISSUE_DATABASE": options.database, "BACKISSUE_SITES": str(options.sites_file)}
    process = await asyncio.create_subprocess_exec(*command, stdin=asyncio.subprocess.DEVNULL, env=os.environ | own)
    try:
        code = await process.wait()
    except asyncio.CancelledError:  # the worker was told to stop: so is the command, which finishes what is in flight
        with contextlib.suppress(ProcessLookupError):
            process.terminate()
        code = await process.wait()
    if code not in settled:
        raise JobFailed(f"backissue {' '.join(arguments)} ended with {code}")


async def prepare(app: App) -> None:
    """procrastinate's tables, made once; workers that start together may both try."""
    if not await app.check_connection_async():
        try:
            await app.schema_manager.apply_schema_async()
        except exceptions.ConnectorException:
            if not await app.check_connection_async():
                raise


def due_sites(archive: Archive, sites: Sequence[Site], now: datetime) -> list[str]:
    """Sites with a page or a source that is due, and those never crawled; none that could not be asked anything now."""
    able = [site for site in sites if not site.paused and not _is_shut(archive, site.url, now)]
    return [site.name for site in able if _is_due(archive, site.name, now)]


def _is_shut(archive: Archive, home: str, now: datetime) -> bool:
    """Whether the site's host wants peace, or its robots.txt could not be had and is not asked for again yet."""
    hosts = ArchiveHosts(archive)
    rests_until = hosts.get_back_off(urlsplit(home).hostname or "")
    robots = hosts.get_robots(origin_of(home))
    is_lost = robots is not None and policy_for_status(robots.status) == "disallow" and is_fresh(robots, now)
    return is_lost or (rests_until is not None and rests_until > now)


def _is_due(archive: Archive, site: str, now: datetime) -> bool:
    sources = archive.sources(site)
    if not sources or any(source.due_at is None or source.due_at <= now for source in sources):
        return True
    page_due_at = archive.next_due_at(site)
    return page_due_at is not None and page_due_at <= now


async def defer_crawl(app: App, site: str) -> bool:
    """Put the site in the queue, unless it waits there already."""
    task = app.configure_task("crawl", queueing_lock=f"crawl {site}", lock=f"crawl {site}")
    try:
        await task.defer_async(site=site)
    except exceptions.AlreadyEnqueued:
        return False
    return True


async def rescue(app: App, silent_for: float) -> int:
    """Put the jobs of dead workers back into the queue; how many."""
    stalled = list(await app.job_manager.get_stalled_jobs(seconds_since_heartbeat=silent_for))
    return sum([await _put_back(app, job) for job in stalled])


async def _put_back(app: App, job: Job) -> bool:
    try:
        await app.job_manager.retry_job(job)
    except exceptions.UniqueViolation:
        # The same site was put in the queue meanwhile: that job will do this one's work.
        assert job.id is not None
        await app.job_manager.finish_job_by_id_async(job.id, Status.FAILED, delete_job=True)
    except exceptions.ConnectorException:
        return False  # another worker was quicker
    logger.info("%s: its worker died; it is done again", job.call_string)
    return True


async def work(options: WorkerOptions) -> None:
    """Do jobs until a signal comes (what is in flight then ends first), or until none is left. Raises ArchiveError."""
    app = make_app(options)
    async with app.open_async():
        await prepare(app)
        await defer_due(app, options)
        beside = [asyncio.create_task(_rescue_for_ever(app, options.heartbeat))]
        if options.metrics is not None:
            jobs = serve(options.database, *options.metrics)
            beside.append(asyncio.create_task(count_for_ever(app, jobs)))
        try:
            await app.run_worker_async(
                concurrency=options.jobs_at_once,
                wait=options.wait,
                delete_jobs="successful",
                update_heartbeat_interval=options.heartbeat,
                stalled_worker_timeout=options.heartbeat * 3,
                fetch_job_polling_interval=min(5.0, options.heartbeat),
                shutdown_graceful_timeout=1.0,
            )
        finally:
            for task in beside:
                task.cancel()


async def _rescue_for_ever(app: App, heartbeat: float) -> None:
    """Beside the jobs, not one of them: a worker that is busy for hours still minds the others."""
    while True:
        try:
            await rescue(app, heartbeat * 3)
        except exceptions.ConnectorException as error:
            logger.warning("jobs of dead workers are looked for later: %s", error)
        await asyncio.sleep(heartbeat)


async def defer_due(app: App, options: WorkerOptions) -> list[str]:
    """Put every site that is due in the queue; sites.toml is read anew each time. Raises SiteError, ArchiveError."""
    names = await asyncio.to_thread(_due_now, options)
    return [name for name in names if await defer_crawl(app, name)]


def _due_now(options: WorkerOptions) -> list[str]:
    with Archive.open(options.database) as archive:
        return due_sites(archive, list(load_sites(options.sites_file)), datetime.now(UTC))


async def enqueue(options: WorkerOptions, files: Sequence[tuple[str, str]], sites: Sequence[str]) -> None:
    """Put imports (kind, path) and re-extractions (of sites) in the queue, for whichever workers run."""
    app = make_app(options)
    async with app.open_async():
        await prepare(app)
        for kind, path in files:
            await app.configure_task("import", lock=f"import {path}").defer_async(kind=kind, path=path)
        for site in sites:
            await app.configure_task("reextract", lock=f"reextract {site}").defer_async(site=site)
