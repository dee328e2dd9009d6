"""Pages that only a script completes: a real Chromium runs their scripts, and the crawler fetches what they ask for.

The browser itself never reaches the network. The page was fetched already, as any other; every further request of it
is handed to the crawler's own downloader, so that robots.txt, the address guard, limits, delays and one request in
flight per host hold for them as for all. What cannot be handed over (sockets, WebRTC, early connections) meets a proxy
that is not there. Only what makes text is fetched: scripts, and data that scripts ask for; no image, style or frame.

Needs the extra `browser` (Playwright) and a Chromium of the system.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import shutil
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from importlib.util import find_spec
from time import monotonic
from typing import TYPE_CHECKING, Any

from crawler.workers import WorkerFailed

if TYPE_CHECKING:
    from playwright.async_api import Browser as Chromium
    from playwright.async_api import BrowserContext, Page, Route
    from scrapy.http import Response

logger = logging.getLogger(__name__)

NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome", "chrome")
PAGES_AT_ONCE = 2
SECONDS = 60.0
"""For a whole page. The delay between two requests to a host counts, so that a site of many scripts takes its time."""
MOST_REQUESTS = 60
"""Further requests of one page; what it asks for after that is refused."""
LONGEST_HTML = 10 * 1024 * 1024
"""Characters of the finished page (DOWNLOAD_MAXSIZE is for what is fetched)."""
CACHE_BYTES = 32 << 20
"""Of scripts, which are the same on every page of a site."""

_KINDS = frozenset({"script", "xhr", "fetch"})
_SENT_ON = ("accept", "origin", "x-requested-with")
# Cookies stay out, and what describes a transport that did not take place here.
_NOT_SHOWN = frozenset({"content-encoding", "content-length", "transfer-encoding", "set-cookie", "link", "alt-svc"})
# Nothing listens there; loopback is no exception ("<-loopback>").
_NO_NETWORK = {"server": "socks5://127.0.0.1:1", "bypass": "<-loopback>"}
_ARGUMENTS = (
    "--host-resolver-rules=MAP * ~NOTFOUND",
    "--force-webrtc-ip-handling-policy=disable_non_proxied_udp",
    "--disable-features=NetworkPrediction,WebRtcHideLocalIpsWithMdns",
    "--disable-background-networking",
    "--dns-prefetch-disable",
    "--js-flags=--max-old-space-size=512",
)
_LOOK = "() => [document.readyState, document.body ? document.body.innerText : '']"
_HTML = "most => '<!DOCTYPE html>' + document.documentElement.outerHTML.slice(0, most)"

Fetch = Callable[[str, Mapping[str, str]], Awaitable["Response"]]
"""Fetches a URL with further headers, through the crawler. Raises what the downloader raises."""


class NoBrowser(Exception):
    """What rendering needs is not installed, or does not start; the text says what, and what to do."""


class RenderFailed(WorkerFailed):
    """The page crashed the browser or never came to rest: the page's own doing, as far as anybody can tell."""


class PartMissing(Exception):
    """Something that the page's own site should have sent did not come; what is shown would be a part of the page."""


@dataclass(slots=True)
class Asked:
    """What one page asked for."""

    fetched: int = 0
    pending: int = 0
    refused: Counter[str] = field(default_factory=Counter)
    """Reason -> requests."""
    missing: str | None = None
    """Why something of the page's own site did not come."""
    stopped: BaseException | None = None

    def summary(self) -> str:
        """For a capture's provenance.

        >>> Asked(fetched=3, refused=Counter({"image": 2, "ForbiddenByRobots": 1})).summary()
        '3 requests; refused: 2 image, 1 ForbiddenByRobots'
        """
        words = ", ".join(f"{count} {reason}" for reason, count in self.refused.most_common())
        return f"{self.fetched} requests" + (f"; refused: {words}" if words else "")


def find_chromium() -> str:
    """The path of the system's Chromium, or the one that BACKISSUE_CHROMIUM names. Raises NoBrowser."""
    if find_spec("playwright") is None:
        raise NoBrowser("the `browser` extra is missing: pip install 'backissue[browser]'")
    named = os.environ.get("BACKISSUE_CHROMIUM")
    path = shutil.which(named) if named else next(filter(None, map(shutil.which, NAMES)), None)
    if path is None:
        what = f"BACKISSUE_CHROMIUM names {named!r}, which is no program" if named else f"none of {', '.join(NAMES)}"
        raise NoBrowser(f"no Chromium was found ({what}): install it (apt install chromium), or set BACKISSUE_CHROMIUM")
    return path


