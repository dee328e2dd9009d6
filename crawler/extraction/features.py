"""What can be measured about the blocks of a page: one column of numbers a block, for the body model.

Each number is about the block's own text, the elements around it, or its place relative to the headline and to its
neighbours. Nothing here decides; nothing depends on how many blocks the whole page has, so that a rotating box of
links moves no paragraph's numbers by much.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from crawler.extraction.blocks import Block, Frame, Walk
from crawler.extraction.letters import Letters
from crawler.extraction.marks import BIT
from crawler.extraction.phrases import starting_phrases
from crawler.extraction.places import PLACE, Place, find_title_block, rows

Matrix = NDArray[np.float32]

_TAGS = {
    tag: n
    for n, tag in enumerate(
        ("p", "div", "li", "h1", "h2", "h3", "h4", "td", "span", "section", "article", "blockquote", "body"), 1
    )
}
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
    letters: Letters
    """Of the blocks' texts."""
    place: Place

    @property
    def size(self) -> NDArray[np.float32]:
        """Letters of each block; one of a script without spaces counts as two and a half."""
        return self.letters.size

    def columns(self, at: Sequence[int]) -> Matrix:
        """The numbers of the blocks at these indices: one column a block, one row a name of `FEATURES`."""
        chosen = [self.blocks[index] for index in at]
        letters, place = self.letters, self.place
        columns = (
            letters.size, place.density, letters.capitals(), letters.stops(), *letters.ends(),
            letters.addresses(), place.phrases != 0,
        )  # fmt: skip
        texts = rows(columns, len(self.blocks))
        index = np.asarray(at, dtype=np.int64)
        frames = _frame_numbers(chosen, [self.marks[one] for one in at])
        return np.concatenate([texts[:, index], frames, place.columns()[:, index]])


TEXT = ("chars", "link_density", "capitals", "stops", "ends_stop", "ends_mark", "has_address", "any_phrase")
FRAME = ("tag", "depth", "breaks", "media", *(f"m_{m}" for m in _AROUND))
FEATURES = TEXT + FRAME + PLACE


def measure(walk: Walk, title: str | None) -> Measured:
    """Measures the blocks of a page with that headline. Expects at least one block."""
    blocks, frames = walk.blocks, walk.frames
    phrases = [starting_phrases(block.text) for block in blocks]
    letters = Letters([block.text for block in blocks])
    density = (np.array([block.link_chars for block in blocks]) / letters.lengths).astype(np.float32)
    title_at = find_title_block(blocks, title or "")
    place = Place(walk, letters.size, density, np.array(phrases, dtype=np.int64), title_at)
    around_title = place.trunk(best=False)
    trunks = place.trunk(), around_title | place.main_frames(), around_title
    inherited = marks_below(frames, trunks)
    marks, boxes, outside = map(list, zip(*[inherited[block.frame.number] for block in blocks], strict=True))
    return Measured(blocks, phrases, marks, boxes, outside if title_at >= 0 else boxes, title_at, letters, place)


Three = tuple[int, int, int]


def marks_below(frames: list[Frame], trunks: tuple[set[int], set[int], set[int]]) -> list[Three]:
    """Marks of each frame and of those around it, but for those that hold the article itself: once for each of
    `trunks`, which are such frames (with a frame all that it stands in).

    A page whose outermost element is called "has-comments" or "newsletter-open" says nothing about its paragraphs.
    """
    first, second, third = trunks
    found: list[Three] = []
    for frame in frames:
        outer = frame.parent
        above = found[outer.number] if outer is not None else (0, 0, 0)
        if own := frame.own_marks:
            number, (one, two, three) = frame.number, above
            above = (
                0 if number in first else one | own,
                0 if number in second else two | own,
                0 if number in third else three | own,
            )
        found.append(above)
    return found


def _frame_numbers(blocks: list[Block], around: list[int]) -> Matrix:
    """Numbers about the elements around the blocks (names: FRAME)."""
    told = [(_TAGS.get(block.frame.tag, 0), block.frame.depth, block.breaks, block.media) for block in blocks]
    marks = np.array(around, dtype=np.int64) & _AROUND_BITS[:, None]
    return np.concatenate([np.array(told, dtype=np.float32).reshape(-1, 4).T, marks != 0], dtype=np.float32)
