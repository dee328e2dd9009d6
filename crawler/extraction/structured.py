"""What a page says about itself for machines: JSON-LD, microdata, meta elements, link elements, embedded state.

One selection over the tree, everything costlier read on first use. Gathers and chooses the node of the page's main
article; what a field's value means is the field modules' business. Never raises.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cached_property
from typing import Any
from urllib.parse import urlsplit

from selectolax.lexbor import LexborNode

from crawler.extraction.document import Document
from crawler.extraction.lexicon import words
from crawler.extraction.loose_json import read_json
from crawler.extraction.microdata import read_items
from crawler.extraction.result import Found
from crawler.extraction.searches import search
from crawler.extraction.state import find_story, read_states
from crawler.extraction.text import as_text, fold_space, skeleton

ARTICLE_TYPES = words("structured", "article_types")
OTHER_MAIN_TYPES = words("structured", "other_types")
_ASIDE_PROPERTIES = words("structured", "aside_properties")
_HOLDERS = frozenset((dict, list))
MAX_NODES = 1_500
MAX_DEPTH = 20
MAX_CONTENT = 10_000
"""Characters kept of a meta element's content."""
MAX_TITLE = 2_000
MAX_VALUES = 100
_ESCAPED = re.compile(r"[^\w ,.:;()!?-]+|[^\x00-\x7f]+")
_MARKS = re.compile(r"[^\w ]+")
_META_NAMES = ("property", "name", "http-equiv")
_FEED = re.compile(r"rss|atom|feed\+json")
_statements = search("meta, link, title, script, h1, [itemscope], [itemprop]", head=True)


