"""What a page's own article is known by: its headline, its addresses, its ids."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import unquote, urljoin, urlsplit

from selectolax.lexbor import LexborNode

from crawler.extraction.canonical import join_address
from crawler.extraction.counters.zones import class_and_id
from crawler.extraction.document import Document
from crawler.extraction.lexicon import words
from crawler.extraction.structured import Structured
from crawler.extraction.text import skeleton
from crawler.extraction.topics import map_labels

STARTS_WITH_ID = re.compile(r"(?:post|article|node|entry)[-_](\d{2,12})$")
_OF_POSTS = ("post-", "article-", "node-")
_BODY_ID = re.compile(r"\b(?:postid|page-id|post-id|node|nid|articleid|article)-(\d{2,12})\b")
_SHORTLINK = re.compile(r"[?&/](?:p|page_id|node)[=/](\d{2,12})\b")
_ID_IN_PATH = re.compile(r"(?<![\d/-])\d{5,12}(?![\d-])")
_ID_IN_QUERY = re.compile(r"(?:^|&)(?:p|id|nid|article|artid|aid|newsid)=")
_ID_NAMES = ("post-id", "post_id", "article:id", "articleid", "article_id", "cxenseparse:articleid", "nid")
_TITLE_LIKE = "h2, h3, font, strong, b, [class*=title], [class*=headline]"
_MAX_TITLE_LIKE = 150
_SHORTEST_TITLE = 11


def address_of(url: str) -> str:
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    path = unquote(parts.path).rstrip("/").removesuffix("/amp").removesuffix("/comments")
    query = f"?{parts.query}" if parts.query and _ID_IN_QUERY.search(parts.query) else ""
    return f"{parts.netloc.lower().removeprefix('www.')}{path}{query}"


def last_part(address: str) -> str:
    """What follows the last slash of an address: the story's name or number, without the file's ending.

    >>> last_part("a.test/2024/rain-again.html"), last_part("a.test/news")
    ('rain-again', 'news')
    """
    return address.partition("?")[0].rpartition("/")[2].partition(".")[0]


def is_front(address: str) -> bool:
    """Whether an address is that of a site or of a section, not of one story.

    >>> is_front("a.test"), is_front("a.test/news"), is_front("a.test/sport"), is_front("a.test/news?id=7")
    (True, True, True, False)
    >>> is_front("a.test/rain"), is_front("a.test/sport/rain")
    (False, False)
    """
    _, _, path = address.partition("/")
    if "?" in address or "/" in path:
        return False
    return not path or path in words("counter_places", "front_words") or map_labels([path]).labels[0].method is not None


def base_of(doc: Document) -> str:
    base = doc.head.css_first("base[href]")
    try:
        return urljoin(doc.url, (base.attributes.get("href") or "") if base is not None else "")
    except ValueError:
        return doc.url


def own_addresses(doc: Document, data: Structured) -> set[str]:
    claimed = [doc.url, *data.links.get("canonical", ()), *data.meta.get("og:url", ())]
    claimed += data.links.get("amphtml", ())
    found = set()
    for url in dict.fromkeys(claimed):
        try:
            address = address_of(join_address(doc.url, url))
        except ValueError:
            continue
        if "/" in address or "?" in address:
            found.add(address)
    return found


def find_heading(doc: Document, data: Structured) -> LexborNode | None:
    """The h1 that repeats the page's title; else the only h1; else another element that repeats it."""
    claims: list[Any] = [*data.meta.get("og:title", ()), data.page_title]
    titles = [skeleton(claim) for claim in claims if claim]
    for heading in data.headings:
        text = skeleton(heading.text(deep=True))
        if len(text) >= 4 and any(text in title or (title and title in text) for title in titles):
            return heading
    if len(data.headings) == 1:
        return data.headings[0]
    best, length = None, _SHORTEST_TITLE
    for element in doc.body.css(_TITLE_LIKE)[:_MAX_TITLE_LIKE]:
        text = skeleton(element.text(deep=True)[:400])
        if len(text) > length and any(text in title for title in titles):
            best, length = element, len(text)
    return best


def elements_above(doc: Document, node: LexborNode | None) -> list[LexborNode]:
    """The elements around the heading (always the body and the root), the innermost first."""
    chain: list[LexborNode] = []
    node = node.parent if node is not None else doc.body
    while node is not None:
        chain.append(node)
        node = node.parent
    return chain


def page_ids(doc: Document, data: Structured, above: list[LexborNode]) -> frozenset[str]:
    """The ids by which the page's system knows this article."""
    found = set(_BODY_ID.findall(class_and_id(doc.body.attributes)))
    for link in data.links.get("shortlink", ()):
        found.update(_SHORTLINK.findall(link))
    for name in _ID_NAMES:
        found.update(value for value in data.meta.get(name, ()) if value.isdigit())
    for attributes in [element.attributes for element in above if element.tag != "html"]:
        name = attributes.get("id") or ""
        if name.startswith(_OF_POSTS) or "data-history-node-id" in attributes:
            if match := STARTS_WITH_ID.fullmatch(name):
                found.add(match[1])
            found.add(attributes.get("data-history-node-id") or "")
    if not found:
        found.update(_ID_IN_PATH.findall(address_of(doc.url)))
    return frozenset(found - {""})
