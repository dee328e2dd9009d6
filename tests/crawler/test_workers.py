"""One hostile page costs one worker, not the crawl."""

from __future__ import annotations

import asyncio
import gc
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from multiprocessing import forkserver
from pathlib import Path
from typing import Any

import pytest

from crawler.workers import PRELOADED, WorkerFailed, Workers, start_server


@pytest.fixture
def workers() -> Iterator[Workers]:
    pool = Workers(1, seconds=2.0)
    yield pool
    pool.close()


async def test_a_read_that_hangs_ends_at_the_limit_and_the_next_page_is_read(workers: Workers) -> None:
    assert await workers.run(len, b"warm") == 4
    with pytest.raises(WorkerFailed, match="took over 2 s") as failure:
        await workers.run(time.sleep, 60)
    assert failure.value.timed_out
    assert await workers.run(len, b"page") == 4


async def test_a_read_that_kills_its_process_is_an_error_and_the_next_page_is_read(workers: Workers) -> None:
    with pytest.raises(WorkerFailed, match="died"):
        await workers.run(os._exit, 9)
    assert await workers.run(len, b"page") == 4


@pytest.mark.parametrize("hostile", [(time.sleep, 60), (os._exit, 9), (bytes, 3 << 30)])
async def test_the_page_that_waits_behind_one_that_ends_the_process_is_read_by_the_next(
    workers: Workers, hostile: tuple[Any, ...]
) -> None:
    assert await workers.run(len, b"warm") == 4
    first = asyncio.create_task(workers.run(*hostile))
    behind = [asyncio.create_task(workers.run(len, b"page" * number)) for number in range(1, 4)]
    with pytest.raises(WorkerFailed):
        await first
    assert await asyncio.gather(*behind) == [4, 8, 12]


async def test_a_page_that_comes_while_a_process_is_found_dead_is_read_by_the_next(workers: Workers) -> None:
    assert await workers.run(len, b"warm") == 4
    killing = asyncio.create_task(workers.run(os._exit, 9))
    for _ in range(3):
        await asyncio.sleep(0)
    here, there = socket.socketpair()
    loop, page = asyncio.get_running_loop(), asyncio.get_running_loop().create_future()
    with here, there:
        loop.add_reader(
            here, lambda: (loop.remove_reader(here), page.set_result(loop.create_task(workers.run(len, b"page"))))
        )
        there.send(b"x")
        time.sleep(0.5)  # so that the end of the pipe and what brings the page are found together
        assert await (await page) == 4
    with pytest.raises(WorkerFailed, match="died"):
        await killing


async def test_a_start_that_is_given_up_leaves_its_process_to_the_next_page(workers: Workers) -> None:
    def children() -> list[str]:
        server = forkserver._forkserver._forkserver_pid
        return Path(f"/proc/{server}/task/{server}/children").read_text().split()

    start_server()
    before = children()
    given_up = asyncio.create_task(workers.run(len, b"given up"))
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    given_up.cancel()
    assert {*before, str(await workers.run(os.getpid))} >= set(children())


async def test_nothing_is_read_after_the_workers_were_ended(workers: Workers) -> None:
    assert await workers.run(len, b"warm") == 4
    waiting = [asyncio.create_task(workers.run(time.sleep, 60)) for _ in range(3)]
    await asyncio.sleep(0)
    workers.close()
    assert {str(error) for error in await asyncio.gather(*waiting, return_exceptions=True)} == {
        "the reading processes were ended"
    }


async def test_what_a_page_held_when_memory_ran_out_is_let_go_before_the_next_one(workers: Workers) -> None:
    assert await workers.run(len, b"warm") == 4
    first = asyncio.create_task(workers.run(eval, "(lambda held: bytes(3 << 30))(bytearray(1_500 << 20))"))
    behind = asyncio.create_task(workers.run(eval, "len(bytearray(600 << 20))"))
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    time.sleep(3)  # the crawl is busy
    with pytest.raises(WorkerFailed, match="memory"):
        await first
    assert await behind == 600 << 20


async def test_processes_that_died_leave_no_open_files(workers: Workers) -> None:
    async def die() -> None:
        with pytest.raises(WorkerFailed):
            await workers.run(os._exit, 9)

    await die()
    gc.collect()
    before = len(os.listdir("/proc/self/fd"))  # noqa: PTH208
    for _ in range(5):
        await die()
    gc.collect()
    assert len(os.listdir("/proc/self/fd")) <= before + 1  # noqa: PTH208