class Structured:
    """The machine-readable statements of one document."""

    def __init__(self, doc: Document) -> None:
        self.url = doc.url
        self.meta: dict[str, list[str]] = {}
        """Lower-cased `property`, `name`, `http-equiv` (or, in the head, `itemprop`) -> contents in page order."""
        self.links: dict[str, list[str]] = {}
        """Lower-cased `rel` word of `link` elements -> addresses as written, in page order."""
        self.feeds: list[str] = []
        """Addresses, as written, of `link` elements whose type is that of a feed."""
        self.headings: list[LexborNode] = []
        """The `h1` elements."""
        self.page_title = ""
        """The text of the first `title` element of the page (not of a drawing in it)."""
        self.notes: dict[str, Any] = {}
        """What field modules worked out and others may use again, by name; each module owns its own entry."""
        self._json_ld: list[LexborNode] = []
        self._scripts: list[tuple[str, str, LexborNode]] = []
        """Id, type in lower case and element of every other script whose text stands in the page."""
        self._items: list[LexborNode] = []
        last = 0
        for element in _statements(doc):
            if (key := element.mem_id) != last:  # lexbor lists an element once for every selector that it matches
                self._sort_in(element)
            last = key

    def _sort_in(self, element: LexborNode) -> None:
        tag = element.tag
        if tag == "script":
            if element.first_child is not None:
                self._read_script(element, element.attributes)
            return
        attributes = element.attributes
        if tag == "meta":
            self._read_meta(element, attributes)
        elif tag == "link":
            self._read_link(attributes)
        elif tag == "h1":
            self.headings.append(element)
        elif tag == "title" and not self.page_title and (element.parent is None or element.parent.tag != "svg"):
            self.page_title = fold_space(element.text(deep=True)[:MAX_TITLE])
        if "itemprop" in attributes or "itemscope" in attributes:
            self._items.append(element)

    def _read_script(self, element: LexborNode, attributes: dict[str, str | None]) -> None:
        kind = (attributes.get("type") or "").lower()
        if "ld+json" in kind:
            self._json_ld.append(element)
        elif not attributes.get("src"):
            self._scripts.append((attributes.get("id") or "", kind, element))

    def _read_link(self, attributes: dict[str, str | None]) -> None:
        href = (attributes.get("href") or "").strip()
        for rel in (attributes.get("rel") or "").lower().split() if href else ():
            self.links.setdefault(rel, []).append(href)
        if href and (kind := attributes.get("type")) and _FEED.search(kind):
            self.feeds.append(href)

    def _read_meta(self, element: LexborNode, attributes: dict[str, str | None]) -> None:
        content = attributes.get("content")
        if not content:
            return
        names = [name.strip().lower() for key in _META_NAMES if (name := attributes.get(key))]
        if not names and (name := attributes.get("itemprop")) and element.parent and element.parent.tag == "head":
            names = [name.strip().lower()]
        for name in names if len(names) < 2 else dict.fromkeys(names):
            values = self.meta.setdefault(name, [])
            if len(values) < MAX_VALUES:
                values.append(fold_space(content[:MAX_CONTENT]))

    def meta_values(self, *names: str) -> Iterator[Found[str]]:
        """The non-empty contents of the named meta elements, in the order of the names.

        >>> from crawler.extraction.document import parse
        >>> list(Structured(parse(b'<meta property="og:title" content="Rain">', "")).meta_values("og:title"))
        [Found(value='Rain', source='meta og:title')]
        """
        for name in filter(self.meta.__contains__, names):
            for content in self.meta[name]:
                if content:
                    yield Found(content, f"meta {name}")

    @cached_property
    def nodes(self) -> list[dict[str, Any]]:
        """Every JSON-LD object with a type, outer ones first, in page order."""
        return [node for node, _ in self._placed_nodes]

    @cached_property
    def _placed_nodes(self) -> list[tuple[dict[str, Any], bool]]:
        found: list[tuple[dict[str, Any], bool]] = []
        for script in self._json_ld:
            for value in read_json(_text_in(script)):
                _flatten(value, found)
        return found

    @cached_property
    def microdata(self) -> list[dict[str, Any]]:
        """Microdata items in the shape of JSON-LD nodes (the last may be one without type: properties in no item)."""
        return read_items(self._items)

    @cached_property
    def story(self) -> dict[str, Any] | None:
        """The embedded state's record of the page's article, told by its headline.

        Reads only scripts that contain a piece of a title: states are large.
        """
        probes = {probe for title in self.titles if len(probe := _longest_plain_run(title)) >= 5}
        scripts = [part for part in self._script_texts() if any(probe in part[2] for probe in probes)]
        return find_story(read_states(scripts, probes), self.titles) if scripts else None

    def _script_texts(self) -> Iterator[tuple[str, str, str]]:
        return ((name, kind, _text_in(script)) for name, kind, script in self._scripts)

    @cached_property
    def titles(self) -> tuple[str, ...]:
        """Every text that may be the headline: h1, og:title, twitter:title, and the title element (with site name)."""
        shown = [fold_space(node.text(deep=True)[:MAX_TITLE]) for node in self.headings[:6]]
        claimed = [found.value for found in self.meta_values("og:title", "twitter:title", "title", "dc.title")]
        return tuple(dict.fromkeys(text for text in (*shown, *claimed, self.page_title) if text))

    @cached_property
    def main(self) -> dict[str, Any] | None:
        """The JSON-LD node of the page's main article; where there is none, the microdata item."""
        return self._main_of_json_ld or self._main_of_microdata

    @cached_property
    def _main_of_json_ld(self) -> dict[str, Any] | None:
        return self._choose(self._placed_nodes)

    @cached_property
    def _main_of_microdata(self) -> dict[str, Any] | None:
        return self._choose([(item, False) for item in self.microdata])

    def _choose(self, nodes: list[tuple[dict[str, Any], bool]]) -> dict[str, Any] | None:
        for types in (ARTICLE_TYPES, OTHER_MAIN_TYPES):
            rivals = [(node, aside) for node, aside in nodes if types_of(node) & types]
            alone = sum(not aside for _, aside in rivals) == 1
            scored = [(self._likeness(node, alone and not aside) - 4 * aside, node) for node, aside in rivals]
            best = max(scored, key=lambda pair: pair[0], default=None)
            if best and best[0] > 0:
                return best[1]
        return None

    def _likeness(self, node: dict[str, Any], alone: bool) -> int:
        """How surely a node is about this page: by its address, by its headline, by being the only one."""
        addresses = {bare_address(url) for url in node_urls(node)} - {""}
        score = 2 if alone else 0
        if addresses:
            score += 4 if addresses & self._own_addresses else -1
        headline = skeleton(as_text(node.get("headline") or node.get("name"))[:MAX_TITLE])
        if headline and self.title_skeletons:
            score += 3 if any(_alike(headline, title) for title in self.title_skeletons) else -1
        return score

    @cached_property
    def title_skeletons(self) -> list[str]:
        """Of `titles`, in their order."""
        return [skeleton(title) for title in self.titles]

    @cached_property
    def _own_addresses(self) -> set[str]:
        claimed = [*self.links.get("canonical", ()), *self.meta.get("og:url", ()), self.url]
        return {bare_address(url) for url in claimed} - {""}

    def claims(self, *keys: str) -> Iterator[Found[Any]]:
        """Non-empty values of the main article's properties, JSON-LD before microdata, in the order of the keys."""
        for source, node in (("json-ld", self._main_of_json_ld), ("microdata", self._main_of_microdata)):
            if node:
                for key in keys:
                    if node.get(key) not in (None, "", [], {}):
                        yield Found(node[key], f"{source} {key}")

    def follow(self, value: Any) -> Any:
        """The node that a reference `{"@id": …}` (or one with little more) points to; anything else as it is.

        >>> from crawler.extraction.document import parse
        >>> node = b'{"@type": "Person", "@id": "#a", "name": "Ann"}'
        >>> page = parse(b'<script type="application/ld+json">' + node + b"</script>", "")
        >>> Structured(page).follow({"@id": "#a"})["name"]
        'Ann'
        """
        if isinstance(value, dict) and isinstance(value.get("@id"), str) and not value.get("name"):
            return self._by_id.get(value["@id"], value)
        return value

    def is_page_node(self, node: dict[str, Any]) -> bool:
        """Whether a node speaks of this page though it is no article: a WebPage with its address, or with none."""
        if not types_of(node) & OTHER_MAIN_TYPES:
            return False
        addresses = {bare_address(url) for url in node_urls(node)} - {""}
        return not addresses or bool(addresses & self._own_addresses)

    @cached_property
    def _by_id(self) -> dict[str, dict[str, Any]]:
        found: dict[str, dict[str, Any]] = {}
        for node in self.nodes:
            name = node.get("@id")
            if isinstance(name, str) and len(node) > len(found.get(name, ())):
                found[name] = node
        return found


