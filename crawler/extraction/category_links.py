"""Links that a page puts on its article as labels: categories, tags, breadcrumbs, a section above the headline.

Gathers raw labels in page order; knows which stand on the article (by `Scope`) and which belong to the site's
navigation or to other stories.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cached_property
from itertools import islice
from urllib.parse import unquote, urlsplit

from selectolax.lexbor import LexborNode

from crawler.extraction.anchors import MAX_ANCHORS, anchors_of
from crawler.extraction.canonical import join_address
from crawler.extraction.counters.scope import scope_of
from crawler.extraction.counters.zones import class_and_id, name_words
from crawler.extraction.document import Document
from crawler.extraction.kept import kept, remembered
from crawler.extraction.labels import fold_label, roles
from crawler.extraction.lexicon import words
from crawler.extraction.marks import BIT
from crawler.extraction.searches import search
from crawler.extraction.short_texts import short_texts
from crawler.extraction.structured import Structured
from crawler.extraction.surroundings import NO_FURTHER, bits_around, marks_around, marks_of
from crawler.extraction.text import fold_space

_NAVIGATION = BIT["menu"] | BIT["footer"]
MAX_LABEL = 60
_SEPARATORS = re.compile(r"[\s,/|·•&;>›»+-]*")
_rel_labels = search("a[rel~=tag], a[rel~=category]:not([rel~=tag])")
"""Each link once: an element that two selectors of a list match is found twice."""
_crumbs = search("[class*=crumb i], [id*=crumb i], [aria-label*=readcrumb]")
_RARE_CRUMBS = ".pathway, .rootline, [class*=ariane i]"
"""Asked only where the others show none: each of its parts takes as long as a walk through the tree."""
_DATE = re.compile(r"/\d+(?:/|$)")
_LIST_TEXT = 400
MAX_TOPICS = 15
"""More links to topic pages in one place than this are the site's list."""
MAX_LEVEL = 4
"""Levels between two links that stand side by side and the element that holds both."""
NEAR_HEADING = 3
"""Levels between the headline and the element that also holds the label."""
_LARGE = frozenset(("body", "html", "article", "main", "section", "nav"))
_TAG_WORDS = words("categories", "tag_words")
_TOPIC_MARKERS = words("categories", "topic_markers")
_CATEGORY_WORDS = words("categories", "category_words")
_STRONG_WORDS = _CATEGORY_WORDS - words("categories", "weak_category_words")
_LIKE_TAGS = ", ".join(f"[{name}*={stem} i]" for stem in words("categories", "tag_stems") for name in ("class", "id"))
"""What may be named as a tag: one search for all, so that only names near a link are taken apart."""
_TAG, _CATEGORY, _STRONG_CATEGORY = 1, 2, 4
LEVELS = 3
"""Elements around a link whose names speak of it."""
_NOT_SECTIONS = words("categories", "not_sections")
MAX_LISTED = {"categories": 6, "tags": 40}


