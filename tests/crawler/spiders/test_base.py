"""What a look that failed leaves behind: a capture with its reason, or a page that stays due."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from scrapy.http import HtmlResponse, Request

from archive import Archive, Unavailable
from archive.model import Candidate, Content, Due, Outcome, Verdict
from crawler.browser import NoBrowser, PartMissing
from crawler.extraction import Extraction
from crawler.middlewares.host_locks import HostBusy
from crawler.middlewares.politeness import CrawlStopped, HostBackingOff
from crawler.runtime import Runtime
from crawler.sites import Site
from crawler.spiders.article import ArticleSpider
from crawler.workers import WorkerFailed

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
URL = "https://paper.example/news/ferry"
DUE = Due(url=URL, reason="new", due_at=NOW)
ANSWER = HtmlResponse(URL, body=b"<p>page</p>", request=Request(URL))


class Readers:
    """Reading processes that all fail in one way."""

    error: Exception = WorkerFailed("reading took over 10 s", timed_out=True)

    async def run(self, *_: Any, **__: Any) -> Any:
        raise self.error


@pytest.fixture
def spider(tmp_path: Path) -> Iterator[Any]:
    with Archive.open(f"sqlite:///{tmp_path / 'a.db'}") as archive:
        archive.add_site("paper", "https://paper.example/")
        archive.plan("paper", [Candidate(url=URL, found_in="seed")], NOW)
        recorder = SimpleNamespace(error=None)
        runtime = Runtime(archive, Any, recorder, Readers(), now=lambda: NOW)  # type: ignore[arg-type]
        made = ArticleSpider(url=URL, runtime=runtime)
        made.site = Site(name="paper", url="https://paper.example/")
        yield made


async def seen(spider: Any) -> list[Any]:
    ANSWER.request.meta["due"] = DUE
    return [capture async for capture in spider.parse(ANSWER)]


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (WorkerFailed("reading took over 10 s", timed_out=True), "reading took over 10 s"),
        (ValueError("no such thing"), "the extractor failed: ValueError: no such thing"),
    ],
)
async def test_a_page_that_hangs_or_breaks_the_extractor_is_left_alone_after_three_looks(
    spider: Any, error: Exception, reason: str
) -> None:
    spider.runtime.workers.error = error
    for _ in range(3):
        assert spider.runtime.archive.quarantined("paper") == []
        (capture,) = await seen(spider)
        assert (capture.outcome, capture.reason) == (Outcome.ERROR, reason)
    (page,) = spider.runtime.archive.quarantined("paper")
    assert (page.url, page.reason, page.crashes) == (URL, reason, 3)


@pytest.mark.parametrize(
    ("error", "left"),
    [(CrawlStopped(URL), 0), (HostBackingOff(URL, NOW), 1), (HostBusy(URL), 1), (NoBrowser("none"), 1)],
)
async def test_where_nothing_was_sent_nothing_is_recorded_and_the_page_stays_due(
    spider: Any, error: Exception, left: int
) -> None:
    assert await spider.captures_of_failure(DUE, error) == []
    assert +spider.runtime.left == Counter({"paper": left} if left else {})
    assert [due.url for due in spider.runtime.archive.due("paper", NOW)] == [URL]


async def test_a_part_of_a_page_is_recorded_as_cut_short(spider: Any) -> None:
    (capture,) = await spider.captures_of_failure(DUE, PartMissing("HTTP 500 https://paper.example/api"), ANSWER)
    assert capture.outcome is Outcome.TRUNCATED


async def test_an_archive_that_fails_stops_every_crawl_of_the_process(spider: Any) -> None:
    error = Unavailable("no room")
    assert await spider.captures_of_failure(DUE, error) == []
    assert spider.runtime.recorder.error is error


async def test_what_was_seen_of_a_main_page_is_kept_where_a_part_of_its_variant_cannot_be_asked(
    spider: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    main = spider.failed_capture(Due(url=f"{URL}-main", reason="new", due_at=NOW), TimeoutError())

    async def seen_of_main(*_: Any, **__: Any) -> list[Any]:
        return [main]

    async def no_part(*_: Any) -> None:
        raise HostBackingOff(URL, NOW)

    monkeypatch.setattr(spider, "look_at", seen_of_main)
    monkeypatch.setattr(spider, "with_other_parts", no_part)
    page = Extraction(verdict=Verdict.ARTICLE, article=Content(title="The ferry", body="It runs."))
    found = [capture async for capture in spider.follow_canonical(DUE, ANSWER, page, f"{URL}-main")]
    assert found == [main]
    assert spider.runtime.left == {"paper": 1}
