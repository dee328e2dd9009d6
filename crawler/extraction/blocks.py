"""A page's text as a list of blocks: the runs of text between block elements and line breaks, in page order.

One walk over the tree. Each block remembers the elements it stands in (`Frame`), how much of it is link, and what
their names say (marks.py). Decides nothing about which block is body text.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from selectolax.lexbor import LexborNode

from crawler.extraction.marks import read_names
from crawler.extraction.text import fold_space

MAX_BLOCKS = 8_000

_INLINE_TAGS = """
a abbr acronym b bdi bdo big cite code data del dfn em font i img ins kbd label mark nobr picture q rb rp rt ruby s samp
small source span strike strong sub sup time tt u var wbr
"""
_SKIPPED_TAGS = """
amp-ad amp-sidebar amp-analytics amp-consent applet area audio button canvas datalist embed frame head iframe input link
map math meta nav noframes noscript object option param script select style svg template textarea title video
-comment -doctype
"""
INLINE = frozenset(_INLINE_TAGS.split())
SKIPPED = frozenset(_SKIPPED_TAGS.split())
_BLOCK, _INLINE, _SKIPPED, _TEXT = range(4)
_ROLES = dict.fromkeys(INLINE, _INLINE) | dict.fromkeys(SKIPPED, _SKIPPED) | {"-text": _TEXT}
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
_HIDING = ("display:none", "display: none", "visibility:hidden")

_HIDERS = frozenset(("style", "hidden", "aria-hidden"))
_TELLING = frozenset(_NAMED) | _HIDERS
"""Attributes that say something of an element here."""
_EMPTY = frozenset(("br", "hr", "img"))
_MEDIA = frozenset(("iframe", "video", "audio", "object", "embed"))

# Bits of Frame.kind: what the elements around a block are, inherited by everything inside them.
(
    LINK,
    HEADING,
    ITEM,
    QUOTE,
    CAPTION,
    CELL,
    ASIDE,
    FOOTER,
    HEADER,
    FORM,
    HIDDEN,
    ARTICLE,
    MAIN,
    FIGURE,
    LIST,
    BODY_PROP,
    PRE,
) = (1 << n for n in range(17))
KINDS = {
    "a": LINK, "h1": HEADING, "h2": HEADING, "h3": HEADING, "h4": HEADING, "h5": HEADING, "h6": HEADING,
    "li": ITEM, "dd": ITEM, "dt": ITEM, "blockquote": QUOTE, "q": QUOTE, "figcaption": CAPTION, "caption": CAPTION,
    "amp-caption": CAPTION,
    "td": CELL, "th": CELL, "aside": ASIDE, "footer": FOOTER, "header": HEADER, "form": FORM, "article": ARTICLE,
    "main": MAIN,
    "figure": FIGURE, "ul": LIST, "ol": LIST, "dl": LIST, "pre": PRE,
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


@dataclass(slots=True)
class _Run:
    """The block that is being read."""

    pieces: list[str] = field(default_factory=list)
    link_chars: int = 0
    href: str | None = None
    has_time: bool = False


class Walk:
    """Reads the blocks below an element. `blocks` and `frames` are in page order when it is done."""

    def __init__(self, top: LexborNode, removed: frozenset[int] = frozenset()) -> None:
        self.blocks: list[Block] = []
        self.frames: list[Frame] = [Frame("body", None, 0, 0, 0, 0, 0, (), 0)]
        """The elements that hold blocks, and the top; most elements of a page hold none."""
        self._removed = removed
        self._path: list[LexborNode] = [top]
        """The open elements, the outermost first."""
        self._framed: list[Frame | None] = [self.frames[0]]
        """Their frames; None where no block has asked for it yet."""
        self._homes = [0]
        """Places in the path of those that are no inline elements."""
        self._links = self._preformatted = 0
        """How many of them are links, and how many `pre`."""
        self._run = _Run()
        self._breaks = 0
        self._media = 0
        self._walk(top.first_child)

    def _walk(self, node: LexborNode | None) -> None:
        """Depth first without recursion: pages nest deeper than Python may."""
        path = self._path
        while True:
            if node is None:
                if len(path) == 1:
                    break
                node = self._leave().next
                continue
            tag = node.tag
            role = _ROLES.get(tag or "", _BLOCK)
            if role == _TEXT:
                self._add_text(node.text_content)
            elif role == _SKIPPED or tag is None:
                self._media += tag in _MEDIA
            elif (child := node.first_child) is None or tag in _EMPTY:
                self._pass(tag)
            elif len(self.blocks) < MAX_BLOCKS and not (self._removed and node.mem_id in self._removed):
                self._enter(node, tag, role)
                node = child
                continue
            node = node.next
        self._flush()
        self.frames[0].last = len(self.frames) - 1

    def _pass(self, tag: str) -> None:
        """An element without content: line breaks and rules end the block."""
        if tag == "br":
            self._flush()
            self._breaks += 1
        elif tag == "img":
            self._media += 1
        elif tag not in INLINE:
            self._flush()
            self._media += tag == "hr"

    def _enter(self, node: LexborNode, tag: str, role: int) -> None:
        if role != _INLINE:
            self._flush()
            self._homes.append(len(self._path))
            self._preformatted += tag == "pre"
        elif tag == "a":
            self._links += 1
            if self._run.href is None:
                self._run.href = node.attributes.get("href")
        elif tag == "time":
            self._run.has_time = True
        self._path.append(node)
        self._framed.append(None)

    def _leave(self) -> LexborNode:
        """Close the innermost element, and the block if it is no inline element."""
        node = self._path[-1]
        if self._homes[-1] == len(self._path) - 1:
            self._flush()
            self._homes.pop()
            self._preformatted -= node.tag == "pre"
        elif self._links:
            self._links -= node.tag == "a"
        if (frame := self._framed.pop()) is not None:
            frame.last = len(self.frames) - 1
        return self._path.pop()

    def _home(self) -> Frame:
        """The frame of the nearest open element that is no inline element; made with those around it if need be."""
        framed, home = self._framed, self._homes[-1]
        at = home
        while (frame := framed[at]) is None:
            at -= 1
        for place in range(at + 1, home + 1):
            frame = framed[place] = self._frame(self._path[place], frame)
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

    def _add_text(self, text: str | None) -> None:
        if not text:
            return
        if self._preformatted and "\n\n" in text:
            *ended, text = text.split("\n\n")
            for piece in ended:
                self._run.pieces.append(piece)
                self._flush()
        pieces = self._run.pieces
        if not text.isspace():
            pieces.append(text)
            if self._links:
                self._run.link_chars += len(text.strip())
        elif pieces:
            pieces.append(" ")

    def _flush(self) -> None:
        """End the block: keep it if it holds text."""
        run = self._run
        if not run.pieces:
            run.href, run.has_time = None, False
            return
        text = fold_space(run.pieces[0] if len(run.pieces) == 1 else "".join(run.pieces))
        if text and len(self.blocks) < MAX_BLOCKS:
            frame = self._home()
            self.blocks.append(
                Block(
                    text, frame, frame.kind, min(run.link_chars, len(text)), self._breaks, self._media, run.href,
                    run.has_time,
                )
            )  # fmt: skip
            self._breaks = self._media = 0
        self._run = _Run()


def _read_attributes(attributes: dict[str, str | None]) -> tuple[str, int]:
    """The values by which an element is named, in the order of `_NAMED`; and `HIDDEN` where it is."""
    if len(attributes) == 1 and "class" in attributes:  # as most elements
        return attributes["class"] or "", 0
    told = attributes.keys() & _TELLING
    names = " ".join([value for name in _NAMED if name in told and (value := attributes[name])]) if told else ""
    return names, HIDDEN if any(_hides(name, attributes[name]) for name in told & _HIDERS) else 0


def _hides(name: str, value: str | None) -> bool:
    if name == "style":
        return value is not None and any(hiding in value for hiding in _HIDING)
    return name == "hidden" or value == "true"