async def test_a_page_among_many_that_kill_their_process_is_read_all_the_same(workers: Workers) -> None:
    killing = [asyncio.create_task(workers.run(os._exit, 9)) for _ in range(6)]
    page = asyncio.create_task(workers.run(len, b"page"))
    killing += [asyncio.create_task(workers.run(os._exit, 9)) for _ in range(6)]
    assert await page == 4
    died = await asyncio.gather(*killing, return_exceptions=True)
    assert {str(error) for error in died} == {"the reading process died (exit code 9)"}


async def test_a_page_is_read_while_the_answer_before_it_is_still_to_be_fetched(workers: Workers) -> None:
    """The worker has both: it needs nobody to hand it the second, however long the crawl is busy with something else."""
    assert await workers.run(len, b"warm") == 4
    both = [asyncio.create_task(workers.run(time.monotonic)) for _ in range(2)]
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    time.sleep(0.5)  # the crawl is busy
    first, second = await asyncio.gather(*both)
    assert second - first < 0.25


async def test_an_answer_that_nobody_waits_for_any_more_is_not_taken_for_the_next_one(workers: Workers) -> None:
    assert await workers.run(len, b"warm") == 4
    given_up = asyncio.create_task(workers.run(len, b"given up"))
    wanted = asyncio.create_task(workers.run(len, b"page"))
    await asyncio.sleep(0)
    given_up.cancel()
    assert await wanted == 4


async def test_large_pages_and_answers_come_whole(workers: Workers) -> None:
    pages = [bytes([number]) * (3 << 20) for number in range(4)]
    assert await asyncio.gather(*(workers.run(bytes.upper, page) for page in pages)) == pages


async def test_a_read_that_takes_too_much_memory_is_an_error(workers: Workers) -> None:
    with pytest.raises(WorkerFailed, match="memory"):
        await workers.run(bytes, 3 << 30)
    assert await workers.run(len, b"page") == 4


async def test_a_signal_to_all_processes_of_a_service_breaks_off_no_read(workers: Workers) -> None:
    """The crawl alone decides what it finishes: a page whose reader dies would count as one that kills readers."""
    reader = await workers.run(os.getpid)
    for number in (signal.SIGTERM, signal.SIGINT):
        assert await workers.run(os.kill, reader, number) is None
    assert await workers.run(os.getpid) == reader


def test_readers_that_nobody_closed_hold_up_no_exit() -> None:
    code = """
import asyncio
from crawler.workers import Workers
print(asyncio.run(Workers(2).run(len, b"page")))
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True)
    assert done.stdout == "4\n"


def test_a_crawl_and_its_workers_load_no_more_than_they_use() -> None:
    """Every cron run pays for what is loaded: the extractor belongs to the workers, Scrapy to the crawl."""
    code = "import sys, {0}; print(*sorted({{'numpy', 'feedparser', 'rich', 'tldextract', 'scrapy'}} & sys.modules.keys()))"

    def loaded(modules: str) -> str:
        run = [sys.executable, "-c", code.format(modules)]
        return subprocess.run(run, capture_output=True, text=True, check=True).stdout.strip()

    assert loaded("crawler.cli, crawler.crawling, crawler.progress, crawler.spiders.news, crawler.spiders.article") == (
        "scrapy"
    )
    assert loaded(", ".join(PRELOADED)) == "feedparser numpy"


async def test_a_worker_has_read_a_page_before_its_first_one(workers: Workers) -> None:
    known = "__import__('crawler.extraction.lexicon', fromlist=['']).lexicon.cache_info().currsize"
    assert await workers.run(eval, known) > 0


async def test_workers_come_from_the_fork_server_that_was_started_early(workers: Workers) -> None:
    start_server()
    server = forkserver._forkserver._forkserver_pid
    assert await workers.run(os.getppid) == server


async def test_what_a_worker_has_loaded_is_left_alone_by_the_collector(workers: Workers) -> None:
    """Fewer than the extractor's own modules make would mean that they were not loaded beforehand."""
    assert await workers.run(gc.get_freeze_count) > 10_000
