"""A page's text as a list of blocks: the runs of text between block elements and line breaks, in page order.

One walk over the tree. Each block remembers the elements it stands in (`Frame`), how much of it is link, and what
their names say (marks.py). Decides nothing about which block is body text.
"""

from __future__ import annotations

from dataclasses import dataclass

from selectolax.lexbor import LexborNode

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
_SKIPPED, _EMPTY, _TEXT, _INLINE, _TIME, _LINK, _BLOCK, _PRE = range(8)
_ROLES = dict.fromkeys(SKIPPED, _SKIPPED) | dict.fromkeys(INLINE, _INLINE) | dict.fromkeys(("br", "hr", "img"), _EMPTY)
_ROLES |= {"-text": _TEXT, "time": _TIME, "a": _LINK, "pre": _PRE}
"""What the walk does with a node, by its tag; any other element is a block."""
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
_TELLING = frozenset(_NAMED) | _HIDERS
"""Attributes that say something of an element here."""
_MEDIA = frozenset(("iframe", "video", "audio", "object", "embed"))

# Bits of Frame.kind: what the elements around a block are, inherited by everything inside them.
LINK, HEADING, QUOTE, CAPTION, CELL, FOOTER, HIDDEN, ARTICLE, BODY_PROP = (1 << n for n in range(9))
KINDS = {
    "a": LINK, "h1": HEADING, "h2": HEADING, "h3": HEADING, "h4": HEADING, "h5": HEADING, "h6": HEADING,
    "blockquote": QUOTE, "q": QUOTE, "figcaption": CAPTION, "caption": CAPTION, "amp-caption": CAPTION,
    "td": CELL, "th": CELL, "footer": FOOTER, "article": ARTICLE,
}  # fmt: skip


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
    href: str | None
    """Address of the first link."""
    has_time: bool


class Walk:
    """Reads the blocks below an element. `blocks` and `frames` are in page order when it is done."""

    def __init__(self, top: LexborNode, removed: frozenset[int] = frozenset()) -> None:
        self.blocks: list[Block] = []
        self.frames: list[Frame] = [Frame("body", None, 0, 0, 0, 0, 0, (), 0)]
        """The elements that hold blocks, and the top; most elements of a page hold none."""
        self._removed = removed
        self._path: list[tuple[LexborNode, int]] = [(top, _BLOCK)]
        """The open elements with their roles, the outermost first."""
        self._framed: list[Frame | None] = [self.frames[0]]
        """Their frames; None where no block has asked for it yet."""
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
        path, framed, pieces, noted = self._path, self._framed, self._pieces, self._noted
        links = preformatted = 0
        while True:
            if node is None:  # the innermost element ends
                node, role = path[-1]
                if role >= _BLOCK and (pieces or noted):
                    self._flush()
                if (frame := framed.pop()) is not None:
                    frame.last = len(self.frames) - 1
                path.pop()
                if not path:
                    return
                links -= role == _LINK
                preformatted -= role == _PRE
                node = node.next
                continue
            tag = node.tag or "-comment"
            role = _ROLES.get(tag, _BLOCK)
            if role == _SKIPPED and tag == "footer" and self._quotes():
                role = _BLOCK
            if role == _TEXT:
                if (text := node.text_content) and (pieces or not text.isspace()):
                    self._add_text(text, links > 0, preformatted > 0)
            elif role <= _EMPTY or (child := node.first_child) is None:
                if role <= _EMPTY or role >= _BLOCK:
                    self._pass(tag, role)
            elif len(self.blocks) < MAX_BLOCKS and not (self._removed and node.mem_id in self._removed):
                if role in (_LINK, _TIME):
                    noted.append(node)
                    links += role == _LINK
                elif role >= _BLOCK:
                    if pieces or noted:
                        self._flush()
                    preformatted += role == _PRE
                path.append((node, role))
                framed.append(None)
                node = child
                continue
            node = node.next

    def _quotes(self) -> bool:
        return any(node.tag in _QUOTING for node, _ in self._path)

    def _pass(self, tag: str, role: int) -> None:
        """An element whose inside holds no text: line breaks, rules and empty blocks end the block."""
        if role == _SKIPPED:
            self._media += tag in _MEDIA
            return
        if tag != "img":
            self._flush()
        self._breaks += tag == "br"
        self._media += tag in ("img", "hr")

    def _add_text(self, text: str, in_link: bool, preformatted: bool) -> None:
        if preformatted and "\n\n" in text:
            *ended, text = text.split("\n\n")
            for piece in ended:
                self._pieces.append(piece)
                self._flush()
        self._pieces.append(text)
        if in_link:
            self._link_chars += len(text.strip())

    def _flush(self) -> None:
        """End the block: keep it if it holds text."""
        text = fold_space("".join(self._pieces))
        if text and len(self.blocks) < MAX_BLOCKS:
            frame = self._home()
            href, has_time = self._read_noted() if self._noted else (None, False)
            self.blocks.append(
                Block(
                    text, frame, frame.kind, min(self._link_chars, len(text)), self._breaks, self._media, href,
                    has_time,
                )
            )  # fmt: skip
            self._breaks = self._media = 0
        self._pieces.clear()
        self._noted.clear()
        self._link_chars = 0

    def _read_noted(self) -> tuple[str | None, bool]:
        """The address of the first link that has one, and whether there is a time."""
        links = [node for node in self._noted if node.tag == "a"]
        href = next((href for link in links if (href := link.attributes.get("href")) is not None), None)
        return href, len(self._noted) > len(links)

    def _home(self) -> Frame:
        """The frame of the nearest open element that is no inline element; made with those around it if need be."""
        path, framed = self._path, self._framed
        home = len(path) - 1
        while path[home][1] < _BLOCK:
            home -= 1
        at = home
        while (frame := framed[at]) is None:
            at -= 1
        for place in range(at + 1, home + 1):
            frame = framed[place] = self._frame(path[place][0], frame)
        return frame

    def _frame(self, node: LexborNode, outer: Frame) -> Frame:
        """The frame of an element; the outer one where an inline element adds nothing: neither a link nor hidden."""
        tag, attributes = node.tag or "", node.attributes
        inline = tag in INLINE
        kind = KINDS.get(tag, 0)
        if inline and not kind & ~outer.kind and _HIDERS.isdisjoint(attributes):
            return outer
        names, hidden = _read_attributes(attributes) if attributes else ("", 0)
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


def _read_attributes(attributes: dict[str, str | None]) -> tuple[str, int]:
    """The values by which an element is named, in the order of `_NAMED`; and `HIDDEN` where it is."""
    if len(attributes) == 1 and "class" in attributes:  # as most elements
        return attributes["class"] or "", 0
    told = [name for name in attributes if name in _TELLING]
    if not told:
        return "", 0
    if len(told) == 1 and told[0] in _NAMED:
        return attributes[told[0]] or "", 0
    names = " ".join([value for name in _NAMED if (value := attributes.get(name))])
    return names, HIDDEN if any(name in _HIDERS and _hides(name, attributes[name]) for name in told) else 0


def _hides(name: str, value: str | None) -> bool:
    if name == "style":
        return value is not None and any(hiding in value for hiding in _HIDING)
    return name == "hidden" or value == "true"
