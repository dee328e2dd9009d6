"""What can be measured about the blocks of a page: one row of numbers a block, for the body model.

Each number is about the block's own text, the elements around it, or its place relative to the headline and to its
neighbours. Nothing here decides; nothing depends on how many blocks the whole page has, so that a rotating box of
links moves no paragraph's numbers by much.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from crawler.extraction.blocks import (
    ARTICLE,
    CAPTION,
    CELL,
    FIGURE,
    FORM,
    HEADING,
    HIDDEN,
    ITEM,
    LIST,
    MAIN,
    QUOTE,
    Block,
    Frame,
    Walk,
)
from crawler.extraction.marks import BIT
from crawler.extraction.phrases import starting_phrases
from crawler.extraction.places import PLACE, Evidence, Place, find_title_block

Matrix = NDArray[np.float32]

_DENSE = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff]")
_ENDS = frozenset(".!?…。！？؟۔।॥\"”»“'’)）」』")
_STOPS = frozenset(".!?…。！？؟۔।॥")
_KINDS = {
    "in_heading": HEADING, "in_item": ITEM, "in_quote": QUOTE, "in_caption": CAPTION, "in_cell": CELL,
    "in_form": FORM, "hidden": HIDDEN, "in_article": ARTICLE, "in_main": MAIN, "in_figure": FIGURE,
    "in_list": LIST,
}  # fmt: skip
_TAGS = {
    tag: n
    for n, tag in enumerate(
        ("p", "div", "li", "h1", "h2", "h3", "h4", "td", "span", "section", "article", "blockquote", "body"), 1
    )
}
_AROUND = ("comments", "newsletter", "byline", "labels", "footer", "modal", "live")
"""Marks that count wherever they stand around a block (below the elements that hold the article)."""


@dataclass(slots=True)
class Measured:
    """Rows of numbers with their names, and what later rules need again."""

    rows: Matrix
    phrases: list[int]
    marks: list[int]
    """Marks of the elements around each block, but for those that hold the article itself."""
    boxes: list[int]
    """The same, but for those that hold the headline or more than half of the page's paragraphs."""
    outside: list[int]
    """The same, but for those that hold the headline (like `boxes` where no block is the headline)."""
    title_at: int
    """Index of the block that is the headline; -1 where none is."""
    size: NDArray[np.float32]
    """Letters of each block; a letter of a script without spaces counts as two and a half."""


def text_numbers(block: Block, phrases: int) -> tuple[float, ...]:
    """Numbers about the block's own text (names: TEXT)."""
    text = block.text
    chars = len(text)
    dense = 0 if text.isascii() else len(_DENSE.findall(text))
    if dense * 2 > chars:
        capitals = 0.0
    else:
        words = text.split()
        capitals = sum([word[0].isupper() for word in words]) / len(words)
    last = text[-1]
    return (
        chars + 1.5 * dense, block.link_chars / chars, capitals, sum(map(text.count, ".。!?！？؟।")),
        last in _STOPS, last in _ENDS, "@" in text or "http" in text or "www." in text, bool(phrases),
    )  # fmt: skip


TEXT = ("chars", "link_density", "capitals", "stops", "ends_stop", "ends_mark", "has_address", "any_phrase")
FRAME = ("tag", "depth", "breaks", "media", *_KINDS, *(f"m_{m}" for m in _AROUND))
FEATURES = TEXT + FRAME + PLACE


def measure(walk: Walk, evidence: Evidence) -> Measured:
    """The numbers of all blocks of a page. Expects at least one block."""
    blocks = walk.blocks
    phrases = [starting_phrases(block.text) for block in blocks]
    text = np.array([text_numbers(block, bits) for block, bits in zip(blocks, phrases, strict=True)], dtype=np.float32)
    title_at = find_title_block(blocks, evidence.title)
    size, density = text[:, TEXT.index("chars")], text[:, TEXT.index("link_density")]
    place = Place(walk, evidence, size, density, phrases, title_at)
    below = marks_below(walk.frames, place.trunk())
    marks = [below[block.frame.number] for block in blocks]
    around_title = place.trunk(best=False)
    boxes = marks_below(walk.frames, around_title | place.main_frames())
    outside = marks_below(walk.frames, around_title) if title_at >= 0 else boxes
    frame = _frame_numbers(blocks, marks)
    rows = np.hstack([text, frame, place.columns()])
    at = [block.frame.number for block in blocks]
    return Measured(rows, phrases, marks, [boxes[n] for n in at], [outside[n] for n in at], title_at, size)


def marks_below(frames: list[Frame], trunk: set[int]) -> list[int]:
    """Marks that each frame inherits, but for those of the frames (`trunk`) that hold the article itself.

    A page whose outermost element is called "has-comments" or "newsletter-open" says nothing about its paragraphs.
    """
    marks = [0] * len(frames)
    for frame in frames:
        if frame.number not in trunk and frame.parent is not None:
            marks[frame.number] = marks[frame.parent.number] | frame.own_marks
    return marks


def _frame_numbers(blocks: list[Block], around: list[int]) -> Matrix:
    plain = [(_TAGS.get(b.frame.tag, 0), b.frame.depth, b.breaks, b.media) for b in blocks]
    kinds = _bits(np.array([b.kind for b in blocks], dtype=np.int64), list(_KINDS.values()))
    marks = _bits(np.array(around, dtype=np.int64), [BIT[name] for name in _AROUND])
    return np.asarray(np.hstack([np.array(plain, dtype=np.float32), kinds, marks]), dtype=np.float32)


def _bits(values: NDArray[Any], bits: list[int]) -> Matrix:
    return np.asarray((values[:, None] & np.array(bits, dtype=np.int64)) != 0, dtype=np.float32)
