"""Ends a download early: what is no text is not read at all, and some answers are read up to a point only.

A link on a news page may lead to a film or a PDF; after its headers nothing more of it is fetched. The spider's
errback gets `NotText`, with the response (no body) as its `response`. Switched on by EXTENSIONS.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from scrapy import signals
from scrapy.exceptions import StopDownload
from scrapy.utils.httpobj import urlparse_cached

if TYPE_CHECKING:
    from scrapy import Request
    from scrapy.crawler import Crawler
    from scrapy.http import Headers

READ_AT_MOST = "read_at_most"
"""Request.meta key: bytes of the body after which the download ends; the response comes as usual, cut."""
SCRIPTS_TOO = "scripts_too"
"""Request.meta key: true where a script is a wanted answer (a page that is rendered asks for it)."""
_READ = "_bytes_read"

_TEXT = re.compile(
    r"text/(?!calendar|vcard|css|javascript).*"
    r"|application/(xhtml\+xml|xml|json|ld\+json|x-ndjson|rss|atom|rdf|feed\+json|[\w.-]+\+(xml|json))"
    r"|application/(javascript|x-javascript)|",
    re.IGNORECASE,
)
_PACKED = re.compile(r"application/(octet-stream|(x-)?gzip|x-gunzip|force-download)|binary/octet-stream", re.IGNORECASE)
_TEXT_NAME = re.compile(r"(^|/)[^/.]*$|\.(html?|xhtml|xml|rss|atom|rdf|json|txt|php|aspx?|jsp|gz)$", re.IGNORECASE)


class NotText(StopDownload):
    """The answer is of a kind that holds no article, list or feed; its body was not read."""

    def __init__(self, content_type: str) -> None:
        super().__init__(fail=True)
        self.content_type = content_type

    def __str__(self) -> str:
        return f"not text: {self.content_type}"


class BodyLimits:
    """Watches the headers and the bytes of every download."""

    def __init__(self, crawler: Crawler) -> None:
        crawler.signals.connect(self.headers_received, signal=signals.headers_received)
        crawler.signals.connect(self.bytes_received, signal=signals.bytes_received)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> BodyLimits:
        return cls(crawler)

    def headers_received(self, headers: Headers, request: Request) -> None:
        request.meta.pop(_READ, None)
        content_type = (headers.get("Content-Type") or b"").decode("latin-1")
        if b"Location" in headers or may_be_text(content_type, urlparse_cached(request).path):
            return
        if not (request.meta.get(SCRIPTS_TOO) and content_type.lower().startswith("text/javascript")):
            raise NotText(content_type)

    def bytes_received(self, data: bytes, request: Request) -> None:
        limit = request.meta.get(READ_AT_MOST)
        if limit is not None:
            request.meta[_READ] = request.meta.get(_READ, 0) + len(data)
            if request.meta[_READ] >= limit:
                raise StopDownload(fail=False)


def may_be_text(content_type: str, path: str) -> bool:
    """True for what can hold an article, a list of links, a feed or a sitemap (packed ones by their name).

    >>> [may_be_text(kind, "/a") for kind in ("text/html; charset=utf-8", "", "application/rss+xml", "video/mp4")]
    [True, True, True, False]
    >>> may_be_text("application/octet-stream", "/news.xml.gz"), may_be_text("application/octet-stream", "/a.mp4")
    (True, False)
    """
    kind = content_type.partition(";")[0].strip()
    if _TEXT.fullmatch(kind):
        return True
    return _PACKED.fullmatch(kind) is not None and _TEXT_NAME.search(path) is not None
