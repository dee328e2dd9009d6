"""Searches of a page's tree that nearly every page needs, made one after another while the tree is at hand.

A search goes through the whole tree. Right after the one before, the tree still lies in the processor's nearest memory,
and the search takes half of what it takes in between other work. A module names its search when it is loaded; all are
made when the first is asked for. What few pages need is better searched when it is needed.
"""

from __future__ import annotations

from collections.abc import Callable

from selectolax.lexbor import LexborNode

from crawler.extraction.document import Document
from crawler.extraction.kept import kept

_searches: list[tuple[str, bool]] = []
"""Selectors, and whether the head is searched too."""


def search(selector: str, *, head: bool = False) -> Callable[[Document], list[LexborNode]]:
    """What gives the elements of a page's body (of all of it with `head`) that a selector names, in page order. One
    that several parts of the selector name is listed for each of them."""
    place = len(_searches)
    _searches.append((selector, head))
    return lambda doc: _found(doc)[place]


@kept
def _found(doc: Document) -> list[list[LexborNode]]:
    return [(doc.root if head else doc.body).css(selector) for selector, head in _searches]