class Browser:
    """One Chromium for a whole process, started at the first page. Each page gets a profile of its own, then nothing
    of it stays."""

    def __init__(self) -> None:
        self._playwright: Any = None
        self._chromium: Chromium | None = None
        self._starting = asyncio.Lock()
        self._free = asyncio.Semaphore(PAGES_AT_ONCE)
        self._scripts: dict[str, Response] = {}
        self._cached_bytes = 0

    async def render(
        self, response: Response, fetch: Fetch, user_agent: str, is_own: Callable[[str], bool]
    ) -> tuple[str, str]:
        """The page as HTML once its scripts came to rest, and in words what they asked for.

        `is_own` tells whether a URL belongs to the page's site. Raises RenderFailed, PartMissing, NoBrowser, and what
        `fetch` raises where the crawl was stopped.
        """
        async with self._free:
            asked, chromium = Asked(), await self._start()
            context = await chromium.new_context(
                user_agent=user_agent, service_workers="block", accept_downloads=False, locale="en-US"
            )
            try:
                async with asyncio.timeout(SECONDS):
                    html = await self._run(context, response, fetch, asked, is_own)
            except TimeoutError as error:
                _raise_what_is_missing(asked)
                raise RenderFailed(f"the page's scripts took over {SECONDS:.0f} s", timed_out=True) from error
            except _playwright_error() as error:
                _raise_what_is_missing(asked)
                raise RenderFailed(f"the browser could not show the page: {str(error).splitlines()[0]}") from error
            finally:
                await self._put_away(context)
        _raise_what_is_missing(asked)
        return html, asked.summary()

    async def close(self) -> None:
        """Ends the browser, whatever it does."""
        chromium, playwright, self._chromium, self._playwright = self._chromium, self._playwright, None, None
        for thing, end in ((chromium, "close"), (playwright, "stop")):
            if thing is not None:
                with contextlib.suppress(Exception):
                    await asyncio.wait_for(getattr(thing, end)(), 5)

    async def _start(self) -> Chromium:
        from playwright.async_api import async_playwright

        async with self._starting:
            if self._chromium is None or not self._chromium.is_connected():
                await self.close()
                self._playwright = await async_playwright().start()
                is_root = os.geteuid() == 0  # Chromium's sandbox does not work for root
                if is_root:
                    logger.warning("Chromium runs without its sandbox, because this is root")
                path = find_chromium()
                try:
                    self._chromium = await self._playwright.chromium.launch(
                        executable_path=path,
                        chromium_sandbox=not is_root,
                        proxy=_NO_NETWORK,
                        args=list(_ARGUMENTS),
                        handle_sigint=False,
                        handle_sigterm=False,
                        handle_sighup=False,
                    )
                except _playwright_error() as error:
                    said = str(error).splitlines()[0]
                    raise NoBrowser(f"{path} did not start ({said}); see docs/javascript.md on sandboxes") from error
            return self._chromium

    async def _run(
        self, context: BrowserContext, response: Response, fetch: Fetch, asked: Asked, is_own: Callable[[str], bool]
    ) -> str:
        page = await context.new_page()
        crash = asyncio.Event()
        page.on("crash", lambda _: crash.set())
        context.on("page", lambda other: asyncio.ensure_future(other.close()))  # windows that the page opens
        page.on("dialog", lambda dialog: asyncio.ensure_future(dialog.dismiss()))
        is_first = True

        async def answer(route: Route) -> None:
            nonlocal is_first
            request = route.request
            if is_first and request.is_navigation_request() and request.frame == page.main_frame:
                is_first = False
                await route.fulfill(status=response.status, headers=_shown(response), body=response.body)
            elif reason := _why_refused(request, asked):
                asked.refused[reason] += 1
                if request.is_navigation_request():
                    await route.fulfill(status=204)  # the page stays; an abort would put an error page in its place
                else:
                    await route.abort("blockedbyclient")
            else:
                await self._answer(route, fetch, asked, is_own)

        await context.route("**/*", answer)
        await context.route_web_socket("**/*", lambda socket: asyncio.ensure_future(socket.close()))
        looking, crashed = asyncio.create_task(_finished(page, response.url, asked)), asyncio.create_task(crash.wait())
        try:
            await asyncio.wait([looking, crashed], return_when=asyncio.FIRST_COMPLETED)
            if not looking.done():
                raise RenderFailed("the page crashed the browser")
            return looking.result()
        finally:
            looking.cancel()
            crashed.cancel()

    async def _answer(self, route: Route, fetch: Fetch, asked: Asked, is_own: Callable[[str], bool]) -> None:
        request = route.request
        asked.pending += 1
        try:
            answer = self._scripts.get(request.url)
            if answer is None:
                asked.fetched += 1
                sent = {name: value for name, value in request.headers.items() if name in _SENT_ON}
                answer = await fetch(request.url, sent)
                self._keep(request.resource_type, request.url, answer)
            if answer.status >= 500 or answer.status == 429:
                asked.missing = asked.missing or (
                    f"HTTP {answer.status} {request.url}" if is_own(request.url) else None
                )
            await route.fulfill(status=answer.status, headers=_shown(answer), body=answer.body)
        except Exception as error:
            self._note(asked, error, request.url, is_own)
            with contextlib.suppress(Exception):  # the page may be gone
                await route.abort("failed")
        finally:
            asked.pending -= 1

    @staticmethod
    def _note(asked: Asked, error: Exception, url: str, is_own: Callable[[str], bool]) -> None:
        """Refusals that will be the same next time are the page's lot; the others make it a part of a page."""
        name = type(error).__name__
        asked.refused[name] += 1
        if name in ("CrawlStopped", "HostBackingOff", "HostBusy"):
            asked.stopped = asked.stopped or (error if name == "CrawlStopped" or is_own(url) else None)
        elif name not in ("ForbiddenByRobots", "ForbiddenAddress", "NotText", "TooLarge") and is_own(url):
            asked.missing = asked.missing or f"{name} {url}"

    def _keep(self, kind: str, url: str, answer: Response) -> None:
        if kind == "script" and answer.status == 200 and self._cached_bytes + len(answer.body) <= CACHE_BYTES:
            self._scripts[url] = answer
            self._cached_bytes += len(answer.body)

    async def _put_away(self, context: BrowserContext) -> None:
        """A page that never lets go takes its browser with it."""
        try:
            await asyncio.wait_for(context.close(), 5)
        except Exception:
            await self.close()


