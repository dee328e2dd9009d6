"""Worker processes that read pages, each read with a time limit: one hostile page costs one worker, not the crawl.

multiprocessing and asyncio's pipes instead of a pool library: `concurrent.futures` cannot end one hanging task, and
pebble polls with `time.sleep`, which fails under the simulated clocks that this project is tested with (libfaketime
0.9.10).
"""

from __future__ import annotations

import asyncio
import gc
import multiprocessing
import os
import pickle
import resource
import signal
import socket
import struct
import sys
import threading
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from multiprocessing import forkserver, util
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from typing import Any, TypeVar

T = TypeVar("T")

#: Address space of one worker. A 10 MiB page needs about 300 MB; the rest is numpy's and Python's own.
WORKER_MEMORY_BYTES = 2 << 30

#: What the fork server has loaded before a worker is forked: whatever reads pages, feeds and sitemaps, and the writer.
PRELOADED = [
    *("crawler.reading", "crawler.warm", "crawler.writing"),
    *("crawler.discovery.links", "crawler.discovery.sitemap", "crawler.discovery.feed", "feedparser"),
]
_STARTING = threading.Lock()
_LENGTH = struct.Struct("!i")
"""Stands before a message: what a connection of multiprocessing writes and reads up to 2 GiB."""
AHEAD = 2
"""Pages that a worker is given: one to read, and the next, so that it waits for nobody. A worker more than there are
cores would do that too, and cost each a tenth of its time: they would push each other out of the processor's memory."""


class WorkerFailed(Exception):
    """A read that did not come back: the page made the worker hang or die. `reason` says which."""

    def __init__(self, reason: str, *, timed_out: bool = False) -> None:
        super().__init__(reason)
        self.reason = reason
        self.timed_out = timed_out


def _serve(connection: Connection) -> None:
    """A worker's life: read what comes, answer with the value or the exception. Signals are its parent's affair."""
    for number in (signal.SIGINT, signal.SIGTERM):  # systemd sends it to every process of a service
        signal.signal(number, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_AS, (WORKER_MEMORY_BYTES, WORKER_MEMORY_BYTES))
    gc.freeze()  # what the fork server has loaded stays: walks over it took 3 % of a worker's time
    while True:
        try:
            function, args, kwargs = connection.recv()
        except EOFError:  # the parent is gone
            return
        try:
            answer = (True, function(*args, **kwargs))
        except Exception as error:
            answer = (False, error)
        connection.send(answer)
        del answer, function, args, kwargs  # before the next page comes: an error holds all that its page held


@contextmanager
def _no_main_module() -> Iterator[None]:
    """multiprocessing runs the parent's script anew in every child, for functions that are defined there. Ours never
    are, and the script loads the whole command: half a second of every worker's start."""
    main = sys.modules["__main__"]
    with _STARTING:
        file, spec = main.__dict__.pop("__file__", None), main.__spec__
        main.__spec__ = None
        try:
            yield
        finally:
            main.__spec__ = spec
            if file is not None:
                main.__file__ = file


def start_server() -> None:
    """Have the fork server load what it needs while this process loads Scrapy: a second or more each, on two cores."""
    multiprocessing.get_context("forkserver").set_forkserver_preload(PRELOADED)
    forkserver.ensure_running()


def start_process(
    serve: Callable[..., None], *args: Any, at_exit: Callable[[BaseProcess, Connection], None]
) -> tuple[BaseProcess, Connection, util.Finalize]:
    """A process that runs `serve(its end of a pipe, *args)`, and our end. It ends with the pipe, which ends with us.

    When our process ends, `at_exit(process, our end)` is to end it: multiprocessing would do so by the signal that it
    ignores, and wait. What is returned last holds both, with their files, until then or until it is cancelled.
    """
    # Not fork: the parent has threads. The fork server starts once and has the extractor loaded already.
    start_server()
    context = multiprocessing.get_context("forkserver")
    ours, theirs = context.Pipe()
    process = context.Process(target=serve, args=(theirs, *args), daemon=True)
    with _no_main_module():
        process.start()
    theirs.close()
    return process, ours, util.Finalize(None, at_exit, (process, ours), exitpriority=1)


class _EndedBefore(Exception):
    """The process ended with the page before this one."""


class _Line(asyncio.Protocol):
    """The pipe to one process: tasks go out, answers come back in their order. It is read on the event loop: threads
    that wait for pages take turns with the crawl for one interpreter."""

    def __init__(self, process: BaseProcess, held: util.Finalize) -> None:
        self._process, self._held = process, held
        self._loop = asyncio.get_running_loop()
        self._transport: asyncio.Transport | None = None
        self._asked: deque[tuple[asyncio.Future[bytes], float]] = deque()
        """Who waits for an answer, and how long each may take, in the order of the tasks."""
        self._received = bytearray()
        self._timer: asyncio.TimerHandle | None = None
        self.is_over = False
        """Whether a task ended the process, or we did."""

    def is_open(self) -> bool:
        """Whether a task may be sent: not to one that has just been found dead, either."""
        return not (self.is_over or self._transport is None or self._transport.is_closing())

    def ask(self, task: bytes, seconds: float) -> asyncio.Future[bytes]:
        """What `_serve` answers, within so many seconds of the answer before it; raises WorkerFailed, _EndedBefore, or
        EOFError where the process died of this task (or as soon as it was made)."""
        future: asyncio.Future[bytes] = self._loop.create_future()
        if self._transport is None or not self.is_open():
            future.set_exception(EOFError())
            return future
        self._asked.append((future, seconds))
        if len(self._asked) == 1:
            self._watch()
        self._transport.writelines((_LENGTH.pack(len(task)), task))
        return future

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """asyncio calls this at first."""
        self._transport = transport  # type: ignore[assignment]

    def data_received(self, data: bytes) -> None:
        """asyncio calls this with whatever came."""
        self._received += data
        while len(self._received) >= _LENGTH.size:
            (length,) = _LENGTH.unpack_from(self._received)
            end = _LENGTH.size + length
            if len(self._received) < end:
                return
            message = bytes(memoryview(self._received)[_LENGTH.size : end])
            del self._received[:end]
            future, _ = self._asked.popleft()
            self._watch()
            if not future.done():  # else nobody waits for it any more
                future.set_result(message)

    def connection_lost(self, error: Exception | None) -> None:
        """asyncio calls this at last: the process ended, of the first task or because somebody ended it."""
        for future, _ in self._asked:
            if not future.done():
                future.set_exception(_EndedBefore() if self.is_over else EOFError())
            self.is_over = True
        self._asked.clear()
        self.is_over = True
        self._held.cancel()
        self._watch()

    def exit_code(self) -> int | None:
        """Of the process, when it has ended."""
        self._process.join(1)
        return self._process.exitcode

    def kill(self) -> None:
        """End the process, from whatever thread."""
        self._process.kill()

    def end(self) -> None:
        """End the process; whoever still waits for an answer is told that it ended before."""
        self.is_over = True
        self._process.kill()
        self._process.join()
        if self._transport is not None and not self._loop.is_closed():
            self._transport.abort()

    def _watch(self) -> None:
        """From now on the first task is being read."""
        if self._timer is not None:
            self._timer.cancel()
        self._timer = self._loop.call_later(self._asked[0][1], self._too_late) if self._asked else None

    def _too_late(self) -> None:
        future, seconds = self._asked[0]
        if not future.done():
            future.set_exception(WorkerFailed(f"reading took over {seconds:.0f} s", timed_out=True))
        self.end()


class _Worker:
    """One process after another: made at the first task, and again after it had to be killed."""

    def __init__(self) -> None:
        self.tasks = 0
        """Given to it, and not yet answered."""
        self.line: _Line | None = None
        self._starting: asyncio.Task[_Line] | None = None
        self.is_closed = False

    async def run(self, task: tuple[Any, ...], seconds: float) -> Any:
        """The task's value. Raises WorkerFailed, or what the function raised."""
        data = pickle.dumps(task, protocol=pickle.HIGHEST_PROTOCOL)
        while True:
            line, is_new = await self._started()
            limit = seconds + 30 if is_new else seconds  # the first task waits for imports
            try:
                is_value, answer = pickle.loads(await line.ask(data, limit))
            except _EndedBefore:  # of another page, about which something is known now
                continue
            except (EOFError, OSError) as error:
                code = await asyncio.to_thread(line.exit_code)
                raise WorkerFailed(f"the reading process died (exit code {code})") from error
            if is_value:
                return answer
            if isinstance(answer, MemoryError):
                line.end()
                raise WorkerFailed("the page needs more memory than a reader may have") from answer
            raise answer

    async def _started(self) -> tuple[_Line, bool]:
        """The pipe to a process that lives, and whether it was made now. Raises WorkerFailed after `close`."""
        if self.is_closed:
            raise WorkerFailed("the reading processes were ended")
        if self.line is not None and self.line.is_open():
            return self.line, False
        if self._starting is None:
            self._starting = asyncio.create_task(self._start())
        # Whoever gives up waiting leaves the process to the next one.
        return await asyncio.shield(self._starting), True

    async def _start(self) -> _Line:
        try:
            process, connection, held = await asyncio.to_thread(
                start_process, _serve, at_exit=lambda process, _: process.kill()
            )
            with connection:
                pipe = socket.fromfd(connection.fileno(), socket.AF_UNIX, socket.SOCK_STREAM)
            line = self.line = _Line(process, held)
            await asyncio.get_running_loop().create_unix_connection(lambda: line, sock=pipe)
            if self.is_closed:
                line.end()
            return line
        finally:
            self._starting = None


class Workers:
    """A few reading processes. `close()` ends them."""

    def __init__(self, count: int | None = None, *, seconds: float = 10.0) -> None:
        count = count or max(1, min(4, os.cpu_count() or 1))
        self._seconds = seconds
        self._all = [_Worker() for _ in range(count)]
        self.room = count * AHEAD
        """Pages that may be with them at a time."""
        self._free = asyncio.Semaphore(self.room)

    async def run(self, function: Callable[..., T], *args: Any, **kwargs: Any) -> T:
        """The value of a pure, picklable function run in a worker. Raises WorkerFailed, or what the function raises."""
        async with self._free:
            worker = min(self._all, key=lambda each: (each.tasks, each.line is None))
            worker.tasks += 1
            try:
                return await worker.run((function, args, kwargs), self._seconds)  # type: ignore[no-any-return]
            finally:
                worker.tasks -= 1

    def kill(self) -> None:
        """End the workers at once, from whatever thread; for a process that is about to end itself."""
        for worker in self._all:
            if worker.line is not None:
                worker.line.kill()

    def close(self) -> None:
        """End the workers, when nobody waits for one any more."""
        for worker in self._all:
            worker.is_closed = True
            if worker.line is not None:
                worker.line.end()
