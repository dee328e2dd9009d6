"""Kept raw answers read anew by today's extractor: the archive takes over what it reads, and no version is added."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from archive import Archive, ArchiveError
from archive.model import Capture, Content, Verdict
from archive.warc import RawCapture, RawStore
from crawler import reading
from crawler.extraction import VERSION, Extraction, SiteHints, join
from crawler.sites import Sites
from crawler.workers import WorkerFailed, Workers

#: Captures a transaction. What is done stays done when the work is interrupted; the next run goes on.
BATCH_SIZE = 100
#: Pages in memory at a time, besides those being read.
READ_AHEAD = 4


@dataclass(slots=True)
class Rereader:
    """One run over an archive's raw captures."""

    archive: Archive
    store: RawStore
    sites: Sites
    workers: Workers
    now: Callable[[], datetime]
    extractor: str = VERSION
    counts: Counter[str] = field(default_factory=Counter)
    """"read" (taken over), "no article" (left as it was: the page is none any more to this extractor), "unreadable"
    (left as it was: the raw copy is lost or damaged, or the page hung its reader)."""
    _ahead: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(READ_AHEAD))

    async def run(
        self, *, site: str | None = None, since: datetime | None = None, on_batch: Callable[[], None] = lambda: None
    ) -> None:
        """Reads every raw capture of a version that this extractor has not read yet. Raises ArchiveError."""
        after = 0
        while some := await asyncio.to_thread(
            self.archive.raw_captures, site=site, since=since, unread_by=self.extractor, after=after, limit=BATCH_SIZE
        ):
            after = some[-1].id or 0
            contents = await asyncio.gather(*(self._content(capture) for capture in some))
            found = [(c.id, content) for c, content in zip(some, contents, strict=True) if c.id and content]
            self.counts["read"] += len(found)
            if found:
                await asyncio.to_thread(self.archive.rebaseline, found, self.extractor, self.now())
            on_batch()

    async def _content(self, capture: Capture) -> Content | None:
        """What the extractor reads in the raw copy now; None, and counted, where that is no article."""
        try:
            async with self._ahead:
                parts = await asyncio.to_thread(self.store.read, capture.raw_path or "")
                extraction = await read_parts(self.workers, parts, self._hints(capture))
        except (ArchiveError, WorkerFailed):
            self.counts["unreadable"] += 1
            return None
        if extraction.verdict is not Verdict.ARTICLE:
            self.counts["no article"] += 1
            return None
        return extraction.article

    def _hints(self, capture: Capture) -> SiteHints:
        """Of the site's declaration as it holds for the day of the capture."""
        is_declared = capture.site is not None and capture.site in self.sites
        site = self.sites[capture.site or ""] if is_declared else self.sites.of_url(capture.final_url or capture.url)
        return site.hints_at(capture.captured_at.date())


async def read_raw(workers: Workers, raw: RawCapture, hints: SiteHints) -> Extraction:
    """The extraction of one raw answer, made in a worker process, as at its capture. Raises WorkerFailed."""
    return await workers.run(
        reading.read_article,
        raw.body,
        raw.url,
        content_type=raw.content_type,
        fetched_at=raw.captured_at,
        hints=hints,
    )


async def read_parts(workers: Workers, parts: tuple[RawCapture, ...], hints: SiteHints) -> Extraction:
    """The extraction of an article whose parts were kept one by one. Raises WorkerFailed."""
    read = [await read_raw(workers, part, hints) for part in parts]
    return read[0] if len(read) == 1 else join(read)