def _text_in(script: LexborNode) -> str:
    """A script's text, which the parser puts into one node."""
    text = script.first_child
    return (text.text_content or "") if text is not None else ""


def types_of(node: dict[str, Any]) -> set[str]:
    """The node's types without their address.

    >>> types_of({"@type": ["http://schema.org/NewsArticle", "schema:Article"]}) == {"NewsArticle", "Article"}
    True
    """
    value = node.get("@type")
    if isinstance(value, str) and value.isalnum():  # as most
        return {value}
    names = value if isinstance(value, list) else [value]
    return {name.rstrip("/").rsplit("/", 1)[-1].rsplit(":", 1)[-1] for name in names if isinstance(name, str)}


def node_urls(node: dict[str, Any]) -> list[str]:
    """The addresses by which a node names its own page."""
    urls = []
    for key in ("url", "mainEntityOfPage", "@id", "mainEntityofPage"):
        value = node.get(key)
        if isinstance(value, dict):
            value = value.get("@id") or value.get("url")
        if isinstance(value, str) and "/" in value:
            urls.append(value)
    return urls


def bare_address(url: str) -> str:
    """An address without scheme, `www.`, query, fragment and last slash, to compare two that may name one page.

    >>> bare_address("https://www.a.test/rain/?utm=1#top") == bare_address("http://a.test/rain")
    True
    """
    try:
        parts = urlsplit(url.strip())
    except ValueError:
        return ""
    path = parts.path.rstrip("/")
    return f"{parts.netloc.lower().removeprefix('www.')}{path}" if path else ""


def _alike(headline: str, title: str) -> bool:
    """Equal, or one begins the other (a title element goes on with the site's name; a long headline is cut short)."""
    return headline == title or (min(len(headline), len(title)) >= 8 and (headline in title or title in headline))


def _flatten(value: Any, found: list[tuple[dict[str, Any], bool]], aside: bool = False, depth: int = 0) -> None:
    if depth > MAX_DEPTH or len(found) >= MAX_NODES:
        return
    if isinstance(value, list):
        for one in value:
            _flatten(one, found, aside, depth + 1)
    elif isinstance(value, dict):
        if value.get("@type"):
            found.append((value, aside))
        for key, one in value.items():
            if type(one) in _HOLDERS:
                _flatten(one, found, aside or key in _ASIDE_PROPERTIES, depth + 1)


def _longest_plain_run(title: str) -> str:
    """The longest piece of a title that no script would escape, to look for in scripts.

    >>> _longest_plain_run("Rain – again “today” in town")
    ' in town'
    """
    run = max(_ESCAPED.split(title), key=len, default="")
    return run if len(run) >= 8 else max(_MARKS.split(title), key=len, default="")
