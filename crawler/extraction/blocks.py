"""A page's text as a list of blocks: the runs of text between block elements and line breaks, in page order.

One walk over the tree, which also hands on the text nodes that it met (short_texts.py reads them). Each block remembers
the elements it stands in (`Frame`), how much of it is link, and what their names say (marks.py). Decides nothing about
which block is body text.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from selectolax.lexbor import LexborHTMLParser, LexborNode

from crawler.extraction.document import Document
from crawler.extraction.kept import kept
from crawler.extraction.marks import read_names
from crawler.extraction.text import fold_space

MAX_BLOCKS = 8_000

_INLINE_TAGS = """
a abbr acronym b bdi bdo big cite code data del dfn em font i img ins kbd label mark nobr picture q rb rp rt ruby s samp
small source span strike strong sub sup time tt u var wbr
"""
_SKIPPED_TAGS = """
amp-ad amp-sidebar amp-analytics amp-consent applet area audio button canvas datalist embed footer frame head iframe
input link map math meta nav noframes noscript object option param script select style svg template textarea title video
-comment -doctype
"""
INLINE = frozenset(_INLINE_TAGS.split())
SKIPPED = frozenset(_SKIPPED_TAGS.split())
_SILENT, _SKIPPED, _MEDIA, _IMAGE, _BREAK, _RULE, _FOOTER, _TEXT, _INLINE, _TIME, _LINK, _BLOCK, _PRE = range(13)
_ROLES = dict.fromkeys(SKIPPED, _SKIPPED) | dict.fromkeys(INLINE, _INLINE)
_ROLES |= dict.fromkeys(("script", "style", "-comment", "-doctype"), _SILENT)
_ROLES |= dict.fromkeys(("iframe", "video", "audio", "object", "embed"), _MEDIA)
_ROLES |= {"img": _IMAGE, "br": _BREAK, "hr": _RULE, "footer": _FOOTER}
_ROLES |= {"-text": _TEXT, "time": _TIME, "a": _LINK, "pre": _PRE}
"""What the walk does with a node, by its tag; any other element is a block."""
_KNOWN_TAGS = 256
"""More than HTML has."""
_ENDING = frozenset((_BREAK, _RULE, _BLOCK, _PRE))
_COUNTED = frozenset((_MEDIA, _IMAGE, _RULE))
_NAMED = (
    "class",
    "id",
    "itemprop",
    "role",
    "data-testid",
    "data-component",
    "data-type",
    "data-module",
    "data-qa",
    "aria-label",
)
_QUOTING = frozenset(("blockquote", "q", "figure"))
"""Elements whose footer names who is quoted; any other is never body text."""
_HIDING = ("display:none", "display: none", "visibility:hidden")

_HIDERS = frozenset(("style", "hidden", "aria-hidden"))
_NAMELESS: tuple[int, tuple[str, ...]] = (0, ())
_BESIDE_CLASS = frozenset(_NAMED[1:]) | _HIDERS
"""Attributes that say something of an element here, but for the most common one."""

# Bits of Frame.kind: what the elements around a block are, inherited by everything inside them.
LINK, HEADING, QUOTE, CAPTION, CELL, FOOTER, HIDDEN, ARTICLE, BODY_PROP = (1 << n for n in range(9))
KINDS = {
    "a": LINK, "h1": HEADING, "h2": HEADING, "h3": HEADING, "h4": HEADING, "h5": HEADING, "h6": HEADING,
    "blockquote": QUOTE, "q": QUOTE, "figcaption": CAPTION, "caption": CAPTION, "amp-caption": CAPTION,
    "td": CELL, "th": CELL, "footer": FOOTER, "article": ARTICLE,
}  # fmt: skip


@cache
def _roles_by_number() -> list[int]:
    """The roles by the parser's numbers of tags, which are read in half the time of their names. Of tags that HTML does
    not know the numbers are greater: other ones on each page."""
    page = LexborHTMLParser("<p><!---->text")
    nodes = [page.create_node(tag) for tag in _ROLES if tag.isalpha()]
    nodes += page.root.traverse(include_text=True) if page.root else ()
    roles = [_SILENT] + [_BLOCK] * (_KNOWN_TAGS - 1)  # 0 is what is no element: instructions of XML
    for node in nodes:
        if node.tag_id < _KNOWN_TAGS:
            roles[node.tag_id] = _ROLES.get(node.tag or "", _BLOCK)
    return roles


@dataclass(slots=True, eq=False)
class Frame:
    """One element on the path to a block (inline elements without names are left out)."""

    tag: str
    parent: Frame | None
    number: int
    """Place in page order; a frame's number is greater than its parent's."""
    depth: int
    kind: int
    """Kinds of this element and of all around it."""
    marks: int
    """Marks of this element and of all around it (the page's own `html` and `body` excepted)."""
    own_marks: int
    words: tuple[str, ...]
    """Words of the element's own names."""
    article: int
    """Number of the nearest `article` frame; 0 where there is none."""
    last: int = 0
    """The greatest number of a frame inside this one, or its own."""


@dataclass(slots=True, eq=False)
class Block:
    """One run of text."""

    text: str
    frame: Frame
    """The nearest block element."""
    kind: int
    link_chars: int
    breaks: int
    """How many `<br>` stand between this block and the one before in the same frame: 0 for a new element."""
    media: int
    """Images, videos and rules between the block before and this one."""
    noted: Sequence[LexborNode]
    """The links and times that began in it."""

    @property
    def href(self) -> str | None:
        """The address of the first link that has one."""
        links = (node for node in self.noted if node.tag == "a")
        return next((href for link in links if (href := link.attributes.get("href")) is not None), None)

    @property
    def has_time(self) -> bool:
        """Whether a time stands in it."""
        return any(node.tag == "time" for node in self.noted)


class Walk:
    """Reads the blocks below an element. `blocks` and `frames` are in page order when it is done."""

    def __init__(self, top: LexborNode, removed: frozenset[int] = frozenset()) -> None:
        self.blocks: list[Block] = []
        self.frames: list[Frame] = [Frame("body", None, 0, 0, 0, 0, 0, (), 0)]
        """The elements that hold blocks, and the top; most elements of a page hold none."""
        self.texts: list[tuple[LexborNode, str]] = []
        """All text nodes in page order, those without a block too; programs, styles and white space left out."""
        self._removed = removed
        self._path: list[tuple[LexborNode, int]] = [(top, _BLOCK)]
        """The open elements with their roles, the outermost first."""
        self._framed: list[Frame] = [self.frames[0]]
        """The frames of the outermost of them: those that a block has asked for."""
        self._pieces: list[str] = []
        """The texts of the block that is being read."""
        self._noted: list[LexborNode] = []
        """The links and times that began in it."""
        self._link_chars = 0
        self._breaks = 0
        self._media = 0
        self._walk(top.first_child)

    def _walk(self, node: LexborNode | None) -> None:
        """Depth first without recursion: pages nest deeper than Python may."""
        path, framed, texts, pieces, noted = self._path, self._framed, self.texts, self._pieces, self._noted
        roles, removed = _roles_by_number(), self._removed
        opened = [0] * _PRE + [0]  # open elements of each role
        while True:
            if node is None:  # the innermost element ends
                node, role = path[-1]
                if role >= _BLOCK and (pieces or noted):
                    self._flush()
                if len(framed) == len(path):
                    framed.pop().last = len(self.frames) - 1
                path.pop()
                if not path:
                    return
                opened[role] -= 1
                node = node.next
                continue
            try:
                role = roles[node.tag_id]
            except IndexError:
                role = _ROLES.get(node.tag or "-comment", _BLOCK)
            if role == _FOOTER:
                role = _BLOCK if self._quotes() else _SKIPPED
            if role == _TEXT:
                text = node.text_content or ""
                if is_seen := not text.isspace():
                    texts.append((node, text))
                if is_seen or pieces:
                    pieces.append(self._part(text) if opened[_PRE] and "\n\n" in text else text)
                    if opened[_LINK]:
                        self._link_chars += len(pieces[-1].strip())
            elif role < _TEXT or (child := node.first_child) is None:
                if role:
                    self._pass(node, role)
            elif removed and node.mem_id in removed:
                self._read_aside(node)
            else:
                if role >= _BLOCK:
                    if pieces or noted:
                        self._flush()
                elif role > _INLINE:
                    noted.append(node)
                opened[role] += 1
                path.append((node, role))
                node = child
                continue
            node = node.next

    def _quotes(self) -> bool:
        return any(node.tag in _QUOTING for node, _ in self._path)

    def _pass(self, node: LexborNode, role: int) -> None:
        """An element whose inside holds no text of a block: line breaks, rules and empty blocks end the block."""
        if role in _ENDING:
            self._flush()
            self._breaks += role == _BREAK
        self._media += role in _COUNTED
        if role <= _MEDIA:
            self._read_aside(node)

    def _read_aside(self, node: LexborNode) -> None:
        """The texts of an element that has no blocks."""
        inside = node.traverse(include_text=True, skip_empty=True)
        self.texts += [(inner, text) for inner in inside if (text := inner.text_content)]

    def _part(self, text: str) -> str:
        """Ends a block at every empty line of a preformatted text; what stands behind the last is returned."""
        *ended, text = text.split("\n\n")
        for piece in ended:
            self._pieces.append(piece)
            self._flush()
        return text

    def _flush(self) -> None:
        """End the block: keep it if it holds text."""
        text = fold_space("".join(self._pieces)) if self._pieces else ""
        if text and len(self.blocks) < MAX_BLOCKS:
            frame = self._home()
            self.blocks.append(
                Block(
                    text, frame, frame.kind, min(self._link_chars, len(text)), self._breaks, self._media,
                    tuple(self._noted),
                )
            )  # fmt: skip
            self._breaks = self._media = 0
        self._pieces.clear()
        self._noted.clear()
        self._link_chars = 0

    def _home(self) -> Frame:
        """The frame of the nearest open element that is no inline element; made with those around it if need be."""
        path, framed = self._path, self._framed
        home = len(path) - 1
        while path[home][1] < _BLOCK:
            home -= 1
        for place in range(len(framed), home + 1):
            framed.append(self._frame(path[place][0], framed[-1]))
        return framed[home]

    def _frame(self, node: LexborNode, outer: Frame) -> Frame:
        """The frame of an element; the outer one where an inline element adds nothing: neither a link nor hidden."""
        tag, attributes = node.tag or "", node.attributes
        inline = tag in INLINE
        kind = KINDS.get(tag, 0)
        if inline and not kind & ~outer.kind and _HIDERS.isdisjoint(attributes):
            return outer
        marks, words = _NAMELESS
        if attributes:
            names, hidden = _read_attributes(attributes)
            marks, words = read_names(names)
            kind |= hidden | (BODY_PROP if "rticle" in names and "articlebody" in names.lower() else 0)
            if inline and not kind & ~outer.kind:
                return outer
        number = len(self.frames)
        frame = Frame(
            tag, outer, number, outer.depth + 1, outer.kind | kind, outer.marks | marks, marks, words,
            number if kind & ARTICLE else outer.article,
        )  # fmt: skip
        self.frames.append(frame)
        return frame


@kept
def walk_of(doc: Document) -> Walk:
    """The walk over a page's body without what the site's `remove` selector names."""
    return Walk(doc.body, frozenset(node.mem_id for node in doc.select("remove")))


def _read_attributes(attributes: dict[str, str | None]) -> tuple[str, int]:
    """The values by which an element is named, in the order of `_NAMED`; and `HIDDEN` where it is."""
    if _BESIDE_CLASS.isdisjoint(attributes):  # as for most elements
        return attributes.get("class") or "", 0
    names = " ".join([value for name in _NAMED if name in attributes and (value := attributes[name])])
    return names, HIDDEN if _is_hidden(attributes) else 0


def _is_hidden(attributes: dict[str, str | None]) -> bool:
    """Whether an element with these attributes is not shown.

    >>> _is_hidden({"style": "display:none"}), _is_hidden({"hidden": None}), _is_hidden({"aria-hidden": "false"})
    (True, True, False)
    """
    if "hidden" in attributes or attributes.get("aria-hidden") == "true":
        return True
    style = attributes.get("style") or ""
    return bool(style) and any(hiding in style for hiding in _HIDING)