class Links:
    """The labels of one page by what it shows them to be; each kind is looked for when it is first asked for."""

    def __init__(self, doc: Document, data: Structured) -> None:
        self.doc = doc
        self.scope = scope_of(doc, data)
        self._anchors = anchors_of(doc)
        self._rel_links = _rel_labels(doc)[:MAX_ANCHORS]
        self._marks = marks_of(data)
        self._said: dict[int, int] = {}
        """What the names of elements around links say: links share them."""

    @cached_property
    def _by_rel(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {"categories": [], "tags": []}
        for link in self._rel_links:
            label = _label(link)
            if label and not roles(label) and self.scope.judge(link) is not None:
                found[_kind_by_rel(link)].append(label)
        return found

    @cached_property
    def _by_label(self) -> dict[str, list[str]]:
        """Links after "Article Categories:", "Filed under", "Tags:"."""
        found: dict[str, list[str]] = {"categories": [], "tags": []}
        for node, _, known in short_texts(self.doc).words:
            kind = "categories" if "categories" in known else "tags" if "tags" in known else None
            if kind is None or found[kind] or _heads_a_block(node):
                continue
            if marks_around(node.parent, self._marks) & _NAVIGATION:
                continue
            labels = _links_after(node)
            # Last: to judge takes longest.
            if 0 < len(labels) <= MAX_LISTED[kind] and self.scope.judge(node) is not None:
                found[kind] = labels
        return found

    @property
    def marked(self) -> list[str]:
        """Categories by rel=category, or in a list with a label ("Filed under")."""
        return self._by_rel["categories"] or self._by_label["categories"]

    @property
    def source(self) -> str:
        """Where `marked` was found."""
        return "rel=category" if self._by_rel["categories"] else "labelled list"

    @property
    def tags(self) -> list[str]:
        """Tags by rel=tag, or in a list with a label ("Tags:")."""
        return self._by_rel["tags"] or self._by_label["tags"]

    @cached_property
    def by_class(self) -> list[str]:
        """Categories in an element beside the headline whose class names speak of a category."""
        most = MAX_LISTED["categories"]
        labels = (
            label
            for link in self.scope.around_heading(NEAR_HEADING).css("a[href]")[:MAX_ANCHORS]
            if self._is_category(link)
            and (label := _label(link))
            and not roles(label)
            and self.scope.judge(link) is not None
        )
        found = list(islice(labels, most + 1))
        return found if len(found) <= most else []

    @cached_property
    def topics(self) -> list[str]:
        """Links to topic pages, or in elements that class names call tags; standing side by side."""
        named = {element.mem_id for element in self.doc.body.css(_LIKE_TAGS)}
        if not named and not _may_lead_to_topics(self._anchors.hrefs):
            return []
        candidates = [
            (link, label)
            for link, href in zip(self._anchors.nodes, self._anchors.hrefs, strict=True)
            if (_leads_to_topic(href) or (_is_around(named, link) and self._is_named_tag(link)))
            and (label := _label(link))
            and not roles(label)
        ]
        return self._side_by_side(candidates)

    def _side_by_side(self, links: list[tuple[LexborNode, str]]) -> list[str]:
        """The labels of the longest list of the article's links in one element, as close around them as there is one.

        A single link that its class calls a tag is mostly something else: a way home, an offer, a function of the page.
        """
        for level in range(2, MAX_LEVEL + 1):
            longest: list[str] = []
            for group in _groups(links, level):
                if len(group) > max(len(longest), 1):  # only then to judge its links, which takes long, may matter
                    labels = [label for link, label in group if self.scope.judge(link) is not None]
                    if max(len(longest), 1) < len(labels) <= MAX_TOPICS:
                        longest = labels
            if longest:
                return longest
        return []

    def _is_named_tag(self, link: LexborNode) -> bool:
        """Whether class names say that a link is a tag."""
        return bool((_named(link.attributes.get("class") or "") | self._around(link.parent)) & _TAG)

    def _is_category(self, link: LexborNode) -> bool:
        """Whether class names say that a link is a category, and nothing that it is a tag."""
        attributes = link.attributes
        named = _named(attributes.get("class") or "") & _CATEGORY or self._around(link.parent) & _STRONG_CATEGORY
        return (
            bool(named)
            and not self._is_named_tag(link)
            and not _leads_to_topic(href := attributes.get("href") or "")
            and _NOT_SECTIONS.isdisjoint(_segments(href))
        )

    def _around(self, element: LexborNode | None) -> int:
        """What the class names and ids of the small elements around a link say (as `_named`), from its parent on."""
        return bits_around(element, self._said, _said_by, LEVELS)

    @cached_property
    def crumbs(self) -> list[str]:
        """The path to the article that the page shows."""
        for element in self._crumb_elements():
            links = element.css("a[href]")
            if links and leads_home(self._address(_href(links[0])), self.scope.url):
                links = links[1:]
            labels = [label for link in links if (label := _label(link))]
            if labels and len(fold_space(element.text(deep=True))) < _LIST_TEXT:
                return labels[:6]
        return []

    def _crumb_elements(self) -> Iterator[LexborNode]:
        yield from _crumbs(self.doc)[:10]
        yield from self.doc.body.css(_RARE_CRUMBS)[:10]

    @cached_property
    def _prefixes(self) -> list[str]:
        """The addresses above the page's own: /sport, /sport/football."""
        parts = _path(self.doc.url).split("/")
        return ["/".join(parts[:length]) for length in range(2, len(parts))]

    @cached_property
    def beside_heading(self) -> list[str]:
        """Links beside the headline that lead to a section."""
        found: list[str] = []
        for link in _links_near(self.scope.heading) if self.scope.heading is not None else ():
            target = _path(self._address(_href(link)))
            if set(_segments(target)) & words("categories", "not_sections"):
                continue
            if (label := _label(link)) and (target in self._prefixes or _is_section(target)):
                found.append(label)
        return found

    @cached_property
    def of_path(self) -> list[str]:
        """The labels of links to what the page's own address begins with."""
        wanted = [prefix for prefix in self._prefixes if prefix.strip("/") and not _DATE.search(prefix)]
        found: dict[str, str] = {}
        endings = tuple(wanted)
        for place, href in enumerate(self._anchors.hrefs if wanted else ()):
            if href.rstrip("/").endswith(endings) and (target := _path(self._address(href))) in wanted:
                found.setdefault(target, _label(self._anchors.nodes[place]))
        return [found[prefix] for prefix in wanted if found.get(prefix)][-2:]

    def _address(self, href: str) -> str:
        """The full address that a link leads to; "" where it cannot be read."""
        try:
            return join_address(self.scope.url, href)
        except ValueError:
            return ""


@kept
def label_links(doc: Document, data: Structured) -> Links:
    """The labels of a document."""
    return Links(doc, data)


@remembered(16_384)
def _named(names: str) -> int:
    """Whether class names and ids speak of tags, of a category, or plainly of one: as bits."""
    if not _TELLING.search(names.lower()):
        return 0
    said = name_words(names)
    return (
        _TAG * (not _TAG_WORDS.isdisjoint(said))
        | _CATEGORY * (not _CATEGORY_WORDS.isdisjoint(said))
        | _STRONG_CATEGORY * (not _STRONG_WORDS.isdisjoint(said))
    )


_TELLING = re.compile("|".join(sorted(_TAG_WORDS | _CATEGORY_WORDS, key=len)))
"""Most names hold none of the words, so that they need not be taken apart."""


def _said_by(element: LexborNode) -> int:
    """The same of one element; `NO_FURTHER` where it holds a whole part of the page."""
    if element.tag in _LARGE:
        return NO_FURTHER
    attributes = element.attributes
    return _named(class_and_id(attributes)) if attributes else 0


def _leads_to_topic(href: str) -> bool:
    """Whether an address says that it is a topic's."""
    # A look at the bare text first: few addresses are worth taking apart.
    return _may_lead_to_topics([href]) and not _TOPIC_MARKERS.isdisjoint(_segments(href)[:-1])


def _may_lead_to_topics(hrefs: list[str]) -> bool:
    """Whether any address may be a topic's: all are asked at once, and a percent sign may hide anything.

    >>> _may_lead_to_topics(["/news/rain", "Tag/rain"]), _may_lead_to_topics(["/news/tag", "/tag"])
    (True, False)
    """
    text = "\n/".join([*hrefs, ""])  # so that only what ends an address ends with a line break
    return "%" in text or not _TOPIC_MARKERS.isdisjoint(text.lower().split("/"))


def _is_around(elements: set[int], link: LexborNode) -> bool:
    """Whether one of the elements is the link, or stands around it as closely as names count."""
    near: LexborNode | None = link if elements else None
    for _ in range(LEVELS + 1):
        if near is None:
            return False
        if near.mem_id in elements:
            return True
        near = near.parent
    return False


def _groups(links: list[tuple[LexborNode, str]], level: int) -> list[list[tuple[LexborNode, str]]]:
    """The links by the element that stands so many levels around them."""
    groups: dict[int, list[tuple[LexborNode, str]]] = {}
    for link, label in links:
        around: LexborNode | None = link
        for _ in range(level):
            around = around.parent if around is not None else None
        groups.setdefault(around.mem_id if around is not None else 0, []).append((link, label))
    return list(groups.values())


def _kind_by_rel(link: LexborNode) -> str:
    """rel=category is a category; rel=tag too where the address says so (themes confuse the two)."""
    attributes = link.attributes
    segments = _segments(attributes.get("href") or "")[:-1]
    if "category" in (attributes.get("rel") or "").lower().split():
        return "categories"
    tagged = any(part in words("categories", "tag_markers") for part in segments)
    return (
        "categories" if not tagged and any(part in words("categories", "path_markers") for part in segments) else "tags"
    )


def _links_near(heading: LexborNode) -> list[LexborNode]:
    """Links in small elements right before and after the heading, or around it."""
    found: list[LexborNode] = []
    element: LexborNode | None = heading
    for _ in range(3):
        if element is None or element.tag in ("body", "html"):
            break
        for sibling in (
            element.prev,
            element.prev.prev if element.prev else None,
            element.next,
            element.next.next if element.next else None,
        ):
            if (
                sibling is not None
                and sibling.is_element_node
                and sibling.tag != "nav"
                and len(fold_space(sibling.text(deep=True))) < 150
            ):
                found += [sibling] if sibling.tag == "a" else sibling.css("a[href]")
        if found:
            break
        element = element.parent
    return found[:8]


def _is_section(target: str) -> bool:
    """Whether an address says that it leads to a section: /category/sport, /rubrik.php?r=sport."""
    segments = [re.split(r"[.?]", part)[0] for part in _segments(target)]
    return any(part in words("categories", "path_markers") for part in segments[:-1]) or (
        "?" in target and bool(segments) and segments[-1] in words("categories", "path_markers")
    )


def _heads_a_block(node: LexborNode) -> bool:
    """Whether the text is a heading without a colon: "Categories" over a box of the side column."""
    text = (node.text_content or "").strip()
    element = node.parent
    for _ in range(3):
        if element is None:
            return False
        if element.tag in ("h1", "h2", "h3", "h4", "h5", "h6", "summary", "button"):
            return not text.endswith((":", "："))
        element = element.parent
    return False


def _links_after(node: LexborNode) -> list[str]:
    """Labels of the links that follow a text: its siblings, else the siblings of the small elements around it."""
    current: LexborNode | None = node
    for _ in range(4):
        if current is None:
            return []
        labels = _following_labels(current)
        if labels:
            return labels
        current = current.parent
        if current is None or current.tag in ("body", "html") or len(fold_space(current.text(deep=True))) > _LIST_TEXT:
            return []
    return []


def _following_labels(node: LexborNode) -> list[str]:
    labels: list[str] = []
    current = node.next
    for _ in range(40):
        if current is None:
            break
        if current.tag == "a":
            if (label := _label(current)) and not roles(label):
                labels.append(label)
        elif current.tag == "-text":
            if not _SEPARATORS.fullmatch(current.text_content or ""):
                break
        elif current.is_element_node and current.tag not in ("br", "wbr", "script", "style"):
            text = fold_space(current.text(deep=True))
            inner = [label for link in current.css("a[href]") if (label := _label(link)) and not roles(label)]
            if not inner and text and not _SEPARATORS.fullmatch(text):
                break
            if len(text) > _LIST_TEXT:
                break
            labels += inner
        current = current.next
    return labels


def _href(link: LexborNode) -> str:
    return link.attributes.get("href") or ""


def _label(link: LexborNode) -> str:
    text = fold_space(link.text(deep=True))
    return text if 1 < len(text) <= MAX_LABEL and fold_label(text) else ""


def leads_home(url: str, page: str) -> bool:
    """Whether an address is the front page of the page's own host, or of a host that its own is a part of.

    A breadcrumb begins with it, whatever it is called there.

    >>> leads_home("https://www.a.test/", "https://a.test/sport/rain"), leads_home("https://a.test/sport", "https://a.test/x")
    (True, False)
    >>> leads_home("https://a.test", "https://sport.a.test/x"), leads_home("https://sport.a.test/", "https://a.test/x")
    (True, False)
    """
    try:
        there, here = urlsplit(url), urlsplit(page)
    except ValueError:
        return False
    if there.path not in ("", "/") or there.query or there.fragment or not there.netloc:
        return False
    host = there.netloc.lower().removeprefix("www.")
    return f".{here.netloc.lower()}".endswith(f".{host}")


@remembered(8_192)
def _segments(href: str) -> tuple[str, ...]:
    return tuple(part for part in _path(href).lower().split("/") if part)


def _path(url: str) -> str:
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    query = (
        f"?{parts.query}"
        if parts.query and len(parts.query) < 60 and parts.path.endswith((".php", ".aspx", ".asp", ".cgi", "/"))
        else ""
    )
    return unquote(parts.path).rstrip("/") + query
