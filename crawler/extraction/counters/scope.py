"""Whose is this? Tells the article's own counters from those of related stories, comments, widgets and the site.

Judges elements between a counter and the page's main heading; knows nothing of numbers.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from selectolax.lexbor import LexborNode

from crawler.extraction.canonical import join_address
from crawler.extraction.counters.identity import (
    STARTS_WITH_ID,
    address_of,
    base_of,
    elements_above,
    find_heading,
    is_front,
    last_part,
    own_addresses,
    page_ids,
)
from crawler.extraction.counters.zones import class_and_id, name_words, names_in, zone_of
from crawler.extraction.document import Document
from crawler.extraction.kept import kept
from crawler.extraction.lexicon import lexicon, words
from crawler.extraction.marks import BIT, read_names
from crawler.extraction.structured import Structured

MAX_CLIMB = 40
_TEASER_TEXT = 500
"""An element with a link to another story and no more text than this is a teaser of that story."""
_LIST_OF_STORIES = 3
"""An element with as many stories is a list: its items are teasers, it is none itself."""
LONG_TEXT = 2_500
"""An element with more text than this holds the article (or the whole page): its class names say nothing."""
_DIGITS = re.compile(r"\d+")
_ID = re.compile(r"(?<!\d)(\d{2,12})(?!\d)")
_TO_COMMENTS = re.compile(r"#.*(?:comment|respond|disqus)", re.I)
_CJK = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")

_REJECTED_TAGS = words("counter_places", "rejected_tags")
_OWNER_ATTRIBUTES = tuple(lexicon("counter_places")["owner_attributes"])
_OWNING = frozenset(_OWNER_ATTRIBUTES)
_NO_STORY = frozenset(("tag", "author", "category"))
"""Of links (`rel`): what their texts name is no story."""


@dataclass(frozen=True, slots=True)
class Standing:
    """How an element stands to the page's article."""

    bound: bool
    """True where it carries the article's own id or address."""
    nearness: int
    """Depth of the smallest element that holds both it and the page's heading."""
    node: LexborNode

    def as_fields(self) -> dict[str, Any]:
        """As keyword arguments of an `Evidence`."""
        return {"bound": self.bound, "nearness": self.nearness, "place": _place(self.node)}


def _place(node: LexborNode) -> str:
    """A node's names and its parents', equal for items of a list."""
    parts = []
    element: LexborNode | None = node if node.is_element_node else node.parent
    for _ in range(3):
        if element is None or element.tag in ("body", "html"):
            break
        parts.append(f"{element.tag}.{_DIGITS.sub('', element.attributes.get('class') or '')}")
        element = element.parent
    return " ".join(parts)


