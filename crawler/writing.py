"""The writing process: it alone records captures and their raw answers, so that no commit holds up a crawl.

Recording a page takes about as much Python as fetching it, and two threads of one interpreter do not run at once. The
process is forked from the readers' fork server at the first capture. What it was given and has answered for is
committed; when the crawl's process ends, however it ends, the pipe does, and the writer finishes the batch at hand.
"""

from __future__ import annotations

import pickle
import signal
import threading
import traceback
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

from archive import Archive, ArchiveError, Unavailable, room
from archive.model import Capture
from crawler.keeping import Keeper
from crawler.sites import Sites
from crawler.workers import start_process

#: What recording finds out about a capture: all that comes back of one.
_DECIDED = ("outcome", "id", "article_id", "version_id", "raw_path")


@dataclass(frozen=True, slots=True)
class _Place:
    """Where the process writes."""

    database: str
    sites: Sites
    raw_folder: Path | None
    ahead: timedelta
    """How far the crawl's clock goes before the machine's."""

    def open(self) -> Keeper:
        return Keeper(Archive.open(self.database), self.sites, self.raw_folder, now=self.now)

    def now(self) -> datetime:
        return datetime.now(UTC) + self.ahead


class WritingProcess:
    """A `Keeper` in a process of its own. The methods block; one waits for another."""

    def __init__(
        self, database: str, sites: Sites, raw_folder: Path | None = None, *, now: Callable[[], datetime]
    ) -> None:
        self._place = _Place(database, sites, raw_folder, now() - datetime.now(UTC))
        self._lock = threading.Lock()
        self._process: BaseProcess | None = None
        self._connection: Connection | None = None

    @property
    def pid(self) -> int | None:
        """Of the process; None where it does not run."""
        return self._process.pid if self._process is not None else None

    def start(self) -> None:
        """Starts the process, where it does not run: it opens the archive meanwhile."""
        with self._lock:
            self._started()

    def record(self, captures: Sequence[Capture]) -> list[Capture]:
        """As `Keeper.record`. Raises Unavailable too where a disk is nearly full or the process died: what it had
        not answered for is recorded or not, and may be handed over again."""
        decided = self._ask(list(captures))
        return [
            replace(capture, raw=(), **dict(zip(_DECIDED, values, strict=True)))
            for capture, values in zip(captures, decided, strict=True)
        ]

    def close(self) -> None:
        """Ends the WARC file that is being written, and the process."""
        with self._lock:
            if self._process is not None and self._connection is not None:
                self._connection.close()
                self._process.join()
            self._process = self._connection = None

    def kill(self) -> None:
        """End the process at once, from whatever thread; for a process that is about to end itself."""
        if (process := self._process) is not None:
            process.kill()

    def _started(self) -> Connection:
        if self._connection is None:
            self._process, self._connection, _ = start_process(
                _serve, self._place, at_exit=lambda _, connection: connection.close()
            )
        return self._connection

    def _ask(self, captures: list[Capture]) -> Any:
        """What the process decided; raises what it raised."""
        with self._lock:
            connection = self._started()
            try:
                connection.send(len(captures))
                for capture in captures:  # one by one: it reads them meanwhile; neither side holds all of them twice
                    connection.send(capture)
                is_value, answer = connection.recv()
            except (EOFError, OSError) as error:
                raise Unavailable(
                    f"the writing process ended without a word ({error or 'no answer'}); nothing of this batch is "
                    "lost, run the crawl again"
                ) from error
        if is_value:
            return answer
        raise answer


def _serve(connection: Connection, place: _Place) -> None:
    """The process's life: record what comes, until nobody is there to ask. Signals are the crawl's affair."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)
    opened = _open(place)
    while True:
        try:
            captures = [connection.recv() for _ in range(connection.recv())]
            connection.send(_answer(opened, captures))
        except (EOFError, OSError):  # the crawl is over, or its process is
            break
    if isinstance(opened, Keeper):
        opened.close()
        opened.archive.close()


def _open(place: _Place) -> Keeper | ArchiveError:
    """Where the archive cannot be opened, why: whatever is to be recorded is answered with it."""
    try:
        keeper = place.open()
    except ArchiveError as error:
        return error
    with suppress(ArchiveError):  # there is time while the first batch comes together; if not now, then next time
        keeper.archive.learn_first_dictionary(place.now())
    return keeper


def _answer(opened: Keeper | ArchiveError, captures: Sequence[Capture]) -> tuple[bool, Any]:
    """Whether it was done, and what was decided of each capture or what went wrong."""
    try:
        if isinstance(opened, ArchiveError):
            raise opened
        room.check(opened.archive, opened.store.folder)
        stored = opened.record(captures)
    except Exception as error:
        return False, _portable(error)
    return True, [tuple(getattr(each, name) for name in _DECIDED) for each in stored]


def _portable(error: Exception) -> Exception:
    """The error as it can travel; one that is no trouble of the archive tells where it came from."""
    try:
        pickle.loads(pickle.dumps(error))
    except Exception:
        error = RuntimeError(repr(error)).with_traceback(error.__traceback__)
    if not isinstance(error, ArchiveError):
        error.add_note("in the writing process:\n" + "".join(traceback.format_exception(error)))
    return error
