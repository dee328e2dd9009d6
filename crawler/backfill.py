"""WARC files of anybody's become captures: the same extraction and recording as a crawl's, at the times they state.

What is no article (an error page, a listing, an image) is recorded only at addresses where the archive has an
article: there it is part of a life; elsewhere it is counted and left out.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from archive.identity import NotHttp, is_web_address, url_key
from archive.model import Capture, Outcome, RawCapture, Verdict
from archive.warc import Unread, read_warc
from crawler import reading
from crawler.extraction import VERSION, Extraction, join
from crawler.keeping import Keeper
from crawler.outcomes import OUTCOME_OF_VERDICT, outcome_of_status
from crawler.rereading import read_raw
from crawler.reservations import forbids_copies, reservations
from crawler.sites import Site, Sites
from crawler.workers import WorkerFailed, Workers

BATCH_SIZE = 100
BATCH_BYTES = 32 << 20
_WEB_BEGAN = datetime(1991, 1, 1, tzinfo=UTC)


@dataclass(slots=True)
class Page:
    """An answer on its way to being a capture."""

    raw: RawCapture
    site: Site
    extraction: Extraction | None = None
    outcome: Outcome | None = None
    """Decided by the status, the length or a reader that failed; None where the extraction decides."""
    reason: str | None = None
    parts: tuple[RawCapture, ...] = ()
    """The further parts of the article that were joined to it."""
    moved_to: str | None = None


@dataclass(slots=True)
class Backfill:
    """One import, of any number of files."""

    keeper: Keeper
    sites: Sites
    workers: Workers
    now: Callable[[], datetime]
    only_declared: bool = False
    keep_raw: bool = True
    outcomes: Counter[str] = field(default_factory=Counter)
    """Outcome -> captures recorded."""
    left_out: Counter[str] = field(default_factory=Counter)
    """Why -> answers that became no capture."""

    async def read_all(self, files: Iterable[Path], on_batch: Callable[[], None] = lambda: None) -> None:
        """Every file, one after another. Raises ArchiveError, OSError."""
        for path in files:
            await self.read(path, on_batch)

    async def read(self, path: Path, on_batch: Callable[[], None] = lambda: None) -> None:
        """Everything in one file. Raises ArchiveError, OSError."""
        records = self._batches(read_warc(path))
        while (batch := await asyncio.to_thread(next, records, None)) is not None:
            await self._bring_in(batch, path.name)
            on_batch()

    @property
    def total(self) -> int:
        """Answers met so far."""
        return self.outcomes.total() + self.left_out.total()

    def _batches(self, records: Iterable[RawCapture | Unread]) -> Iterator[list[RawCapture]]:
        """Answers in pieces that fit into memory and into one transaction."""
        batch: list[RawCapture] = []
        size = 0
        for record in records:
            if isinstance(record, Unread):
                self.left_out[record.kind] += 1
                continue
            batch.append(record)
            size += len(record.body)
            if len(batch) == BATCH_SIZE or size >= BATCH_BYTES:
                yield batch
                batch, size = [], 0
        yield batch

    async def _bring_in(self, batch: list[RawCapture], source: str) -> None:
        pages = await asyncio.to_thread(self._worth_reading, batch)
        await asyncio.gather(*(self._read(page) for page in pages))
        pages = self._joined(pages)
        await asyncio.to_thread(self._place, pages)
        captures = [self._capture(page, source) for page in self._recordable(pages)]
        for capture in await asyncio.to_thread(self.keeper.record, captures):
            self.outcomes[str(capture.outcome)] += 1

    def _worth_reading(self, batch: list[RawCapture]) -> list[Page]:
        """The answers that may become captures; why the others do not is counted."""
        latest = self.now() + timedelta(days=1)
        known = self.keeper.archive.known_looks(
            [(raw.url, raw.captured_at) for raw in batch if is_web_address(raw.url)]
        )
        pages = []
        for raw in batch:
            why = _refused(raw, latest) or ("recorded before" if (raw.url, raw.captured_at) in known else None)
            site = self.sites.of_url(raw.url) if why is None else None
            if site is not None and self.only_declared and not site.declared:
                why = "of other sites"
            if why is not None or site is None:
                self.left_out[why or "broken"] += 1
                continue
            known.add((raw.url, raw.captured_at))
            pages.append(Page(raw, site))
        return pages

    async def _read(self, page: Page) -> None:
        """Fills in what the page is."""
        raw = page.raw
        page.outcome = outcome_of_status(raw.status)
        if page.outcome is not None:
            page.reason = f"HTTP {raw.status}"
        elif not raw.is_whole:
            page.outcome, page.reason = Outcome.TRUNCATED, "the body was cut off"
        elif not _is_html(raw.content_type):
            page.outcome, page.reason = Outcome.NOT_ARTICLE, f"{raw.content_type}"
        else:
            try:
                page.extraction = await read_raw(self.workers, raw, page.site.hints_at(raw.captured_at.date()))
            except WorkerFailed as error:
                page.outcome, page.reason = Outcome.ERROR, error.reason

    def _joined(self, pages: list[Page]) -> list[Page]:
        """Articles of several pages made one, where the file has the parts near each other."""
        by_url = {page.raw.url: page for page in pages if page.extraction is not None}
        used: set[str] = set()
        for page in pages:
            first, parts = page.extraction, list[Page]()
            following = first.links.next_page if first and first.article and page.raw.url not in used else None
            while first and following in by_url and following != page.raw.url and by_url[following] not in parts:
                parts.append(by_url[following])
                following = (parts[-1].extraction or first).links.next_page
            if first and (parts or following):
                # A part that is not here makes the whole truncated: half a text must not be taken for an edit.
                missing = [] if not following else [Extraction(Verdict.TRUNCATED, reason="not in this file")]
                page.extraction = join([first, *(part.extraction or first for part in parts), *missing])
                page.parts = tuple(part.raw for part in parts)
                used.update(part.raw.url for part in parts)
        self.left_out["parts of others"] += sum(page.raw.url in used for page in pages)
        return [page for page in pages if page.raw.url not in used]

    def _place(self, pages: list[Page]) -> None:
        """Where a page is a variant of another address that is known, or comes with it, it moved there."""
        wanted = {
            id(page): canonical
            for page in pages
            if page.extraction and (canonical := reading.other_address(page.raw.url, page.extraction)) is not None
        }
        here = {_key(page.raw.url) for page in pages if _is_article(page)}
        known = self.keeper.archive.known_addresses(set(wanted.values()))
        for page in pages:
            canonical = wanted.get(id(page))
            if canonical is not None and (canonical in known or _key(canonical) in here):
                page.moved_to, page.outcome, page.reason = canonical, Outcome.MOVED, f"a variant of {canonical}"

    def _recordable(self, pages: list[Page]) -> list[Page]:
        """Articles, variants of known ones, and what else happened at addresses that are known."""
        others = [page for page in pages if not _is_article(page) and page.moved_to is None]
        known = self.keeper.archive.known_addresses({page.raw.url for page in others})
        here = {_key(page.raw.url) for page in pages if _is_article(page)}
        left = {id(page) for page in others if page.raw.url not in known and _key(page.raw.url) not in here}
        self.left_out.update(_named(page) for page in others if id(page) in left)
        return [page for page in pages if id(page) not in left]

    def _capture(self, page: Page, source: str) -> Capture:
        raw, extraction = page.raw, page.extraction if page.outcome is None else None
        outcome = page.outcome if extraction is None else OUTCOME_OF_VERDICT[extraction.verdict]
        asked = reservations(
            raw.headers,
            page.extraction.links.robots if page.extraction else (),
            page.extraction.links.tdm_reservation if page.extraction else None,
        )
        is_kept = self.keep_raw and not (page.site.respect_noarchive and forbids_copies(asked))
        return Capture(
            url=raw.url,
            captured_at=raw.captured_at,
            outcome=outcome,
            verdict=extraction.verdict if extraction else None,
            reason=extraction.reason if extraction else page.reason,
            status=raw.status,
            final_url=page.moved_to,
            content=extraction.article if extraction and outcome is None else None,
            engagement=extraction.engagement if extraction and outcome is None else None,
            site=page.site.name,
            extractor=VERSION if extraction else None,
            etag=raw.header("etag"),
            last_modified=raw.header("last-modified"),
            provenance={**(extraction.provenance if extraction else {}), **asked, "imported": source},
            raw=(raw, *page.parts) if is_kept else (),
        )


def _refused(raw: RawCapture, latest: datetime) -> str | None:
    """Why an answer can be no capture, whatever it says; None where it can."""
    if not is_web_address(raw.url) or not 200 <= raw.status < 600:
        return "broken"
    if not _WEB_BEGAN <= raw.captured_at <= latest:
        return "without a believable date"
    return "redirects" if 300 <= raw.status < 400 else None


def _key(url: str) -> str | None:
    try:
        return url_key(url)
    except (NotHttp, ValueError):
        return None


def _is_html(content_type: str | None) -> bool:
    """Whether a body may be a page; where nothing is said the extractor looks for itself."""
    return content_type is None or "html" in content_type.lower()


def _is_article(page: Page) -> bool:
    return page.outcome is None and page.extraction is not None and page.extraction.verdict is Verdict.ARTICLE


def _named(page: Page) -> str:
    """A page that is left out, as the summary counts it."""
    if page.outcome is None and page.extraction is not None:
        return str(page.extraction.verdict).replace("_", " ")
    return "not html" if page.outcome is Outcome.NOT_ARTICLE else str(page.outcome).replace("_", " ")
