"""Loaded by the fork server: reads a page, so that words, models and patterns that are loaded when they are first
wanted are there once for all workers. Otherwise each loads its own: a fifth of a second, and the memory."""

from __future__ import annotations

from datetime import UTC, datetime

from crawler.extraction import SiteHints
from crawler.reading import read_article

_PAGE = f"""<!DOCTYPE html><html lang="en"><head><title>Rain fell on the harbour | The Example</title></head><body>
<nav><a href="/news">News</a></nav><article><h1>Rain fell on the harbour</h1><p class="byline">By Ada Ito</p>
<time>3 March 2026</time>{"<p>The office said that the work would take three weeks and cost less than feared.</p>" * 8}
<p>12 comments, 2 hours ago</p></article></body></html>"""

read_article(
    _PAGE.encode(),
    "https://example.org/news/rain-fell-on-the-harbour",
    content_type="text/html; charset=utf-8",
    fetched_at=datetime(2026, 3, 4, tzinfo=UTC),
    hints=SiteHints(),
)
