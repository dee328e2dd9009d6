"""Conditional requests: "only if it changed since". The validators are the archive's, so nothing is cached here.

A spider sets `request.meta["conditional"] = {"etag": ..., "last_modified": ...}` (either may be None or missing) with
what the server wrote at the last full answer; "url" too where that answer came from another URL than the request's
(after a redirect). They are sent to that URL only (RFC 9110, 13.1). A 304 answer to a conditional request reaches the
spider's callback; one that nobody asked for is an error. Switched on by DOWNLOADER_MIDDLEWARES.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from scrapy.exceptions import IgnoreRequest

if TYPE_CHECKING:
    from scrapy import Request
    from scrapy.crawler import Crawler
    from scrapy.http import Response

CONDITIONAL = "conditional"
_HEADERS = {"etag": b"If-None-Match", "last_modified": b"If-Modified-Since"}


class UnaskedNotModified(IgnoreRequest):
    """A 304 answer to a request that carried no validators: it says nothing about the page."""

    def __init__(self, url: str) -> None:
        super().__init__(f"304 Not Modified from {url!r}, which was asked for the whole page")
        self.url = url


class ConditionalMiddleware:
    """Puts the validators on the request that they belong to, and on no other."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> ConditionalMiddleware:
        return cls(crawler)

    def process_request(self, request: Request) -> None:
        validators = request.meta.get(CONDITIONAL)
        if not validators:
            return
        first_url = (request.meta.get("redirect_urls") or [request.url])[0]
        belongs = request.url == (validators.get("url") or first_url)
        for name, header in _HEADERS.items():
            request.headers.pop(header, None)  # a redirect inherits the headers of the request that led to it
            if belongs and (value := validators.get(name)):
                request.headers[header] = value
        if _is_conditional(request):
            spiders_own = getattr(self._crawler.spider, "handle_httpstatus_list", ())
            handled = request.meta.get("handle_httpstatus_list", spiders_own)
            request.meta["handle_httpstatus_list"] = sorted({*handled, 304})

    def process_response(self, request: Request, response: Response) -> Response:
        if response.status == 304 and not _is_conditional(request):
            raise UnaskedNotModified(request.url)
        return response


def _is_conditional(request: Request) -> bool:
    return any(header in request.headers for header in _HEADERS.values())
