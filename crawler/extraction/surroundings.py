"""The lines of text around the headline, where a page says who wrote the article and when.

A line is what a reader sees in one row: text between two block boundaries. Only the neighbourhood is walked, never
the page. Knows nothing of dates or names.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from selectolax.lexbor import LexborNode

from crawler.extraction.document import Document
from crawler.extraction.lexicon import lexicon, words
from crawler.extraction.marks import BIT, read_names
from crawler.extraction.structured import Structured
from crawler.extraction.text import fold_space
from crawler.extraction.title import headline_node

MAX_STEPS = 300
MAX_AFTER = 26
MAX_BEFORE = 8
MAX_LINE = 600
_BLOCKS = words("surroundings", "blocks")
_SILENT = words("surroundings", "silent")
_TAG_MARKS = {"nav": "menu", "footer": "footer", "aside": "sidebar"}
_PENALTIES: dict[str, float] = lexicon("surroundings")["penalties"]
_PENALTY_BITS = tuple((BIT[mark], penalty) for mark, penalty in _PENALTIES.items())
_TEASER_WORDS = words("surroundings", "teaser_words")
_MENU_WORDS = words("surroundings", "menu_words")
MAX_ANCESTORS = 30
_NAMING = words("surroundings", "naming")


class Line:
    """One row of text near the headline."""

    __slots__ = ("_marks", "distance", "nodes", "parts", "text")

    def __init__(self, text: str, parts: list[str], nodes: list[LexborNode], distance: int) -> None:
        self.text = text
        self.parts = parts
        """The row's pieces of text, one a text node."""
        self.nodes = nodes
        """The elements that hold the row's pieces of text, in page order."""
        self.distance = distance
        """Rows after the headline (1 is the next one); negative before it."""
        self._marks: int | None = None

    @property
    def marks(self) -> int:
        """What the names of the row's first elements and of those around them say (bits of `marks.BIT`)."""
        if self._marks is None:
            self._marks = 0
            for place, node in enumerate(self.nodes[:3]):
                self._marks |= marks_around(node, 2 if place else 5)
        return self._marks


def near_headline(doc: Document, data: Structured) -> list[Line]:
    """Rows after the headline, nearest first, then rows before it, nearest first; [] where no headline is seen."""
    if "lines" not in data.notes:
        head = headline_node(doc, data)
        if head is None:
            data.notes["lines"] = list(islice(_lines(_inside(doc.body), +1), MAX_AFTER))
        else:
            after = list(islice(_lines(_following(head), +1), MAX_AFTER))
            before = list(islice(_lines(_preceding(head), -1), MAX_BEFORE))
            data.notes["lines"] = after + before
    lines: list[Line] = data.notes["lines"]
    return lines


def names_of(node: LexborNode) -> str:
    """Class, id and the like of an element, as one string."""
    attributes = node.attributes
    return " ".join([value for key, value in attributes.items() if value and key in _NAMING]) if attributes else ""


def marks_around(node: LexborNode | None, levels: int = MAX_ANCESTORS) -> int:
    """The marks of an element and of those around it, up to the article or the body.

    "Header" alone is no menu: articles have headers too.

    >>> from selectolax.lexbor import LexborHTMLParser
    >>> tree = LexborHTMLParser('<div class="comments"><p><time>1 May 2024</time></p></div>')
    >>> foreignness(marks_around(tree.css_first("time")))
    6.0
    """
    bits = 0
    for _ in range(levels):
        if node is None or node.tag in ("body", "html", "main", "article"):
            break
        found, parts = read_names(names_of(node))
        if found & BIT["menu"] and not _MENU_WORDS.intersection(parts):
            found &= ~BIT["menu"]
        if found & BIT["related"] and _TEASER_WORDS.intersection(parts):
            found = found & ~BIT["related"] | BIT["sidebar"]
        bits |= found
        if node.tag in _TAG_MARKS:
            bits |= BIT[_TAG_MARKS[node.tag]]
        node = node.parent
    return bits


def foreignness(marks: int) -> float:
    """How surely a place with these marks speaks of something else than the article; 0 where nothing says so.

    >>> foreignness(BIT["related"]) > foreignness(BIT["sidebar"]) > foreignness(BIT["byline"]) == 0
    True
    """
    penalty = max((worth for bit, worth in _PENALTY_BITS if marks & bit), default=0.0)
    if marks & BIT["byline"] and marks & BIT["footer"]:
        penalty = min(penalty, 0.8)
    return penalty + (2.4 if marks & BIT["menu"] else 0.0) + (0.7 if marks & BIT["sidebar"] else 0.0)


def _lines(nodes: Iterator[LexborNode | None], step: int) -> Iterator[Line]:
    """Rows out of a walk, in which None stands for the end of a block."""
    parts: list[tuple[str, LexborNode]] = []
    count = 0
    for node in islice(nodes, MAX_STEPS):
        if node is not None and (text := node.text_content) is not None:
            if text and not text.isspace() and node.parent is not None and len(parts) < 40:
                parts.append((text, node.parent))
        elif (node is None or node.tag in _BLOCKS) and parts:
            count += 1
            yield _line(parts, count * step)
            parts = []
    if parts:
        yield _line(parts, (count + 1) * step)


def _line(parts: list[tuple[str, LexborNode]], distance: int) -> Line:
    if distance < 0:
        parts = parts[::-1]
    text = fold_space(" ".join(text[:MAX_LINE] for text, _ in parts))[:MAX_LINE]
    return Line(text, [text for text, _ in parts], [node for _, node in parts], distance)


def _inside(root: LexborNode) -> Iterator[LexborNode | None]:
    first = root.child
    if first is not None:
        yield first
        yield from _following(first, into=True)


def _following(node: LexborNode, into: bool = False) -> Iterator[LexborNode | None]:
    """Nodes after one in page order; None where a block ends. What shows no text is skipped."""
    current: LexborNode | None = node
    descend = into
    while current is not None:
        child = current.child if descend and not current.is_text_node and current.tag not in _SILENT else None
        while child is None and current is not None:
            child = current.next
            if child is None:
                current = current.parent
                if current is None or current.tag == "body":
                    return
                if current.tag in _BLOCKS:
                    yield None
        yield child
        current, descend = child, True


def _preceding(node: LexborNode) -> Iterator[LexborNode | None]:
    """Nodes before one, walking backwards; None where a block begins."""
    current: LexborNode | None = node
    descend = False
    while current is not None:
        child = current.last_child if descend and not current.is_text_node and current.tag not in _SILENT else None
        while child is None and current is not None:
            child = current.prev
            if child is None:
                current = current.parent
                if current is None or current.tag == "body":
                    return
                if current.tag in _BLOCKS:
                    yield None
        if child is not None:
            yield child
        current, descend = child, True
