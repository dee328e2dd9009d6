"""The lines of text around the headline, where a page says who wrote the article and when.

A line is what a reader sees in one row: text between two block boundaries. Only the neighbourhood is walked, never
the page. Knows nothing of dates or names.
"""

from __future__ import annotations

from collections.abc import Callable

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
MAX_PIECES = 40
"""Text nodes of one row."""
_BLOCKS = words("surroundings", "blocks")
_SILENT = words("surroundings", "silent")
_WHOLES = frozenset(("body", "html", "main", "article"))
NO_FURTHER = -1
"""For bits of an element: it holds too much to say anything of what stands in it."""
_MENU, _RELATED = BIT["menu"], BIT["related"]
_TAG_MARKS: dict[str | None, int] = {"nav": _MENU, "footer": BIT["footer"], "aside": BIT["sidebar"]}
_PENALTIES: dict[str, float] = lexicon("surroundings")["penalties"]
_PENALTY_BITS = tuple((BIT[mark], penalty) for mark, penalty in _PENALTIES.items())
_TEASER_WORDS = words("surroundings", "teaser_words")
_MENU_WORDS = words("surroundings", "menu_words")
MAX_ANCESTORS = 30
_NAMING = words("surroundings", "naming")


class Line:
    """One row of text near the headline."""

    __slots__ = ("_known", "_marks", "_pieces", "distance", "text")

    def __init__(self, pieces: list[tuple[str, LexborNode]], distance: int, known: dict[int, int]) -> None:
        self._pieces = pieces
        """The row's texts with the text nodes that hold them, in page order."""
        self.text = fold_space(" ".join([text[:MAX_LINE] for text, _ in pieces]))[:MAX_LINE]
        self.distance = distance
        """Rows after the headline (1 is the next one); negative before it."""
        self._marks: int | None = None
        self._known = known

    @property
    def parts(self) -> list[str]:
        """The row's pieces of text, one a text node."""
        return [text for text, _ in self._pieces]

    @property
    def nodes(self) -> list[LexborNode]:
        """The elements that hold the row's pieces of text, in page order."""
        return [parent for _, node in self._pieces if (parent := node.parent) is not None]

    @property
    def marks(self) -> int:
        """What the names of the row's first elements and of those around them say (bits of `marks.BIT`)."""
        if self._marks is None:
            self._marks = 0
            for place, node in enumerate(self.nodes[:3]):
                self._marks |= marks_around(node, self._known, 2 if place else 5)
        return self._marks


def near_headline(doc: Document, data: Structured) -> list[Line]:
    """Rows after the headline, nearest first, then rows before it, nearest first; [] where no headline is seen."""
    if "lines" not in data.notes:
        head, known = headline_node(doc, data), marks_of(data)
        if head is None:
            rows = _rows(doc.body.first_child, MAX_AFTER, inside=True)
        else:
            rows = _rows(head, MAX_AFTER) + _rows(head, MAX_BEFORE, forward=False)
        data.notes["lines"] = [Line(pieces, distance, known) for pieces, distance in rows]
    lines: list[Line] = data.notes["lines"]
    return lines


def names_of(node: LexborNode) -> str:
    """Class, id and the like of an element, as one string."""
    attributes = node.attributes
    if len(attributes) == 1 and "class" in attributes:  # as most elements
        return attributes["class"] or ""
    return " ".join([value for key, value in attributes.items() if value and key in _NAMING])


def marks_around(node: LexborNode | None, known: dict[int, int], levels: int = MAX_ANCESTORS) -> int:
    """The marks of an element and of those around it, up to the article or the body.

    `known` keeps what elements' own names say, for one page (`marks_of`): dates and names share what is around them.

    >>> from selectolax.lexbor import LexborHTMLParser
    >>> tree = LexborHTMLParser('<div class="comments"><p><time>1 May 2024</time></p></div>')
    >>> foreignness(marks_around(tree.css_first("time"), {}))
    6.0
    """
    return bits_around(node, known, _own_marks, levels)