async def _finished(page: Page, url: str, asked: Asked) -> str:
    """The HTML once nothing is being fetched and the text stood still for a second."""
    await page.goto(url, wait_until="commit", timeout=0)
    before, since = None, monotonic()
    while True:
        await asyncio.sleep(0.1)
        look = (await page.evaluate(_LOOK), asked.fetched)
        if look != before or asked.pending or look[0][0] != "complete":
            before, since = look, monotonic()
        elif monotonic() - since >= 1:
            html: str = await page.evaluate(_HTML, LONGEST_HTML)
            return html


def _why_refused(request: Any, asked: Asked) -> str | None:
    """Why a request of a page is not made; None where the crawler may be asked."""
    if request.resource_type not in _KINDS:
        return str(request.resource_type)
    if not request.url.startswith(("http://", "https://")):
        return "no http"
    if request.method != "GET":
        return str(request.method)
    return "too many" if asked.fetched >= MOST_REQUESTS else None


def _shown(response: Response) -> dict[str, str]:
    """The headers of an answer that the browser is shown."""
    rows = {
        name.decode("latin-1").lower(): b", ".join(values).decode("latin-1")
        for name, values in response.headers.items()
        if values
    }
    return {name: value for name, value in rows.items() if name not in _NOT_SHOWN}


def _raise_what_is_missing(asked: Asked) -> None:
    if asked.stopped is not None:
        raise asked.stopped
    if asked.missing is not None:
        raise PartMissing(asked.missing)


def _playwright_error() -> type[Exception]:
    from playwright.async_api import Error

    return Error
