"""The archive's hosts table as the middlewares' store: robots.txt and back-offs outlive the process.

A Retry-After is kept by two clocks, the date and the seconds since the machine started: a date that is set while a host
rests (by a time server, by hand) must not shorten what it asked for.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING

from archive import Archive
from archive.model import HostState
from crawler.middlewares.hosts import RobotsAnswer
from crawler.runtime import Runtime

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

NO_ANSWER = 0
RESTS_UNTIL = "rests until"
"""Key of `HostState.notes`: which start of the machine, and seconds since then ("b5a3… 4711.0")."""
_BOOT_ID = Path("/proc/sys/kernel/random/boot_id")


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
        state = self._state(host)
        return max(filter(None, (state.retry_after_at, _by_uptime(state.notes or {}))), default=None)

    def put_back_off(self, host: str, until: datetime, said: float) -> None:
        state = self._state(host)
        notes = dict(state.notes or {})
        if said and (boot := _boot()):
            notes[RESTS_UNTIL] = f"{boot} {monotonic() + said:.3f}"
        self._archive.save_host(replace(state, retry_after_at=until, notes=notes or None))


def _by_uptime(notes: dict[str, str]) -> datetime | None:
    """Until when a host rests by the machine's uptime; None where it does not, or the machine started anew."""
    boot, _, until = notes.get(RESTS_UNTIL, "").partition(" ")
    left = float(until) - monotonic() if boot and boot == _boot() else 0.0
    return datetime.now(UTC) + timedelta(seconds=left) if left > 0 else None


@cache
def _boot() -> str:
    """What tells one start of the machine from another; "" where the system does not say (it is Linux that does)."""
    return _BOOT_ID.read_text(encoding="ascii").strip() if _BOOT_ID.exists() else ""
