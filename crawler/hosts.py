"""The archive's hosts table as the middlewares' store: robots.txt and back-offs outlive the process."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from archive import Archive
from archive.model import HostState
from crawler.middlewares.hosts import RobotsAnswer
from crawler.runtime import Runtime

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

NO_ANSWER = 0


class ArchiveHosts:
    """See `crawler.middlewares.hosts.HostStore`. robots.txt is kept by origin, a back-off by host."""

    def __init__(self, archive: Archive) -> None:
        self._archive = archive

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> ArchiveHosts:
        return cls(Runtime.of(crawler).archive)

    def _state(self, host: str) -> HostState:
        return self._archive.host(host)

    def get_robots(self, origin: str) -> RobotsAnswer | None:
        state = self._state(origin)
        if state.robots_fetched_at is None:
            return None
        status = None if state.robots_status == NO_ANSWER else state.robots_status
        return RobotsAnswer(state.robots_fetched_at, status, state.robots or b"", state.failures)

    def put_robots(self, origin: str, answer: RobotsAnswer) -> None:
        self._archive.save_host(
            replace(
                self._state(origin),
                robots=answer.body,
                robots_status=NO_ANSWER if answer.status is None else answer.status,
                robots_fetched_at=answer.fetched_at,
                failures=answer.failures,
            )
        )

    def get_back_off(self, host: str) -> datetime | None:
        return self._state(host).retry_after_at

    def put_back_off(self, host: str, until: datetime) -> None:
        self._archive.save_host(replace(self._state(host), retry_after_at=until))
