"""The chain of downloader middlewares keeps to Scrapy's contract."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from scrapy import Request
from scrapy.downloadermiddlewares.stats import DownloaderStats
from scrapy.http import Response
from scrapy.settings import Settings
from scrapy.statscollectors import MemoryStatsCollector

from crawler.middlewares.direct import DirectMiddlewares, PlainDownloaderStats, PlainStats

ASKED = Request("https://news.test/")


class At:
    """A middleware that answers at once."""

    def __init__(self, request: Any = None, response: Any = None) -> None:
        self._request, self._response = request, response

    def process_request(self, request: Request) -> Any:
        return self._request

    def process_response(self, request: Request, response: Response) -> Any:
        return self._response or response.replace(headers={"Seen": [*response.headers.getlist("Seen"), b"at once"]})


class Later:
    """A middleware whose methods are coroutines."""

    async def process_request(self, request: Request) -> None:
        pass

    async def process_response(self, request: Request, response: Response) -> Response:
        return response.replace(headers={"Seen": [*response.headers.getlist("Seen"), b"later"]})


async def download(request: Request) -> Response:
    return Response(request.url, body=b"from the network")


async def fetched(*middlewares: Any) -> Any:
    crawler: Any = SimpleNamespace(spider=None)
    return await DirectMiddlewares(*middlewares, crawler=crawler).download_async(download, ASKED)


async def test_answers_pass_the_middlewares_from_the_network_to_the_engine() -> None:
    response = await fetched(At(), Later(), At())
    assert (response.body, response.headers.getlist("Seen")) == (
        b"from the network",
        [b"at once", b"later", b"at once"],
    )


async def test_a_middleware_may_answer_in_place_of_the_network_or_send_elsewhere() -> None:
    kept = await fetched(Later(), At(request=Response(ASKED.url, body=b"kept")))
    assert (kept.body, kept.headers.getlist("Seen")) == (b"kept", [b"at once", b"later"])
    elsewhere = Request("https://news.test/moved")
    assert await fetched(Later(), At(response=elsewhere)) is elsewhere
    assert await fetched(Later(), At(request=elsewhere)) is elsewhere


@pytest.mark.parametrize("wrong", [At(request="a page"), At(response="a page")])
async def test_what_is_neither_request_nor_response_is_an_error_that_names_the_method(wrong: At) -> None:
    with pytest.raises(TypeError, match=r"At.process_re(quest|sponse) must return a Response or Request, got.*str"):
        await fetched(wrong)


def test_counts_are_as_scrapys() -> None:
    crawler: Any = SimpleNamespace(settings=Settings({"STATS_DUMP": False}))
    stats = PlainStats(crawler)
    stats.inc_value("pages")
    stats.inc_value("pages", 2)
    stats.max_value("depth", 3)
    assert stats.get_stats() == {"pages": 3, "depth": 3}


def test_requests_answers_and_failures_are_counted_as_scrapy_counts_them_but_for_the_bytes_of_headers() -> None:
    crawler: Any = SimpleNamespace(settings=Settings({"STATS_DUMP": False}))
    request, response = Request("https://news.test/"), Response("https://news.test/", body=b"page", headers={"A": "b"})
    counted = []
    for kind in (DownloaderStats, PlainDownloaderStats):
        stats = kind(MemoryStatsCollector(crawler))
        stats.process_request(request)
        assert stats.process_response(request, response) is response
        stats.process_exception(request, TimeoutError())
        counted.append(stats.stats.get_stats())
    scrapys, ours = counted
    assert ours == {key: value for key, value in scrapys.items() if not key.endswith("_bytes")} | {
        "downloader/response_bytes": 4
    }