def bits_around(
    node: LexborNode | None, known: dict[int, int], own_bits: Callable[[LexborNode], int], levels: int
) -> int:
    """What an element and those around it say together, up to one whose own bits are `NO_FURTHER`.

    `known` keeps what each says (by `mem_id`): elements share what is around them.
    """
    bits = 0
    for _ in range(levels):
        if node is None:
            break
        key = node.mem_id
        if (own := known.get(key)) is None:
            own = known[key] = own_bits(node)
        if own == NO_FURTHER:
            break
        bits |= own
        node = node.parent
    return bits


def marks_of(data: Structured) -> dict[int, int]:
    """What `marks_around` knows of the page already."""
    known: dict[int, int] = data.notes.setdefault("marks", {})
    return known


def _own_marks(element: LexborNode) -> int:
    """What an element's own names say; "header" alone is no menu: articles have headers too."""
    tag = element.tag
    if tag in _WHOLES:
        return NO_FURTHER
    found, parts = read_names(names_of(element))
    if found & _MENU and _MENU_WORDS.isdisjoint(parts):
        found &= ~_MENU
    if found & _RELATED and not _TEASER_WORDS.isdisjoint(parts):
        found = found & ~_RELATED | BIT["sidebar"]
    return found | _TAG_MARKS.get(tag, 0)


def foreignness(marks: int) -> float:
    """How surely a place with these marks speaks of something else than the article; 0 where nothing says so.

    >>> foreignness(BIT["related"]) > foreignness(BIT["sidebar"]) > foreignness(BIT["byline"]) == 0
    True
    """
    penalty = max((worth for bit, worth in _PENALTY_BITS if marks & bit), default=0.0)
    if marks & BIT["byline"] and marks & BIT["footer"]:
        penalty = min(penalty, 0.8)
    return penalty + (2.4 if marks & BIT["menu"] else 0.0) + (0.7 if marks & BIT["sidebar"] else 0.0)


_Row = tuple[list[tuple[str, LexborNode]], int]
"""The texts of a row with their nodes, in page order, and its distance from the headline."""


def _rows(node: LexborNode | None, most: int, forward: bool = True, inside: bool = False) -> list[_Row]:
    """The first rows after a node (of it and after it, where `inside`), or before it, read backwards.

    Each node's tag is asked for once, and what is open is kept: of a walk, most time goes into looking at nodes.
    """
    rows: list[_Row] = []
    pieces: list[tuple[str, LexborNode]] = []
    opened: list[tuple[LexborNode, str]] = []
    child = node if inside else None
    steps = 0
    while node is not None and steps < MAX_STEPS:
        if child is None:
            child = node.next if forward else node.prev
        if child is None:  # the element around it ends
            node, tag = opened.pop() if opened else _around(node)
            if tag == "body":
                break
        else:
            node, tag = child, child.tag or ""
            child = None
            if tag == "-text":
                steps += 1
                if (text := node.text_content) and not text.isspace():
                    pieces.append((text, node))
                continue
            if tag not in _SILENT and (child := node.first_child if forward else node.last_child) is not None:
                opened.append((node, tag))
            steps += tag not in _BLOCKS
        if tag in _BLOCKS:
            steps += 1
            if pieces:
                rows.append(_row(pieces, len(rows) + 1, forward))
                pieces = []
                if len(rows) == most:
                    break
    if pieces:
        rows.append(_row(pieces, len(rows) + 1, forward))
    return rows


def _around(node: LexborNode) -> tuple[LexborNode | None, str]:
    """The element around a node, with its tag; at the top of the page as if it were the body."""
    parent = node.parent
    return (None, "body") if parent is None else (parent, parent.tag or "")


def _row(pieces: list[tuple[str, LexborNode]], count: int, forward: bool) -> _Row:
    kept = pieces[:MAX_PIECES]
    return (kept, count) if forward else (kept[::-1], -count)
