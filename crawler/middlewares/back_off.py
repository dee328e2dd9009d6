"""429, 503 and Retry-After: how long a host is left alone, in this process and in the next.

A short wait holds the host's queue; one of more than BACKISSUE_MAX_WAIT seconds is not sat out: every request to that
host fails with `HostBackingOff`, and the moment is kept in the host store for the next process. A server that is not
there at all, or refuses every request, is given up for a while too. Switched on by DOWNLOADER_MIDDLEWARES (with the
PoliteDownloader); settings BACKISSUE_MAX_WAIT and BACKISSUE_MAX_RETRY_AFTER.
"""

from __future__ import annotations

import asyncio
import logging
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from time import monotonic
from typing import TYPE_CHECKING

from scrapy import signals
from scrapy.exceptions import CannotResolveHostError, DownloadConnectionRefusedError, DownloadTimeoutError

from crawler.middlewares.hosts import host_store
from crawler.middlewares.politeness import RETRY_AFTER_AT, HostBackingOff, PoliteDownloader

if TYPE_CHECKING:
    from scrapy import Request
    from scrapy.crawler import Crawler
    from scrapy.http import Response

logger = logging.getLogger(__name__)

DELAY = "delay"
"""Request.meta key: seconds between two requests to this request's host, where it is more than DOWNLOAD_DELAY."""

_SAID = "retry_after_said"
"""Request.meta key: the seconds of a wait that the host itself asked for."""
_FIRST_WAIT = {429: 30.0, 503: 5.0}  # without a Retry-After; doubled every time in a row
_KEPT_FROM = timedelta(seconds=4)  # shorter waits are over before another process could start
_REST_OF_A_WAIT = (
    2  # what an earlier process left of a wait is sat out for so many times BACKISSUE_MAX_WAIT: it is asked once
)
_MAX_PACE = 60.0
_DEAD_AFTER = 5  # requests in a row that found no server at all
_REFUSED_AFTER = 10  # answers in a row of 429 or 503: however soon the server says to come again, it is down
_DEAD_FOR = 15 * 60.0
_NO_SERVER = (DownloadTimeoutError, DownloadConnectionRefusedError, CannotResolveHostError)


