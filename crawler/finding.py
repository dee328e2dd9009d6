"""Walks the sources of one site (sitemaps, feeds, home and section pages) and plans what they list.

Which sources there are, when each is due and what it said last are rows of the archive, so that a killed crawl goes on
where it was. Judging what was fetched is `crawler.discovery`'s; fetching is the spider's.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from urllib.parse import urljoin

from scrapy.http import Response

from archive import ArchiveError
from archive.model import Candidate, SourceState
from crawler.discovery.feed import parse_feed
from crawler.discovery.limits import MAX_FEEDS, MAX_SITEMAPS, goes_on
from crawler.discovery.sitemap import parse_sitemap
from crawler.discovery.sources import (
    MAX_SITEMAP_DEPTH,
    choose_sections,
    in_order,
    usual_feeds,
    usual_sitemaps,
    why_skip,
)
from crawler.discovery.urls import resolve, same_site
from crawler.reading import header, read_listing_page
from crawler.runtime import Runtime
from crawler.sites import Site

#: A source is asked again after these, depending on whether it listed something new the last time.
BUSY_AGAIN, QUIET_AGAIN = timedelta(minutes=10), timedelta(minutes=50)
#: An address that was only guessed, or that failed, is tried again after this long, doubled for each failure.
FAILED_AGAIN, FAILED_AGAIN_AT_MOST = timedelta(minutes=50), timedelta(days=7)
GUESS_AGAIN = timedelta(days=7)
#: Where nothing else lists a site, doubtful links are worth this many looks a page.
DOUBTFUL_A_PAGE = 10

#: What a redirect says of an address that nobody should ask for any more (RFC 9110, 15.4).
MOVED_FOR_GOOD = frozenset((301, 308))

Download = Callable[..., Awaitable[Response]]
Render = Callable[[Response], Awaitable[Response]]
"""Makes of a listing page what a browser shows, where the site wants that."""


@dataclass(slots=True)
class Finder:
    """The discovery of one site in one crawl."""

    site: Site
    runtime: Runtime
    download: Download
    render: Render
    new: int = 0
    _known: dict[str, SourceState] = field(default_factory=dict)
    _queue: deque[tuple[str, str]] = field(default_factory=deque)
    _seen: set[str] = field(default_factory=set)
    _depths: dict[str, int] = field(default_factory=dict)
    """Sitemap -> how many indexes led to it."""
    _unsaved: dict[str, SourceState] = field(default_factory=dict)
    _home: str = ""
    """Where the site is: its declared address, or the one to which that has moved for good."""
    _has_lists: bool = False
    """Whether a sitemap or feed lists the site's articles."""

    async def run(self, robots_sitemaps: tuple[str, ...]) -> None:
        """Read every source that is due. A source that fails is noted and costs nothing else. Raises ArchiveError."""
        self._home = self.site.url
        sources = await self.runtime.call(self.runtime.archive.sources, self.site.name)
        self._known = {source.url: source for source in sources}
        self._has_lists = any(source.entries and source.kind in ("sitemap", "feed") for source in self._known.values())
        for kind, url in self._first_sources(robots_sitemaps):
            self._add(kind, url)
        try:
            await self._read_queue()
            await self._guess("sitemap", () if self.site.sitemaps else usual_sitemaps(self.site.url))
            await self._guess("feed", () if self.site.feeds else usual_feeds(self.site.url))
        finally:
            await self._save_states()

    def _first_sources(self, robots_sitemaps: tuple[str, ...]) -> list[tuple[str, str]]:
        """Declared sources where there are any; else robots.txt's sitemaps and what earlier crawls found."""
        site, known = self.site, self._known.values()
        robots = urljoin(site.url, "/robots.txt")  # which often names them by their path alone
        named = [url for each in robots_sitemaps if (url := resolve(each, robots))]
        rows = [("sitemap", url) for url in site.sitemaps or named]
        rows += [("feed", url) for url in site.feeds]
        rows.append(("home", site.url))
        rows += [("section", url) for url in site.sections]
        found = {"sitemap": not site.sitemaps, "feed": not site.feeds, "section": not site.sections}
        rows += [(each.kind, each.url) for each in known if each.entries is not None and found.get(each.kind)]
        return rows

    async def _read_queue(self) -> None:
        while self._queue:
            kind, url = self._queue.popleft()
            await self._read(kind, url)

    async def _guess(self, kind: str, usual: tuple[str, ...]) -> None:
        """Try the usual addresses until one answers; once a week where none did."""
        for url in usual:
            if any(source.kind == kind and source.entries is not None for source in self._known.values()):
                return
            self._add(kind, url)
            await self._read_queue()

    def _add(self, kind: str, url: str, lastmod: datetime | None = None) -> None:
        """Queue a source that is due and not yet read in this crawl."""
        known = self._known.get(url)
        if url in self._seen:
            return
        now = self.runtime.now()
        moved = bool(lastmod and known and known.fetched_at and lastmod > known.fetched_at)
        if known and known.due_at and known.due_at > now and not moved:
            return
        self._seen.add(url)
        self._queue.append((kind, url))

    async def _read(self, kind: str, url: str) -> None:
        known = self._known.get(url) or SourceState(site=self.site.name, url=url, kind=kind)
        pages, following = 0, url
        try:
            response = await self.download(url, conditional={"etag": known.etag, "last_modified": known.last_modified})
            if response.status == 304:
                self._save(replace(known, status=304, failures=0), new=0)
                return
            if response.status != 200:
                raise Unreadable(f"HTTP {response.status}", status=response.status)
            new, entries, onward = await self._take(kind, url, response)
            state = replace(
                known,
                status=200,
                failures=0,
                reason=None,
                entries=entries,
                etag=header(response, "ETag"),
                last_modified=header(response, "Last-Modified"),
            )
            self._save(state, new=new)
            while onward and goes_on(pages := pages + 1, new) and onward not in self._seen:
                self._seen.add(following := onward)
                response = await self.download(following)
                if response.status != 200:
                    break
                new, _, onward = await self._take(kind, following, response)
        except ArchiveError:
            raise
        except Exception as error:
            if following == url:
                self._note_failure(known, error)

    async def _take(self, kind: str, url: str, response: Response) -> tuple[int, int, str | None]:
        """Plan what an answer lists: how many were new, how many entries, and the page that goes on."""
        if kind in ("sitemap", "news_sitemap"):
            return await self._take_sitemap(url, response)
        if kind == "feed":
            content_type = header(response, "Content-Type")
            found = await self.runtime.workers.run(
                parse_feed, response.body, response.url, content_type, home=self._home
            )
            if not found and b"<" not in response.body[:200] and b"{" not in response.body[:200]:
                raise Unreadable("no feed")
            self._has_lists |= bool(found)
            return await self._plan(found), len(found), None
        return await self._take_listing(kind, response)

    async def _take_sitemap(self, url: str, response: Response) -> tuple[int, int, None]:
        sitemap = await self.runtime.workers.run(parse_sitemap, response.body, response.url, home=self._home)
        if not sitemap.readable:
            raise Unreadable("no sitemap")
        depth = self._depths.get(url, 0) + 1
        for child in in_order(sitemap.children) if depth < MAX_SITEMAP_DEPTH else ():
            if len(self._depths) >= MAX_SITEMAPS:
                break
            known = self._known.get(child.url)
            if why_skip(child, known.fetched_at if known else None, self.runtime.now()) is None:
                self._depths.setdefault(child.url, depth)
                self._add("sitemap", child.url, child.lastmod)
        self._has_lists |= bool(sitemap.entries or sitemap.children)
        return await self._plan(sitemap.entries), len(sitemap.entries) + len(sitemap.children), None

    async def _take_listing(self, kind: str, response: Response) -> tuple[int, int, str | None]:
        response = await self.render(response)
        if kind == "home":
            self._note_move(response)
        content_type = header(response, "Content-Type")
        listing = await self.runtime.workers.run(
            read_listing_page, response.body, response.url, content_type, self._home, kind
        )
        if kind == "home":
            for each in () if self.site.feeds else listing.feeds[:MAX_FEEDS]:
                self._add("feed", each)
            for each in () if self.site.sections else choose_sections(listing.sections):
                self._add("section", each)
        found = listing.articles if self._has_lists else listing.articles + listing.doubtful[:DOUBTFUL_A_PAGE]
        return await self._plan(found), len(found), listing.next_page

    def _note_move(self, response: Response) -> None:
        """What the home page's redirect to another site means: the site is there now, or nobody knows (a consent page,
        a login): then its links are nobody's articles, and somebody should look."""
        if same_site(response.url, self.site.url):
            return
        if set(response.meta.get("redirect_reasons", ())) <= MOVED_FOR_GOOD:
            self._home = response.url
            self.runtime.warn(self.site.name, f"its home page has moved for good, declare its new url: {response.url}")
        else:
            self.runtime.trouble(self.site.name, f"its home page leads to another site for now: {response.url}")

    async def _plan(self, found: tuple[Candidate, ...]) -> int:
        new = await self.runtime.call(self.runtime.archive.plan, self.site.name, found, self.runtime.now())
        self.new += new
        return new

    def _save(self, state: SourceState, *, new: int) -> None:
        now = self.runtime.now()
        due_at = now + (BUSY_AGAIN if new else QUIET_AGAIN)
        changed_at = now if new else state.changed_at
        state = replace(state, fetched_at=now, due_at=due_at, changed_at=changed_at)
        self._remember(state)

    def _note_failure(self, known: SourceState, error: Exception) -> None:
        """A declared or once readable source that fails is worth telling; a guess that fails is not."""
        now, status = self.runtime.now(), getattr(error, "status", None)
        expected = known.entries is not None or self._is_declared(known.url)
        again = min(FAILED_AGAIN * 2**known.failures, FAILED_AGAIN_AT_MOST) if expected else GUESS_AGAIN
        reason = getattr(error, "reason", None) or f"{type(error).__name__}: {error}"
        state = replace(
            known, status=status, failures=known.failures + 1, reason=reason, fetched_at=now, due_at=now + again
        )
        self._remember(state)
        if expected:
            self.runtime.trouble(self.site.name, f"its {known.kind} {known.url} could not be read: {reason}")

    def _remember(self, state: SourceState) -> None:
        self._known[state.url] = state
        self._unsaved[state.url] = state

    async def _save_states(self) -> None:
        """In one transaction at the end: what a kill loses is only when a source was last read."""
        states, self._unsaved = list(self._unsaved.values()), {}
        await self.runtime.call(self.runtime.archive.save_sources, states)

    def _is_declared(self, url: str) -> bool:
        return url in (self.site.url, *self.site.sitemaps, *self.site.feeds, *self.site.sections)


class Unreadable(Exception):
    """A source that answered with something that it should not be."""

    def __init__(self, reason: str, *, status: int | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.status = status
