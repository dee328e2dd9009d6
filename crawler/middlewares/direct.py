"""Scrapy's own parts, with less to do for each page. They do what Scrapy 2.19's do.

Switched on by STATS_CLASS and DOWNLOADER_MIDDLEWARES; `DirectMiddlewares` by the PoliteDownloader.
"""

from __future__ import annotations

from collections import deque
from functools import wraps
from types import MethodType
from typing import TYPE_CHECKING, Any

from scrapy.core.downloader.middleware import DownloaderMiddlewareManager
from scrapy.downloadermiddlewares.stats import DownloaderStats
from scrapy.http import Request, Response
from scrapy.statscollectors import MemoryStatsCollector
from scrapy.utils.defer import ensure_awaitable

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine

    from scrapy.crawler import Crawler


class PlainStats(MemoryStatsCollector):
    """Scrapy's looks at each use of a method whether it must warn of an outdated argument."""

    __getattribute__ = object.__getattribute__


class PlainDownloaderStats(DownloaderStats):
    """Counts requests, answers and failures as Scrapy's does, and the bytes of bodies; Scrapy's writes each request out
    to know its length, and goes through the headers of each answer."""

    def process_request(self, request: Request) -> None:  # type: ignore[override]
        self.stats.inc_value("downloader/request_count")
        self.stats.inc_value(f"downloader/request_method_count/{request.method}")

    def process_response(self, request: Request, response: Response) -> Response:  # type: ignore[override]
        self.stats.inc_value("downloader/response_count")
        self.stats.inc_value(f"downloader/response_status_count/{response.status}")
        self.stats.inc_value("downloader/response_bytes", len(response.body))
        return response


class DirectMiddlewares(DownloaderMiddlewareManager):
    """The chain of downloader middlewares; what one answers at once needs no coroutine around it."""

    def __init__(self, *middlewares: Any, crawler: Crawler) -> None:
        super().__init__(*middlewares, crawler=crawler)
        for name in ("process_request", "process_response"):
            self.methods[name] = deque(self._direct(method) for method in self.methods[name] if method is not None)

    def _direct(self, method: Callable[..., Any]) -> Callable[..., Any]:
        """The method to call by its arguments alone; Scrapy's own without what looks at each call whether to warn."""
        if method in self._mw_methods_requiring_spider:
            return wraps(method)(lambda **given: method(**given, spider=self._spider))
        inner: Callable[..., Any] | None = getattr(method, "__wrapped__", None)
        if inner is None or not method.__module__.startswith("scrapy."):
            return method
        return MethodType(inner, method.__self__)  # type: ignore[attr-defined]

    async def _process_request(
        self, request: Request, download_func: Callable[[Request], Coroutine[Any, Any, Response]]
    ) -> Response | Request:
        for method in self.methods["process_request"]:
            answer = method(request=request)  # type: ignore[misc]
            if answer is None or (answer := await _settled(answer)) is None:
                continue
            return _known(method, answer)
        return await download_func(request)

    async def _process_response(self, response: Response | Request, request: Request) -> Response | Request:
        for method in self.methods["process_response"]:
            if isinstance(response, Request):
                break
            answer = method(request=request, response=response)  # type: ignore[misc]
            response = _known(method, answer if isinstance(answer, Response) else await _settled(answer))
        return response


async def _settled(answer: Any) -> Any:
    return answer if isinstance(answer, (Response, Request)) else await ensure_awaitable(answer)


def _known(method: Any, answer: Any) -> Response | Request:
    """The answer of a middleware. Raises TypeError for one that is neither request nor response."""
    if not isinstance(answer, (Response, Request)):
        raise TypeError(f"{method.__qualname__} must return a Response or Request, got {type(answer)}")
    return answer