class Scope:
    """The article's surroundings on one page."""

    def __init__(self, doc: Document, data: Structured) -> None:
        self.url = base_of(doc)
        self._own = own_addresses(doc, data)
        self.is_front = bool(self._own) and all(map(is_front, self._own))
        """True at the address of a section: what counters stand there belong to the stories that it shows today."""
        self.heading = find_heading(doc, data)
        self._levels = above = elements_above(doc, self.heading)
        self._above = {element.mem_id: depth for depth, element in enumerate(reversed(above))}
        self.ids = page_ids(doc, data, above)
        self._verdicts: dict[int, str] = {}
        self._targets: dict[str, str | None] = {}

    def around_heading(self, levels: int) -> LexborNode:
        """An element in which everything lies that is at most so many levels away from the heading."""
        return self._levels[min(levels, len(self._levels) - 1)]

    def judge(self, node: LexborNode) -> Standing | None:
        """How a node stands to the article; None where it is another's."""
        bound, nearness, in_comments, is_long = False, 0, False, False
        element: LexborNode | None = node if node.is_element_node else node.parent
        for _ in range(MAX_CLIMB):
            if element is None or element.mem_id in self._above:
                nearness = self._above[element.mem_id] if element is not None else 0
                break
            verdict = self._verdicts.get(element.mem_id)
            if verdict is None:
                verdict = "long" if is_long else self._judge_element(element)
                self._verdicts[element.mem_id] = verdict
            if verdict == "no" or (verdict == "teaser" and not in_comments):
                return None
            bound = bound or verdict == "bound"
            in_comments = in_comments or verdict == "comments"
            is_long = is_long or verdict == "long"
            element = element.parent
        return Standing(bound, nearness, node)

    def judge_form(self, form: LexborNode) -> bool:
        """Whether a form is the article's (the form itself may stand in what would be a zone for a counter)."""
        parent = form.parent
        return parent is None or parent.tag == "body" or self.judge(parent) is not None

    def is_own_link(self, href: str) -> bool:
        """Whether a link leads to this page (or a place on it, as "#comments" does)."""
        return href.startswith("#") or self._target(href) in self._own

    def is_own_address(self, url: str) -> bool:
        """Whether an address is the page's, or ends as one of its own does (another host, a short form)."""
        own = {last_part(address) for address in self._own} - {""}
        return self._target(url) in self._own or last_part(self._target(url) or "") in own

    def _judge_element(self, element: LexborNode) -> str:
        """ "no", "teaser", "comments" (the part that holds them), "bound", "yes", or "long": too much text to tell."""
        tag, attributes = element.tag or "", element.attributes
        if tag in _REJECTED_TAGS or (self.heading is not None and element.mem_id == self.heading.mem_id):
            return "no"
        names = class_and_id(attributes)
        owner = self._owner(attributes, names)
        if owner is False:
            return "no"
        length = len(element.text(deep=True))
        if length > LONG_TEXT:
            return "bound" if owner else "long"
        if self._is_elsewhere(element, tag, attributes, names):
            return "no"
        if length <= _TEASER_TEXT and self._is_teaser(element):
            return "teaser"
        if _holds_comments(attributes):
            return "comments"
        if owner or (tag == "a" and self._leads_here(attributes.get("href") or "")):
            return "bound"
        return "yes"

    def _is_elsewhere(self, element: LexborNode, tag: str, attributes: dict[str, str | None], names: str) -> bool:
        zone = zone_of(names)
        if "comment" in (attributes.get("itemprop") or "").lower().split() or "/Comment" in (
            attributes.get("itemtype") or ""
        ):
            zone = "comment"
        if zone is None and tag in ("li", "article") and "comment" in (attributes.get("class") or "").lower().split():
            zone = "comment"
        if zone is None and tag in ("footer", "header") and _is_of_page(element, names):
            zone = "elsewhere"
        if zone is None and tag == "aside":
            zone = "perhaps"
        if zone is None:
            return False
        return zone != "perhaps" or any(self._is_story_link(link) for link in element.css("a[href]"))

    def _owner(self, attributes: dict[str, str | None], names: str) -> bool | None:
        """Whether an id on the element is the page's own; None where it carries none, or the page's is unknown."""
        if not self.ids:
            return None
        for name in _OWNER_ATTRIBUTES if not _OWNING.isdisjoint(attributes) else ():
            value = attributes.get(name) or ""
            if value.isdigit() and len(value) > 1:
                return value in self.ids
        if match := STARTS_WITH_ID.fullmatch(attributes.get("id") or ""):
            return match[1] in self.ids
        return None if self.ids.isdisjoint(_ID.findall(names)) else True

    def _leads_here(self, href: str) -> bool:
        return "#" in href and len(href) > 1 and self.is_own_link(href)

    def _is_teaser(self, element: LexborNode) -> bool:
        """Whether the (small) element links to another story by its headline."""
        if element.tag == "a":
            return self._is_story_link(element)
        stories = {
            link.attributes.get("href")
            for link in element.css("a[href]")
            if self._is_story_link(link) and not _leads_on(link) and not _stands_apart(link, element)
        }
        return 0 < len(stories) < _LIST_OF_STORIES

    def _is_story_link(self, link: LexborNode) -> bool:
        href = (link.attrs.get("href") or "").strip()
        if not href or href[:1] in "#?" or href.startswith(("javascript:", "mailto:", "tel:", "data:", "whatsapp:")):
            return False
        to_comments = "#" in href and _TO_COMMENTS.search(href) is not None
        if not to_comments and not _reads_as_headline(link.text(deep=True).strip()):
            return False
        if not _NO_STORY.isdisjoint((link.attrs.get("rel") or "").lower().split()):
            return False
        target = self._target(href)
        if target is None or target in self._own:
            return False
        host, _, path = target.partition("/")
        return len(path) > 0 and (to_comments or not any(name in host for name in names_in("networks")))

    def _target(self, href: str) -> str | None:
        """The bare address that a link leads to."""
        if href not in self._targets:
            try:
                self._targets[href] = address_of(join_address(self.url, href))
            except ValueError:
                self._targets[href] = None
        return self._targets[href]


def _holds_comments(attributes: dict[str, str | None]) -> bool:
    first = name_words(attributes.get("id") or "")[:1]
    return first in (("comments",), ("comment",)) or "comments-area" in (attributes.get("class") or "")


def _is_of_page(element: LexborNode, names: str) -> bool:
    """Whether a footer or header is the whole page's, not an article's."""
    known = set(name_words(names))
    if known & {"entry", "post", "article", "story"}:
        return False
    at_top = element.parent is not None and element.parent.tag == "body"
    return at_top or bool(known & {"site", "page", "global", "masthead", "colophon", "main"})


def _stands_apart(link: LexborNode, element: LexborNode) -> bool:
    """Whether a link stands in a box for other things inside the element, such as an advertisement in a short text."""
    current = link.parent
    while current is not None and current.mem_id != element.mem_id:
        names = class_and_id(current.attributes)
        if zone_of(names) in ("elsewhere", "perhaps") or read_names(names)[0] & BIT["advert"]:
            return True
        current = current.parent
    return False


def _leads_on(link: LexborNode) -> bool:
    """Whether a link says of itself that it leads to the next story: it makes no teaser of what stands beside it."""
    attributes = link.attributes
    rel = (attributes.get("rel") or "").lower().split()
    return "next" in rel or "prev" in rel or zone_of(class_and_id(attributes)) == "elsewhere"


@kept
def scope_of(doc: Document, data: Structured) -> Scope:
    """The scope of a document."""
    return Scope(doc, data)


def _reads_as_headline(text: str) -> bool:
    if _CJK.search(text):
        return len(text) >= 10
    return len(text) >= 22 and len(text.split()) >= 4
