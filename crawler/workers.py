"""Worker processes that read pages, each read with a time limit: one hostile page costs one worker, not the crawl.

A few lines of multiprocessing instead of a pool library: `concurrent.futures` cannot end one hanging task, and pebble
polls with `time.sleep`, which fails under the simulated clocks that this project is tested with (libfaketime 0.9.10).
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
) -> tuple[BaseProcess, Connection]:
    """A process that runs `serve(its end of a pipe, *args)`, and our end. It ends with the pipe, which ends with us.

    When our process ends, `at_exit(process, our end)` is to end it: multiprocessing would do so by the signal that it
    ignores, and wait.
    """
    # Not fork: the parent has threads. The fork server starts once and has the extractor loaded already.
    start_server()
    context = multiprocessing.get_context("forkserver")
    ours, theirs = context.Pipe()
    process = context.Process(target=serve, args=(theirs, *args), daemon=True)
    with _no_main_module():
        process.start()
    theirs.close()
    util.Finalize(None, at_exit, (process, ours), exitpriority=1)
    return process, ours


class _Worker:
    """One process and the pipe to it; made at its first task, and again after it had to be killed.

    The pipe is read on the event loop: threads that wait for pages take turns with the crawl for one interpreter.
    """

    def __init__(self) -> None:
        self._process: BaseProcess | None = None
        self._pipe: socket.socket | None = None

    async def run(self, task: tuple[Any, ...], seconds: float) -> Any:
        """The task's value. Raises WorkerFailed, or what the function raised."""
        if self._process is None:
            await asyncio.to_thread(self._start)
            seconds += 30  # the first task waits for imports
        try:
            async with asyncio.timeout(seconds):
                is_value, answer = await self._ask(task)
        except TimeoutError as error:
            self.close()
            raise WorkerFailed(f"reading took over {seconds:.0f} s", timed_out=True) from error
        except (EOFError, OSError) as error:
            code = await asyncio.to_thread(self._exit_code)
            self.close()
            raise WorkerFailed(f"the reading process died (exit code {code})") from error
        except BaseException:  # nobody waits for the answer any more, and the next task must not get it
            self.close()
            raise
        if is_value:
            return answer
        if isinstance(answer, MemoryError):
            self.close()
            raise WorkerFailed("the page needs more memory than a reader may have") from answer
        raise answer

    def _start(self) -> None:
        self._process, connection = start_process(_serve, at_exit=lambda process, _: process.kill())
        with connection:
            self._pipe = socket.fromfd(connection.fileno(), socket.AF_UNIX, socket.SOCK_STREAM)
        self._pipe.setblocking(False)

    async def _ask(self, task: tuple[Any, ...]) -> Any:
        """What `_serve` answers, in the framing of multiprocessing's connections."""
        assert self._pipe is not None
        loop = asyncio.get_running_loop()
        data = pickle.dumps(task, protocol=pickle.HIGHEST_PROTOCOL)
        await loop.sock_sendall(self._pipe, _LENGTH.pack(len(data)) + data)
        (length,) = _LENGTH.unpack(await self._receive(loop, _LENGTH.size))
        return pickle.loads(await self._receive(loop, length))

    async def _receive(self, loop: asyncio.AbstractEventLoop, length: int) -> bytearray:
        assert self._pipe is not None
        data = bytearray(length)
        view, at = memoryview(data), 0
        while at < length:
            count = await loop.sock_recv_into(self._pipe, view[at:])
            if count == 0:
                raise EOFError
            at += count
        return data

    def _exit_code(self) -> int | None:
        if self._process is None:
            return None
        self._process.join(1)
        return self._process.exitcode

    def kill(self) -> None:
        process = self._process
        if process is not None:
            process.kill()

    def close(self) -> None:
        process, pipe, self._process, self._pipe = self._process, self._pipe, None, None
        if pipe is not None:
            pipe.close()
        if process is not None:
            process.kill()
            process.join()


class Workers:
    """A few reading processes. `close()` ends them."""

    def __init__(self, count: int | None = None, *, seconds: float = 10.0) -> None:
        # One more than there are cores: while one waits for the crawl to hand it the next page, another reads.
        count = count or 1 + min(4, os.cpu_count() or 1)
        self._seconds = seconds
        self._all = [_Worker() for _ in range(count)]
        self._free: asyncio.LifoQueue[_Worker] = asyncio.LifoQueue()
        for worker in self._all:
            self._free.put_nowait(worker)

    async def run(self, function: Callable[..., T], *args: Any, **kwargs: Any) -> T:
        """The value of a pure, picklable function run in a worker. Raises WorkerFailed, or what the function raises."""
        worker = await self._free.get()
        try:
            return await worker.run((function, args, kwargs), self._seconds)  # type: ignore[no-any-return]
        finally:
            self._free.put_nowait(worker)

    def kill(self) -> None:
        """End the workers at once, from whatever thread; for a process that is about to end itself."""
        for worker in self._all:
            worker.kill()

    def close(self) -> None:
        """End the workers, when nobody waits for one any more."""
        for worker in self._all:
            worker.close()
