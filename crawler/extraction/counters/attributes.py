"""Counters that stand in attributes: `aria-label="Like (41)"`, `title="14267 Views"`, `data-comments-count="9"`."""

from __future__ import annotations

import re
from collections.abc import Iterator

from selectolax.lexbor import LexborNode

from crawler.extraction.counters.evidence import FAIR, STRONG, Evidence
from crawler.extraction.counters.names import names_of
from crawler.extraction.counters.scope import Scope
from crawler.extraction.document import Document
from crawler.extraction.labels import read_counters
from crawler.extraction.lexicon import lexicon
from crawler.extraction.numbers import parse_count
from crawler.extraction.searches import search

_WORDED = frozenset(("aria-label", "title", "data-label", "data-original-title", "data-tooltip"))
_NUMBERED = re.compile(rb"""data-([a-zA-Z_-]{3,40}+)\s?=\s?["'](?=\+?\d)""")
_COUNTING = ("count", "counts", "counter-value", "total", "number", "num", "views", "likes", "comments", "shares")
_DIGIT = re.compile(r"\d")
_MAX_FOUND = 200
_worded_elements = search("[aria-label], [title]")
MAX_WORDED = 120
_KEYS = re.compile(r"[^a-z]")


def read_attributes(doc: Document, scope: Scope, language: str | None) -> Iterator[Evidence]:
    """Evidence in page order: worded attributes first, then `data-…count` attributes."""
    for element in _worded_elements(doc):
        for name, text in element.attributes.items():
            if name in _WORDED and text and len(text) < MAX_WORDED and _DIGIT.search(text):
                yield from _worded(element, text, scope, language)
    keys: dict[str, str] = lexicon("counter_places")["state_keys"]
    found = (name.decode().lower() for name in _NUMBERED.findall(doc.utf8))
    names = dict.fromkeys(name for name in found if name.endswith(_COUNTING))
    for name in list(names)[:20]:
        if kind := keys.get(_KEYS.sub("", name)) or keys.get(_KEYS.sub("", name).removesuffix("s") + "count"):
            yield from _counted(doc, name, kind, scope)


def _worded(element: LexborNode, text: str, scope: Scope, language: str | None) -> Iterator[Evidence]:
    for reading in read_counters(text, language):
        if reading.paired or (reading.kind in ("shares", "likes") and names_of(element).network):
            continue
        if standing := scope.judge(element):
            yield Evidence(
                reading.kind, reading.value, reading.exact, text, "attribute", STRONG, **standing.as_fields()
            )


def _counted(doc: Document, name: str, kind: str, scope: Scope) -> Iterator[Evidence]:
    for element in doc.body.css(f"[data-{name}]")[:_MAX_FOUND]:
        raw = (element.attributes.get(f"data-{name}") or "").strip()
        number = parse_count(raw)
        if number is None or names_of(element).network:
            continue
        if standing := scope.judge(element):
            yield Evidence(
                kind, number[0], number[1], raw, "attribute", FAIR, suspect=number[0] == 0, **standing.as_fields()
            )
