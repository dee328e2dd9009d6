"""Item pipelines: validate an item into a Capture, record it. Adapters only; the archive decides what is a version."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING, Any

from itemadapter import ItemAdapter
from scrapy.exceptions import DropItem

from archive import ArchiveError
from archive.model import Capture
from crawler.extraction.result import NOT_FOUND
from crawler.items import ArticleItem
from crawler.runtime import Runtime
from crawler.validation import InvalidRecord, capture_from_record

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

logger = logging.getLogger(__name__)


class ValidatePipeline:
    """Turns a spider's item (a Capture, or any item with url and title or body) into a Capture that can be stored."""

    def __init__(self, site: str | None) -> None:
        self._site = site

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> ValidatePipeline:
        return cls(getattr(crawler.spider, "site_name", None))

    def process_item(self, item: Any) -> Capture:
        if isinstance(item, Capture):
            return item
        try:
            return capture_from_record(ItemAdapter(item).asdict(), site=self._site)
        except InvalidRecord as error:
            raise DropItem(f"not archived: {error}", log_level="WARNING") from error


class RecordPipeline:
    """Stores a Capture; what goes on to feed exports is the flat record of an article page."""

    def __init__(self, runtime: Runtime, crawler: Crawler | None = None) -> None:
        self._runtime = runtime
        self._crawler = crawler
        self._stopping: asyncio.Task[None] | None = None

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> RecordPipeline:
        return cls(Runtime.of(crawler), crawler)

    async def process_item(self, item: Capture) -> ArticleItem:
        try:
            stored = await self._runtime.recorder.record(item)
        except ArchiveError as error:
            self._stop(error)
            raise DropItem(f"not recorded: {item.url}: {error}", log_level="DEBUG") from error
        self._count_missed(stored)
        if stored.content is None:
            raise DropItem(f"{stored.outcome}: {stored.url} {stored.reason or ''}".rstrip(), log_level="DEBUG")
        return ArticleItem.of(stored)

    def _count_missed(self, capture: Capture) -> None:
        """Counts the site's selectors that found nothing, and warns at the first of each kind in a crawl."""
        for field, source in (capture.provenance or {}).items():
            if source != NOT_FOUND or self._crawler is None or self._crawler.stats is None:
                continue
            key = f"backissue/selector_found_nothing/{field}"
            if not self._crawler.stats.get_value(key):
                logger.warning("the selector of %s found nothing on %s: the field is unknown there", field, capture.url)
            self._crawler.stats.inc_value(key)

    def _stop(self, error: ArchiveError) -> None:
        """Nothing more can be kept, so nothing more is fetched; the recorder's error gives the crawl its exit code."""
        if self._crawler is not None and self._stopping is None:
            logger.warning("the crawl stops: %s", error)
            self._stopping = asyncio.get_running_loop().create_task(self._crawler.stop_async())
