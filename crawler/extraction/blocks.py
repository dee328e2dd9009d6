"""A page's text as a list of blocks: the runs of text between block elements and line breaks, in page order.

One walk over the tree. Each block remembers the elements it stands in (`Frame`), how much of it is link, and what
their names say (marks.py). Decides nothing about which block is body text.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache

from selectolax.lexbor import LexborNode

from crawler.extraction.marks import read_names
from crawler.extraction.text import fold_space

MAX_BLOCKS = 8_000

_INLINE = """
a abbr acronym b bdi bdo big cite code data del dfn em font i img ins kbd label mark nobr picture q rb rp rt ruby s samp
small source span strike strong sub sup time tt u var wbr
"""
_SKIPPED = """
amp-ad amp-sidebar amp-analytics amp-consent applet area audio button canvas datalist embed frame head iframe input link
map math meta nav noframes noscript object option param script select style svg template textarea title video
-comment -doctype
"""
INLINE = frozenset(_INLINE.split())
SKIPPED = frozenset(_SKIPPED.split())
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
        self._removed = removed
        self._run = _Run()
        self._breaks = 0
        self._media = 0
        self._walk(top)

    def _walk(self, top: LexborNode) -> None:
        """Depth first without recursion: pages nest deeper than Python may."""
        frame = block = self.frames[0]  # block: the nearest frame that is no inline element
        stack: list[tuple[LexborNode | None, Frame, Frame]] = []
        node = top.first_child
        while True:
            if node is None:
                if not stack:
                    break
                node, frame, outer_block = stack.pop()
                if block is not outer_block:
                    self._flush(block)
                    block = outer_block
                continue
            tag = node.tag
            if tag == "-text":
                self._add_text(node.text_content, frame, block)
            elif tag in SKIPPED or tag is None:
                self._media += tag in _MEDIA
            elif (child := node.first_child) is None or tag in _EMPTY:
                self._pass(tag, block)
            elif node.mem_id not in self._removed and len(self.blocks) < MAX_BLOCKS:
                stack.append((node.next, frame, block))
                if tag in INLINE:
                    frame = self._enter_inline(tag, node.attributes, frame)
                else:
                    self._flush(block)
                    frame = block = self._enter(tag, node.attributes, frame)
                node = child
                continue
            node = node.next
        self._flush(block)

    def _pass(self, tag: str, block: Frame) -> None:
        """An element without content: line breaks and rules end the block."""
        if tag == "br":
            self._flush(block)
            self._breaks += 1
        elif tag == "img":
            self._media += 1
        elif tag not in INLINE:
            self._flush(block)
            self._media += tag == "hr"

    def _enter_inline(self, tag: str, attributes: dict[str, str | None], outer: Frame) -> Frame:
        """The frame of an inline element; the outer one where it adds nothing: neither a link nor hidden."""
        run = self._run
        if tag == "time":
            run.has_time = True
        elif tag == "a" and run.href is None:
            run.href = attributes.get("href")
        if KINDS.get(tag, 0) & ~outer.kind or (attributes and not _HIDERS.isdisjoint(attributes)):
            frame = self._enter(tag, attributes, outer)
            if frame.kind != outer.kind:
                return frame
            self.frames.pop()
        return outer

    def _enter(self, tag: str, attributes: dict[str, str | None], outer: Frame) -> Frame:
        """The frame of an element."""
        names, hidden = _read_attributes(attributes) if attributes else ("", False)
        kind, marks, words = _describe(tag, names)
        number = len(self.frames)
        frame = Frame(
            tag, outer, number, outer.depth + 1, outer.kind | kind | hidden, outer.marks | marks, marks, words,
            number if kind & ARTICLE else outer.article,
        )  # fmt: skip
        self.frames.append(frame)
        return frame

    def _add_text(self, text: str | None, frame: Frame, block: Frame) -> None:
        if not text:
            return
        if block.kind & PRE and "\n\n" in text:
            *ended, text = text.split("\n\n")
            for piece in ended:
                self._run.pieces.append(piece)
                self._flush(block)
        run = self._run
        run.pieces.append(text)
        if frame.kind & LINK:
            run.link_chars += len(text.strip())

    def _flush(self, frame: Frame) -> None:
        """End the block: keep it if it holds text."""
        run = self._run
        if not run.pieces:
            run.href, run.has_time = None, False
            return
        text = fold_space(run.pieces[0] if len(run.pieces) == 1 else "".join(run.pieces))
        if text and len(self.blocks) < MAX_BLOCKS:
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
    told = attributes.keys() & _TELLING
    if not told:
        return "", 0
    if len(told) == 1 and "class" in told:  # as most elements
        return attributes["class"] or "", 0
    names = " ".join([value for name in _NAMED if name in told and (value := attributes[name])])
    return names, HIDDEN if any(_hides(name, attributes[name]) for name in told & _HIDERS) else 0


def _hides(name: str, value: str | None) -> bool:
    if name == "style":
        return value is not None and any(hiding in value for hiding in _HIDING)
    return name == "hidden" or value == "true"


@lru_cache(maxsize=16_384)
def _describe(tag: str, names: str) -> tuple[int, int, tuple[str, ...]]:
    """Kinds, marks and words of an element by its tag and its names."""
    kind = KINDS.get(tag, 0) | (BODY_PROP if "rticle" in names and "articlebody" in names.lower() else 0)
    return (kind, *read_names(names)) if names else (kind, 0, ())
