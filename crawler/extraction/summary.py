"""The summary that the publisher gives: one or two sentences under the headline or in the page's head."""

from __future__ import annotations

from collections.abc import Iterator

from crawler.extraction.document import Document
from crawler.extraction.result import Found
from crawler.extraction.structured import Structured
from crawler.extraction.text import as_text, plain, skeleton
from crawler.extraction.title import find_title, site_names

MAX_LENGTH = 2_000
MIN_LENGTH = 20


def find_summary(doc: Document, data: Structured) -> Found[str] | None:
    """The longest-standing description that is neither the headline again nor the site's slogan.

    >>> from crawler.extraction.document import parse
    >>> page = parse(b'<h1>Rain</h1><meta name="description" content="Rain fell on the town all day.">', "http://a.test/")
    >>> find_summary(page, Structured(page))
    Found(value='Rain fell on the town all day.', source='meta description')
    """
    title = find_title(doc, data)
    known = {skeleton(title.value)} if title else set()
    known |= site_names(doc, data)
    for found in _claims(data):
        text = plain(found.value)[:MAX_LENGTH]
        if len(text) >= MIN_LENGTH and skeleton(text) not in known:
            return Found(text, found.source)
    return None


def _claims(data: Structured) -> Iterator[Found[str]]:
    yield from data.meta_values("og:description", "description", "twitter:description")
    for claim in data.claims("description", "abstract", "alternativeHeadline"):
        yield Found(as_text(claim.value), claim.source)
    yield from data.meta_values("sailthru.description", "dc.description", "dcterms.description", "dcterms.abstract")
