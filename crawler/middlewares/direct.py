"""Scrapy's own parts, with less to do for each page. They do what Scrapy 2.19's do.

Switched on by STATS_CLASS; `DirectMiddlewares` by the PoliteDownloader.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from scrapy.core.downloader.middleware import DownloaderMiddlewareManager
from scrapy.http import Request, Response
from scrapy.statscollectors import MemoryStatsCollector
from scrapy.utils.defer import ensure_awaitable

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine


class PlainStats(MemoryStatsCollector):
    """Scrapy's looks at each use of a method whether it must warn of an outdated argument."""

    __getattribute__ = object.__getattribute__


class DirectMiddlewares(DownloaderMiddlewareManager):
    """The chain of downloader middlewares; what one answers at once needs no coroutine around it."""

    async def _process_request(
        self, request: Request, download_func: Callable[[Request], Coroutine[Any, Any, Response]]
    ) -> Response | Request:
        for method in self.methods["process_request"]:
            answer = self._handle_mw_method(method, request=request)  # type: ignore[arg-type]
            if answer is None or (answer := await _settled(answer)) is None:
                continue
            return _known(method, answer)
        return await download_func(request)

    async def _process_response(self, response: Response | Request, request: Request) -> Response | Request:
        for method in self.methods["process_response"]:
            if isinstance(response, Request):
                break
            answer = self._handle_mw_method(method, request=request, response=response)  # type: ignore[arg-type]
            response = _known(method, answer if isinstance(answer, Response) else await _settled(answer))
        return response


async def _settled(answer: Any) -> Any:
    return answer if isinstance(answer, (Response, Request)) else await ensure_awaitable(answer)


def _known(method: Any, answer: Any) -> Response | Request:
    """The answer of a middleware. Raises TypeError for one that is neither request nor response."""
    if not isinstance(answer, (Response, Request)):
        raise TypeError(f"{method.__qualname__} must return a Response or Request, got {type(answer)}")
    return answer
