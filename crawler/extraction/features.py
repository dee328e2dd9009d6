"""What can be measured about the blocks of a page: one row of numbers a block, for the body model.

Each number is about the block's own text, the elements around it, or its place relative to the headline and to its
neighbours. Nothing here decides; nothing depends on how many blocks the whole page has, so that a rotating box of
links moves no paragraph's numbers by much.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
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
    """What was measured of a page's blocks: cheap numbers of all, the whole rows of those that are asked for."""

    blocks: list[Block]
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
    place: Place

    def rows(self, at: Sequence[int]) -> Matrix:
        """The numbers of the blocks at these indices, in the order of `FEATURES`."""
        chosen = [self.blocks[index] for index in at]
        letters = self.size.tolist()
        text = [
            text_numbers(block, letters[index], self.phrases[index]) for index, block in zip(at, chosen, strict=True)
        ]
        frame = _frame_numbers(chosen, [self.marks[index] for index in at])
        places = self.place.columns()[np.asarray(at, dtype=np.int64)]
        return np.hstack([np.array(text, dtype=np.float32), frame, places])


def letters_in(text: str) -> float:
    """Letters of a text; a letter of a script without spaces counts as two and a half."""
    return len(text) if text.isascii() else len(text) + 1.5 * len(_DENSE.findall(text))


def text_numbers(block: Block, letters: float, phrases: int) -> tuple[float, ...]:
    """Numbers about the block's own text (names: TEXT); `letters` as `letters_in` counts them."""
    text = block.text
    chars = len(text)
    if letters > 1.75 * chars:  # more than half of them stand without spaces
        capitals = 0.0
    else:
        words = text.split()
        capitals = sum(map(str.isupper, [word[0] for word in words])) / len(words)
    last = text[-1]
    stops = text.count(".") + text.count("!") + text.count("?")
    if not text.isascii():
        stops += sum(map(text.count, "。！？؟।"))
    return (
        letters, block.link_chars / chars, capitals, stops,
        last in _STOPS, last in _ENDS, "@" in text or "http" in text or "www." in text, bool(phrases),
    )  # fmt: skip


TEXT = ("chars", "link_density", "capitals", "stops", "ends_stop", "ends_mark", "has_address", "any_phrase")
FRAME = ("tag", "depth", "breaks", "media", *_KINDS, *(f"m_{m}" for m in _AROUND))
FEATURES = TEXT + FRAME + PLACE


def measure(walk: Walk, evidence: Evidence) -> Measured:
    """Measures the blocks of a page. Expects at least one block."""
    blocks, frames = walk.blocks, walk.frames
    phrases = [starting_phrases(block.text) for block in blocks]
    letters = np.array([letters_in(block.text) for block in blocks], dtype=np.float32)
    density = np.array([block.link_chars / len(block.text) for block in blocks], dtype=np.float32)
    title_at = find_title_block(blocks, evidence.title)
    place = Place(walk, evidence, letters, density, phrases, title_at)
    below = marks_below(frames, place.trunk())
    around_title = place.trunk(best=False)
    boxes = marks_below(frames, around_title | place.main_frames())
    outside = marks_below(frames, around_title) if title_at >= 0 else boxes
    at = [block.frame.number for block in blocks]
    marks, boxes, outside = ([around[number] for number in at] for around in (below, boxes, outside))
    return Measured(blocks, phrases, marks, boxes, outside, title_at, letters, place)


def marks_below(frames: list[Frame], trunk: set[int]) -> list[int]:
    """Marks that each frame inherits, but for those of the frames (`trunk`) that hold the article itself.

    A page whose outermost element is called "has-comments" or "newsletter-open" says nothing about its paragraphs.
    """
    marks = [0] * len(frames)
    for frame in frames:
        outer = frame.parent
        if outer is not None and (inherited := marks[outer.number] | frame.own_marks) and frame.number not in trunk:
            marks[frame.number] = inherited
    return marks


def _frame_numbers(blocks: list[Block], around: list[int]) -> Matrix:
    plain = [(_TAGS.get(b.frame.tag, 0), b.frame.depth, b.breaks, b.media) for b in blocks]
    kinds = _bits(np.array([b.kind for b in blocks], dtype=np.int64), list(_KINDS.values()))
    marks = _bits(np.array(around, dtype=np.int64), [BIT[name] for name in _AROUND])
    return np.asarray(np.hstack([np.array(plain, dtype=np.float32), kinds, marks]), dtype=np.float32)


def _bits(values: NDArray[Any], bits: list[int]) -> Matrix:
    return np.asarray((values[:, None] & np.array(bits, dtype=np.int64)) != 0, dtype=np.float32)
