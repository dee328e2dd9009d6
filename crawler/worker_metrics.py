"""`/metrics` of a worker: the archive's numbers, as `serve` tells them, and the queue's."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime

from procrastinate import App, exceptions
from prometheus_client import start_http_server
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from archive import Archive
from archive.metrics import gauge, registry_of

logger = logging.getLogger(__name__)

_STATES = ("todo", "doing", "failed")
_EVERY = 15.0
"""Seconds between two counts of the queue."""


class JobMetrics(Collector):
    """The queue's numbers at their last count. (The database counts on the event loop, a scrape comes in a thread.)"""

    def __init__(self) -> None:
        self.counts: dict[tuple[str, ...], int] = {}
        """(kind of job, state) -> jobs."""

    def describe(self) -> Iterable[GaugeMetricFamily]:
        return ()

    def collect(self) -> Iterator[GaugeMetricFamily]:
        yield gauge("backissue_jobs", "Jobs in the queue of all workers.", ("job", "state"), dict(self.counts))


def serve(database: str, host: str, port: int) -> JobMetrics:
    """Answers on that port in a thread, until the process ends. Raises ArchiveError, OSError."""
    registry, jobs = registry_of(Archive.open(database, create=False), lambda: datetime.now(UTC)), JobMetrics()
    registry.register(jobs)
    start_http_server(port, host, registry)
    return jobs


async def count_for_ever(app: App, jobs: JobMetrics) -> None:
    """Keeps the queue's numbers fresh."""
    while True:
        try:
            tasks = list(await app.job_manager.list_tasks_async())
            jobs.counts = {(str(task["name"]), state): int(task[state]) for task in tasks for state in _STATES}
        except exceptions.ConnectorException as error:
            logger.warning("the queue is counted later: %s", error)
        await asyncio.sleep(_EVERY)
