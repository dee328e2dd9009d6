"""Redirects that lead back to an address just asked: once more with the cookies that the way there set, else no more.

Many sites send who comes without a cookie to an address that sets one and sends him back; who never gives it back goes
round for ever, and sees no page of the site. So one is given back where a chain comes round, and only there: within one
look, to the hosts that RFC 6265 allows, and forgotten with the look. Stands in for Scrapy's RedirectMiddleware and
MetaRefreshMiddleware in DOWNLOADER_MIDDLEWARES; settings REDIRECT_*, METAREFRESH_*.
"""

from __future__ import annotations

from scrapy import Request
from scrapy.downloadermiddlewares.redirect import MetaRefreshMiddleware, RedirectMiddleware
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response
from scrapy.http.cookies import CookieJar

_JAR = "cookies_of_chain"
"""Request.meta key: what the answers of this chain of redirects set."""
_LOOKED_AT = 4 * 4096
"""Bytes; Scrapy looks at the first 4,096 characters, which take four bytes each at most."""


class RedirectLoop(IgnoreRequest):
    """The way to a page leads back to itself (says nothing of whether there is a page)."""


class Redirects(RedirectMiddleware):
    """Follows what Scrapy's follows, but no circle."""

    def process_response(self, request: Request, response: Response) -> Request | Response:  # type: ignore[override]
        return _out_of_circles(super().process_response(request, response), request, response)


class QuickMetaRefresh(MetaRefreshMiddleware):
    """The same for meta refreshes; looked for only in pages that may have one: Scrapy's decodes every page to see."""

    def process_response(self, request: Request, response: Response) -> Request | Response:  # type: ignore[override]
        if not may_refresh(response.body):
            return response
        return _out_of_circles(super().process_response(request, response), request, response)


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


def _out_of_circles(following: Request | Response, request: Request, response: Response) -> Request | Response:
    """What is to be done next, given back as it is or with cookies. Raises RedirectLoop where nothing would change."""
    if not isinstance(following, Request):
        return following
    if "Set-Cookie" in response.headers:
        following.meta.setdefault(_JAR, CookieJar()).extract_cookies(response, request)
    if following.url in following.meta["redirect_urls"]:
        jar, given = following.meta.get(_JAR), following.headers.pop("Cookie", None)
        if jar is not None:
            jar.add_cookie_header(following)
        if following.headers.getlist("Cookie") in ([], given):
            raise RedirectLoop(f"the way to {following.url!r} leads back to it")
    return following
