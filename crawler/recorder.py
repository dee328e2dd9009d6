"""Writes captures in batches, off the event loop: 10-12 times cheaper than row by row.

A capture counts as recorded when the transaction that holds it is committed; only then does `record` return.
"""

from __future__ import annotations

import asyncio
import shutil
from collections import Counter
from dataclasses import dataclass, field

from archive import Archive, Unavailable
from archive.model import Capture
from crawler.keeping import Keeper

BATCH_SIZE = 100
BATCH_SECONDS = 1.0
#: Below this a crawl stops before the disk is full: SQLite then still has room for its journal.
MIN_FREE_BYTES = 64 << 20


@dataclass(slots=True)
class Recorder:
    """The one queue between a process's crawls and the archive."""

    keeper: Keeper
    counts: dict[str, Counter[str]] = field(default_factory=dict)
    """Site -> outcome -> captures recorded."""
    error: BaseException | None = None
    """The failure that stopped the writing; every later `record` raises it."""
    _waiting: list[tuple[Capture, asyncio.Future[Capture]]] = field(default_factory=list)
    _timer: asyncio.TimerHandle | None = None
    _writing: asyncio.Lock = field(default_factory=asyncio.Lock)
    _tasks: set[asyncio.Task[None]] = field(default_factory=set)

    async def record(self, capture: Capture) -> Capture:
        """The capture as it was stored, with id and outcome. Raises ArchiveError when it could not be stored."""
        if self.error is not None:
            raise self.error
        loop = asyncio.get_running_loop()
        future: asyncio.Future[Capture] = loop.create_future()
        self._waiting.append((capture, future))
        if len(self._waiting) >= BATCH_SIZE:
            self._start_writing()
        elif self._timer is None:
            self._timer = loop.call_later(BATCH_SECONDS, self._start_writing)
        return await future

    async def flush(self) -> None:
        """Return when everything handed over so far is stored or has failed."""
        self._start_writing()
        while self._tasks:
            await asyncio.wait(set(self._tasks))

    def _start_writing(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        if self._waiting:
            batch, self._waiting = self._waiting, []
            task = asyncio.get_running_loop().create_task(self._write(batch))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _write(self, batch: list[tuple[Capture, asyncio.Future[Capture]]]) -> None:
        async with self._writing:
            try:
                if self.error is not None:
                    raise self.error
                check_room(self.keeper.archive)
                stored = await asyncio.to_thread(self.keeper.record, [capture for capture, _ in batch])
            except Exception as error:
                self.error = error
                for _, future in batch:
                    if not future.done():
                        future.set_exception(error)
                return
        for capture, (_, future) in zip(stored, batch, strict=True):
            self.counts.setdefault(capture.site or "", Counter())[str(capture.outcome)] += 1
            if not future.done():
                future.set_result(capture)


def check_room(archive: Archive) -> None:
    """Raises Unavailable where the disk that holds the archive is nearly full (SQLite; a server minds its own disk)."""
    path = archive.database.path
    if path is not None and (free := shutil.disk_usage(path.parent).free) < MIN_FREE_BYTES:
        raise Unavailable(
            f"only {free >> 20} MiB are free where {str(path)!r} lies; the crawl stopped before anything broke. "
            "Make room and run it again: it goes on where it was"
        )
