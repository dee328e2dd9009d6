"""Between an answer and the browser: which answers are rendered, and what comes of it. The browser is `browser`'s."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from scrapy.http import HtmlResponse, Response

from crawler.browser import Browser
from crawler.discovery.urls import same_site
from crawler.middlewares.limits import SCRIPTS_TOO
from crawler.sites import Site

RENDERED = "X-Backissue-Rendered"
"""A header that a rendered page carries here and in its raw copy: what its scripts asked for, in words."""

Download = Callable[..., Awaitable[Response]]


async def rendered(response: Response, site: Site, browser: Browser, download: Download) -> Response:
    """The page once its scripts ran, where the site wants that of an HTML answer; else the answer as it came.

    Raises what `Browser.render` raises.
    """
    if not site.render or not 200 <= response.status < 300 or not isinstance(response, HtmlResponse):
        return response

    def fetch(url: str, headers: Mapping[str, str]) -> Awaitable[Response]:
        return download(url, headers=dict(headers), **{SCRIPTS_TOO: True})

    def is_own(url: str) -> bool:
        return same_site(url, site.url)

    # A task of its own: Playwright wants one, and Scrapy's callbacks do not always run in one.
    work: asyncio.Task[Any] = asyncio.ensure_future(browser.render(response, fetch, site.user_agent, is_own))
    html, asked = await work
    headers = response.headers.copy()
    headers["Content-Type"] = "text/html; charset=utf-8"
    headers[RENDERED] = asked
    return response.replace(body=html.encode("utf-8", "replace"), headers=headers, encoding="utf-8")
