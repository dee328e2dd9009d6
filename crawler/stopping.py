"""What a signal does to a crawl: SIGTERM and SIGINT let what is in flight finish, in bounds; a second one does not."""

from __future__ import annotations

import asyncio
import os
import signal
import threading
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from crawler.runtime import Runtime

GRACE = 18.0
"""Seconds for what is in flight."""
STORING = 8.0
"""Seconds for storing what came, after that."""
LATEST = 29.0
"""Seconds after which the process ends whatever hangs (a name server, a locked database): 30 s are the promise."""


class Stopping:
    """Listens to SIGINT and SIGTERM from now on, for the crawl that runs on this event loop."""

    def __init__(self, runner: Any, runtime: Runtime) -> None:
        self.number: int | None = None
        """The first signal that came."""
        self.overdue = asyncio.Event()
        """Set when what was in flight had its time."""
        self._runner, self._runtime = runner, runtime
        self._loop = asyncio.get_running_loop()
        self._tasks: list[asyncio.Task[Any]] = []
        for number in (signal.SIGINT, signal.SIGTERM):
            self._loop.add_signal_handler(number, self._stop, number)

    def _stop(self, number: int) -> None:
        if self.number is not None:
            self._exit()
        self.number = number
        self._loop.call_later(GRACE, self.overdue.set)
        watch = threading.Timer(LATEST, self._exit)
        watch.daemon = True
        watch.start()
        self._tasks.append(self._loop.create_task(self._runner.stop()))

    def _exit(self) -> None:
        """At once, and nothing is lost: what is not committed is still due. No child outlives this process."""
        self._runtime.kill()
        os._exit(128 + (self.number or 0))
