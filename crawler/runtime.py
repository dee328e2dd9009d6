"""What all crawls of one process share: the archive, the recorder, the extraction workers, the sites, the clock."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar
from weakref import WeakKeyDictionary

from scrapy import signals

from archive import Archive
from crawler.browser import Browser
from crawler.budget import Allowance
from crawler.recorder import Recorder
from crawler.sites import Site, Sites, load_sites
from crawler.traffic import site_allowances
from crawler.workers import Workers
from crawler.writing import WritingProcess

if TYPE_CHECKING:
    from scrapy.crawler import Crawler


T = TypeVar("T")


def utc_now() -> datetime:
    """Our clock."""
    return datetime.now(UTC)


@dataclass(slots=True)
class Runtime:
    """Made once a process: by the `backissue` command for all its crawls, or for one `scrapy crawl`."""

    archive: Archive
    sites: Sites
    recorder: Recorder
    workers: Workers
    raw_folder: Path | None = None
    """Of raw answers; None = beside the archive."""
    browser: Browser = field(default_factory=Browser)
    """For sites with `render = true`; costs nothing before its first page."""
    now: Callable[[], datetime] = utc_now
    crawl_id: int | None = None
    limit: int | None = None
    """At most this many article pages a site; None = all that are due."""
    started_at: datetime | None = None
    """When the crawl began; None outside of one."""
    troubles: dict[str, list[str]] = field(default_factory=dict)
    """Site -> what could not be read or done (robots.txt, a feed, a sitemap, a browser that is missing), in words."""
    warnings: dict[str, list[str]] = field(default_factory=dict)
    """Site -> what went well and should be looked into all the same, in words."""
    left: Counter[str] = field(default_factory=Counter)
    """Site -> due pages that were not asked for, because their host wants peace or another crawl talks to it."""
    _allowances: dict[str, Allowance] | None = None

    @classmethod
    def open(
        cls,
        database: str,
        sites: Sites,
        *,
        raw_folder: Path | None = None,
        now: Callable[[], datetime] = utc_now,
        limit: int | None = None,
    ) -> Runtime:
        """Opens (and where needed makes or upgrades) the archive. Raises ArchiveError."""
        archive = Archive.open(database)
        recorder = Recorder(WritingProcess(database, sites, raw_folder, now=now))
        return cls(archive, sites, recorder, Workers(), raw_folder, now=now, limit=limit)

    @classmethod
    def of(cls, crawler: Crawler) -> Runtime:
        """The runtime that the crawler's spider was given, or one of its own, by the settings, closed with it."""
        runtime = getattr(crawler.spider, "runtime", None) or _OWN.get(crawler)
        if runtime is None:
            settings = crawler.settings
            sites = load_sites(settings["BACKISSUE_SITES"], missing_ok=True)
            raw_folder = Path(settings["BACKISSUE_RAW"]) if settings["BACKISSUE_RAW"] else None
            runtime = _OWN[crawler] = cls.open(settings["BACKISSUE_DATABASE"], sites, raw_folder=raw_folder)
            crawler.signals.connect(runtime.close, signals.spider_closed, weak=False)
        return runtime

    def trouble(self, site: str, words: str) -> None:
        """Note something that a person should hear of at the end of the crawl."""
        _add_once(self.troubles, site, words)

    def warn(self, site: str, words: str) -> None:
        """Note something that a person should look into though the crawl went well."""
        _add_once(self.warnings, site, words)

    async def call(self, function: Callable[..., T], *args: Any, **kwargs: Any) -> T:
        """An archive method, off the event loop."""
        return await asyncio.to_thread(function, *args, **kwargs)

    def allowance(self, site: Site) -> Allowance:
        """What the declared budgets leave to the site; counted once a process. Raises ArchiveError."""
        if self._allowances is None:
            self._allowances = site_allowances(self.archive, self.sites, self.now())
        return self._allowances.get(site.name, Allowance())

    async def close(self) -> None:
        """Everything handed over is stored, the workers ended, the archive closed."""
        await self.recorder.flush()
        await self.browser.close()
        self.workers.close()
        await self.call(self.recorder.writer.close)
        self.archive.close()

    def kill(self) -> None:
        """End the processes that work for this one at once, from whatever thread, before it ends itself."""
        self.workers.kill()
        self.recorder.writer.kill()


#: Runtimes of crawlers that were not given one (`scrapy crawl`, spiders of users).
_OWN: WeakKeyDictionary[Crawler, Runtime] = WeakKeyDictionary()


def _add_once(notes: dict[str, list[str]], site: str, words: str) -> None:
    known = notes.setdefault(site, [])
    if words not in known:
        known.append(words)
