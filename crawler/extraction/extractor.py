"""From one page's bytes to an `Extraction`: asks each field module, gathers what they found and where.

The order of things is here and nothing else: refuse, parse, read the fields, find the body, judge.
"""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from archive.model import COUNTERS, Content, Verdict
from crawler.extraction.authors import find_authors
from crawler.extraction.body import find_body
from crawler.extraction.canonical import find_canonical
from crawler.extraction.categories import find_categories, find_tags
from crawler.extraction.counters import find_engagement
from crawler.extraction.dates import find_modified, find_published
from crawler.extraction.document import Document, parse
from crawler.extraction.guard import refusal
from crawler.extraction.image import find_image
from crawler.extraction.kept import forget
from crawler.extraction.language import find_language
from crawler.extraction.pages import find_links
from crawler.extraction.result import NOT_FOUND, Extraction, Found, SiteHints
from crawler.extraction.structured import Structured
from crawler.extraction.summary import find_summary
from crawler.extraction.title import find_title
from crawler.extraction.topics import map_labels
from crawler.extraction.verdict import judge

Finder = Callable[[Document, Structured], "Found[Any] | None"]


FIELDS: dict[str, Finder] = {
    "title": find_title,
    "authors": find_authors,
    "summary": find_summary,
    "categories": find_categories,
    "tags": find_tags,
    "published_at": find_published,
    "modified_at": find_modified,
    "canonical_url": find_canonical,
    "image_url": find_image,
    "language": find_language,
}
"""The fields of `Content` that one module each reads; body and access are found together with the verdict."""


def extract(
    body: bytes,
    url: str,
    *,
    content_type: str | None = None,
    fetched_at: datetime | None = None,
    hints: SiteHints | None = None,
    explain: bool = False,
) -> Extraction:
    """Read one page. Never raises: a page that cannot be read has a verdict and a reason.

    `url` is where the page was fetched (relative addresses are resolved against it); `fetched_at` bounds the
    dates that are believed. With `explain` the result says for every block of text why it was kept or dropped.
    """
    try:
        if refused := refusal(body, content_type):
            return Extraction(refused[0], reason=refused[1])
        with _reading():
            return _read(parse(body, readable(url), content_type, fetched_at, hints), explain)
    except Exception as error:  # hostile input must cost one page, never the crawl
        return Extraction(Verdict.OTHER, reason=f"the extractor failed: {error!r}")


@contextmanager
def _reading() -> Iterator[None]:
    """Without searches for unreachable cycles: a page makes some ten thousand objects and no cycle among them. The
    searches found nothing and took three per cent of the time. Afterwards nothing of the page is left but what is said
    of it."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        forget()
        if was_enabled:
            gc.enable()


def readable(url: str) -> str:
    """The address, or "" where it cannot be taken apart.

    >>> readable("http://a.test/"), readable("http://[::1")
    ('http://a.test/', '')
    """
    try:
        urlsplit(url).hostname  # noqa: B018 (it raises)
    except ValueError:
        return ""
    return url.encode("utf-8", "replace").decode()


def _read(doc: Document, explain: bool) -> Extraction:
    data = Structured(doc)
    values, provenance = _read_fields(doc, data)
    headline: str | None = values.get("title")
    body = find_body(doc, data, title=headline, explain=explain)
    # A date in the address alone says nothing of what stands there now: walls answer at the same address.
    dated = "published_at" in values and provenance["published_at"] != "url"
    judged = judge(doc, data, body, title=headline, dated=dated)
    links = find_links(doc, data)
    provenance.update(_missed_counters(doc))
    if judged.verdict is not Verdict.ARTICLE:
        # A page whose article is missing may still say how often it was read: no version, but a fact about it.
        counters = find_engagement(doc, data) if judged.verdict is Verdict.EMPTY else None
        return Extraction(judged.verdict, None, counters, judged.reason, provenance, links, body.notes)
    provenance["body"] = body.source
    article = Content(body=body.text, access=judged.access, **values, **_subjects(doc, values))
    return Extraction(Verdict.ARTICLE, article, find_engagement(doc, data), None, provenance, links, body.notes)


def _missed_counters(doc: Document) -> dict[str, str]:
    """The counters whose selector, the site's own, no longer finds a number."""
    asked = [kind for kind in COUNTERS if doc.has_selector(kind)]
    return {kind: NOT_FOUND for kind in asked if not any(map(_has_digit, doc.selected_texts(kind)))}


def _has_digit(text: str) -> bool:
    return any(letter.isdigit() for letter in text)


def _subjects(doc: Document, values: dict[str, Any]) -> dict[str, Any]:
    """What the category labels mean; nothing where the page has none."""
    if "categories" not in values:
        return {}
    found = map_labels(values["categories"], doc.hints.categories)
    return {"topics": found.topics, "coverage_place": found.places or None, "genre": found.genres or None}


def _read_fields(doc: Document, data: Structured) -> tuple[dict[str, Any], dict[str, str]]:
    """Values and sources by field. A field whose reading fails is missing, and says why."""
    values: dict[str, Any] = {}
    provenance: dict[str, str] = {}
    for field, find in FIELDS.items():
        if doc.has_selector(field) and not doc.select(field):
            provenance[field] = NOT_FOUND
            continue
        try:
            found = find(doc, data)
        except Exception as error:
            provenance[field] = f"failed: {error!r}"
            continue
        if found is not None:
            values[field], provenance[field] = found.value, found.source
    return values, provenance
