"""A page's links, read once for all who look for one among them. Knows nothing of what they lead to."""

from __future__ import annotations

from crawler.extraction.document import Document
from crawler.extraction.kept import kept
from crawler.extraction.searches import search

MAX_ANCHORS = 2_500
_links = search("a[href]")


class Anchors:
    """The `a` elements with an address, in page order."""

    __slots__ = ("hrefs", "nodes")

    def __init__(self, doc: Document) -> None:
        self.nodes = _links(doc)[:MAX_ANCHORS]
        self.hrefs = [node.attrs.get("href") or "" for node in self.nodes]
        """Their addresses, as written; "" for those of drawings (`xlink:href`)."""


@kept
def anchors_of(doc: Document) -> Anchors:
    """The links of a document."""
    return Anchors(doc)