class BackOffMiddleware:
    """Reads 429, 503 and Retry-After, and lets no request pass to a host that was given up."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._max_wait = crawler.settings.getfloat("BACKISSUE_MAX_WAIT")
        self._max_retry_after = crawler.settings.getfloat("BACKISSUE_MAX_RETRY_AFTER")
        self._dead_for = max(_DEAD_FOR, 2 * self._max_wait)  # never sat out
        self._store = host_store(crawler)
        self._recalled: dict[str, asyncio.Task[None]] = {}
        crawler.signals.connect(self._downloaded, signal=signals.response_downloaded)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> BackOffMiddleware:
        return cls(crawler)

    @property
    def _downloader(self) -> PoliteDownloader:
        downloader = self._crawler.engine.downloader
        assert isinstance(downloader, PoliteDownloader), "DOWNLOADER must be a PoliteDownloader"
        return downloader

    async def process_request(self, request: Request) -> None:
        request.meta.pop(RETRY_AFTER_AT, None)
        request.meta.pop(_SAID, None)
        manners = self._downloader.manners(request)
        manners.delay = max(manners.delay, float(request.meta.get(DELAY) or 0))
        host = self._downloader.get_slot_key(request)
        if host not in self._recalled:
            self._recalled[host] = asyncio.ensure_future(self._recall(host, request))
        if not self._recalled[host].done():
            await asyncio.shield(self._recalled[host])
        if manners.given_up_until and datetime.now(UTC) < manners.given_up_until:
            raise HostBackingOff(request.url, manners.given_up_until)

    async def process_response(self, request: Request, response: Response) -> Response:
        until: datetime | None = request.meta.get(RETRY_AFTER_AT)
        if until and until - datetime.now(UTC) >= _KEPT_FROM:
            said: float = request.meta.get(_SAID) or 0.0
            await asyncio.to_thread(self._store.put_back_off, self._downloader.get_slot_key(request), until, said)
        return response

    def _downloaded(self, request: Request, response: Response) -> None:
        """Judges an answer before the host's queue moves on (middlewares see it after that)."""
        manners = self._downloader.manners(request)
        manners.silences = 0
        asked = said = retry_after(response.headers.get("Retry-After"), response.headers.get("Date"), datetime.now(UTC))
        if response.status not in _FIRST_WAIT and (asked is None or response.status < 400):
            manners.strikes = 0
            manners.pace = 0.9 * manners.pace if manners.pace > self._downloader.base_delay(request) else 0.0
            return
        if response.status == 429:
            slower = 2 * max(manners.pace, self._downloader.base_delay(request), 0.05)
            manners.pace = min(_MAX_PACE, slower)
        if asked is None:
            asked = _FIRST_WAIT[response.status] * (1 << min(manners.strikes, 10))
        manners.strikes += 1
        if manners.strikes >= _REFUSED_AFTER:
            asked = max(asked, self._dead_for)
        wait = min(asked, self._max_retry_after)
        request.meta[RETRY_AFTER_AT] = datetime.now(UTC) + timedelta(seconds=wait)
        request.meta[_SAID] = min(said or 0.0, wait)
        if not self._hold(request, wait):
            request.meta["dont_retry"] = True  # the answer itself goes to the spider

    def process_exception(self, request: Request, exception: Exception) -> None:
        if isinstance(exception, _NO_SERVER):
            manners = self._downloader.manners(request)
            manners.silences += 1
            if manners.silences >= _DEAD_AFTER:
                self._hold(request, self._dead_for)

    async def _recall(self, host: str, request: Request) -> None:
        until = await asyncio.to_thread(self._store.get_back_off, host)
        left = (until - datetime.now(UTC)).total_seconds() if until else 0.0
        if 0 < left <= self._max_retry_after:
            self._hold(request, left, longest=_REST_OF_A_WAIT * self._max_wait)

    def _hold(self, request: Request, seconds: float, longest: float | None = None) -> bool:
        """Sends nothing to the request's host for so long; False where that is too long to wait for (`longest`, or
        the setting)."""
        manners = self._downloader.manners(request)
        self._crawler.stats.inc_value("back_off/holds")
        manners.hold_until = max(manners.hold_until, monotonic() + seconds)
        if seconds <= (self._max_wait if longest is None else longest):
            return True
        until = manners.given_up_until = datetime.now(UTC) + timedelta(seconds=seconds)
        host = self._downloader.get_slot_key(request)
        logger.info("Gave up %s until %s", host, until)
        if host in self._downloader.slots:
            self._downloader.fail_queued(self._downloader.slots[host], lambda url: HostBackingOff(url, until))
        return False


def retry_after(value: bytes | None, date: bytes | None, now: datetime) -> float | None:
    """Seconds that a Retry-After header asks for (RFC 9110, 10.2.3); None where it says nothing that can be read.

    A date is compared with the answer's own Date, so that a server whose clock is wrong is understood all the same.

    >>> now = datetime(2026, 3, 1, 12, tzinfo=UTC)
    >>> retry_after(b"120", None, now), retry_after(b"soon", None, now), retry_after(b"-5", None, now)
    (120.0, None, None)
    >>> retry_after(b"Sun, 01 Mar 2026 12:01:00 GMT", None, now)
    60.0
    >>> retry_after(b"Mon, 01 Mar 2021 00:00:09 GMT", b"Mon, 01 Mar 2021 00:00:00 GMT", now)
    9.0
    """
    text = (value or b"").decode("latin-1").strip()
    if text.isascii() and text.replace(".", "", 1).isdigit():
        return float(text)
    moment = _http_date(text)
    if moment is None:
        return None
    return max(0.0, (moment - (_http_date((date or b"").decode("latin-1")) or now)).total_seconds())


def _http_date(text: str) -> datetime | None:
    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError):
        return None
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment
