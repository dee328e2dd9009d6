"""The links of a parsed page, each with what surrounds it: its text, its place on the page, a date beside it.

Says what is there; what a link leads to is judged in `links`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache

from selectolax.lexbor import LexborHTMLParser, LexborNode

from crawler.discovery.dates import parse_stamp
from crawler.discovery.urls import resolve
from crawler.discovery.words import word_list

MAX_ANCHORS = 5_000
_MAX_TEXT = 300
_TIME_REACH = 5
"""How many levels up a date's element may share its block with the link that it dates."""

_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_REGION_OF_TAG = {"nav": "menu", "footer": "foot"}
_REGIONS = ("page", "menu", "foot", "noise")


@dataclass(frozen=True, slots=True)
class Place:
    """Where on the page a link stands, gathered from the elements around it."""

    region: str = ""
    """menu, foot, page (pagination), noise (tags, authors, sharing, comments, advertisements) or ""."""
    heading: bool = False
    hidden: bool = False
    """By a `hidden` attribute, aria-hidden or an inline style."""
    article: bool = False
    """Within an `article` element."""
    shape: tuple[str, ...] = ()
    """The nearest elements and their classes: the links of one list share it."""


@dataclass(frozen=True, slots=True)
class Anchor:
    """One link of a page."""

    url: str
    text: str
    """Its visible words; of a link around a whole teaser those of the heading inside."""
    place: Place
    rel: frozenset[str]
    label: str
    """aria-label or title attribute."""
    stamp: datetime | None
    """Of a `time` element in the same block, where it is the block's only one."""
    node: LexborNode = field(repr=False, compare=False)


def read_anchors(tree: LexborHTMLParser, url: str) -> list[Anchor]:
    """All links with a followable address, in page order (not only those of the site)."""
    base = _base(tree, url)
    page = _Page(tree)
    found = []
    for node in tree.css("a[href]")[:MAX_ANCHORS]:
        target = resolve(node.attributes.get("href"), base)
        if target is not None:
            found.append(page.anchor(node, target))
    return found


def _base(tree: LexborHTMLParser, url: str) -> str:
    node = tree.css_first("base[href]")
    return (resolve(node.attributes.get("href"), url) if node else None) or url


class _Page:
    """What is looked up once a page and used for every link of it."""

    def __init__(self, tree: LexborHTMLParser) -> None:
        self._places: dict[int, Place] = {}
        self._stamps = _stamps(tree)
        unseen = tree.css("a style, a script, a svg, a noscript, a template")[:MAX_ANCHORS]
        self._with_unseen = {key for node in unseen for key in _ancestors(node, 8)}

    def anchor(self, node: LexborNode, url: str) -> Anchor:
        attributes = node.attributes
        return Anchor(
            url=url,
            text=self._text(node),
            place=_place(node, self._places),
            rel=frozenset((attributes.get("rel") or "").lower().split()),
            label=_fold(attributes.get("aria-label") or attributes.get("title") or ""),
            stamp=next((self._stamps[key] for key in _ancestors(node, _TIME_REACH) if key in self._stamps), None),
            node=node,
        )

    def _text(self, node: LexborNode) -> str:
        text = self._visible(node)
        heading = node.css_first("h1,h2,h3,h4,h5,h6,[class*=title],[class*=headline]") if len(text) > 40 else None
        if heading is not None:
            text = self._visible(heading) or text
        if not text and (image := node.css_first("img[alt]")) is not None:
            text = _fold(image.attributes.get("alt") or "")
        return text[:_MAX_TEXT]

    def _visible(self, node: LexborNode) -> str:
        """The words of a node; styles, scripts and drawings inside a link say nothing."""
        text = node.text(deep=True, separator=" ")
        if node.mem_id in self._with_unseen:
            for unseen in node.css("style,script,svg,noscript,template"):
                text = text.replace(unseen.text(deep=True, separator=" "), " ", 1)
        return _fold(text)


def _fold(text: str) -> str:
    return " ".join(text.split())


def _ancestors(node: LexborNode, limit: int) -> Iterator[int]:
    parent = node.parent
    while parent is not None and limit:
        yield parent.mem_id
        parent, limit = parent.parent, limit - 1


def _stamps(tree: LexborHTMLParser) -> dict[int, datetime | None]:
    """Element -> the date of the only `time` below it; None where there are several."""
    found: dict[int, datetime | None] = {}
    for node in tree.css("time[datetime]")[:MAX_ANCHORS]:
        stamp = parse_stamp(node.attributes.get("datetime"))
        for key in _ancestors(node, _TIME_REACH):
            found[key] = stamp if key not in found else None
    return found


def _place(node: LexborNode, places: dict[int, Place]) -> Place:
    """The place of a node, each element being looked at once a page."""
    chain: list[LexborNode] = []
    current: LexborNode | None = node
    while current is not None and current.mem_id not in places:
        chain.append(current)
        current = current.parent
    place = places[current.mem_id] if current is not None else Place()
    for element in reversed(chain):
        place = places[element.mem_id] = _within(place, element)
    return place


def _within(outer: Place, element: LexborNode) -> Place:
    tag, attributes = element.tag or "", element.attributes
    if tag in ("html", "body", "-undef", "-document"):
        return outer
    names = tuple(f"{attributes.get('class') or ''} {attributes.get('id') or ''}".lower().split())
    in_article = outer.article or tag == "article"
    own = _region(tag, names, attributes.get("role"))
    if own == "foot" and in_article:
        own = ""
    return Place(
        region=outer.region if outer.region not in ("", "menu") or not own else own,
        heading=outer.heading or tag in _HEADINGS,
        hidden=outer.hidden or _is_hidden(attributes),
        article=in_article,
        shape=(*outer.shape[-3:], f"{tag}.{names[0].rstrip('0123456789') if names else ''}"),
    )


@lru_cache(maxsize=4096)
def _region(tag: str, names: tuple[str, ...], role: str | None) -> str:
    if tag in _REGION_OF_TAG:
        return _REGION_OF_TAG[tag]
    if role == "navigation":
        return "menu"
    for region in _REGIONS:
        words = word_list("classes", region)
        if any(name in words or re.split("[-_]", name)[-1] in words for name in names):
            return region
    return ""


def _is_hidden(attributes: dict[str, str | None]) -> bool:
    return (
        "hidden" in attributes
        or attributes.get("aria-hidden") == "true"
        or bool(_HIDDEN.search(attributes.get("style") or ""))
    )
