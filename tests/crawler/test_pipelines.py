"""The pipelines count what a site's declaration no longer fits."""

from __future__ import annotations

import logging
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import pytest
from scrapy.statscollectors import MemoryStatsCollector

from archive.model import Capture, Content
from crawler.extraction import SiteHints, extract
from crawler.pipelines import RecordPipeline

PAGE = b"""<html><head><title>The river rises</title>
<meta property="og:type" content="article"></head><body><article><h1>The river rises</h1>
<p>It rained all day in the hills, and the river rose by two metres in a night; people left their homes.</p>
<p class="seen">Views: 58</p></article></body></html>"""


class KeepsAll:
    """A recorder that stores nothing and refuses nothing."""

    async def record(self, item: Capture) -> Capture:
        return item


def pipeline() -> tuple[RecordPipeline, MemoryStatsCollector]:
    crawler: Any = SimpleNamespace(settings={"STATS_DUMP": False}, stats=None)
    settings: Any = SimpleNamespace(getbool=lambda _: False)
    crawler.settings = settings
    crawler.stats = MemoryStatsCollector(crawler)
    runtime: Any = SimpleNamespace(recorder=KeepsAll())
    return RecordPipeline(runtime, crawler), crawler.stats


def look(selector: str) -> Capture:
    found = extract(PAGE, "https://a.test/river", hints=SiteHints(selectors={"views": selector}))
    assert found.article is not None
    return Capture(
        url="https://a.test/river",
        captured_at=datetime(2026, 3, 1, tzinfo=UTC),
        content=Content(title=found.article.title, body=found.article.body),
        engagement=found.engagement,
        provenance=dict(found.provenance),
    )


async def test_a_counters_selector_that_finds_nothing_gives_none_and_is_counted(
    caplog: pytest.LogCaptureFixture,
) -> None:
    stage, stats = pipeline()
    with caplog.at_level(logging.WARNING, "crawler.pipelines"):
        for selector in (".gone", ".gone", "h1", ".seen"):
            await stage.process_item(look(selector))
    assert stats.get_value("backissue/selector_found_nothing/views") == 3
    assert [record.levelname for record in caplog.records] == ["WARNING"]
    assert "the selector of views found nothing on https://a.test/river" in caplog.text


def test_the_counter_itself_is_none_and_never_zero() -> None:
    gone, there = look(".gone").engagement, look(".seen").engagement
    assert gone is not None
    assert there is not None
    assert gone.views is None
    assert there.views is not None
    assert there.views.value == 58
