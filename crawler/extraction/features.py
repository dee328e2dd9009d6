"""What can be measured about the blocks of a page: one column of numbers a block, for the body model.

Each number is about the block's own text, the elements around it, or its place relative to the headline and to its
neighbours. Nothing here decides; nothing depends on how many blocks the whole page has, so that a rotating box of
links moves no paragraph's numbers by much.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from crawler.extraction.blocks import Block, Frame, Walk
from crawler.extraction.marks import BIT
from crawler.extraction.phrases import starting_phrases
from crawler.extraction.places import PLACE, Place, find_title_block

Matrix = NDArray[np.float32]

_DENSE = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff]")
_ENDS = frozenset(".!?…。！？؟۔।॥\"”»“'’)）」』")
_STOPS = frozenset(".!?…。！？؟۔।॥")
_TAGS = {
    tag: n
    for n, tag in enumerate(
        ("p", "div", "li", "h1", "h2", "h3", "h4", "td", "span", "section", "article", "blockquote", "body"), 1
    )
}
BEGIN = 100
"""Letters of a text in which capitals are counted."""
_AROUND = ("comments", "newsletter", "byline", "labels", "footer", "modal", "live")
"""Marks that count wherever they stand around a block (below the elements that hold the article)."""
_AROUND_BITS = np.array([BIT[name] for name in _AROUND], dtype=np.int64)


@dataclass(slots=True)
class Measured:
    """What was measured of a page's blocks: cheap numbers of all, the whole columns of those that are asked for."""

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

    def columns(self, at: Sequence[int]) -> Matrix:
        """The numbers of the blocks at these indices: one column a block, one row a name of `FEATURES`."""
        chosen = [self.blocks[index] for index in at]
        index = np.asarray(at, dtype=np.int64)
        letters, phrases = self.size[index], np.array(self.phrases, dtype=np.int64)[index]
        told = [text_numbers(block.text, size) for block, size in zip(chosen, letters.tolist(), strict=True)]
        found = np.empty((len(FEATURES), len(chosen)), dtype=np.float32)
        found[0] = letters
        found[1] = self.place.density[index]
        found[2:7] = np.array(told, dtype=np.float32).reshape(-1, 5).T
        found[7] = phrases != 0
        found[len(TEXT) : -len(PLACE)] = _frame_numbers(chosen, [self.marks[one] for one in at])
        found[-len(PLACE) :] = self.place.columns()[:, index]
        return found


def letters_in(text: str) -> float:
    """Letters of a text; a letter of a script without spaces counts as two and a half."""
    return len(text) if text.isascii() else len(text) + 1.5 * len(_DENSE.findall(text))


def text_numbers(text: str, letters: float) -> tuple[float, ...]:
    """Numbers about a block's own text (names: the middle of TEXT); `letters` as `letters_in` counts them."""
    if letters > 1.75 * len(text):  # more than half of them stand without spaces
        capitals = 0.0
    else:
        words = text[:BEGIN].split()
        capitals = sum(map(str.isupper, [word[0] for word in words])) / len(words)
    last = text[-1]
    stops = text.count(".") + text.count("!") + text.count("?")
    if not text.isascii():
        stops += sum(map(text.count, "。！？؟।"))
    return capitals, stops, last in _STOPS, last in _ENDS, "@" in text or "http" in text or "www." in text


TEXT = ("chars", "link_density", "capitals", "stops", "ends_stop", "ends_mark", "has_address", "any_phrase")
FRAME = ("tag", "depth", "breaks", "media", *(f"m_{m}" for m in _AROUND))
FEATURES = TEXT + FRAME + PLACE


def measure(walk: Walk, title: str | None) -> Measured:
    """Measures the blocks of a page with that headline. Expects at least one block."""
    blocks, frames = walk.blocks, walk.frames
    phrases = [starting_phrases(block.text) for block in blocks]
    letters = np.array([letters_in(block.text) for block in blocks], dtype=np.float32)
    density = np.array([block.link_chars / len(block.text) for block in blocks], dtype=np.float32)
    title_at = find_title_block(blocks, title or "")
    place = Place(walk, letters, density, phrases, title_at)
    around_title = place.trunk(best=False)
    trunks = place.trunk(), around_title | place.main_frames(), around_title
    inherited = marks_below(frames, *trunks)
    marks, boxes, outside = map(list, zip(*[inherited[block.frame.number] for block in blocks], strict=True))
    return Measured(blocks, phrases, marks, boxes, outside if title_at >= 0 else boxes, title_at, letters, place)


def marks_below(frames: list[Frame], *trunks: set[int]) -> list[tuple[int, ...]]:
    """Marks of each frame and of those around it, but for those that hold the article itself: once for each of
    `trunks`, which are such frames (with a frame all that it stands in).

    A page whose outermost element is called "has-comments" or "newsletter-open" says nothing about its paragraphs.
    """
    found = [(0,) * len(trunks)] * len(frames)
    for frame in frames:
        if (outer := frame.parent) is None:
            continue
        number, own, above = frame.number, frame.own_marks, found[outer.number]
        if own:
            above = tuple([0 if number in trunk else up | own for up, trunk in zip(above, trunks, strict=True)])
        found[number] = above
    return found


def _frame_numbers(blocks: list[Block], around: list[int]) -> Matrix:
    """Numbers about the elements around the blocks (names: FRAME)."""
    told = [(_TAGS.get(block.frame.tag, 0), block.frame.depth, block.breaks, block.media) for block in blocks]
    marks = np.array(around, dtype=np.int64) & _AROUND_BITS[:, None]
    return np.concatenate([np.array(told, dtype=np.float32).reshape(-1, 4).T, marks != 0], dtype=np.float32)
