"""From a page's bytes to what it says: title, body, authors, dates, labels, counters, each with its source.

Pure: no network, clock, settings or database. Knows nothing of any one site; what a site's declaration knows comes in
as `SiteHints`. One module per field; `extractor` holds the order of things.
"""

from archive.model import Verdict
from crawler.extraction.extractor import extract
from crawler.extraction.pages import join
from crawler.extraction.result import Extraction, Found, PageLinks, SiteHints

VERSION = "2"
"""Of the extractor: a stored version remembers it, so that a better extractor is never mistaken for an edit."""

__all__ = ["VERSION", "Extraction", "Found", "PageLinks", "SiteHints", "Verdict", "extract", "join"]
