"""From a page's bytes to what it says: title, body, authors, dates, labels, counters, each with its source.

Pure: no network, clock, settings or database. Knows nothing of any one site; what a site's declaration knows comes in
as `SiteHints`. One module per field; `extractor` holds the order of things.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from archive.model import Verdict
from crawler.extraction.result import Extraction, Found, PageLinks, SiteHints

if TYPE_CHECKING:
    from crawler.extraction.extractor import extract
    from crawler.extraction.pages import join

VERSION = "5"
"""Of the extractor: a stored version remembers it, so that a better extractor is never mistaken for an edit."""

__all__ = ["VERSION", "Extraction", "Found", "PageLinks", "SiteHints", "Verdict", "extract", "join"]


def __getattr__(name: str) -> Any:
    """`extract` and `join` come at their first use: a crawl reads pages in its workers and need not load them."""
    if name == "extract":
        from crawler.extraction.extractor import extract

        return extract
    if name == "join":
        from crawler.extraction.pages import join

        return join
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
