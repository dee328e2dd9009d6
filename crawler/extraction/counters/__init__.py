"""The engagement that a page shows for its article: its counters, and whether its comments are open.

One module for each place of evidence: `stated` (for machines), `shown` (for readers), `attributes`; `scope` tells the
article's own from all others; `evidence` settles. None means that the page does not say.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from archive.model import COUNTERS, Counter, Engagement
from crawler.extraction.comments import comments_are_open, has_thread_elsewhere, read_worded_zeros
from crawler.extraction.counters.attributes import read_attributes
from crawler.extraction.counters.evidence import Evidence, settle
from crawler.extraction.counters.scope import Scope, scope_of
from crawler.extraction.counters.shown import ShownCounters
from crawler.extraction.counters.stated import read_state, read_stated
from crawler.extraction.document import Document
from crawler.extraction.labels import read_counters
from crawler.extraction.numbers import parse_count
from crawler.extraction.short_texts import short_texts
from crawler.extraction.structured import Structured


def find_engagement(doc: Document, data: Structured) -> Engagement:
    """Every counter of the page's article. A site's selector decides alone for its field. Never raises."""
    language = _language(doc)
    scope = scope_of(doc, data)
    by_kind: dict[str, list[Evidence]] = {}
    for one in list(_all_evidence(doc, data, scope, language)) or _state(doc, data, scope):
        by_kind.setdefault(one.kind, []).append(one)
    counters: dict[str, Counter | None] = dict.fromkeys(COUNTERS)
    suspects: list[str] = []
    for kind in COUNTERS:
        if doc.has_selector(kind):
            counters[kind] = _selected(doc, kind, language)
        elif kind in by_kind:
            counters[kind], suspect = settle(by_kind[kind])
            if suspect:
                suspects.append(kind)
    is_open = comments_are_open(short_texts(doc), doc, scope)
    return Engagement(**counters, comments_open=is_open, placeholder_suspect=tuple(suspects))


def _all_evidence(doc: Document, data: Structured, scope: Scope, language: str | None) -> Iterator[Evidence]:
    texts = short_texts(doc)
    yield from _doubted(doc, read_stated(data))
    if scope.is_front:
        return
    yield from ShownCounters(scope, language).read(texts)
    yield from read_attributes(doc, scope, language)
    yield from read_worded_zeros(texts, scope)


def _state(doc: Document, data: Structured, scope: Scope) -> Iterator[Evidence]:
    if not scope.is_front:
        yield from _doubted(doc, read_state(data, scope))


def _doubted(doc: Document, found: Iterable[Evidence]) -> Iterator[Evidence]:
    """What is said for machines; "no comments" is doubted where another service keeps the thread."""
    for one in found:
        doubt = one.kind == "comments" and one.value == 0 and has_thread_elsewhere(doc)
        yield replace(one, suspect=True) if doubt else one


def _selected(doc: Document, kind: str, language: str | None) -> Counter | None:
    """The number that the site's own selector finds; None where it finds none, never 0."""
    for text in doc.selected_texts(kind):
        if number := parse_count(text, language):
            return Counter(*number, text, "selector")
        readings = [one for one in read_counters(text, language) if one.kind == kind]
        if readings:
            return Counter(readings[0].value, readings[0].exact, text, "selector")
    return None


def _language(doc: Document) -> str | None:
    root = doc.root.attributes
    return doc.hints.language or root.get("lang") or root.get("xml:lang")
