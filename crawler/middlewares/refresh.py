"""Meta refreshes are looked for only in pages that may have one: Scrapy's middleware decodes every page to find out.

Stands in for Scrapy's MetaRefreshMiddleware in DOWNLOADER_MIDDLEWARES; settings METAREFRESH_*.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from scrapy.downloadermiddlewares.redirect import MetaRefreshMiddleware

if TYPE_CHECKING:
    from scrapy import Request
    from scrapy.http import Response

_LOOKED_AT = 4 * 4096
"""Bytes; Scrapy looks at the first 4,096 characters, which take four bytes each at most."""


class QuickMetaRefresh(MetaRefreshMiddleware):
    """Follows what Scrapy's follows."""

    def process_response(self, request: Request, response: Response) -> Request | Response:  # type: ignore[override]
        return super().process_response(request, response) if may_refresh(response.body) else response


def may_refresh(body: bytes) -> bool:
    """False where no decoding of the page could bring out a `<meta http-equiv=refresh>`.

    >>> may_refresh(b'<META HTTP-EQUIV="Refresh" content="0; url=/1">'), may_refresh(b"<p>Refresh the page")
    (True, False)
    >>> may_refresh('<meta http-equiv="refresh">'.encode("utf-16"))
    True
    """
    head = body[:_LOOKED_AT].lower()
    if b"\0" in head:  # in UTF-16 and UTF-32 every second letter
        return True
    return b"http-equiv" in head and b"refresh" in head
