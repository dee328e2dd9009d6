"""Looks at what is due: so many at a time, in order, to the end of those that are under way."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import pytest
from scrapy import Request
from scrapy.http import Response
from scrapy.settings import Settings

from archive.model import Capture, Due, Outcome
from crawler.spiders import looks
from crawler.spiders.looks import Looks

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


class Slot:
    """The engine's list of what is under way."""

    def __init__(self) -> None:
        self.closing: Any = None
        self.inprogress: set[Request] = set()

    def add_request(self, request: Request) -> None:
        self.inprogress.add(request)

    def remove_request(self, request: Request) -> None:
        self.inprogress.remove(request)


class Spider:
    """A spider, its engine and its scraper in one: a page's path says what becomes of it."""

    def __init__(self, at_once: int = 2) -> None:
        self.running, self._slot, self.scraper = True, Slot(), self
        self.crawler: Any = SimpleNamespace(engine=self, settings=Settings({"CONCURRENT_REQUESTS": 9}))
        self.runtime = SimpleNamespace(workers=SimpleNamespace(room=at_once), recorder=SimpleNamespace(ahead=0))
        self.site = SimpleNamespace(url="https://news.test/")
        self.begun: list[str] = []
        self.recorded: list[str] = []
        self.broken: list[str] = []
        self.free = asyncio.Event()
        self.free.set()

    def article_request(self, due: Due) -> Request:
        return Request(due.url)

    async def download_async(self, request: Request) -> Response:
        self.begun.append(request.url)
        await self.free.wait()
        if request.url.endswith("lost"):
            raise TimeoutError
        return Response(request.url, status=302 if request.url.endswith("file") else 200)

    async def parse(self, response: Response) -> AsyncIterator[Capture]:
        if response.url.endswith("broken"):
            raise RuntimeError
        yield Capture(url=response.url, captured_at=NOON)

    async def captures_of_failure(self, due: Due, error: Exception) -> Sequence[Capture]:
        return [Capture(url=due.url, captured_at=NOON, outcome=Outcome.ERROR, reason=type(error).__name__)]

    async def start_itemproc_async(self, item: Capture, *, response: Any) -> None:
        await asyncio.sleep(0)
        self.recorded.append(f"{item.url[-6:]} {item.reason or ''}".strip())

    def handle_spider_error(self, failure: Any, request: Request, response: Any) -> None:
        self.broken.append(request.url)


def due(*paths: str) -> list[Due]:
    return [Due(url=f"https://news.test/{path}", reason="new", due_at=NOON) for path in paths]


def looks_of(spider: Spider, *paths: str) -> Looks:
    return Looks(spider, due(*paths))  # type: ignore[arg-type]


async def test_every_page_is_recorded_whatever_became_of_it() -> None:
    spider = Spider()
    await looks_of(spider, "page-1", "lost", "a-file", "page-2").run()
    assert sorted(spider.recorded) == ["a-file HttpError", "page-1", "page-2", "t/lost TimeoutError"]
    assert spider.begun == [each.url for each in due("page-1", "lost", "a-file", "page-2")]
    assert spider._slot.inprogress == set()


async def test_the_recorder_is_told_how_many_looks_are_still_to_come() -> None:
    spider = Spider()
    started = looks_of(spider, "page-1", "page-2", "page-3")
    assert spider.runtime.recorder.ahead == 3
    await started.run()
    assert spider.runtime.recorder.ahead == 0


async def test_a_page_that_breaks_the_spider_is_told_and_the_others_are_looked_at() -> None:
    spider = Spider(at_once=1)
    await looks_of(spider, "broken", "page-1").run()
    assert (spider.broken, spider.recorded) == (["https://news.test/broken"], ["page-1"])


@pytest.mark.parametrize(("hosts", "begun"), [(1, 4), (3, 8), (20, 9)])
async def test_two_looks_a_host_are_under_way_besides_what_is_read(hosts: int, begun: int) -> None:
    spider = Spider(at_once=2)
    spider.free.clear()
    pages = [Due(url=f"https://{n % hosts}.news.test/{n}", reason="new", due_at=NOON) for n in range(40)]
    running = asyncio.create_task(Looks(spider, pages).run())  # type: ignore[arg-type]
    await asyncio.sleep(0.01)
    assert len(spider.begun) == begun
    spider.free.set()
    await running


async def test_so_many_are_under_way_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(looks, "WAITING", 0)
    spider = Spider(at_once=2)
    spider.free.clear()
    running = asyncio.create_task(looks_of(spider, "page-1", "page-2", "page-3").run())
    await asyncio.sleep(0.01)
    assert len(spider.begun) == 2
    assert len(spider._slot.inprogress) == 1  # which keeps the engine from closing the spider
    spider.free.set()
    await running
    assert len(spider.recorded) == 3


async def test_a_crawl_that_is_stopped_begins_no_further_look_and_records_those_under_way(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(looks, "WAITING", 0)
    spider = Spider(at_once=2)
    spider.free.clear()
    started = looks_of(spider, "page-1", "page-2", "page-3")
    running = asyncio.create_task(started.run())
    await asyncio.sleep(0.01)
    spider._slot.closing = object()
    running.cancel()  # as Scrapy does with `start`
    with pytest.raises(asyncio.CancelledError):
        await running
    spider.free.set()
    while spider._slot.inprogress:
        await asyncio.sleep(0)
    assert sorted(spider.recorded) == ["page-1", "page-2"]


async def test_pages_wait_where_many_captures_wait_to_be_recorded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(looks, "UNRECORDED", 1)
    spider = Spider(at_once=8)
    await looks_of(spider, *(f"page-{number}" for number in range(9))).run()
    assert len(spider.recorded) == 9
