"""Where the blocks of a page stand: relative to the headline, to each other, and in the elements around them.

The second half of a block's numbers (features.py has the first). Nothing depends on how many blocks the whole page
has, so that a rotating box of links moves no paragraph's numbers by much.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from crawler.extraction.blocks import HEADING, Block, Frame, Walk
from crawler.extraction.phrases import PHRASE
from crawler.extraction.text import skeleton

Column = NDArray[Any]
LONG = 80
"""Letters from which a block counts as a paragraph."""


PLACE = (
    "from_title", "chars_from_title", "same_article_as_title", "common_depth",
    "repeated",
    "own_links", "up1_chars", "up1_links", "up1_count", "up1_long", "up2_chars", "up2_links", "up2_long",
    "share_of_best", "up1_share", "in_best", "near_best", "best_links", "after_best",
    "group_count", "group_chars", "group_links", "group_spread", "group_share",
    "to_next_long", "run_long", "long_before", "long_after", "link_gap", "widest_gap",
    "more_seen", "comments_seen", "share_seen", "copyright_seen", "section_links", "section_chars", "section_long",
)  # fmt: skip


def find_title_block(blocks: list[Block], title: str) -> int:
    """Index of the block that shows the headline: a heading with its words, else any short block with them, else -1."""
    wanted = skeleton(title)
    if len(wanted) < 4:
        return -1
    spoken = -1
    for index, block in enumerate(blocks):
        if len(block.text) > 2 * len(title) + 20 or len(block.text) * 2 < len(title):
            continue
        found = skeleton(block.text)
        if found == wanted or (len(found) > 12 and (found in wanted or wanted in found)):
            if block.kind & HEADING:
                return index
            if spoken < 0:
                spoken = index
    return spoken


class Place:
    """Numbers about where blocks stand; one pass each, then columns (names: PLACE)."""

    def __init__(self, walk: Walk, chars: Column, density: Column, phrases: Column, title_at: int) -> None:
        self.blocks = walk.blocks
        self.frames = walk.frames
        self.chars = chars
        self.link_chars = chars * density
        self.density = density
        self.phrases = phrases
        self.title_at = title_at
        self.long = (self.chars >= LONG) & (self.density < 0.4)
        self.count = len(self.blocks)
        self.index = np.arange(self.count)
        self.told = self.long & (self.index > title_at)
        """Paragraphs after the headline."""
        self.begun = self.told.cumsum() > self.told
        """Blocks with such a paragraph above."""
        self.article = np.array([block.frame.article for block in self.blocks])
        self._sum_frames()

    def _sum_frames(self) -> None:
        """Sums over each frame, and the frame that holds most paragraphs."""
        total = len(self.frames)
        self.at = np.array([block.frame.number for block in self.blocks])
        self.parent = np.array([frame.parent.number if frame.parent else 0 for frame in self.frames])
        self.last = np.array([frame.last for frame in self.frames])
        """The greatest number of a frame inside each frame: those inside it are numbered from its own to this one."""
        self.direct = np.empty((total, 4))
        weights = (self.chars, self.link_chars, None, self.chars * self.long)
        for column, weight in enumerate(weights):
            self.direct[:, column] = np.bincount(self.at, weights=weight, minlength=total)
        before = np.zeros((total + 1, len(weights)))
        self.direct.cumsum(axis=0, out=before[1:])
        self.sums = before[self.last + 1] - before[:-1]
        # paragraphs count for their parent, and half for the parent's parent
        self.worth = self.direct[:, 3] * 0.5
        self.worth += np.bincount(self.parent, weights=self.direct[:, 3], minlength=total)
        self.worth += np.bincount(self.parent[self.parent], weights=self.direct[:, 3] * 0.5, minlength=total)
        self.best = int(self.worth.argmax())

    def main_frames(self) -> set[int]:
        """The frames that hold more than half of the letters of all paragraphs."""
        long_chars = self.sums[:, 3]
        return set(np.flatnonzero(long_chars > 0.5 * max(float(long_chars[0]), 1.0)).tolist())

    def trunk(self, *, best: bool = True) -> set[int]:
        """The frames around the headline, and (`best`) around most paragraphs, from the outermost in."""
        found: set[int] = set()
        ends = [self.frames[self.best]] if best else []
        if self.title_at >= 0:
            ends.append(self.blocks[self.title_at].frame)
        for end in ends:
            frame: Frame | None = end
            while frame is not None:
                found.add(frame.number)
                frame = frame.parent
        return found

    def columns(self) -> NDArray[np.float32]:
        """One row of numbers for each name of PLACE."""
        parts = (
            *self._about_title(),
            *self._repeated(),
            *self._about_containers(),
            *self._about_groups(),
            *self._about_paragraphs(),
            *self._about_sections(),
        )
        return rows(parts, self.count)

    def _about_title(self) -> list[Column]:
        if self.title_at < 0:
            return [np.zeros(self.count)] * 4
        before = np.concatenate([[0.0], self.chars.cumsum()[:-1]])
        home = self.blocks[self.title_at].frame
        return [
            (self.index - self.title_at).clip(-20, 60), (before - before[self.title_at]).clip(-3000, 20000),
            self.article == home.article, home.depth - self._common_depth(home),
        ]  # fmt: skip

    def _common_depth(self, home: Frame) -> Column:
        """Depth of the nearest element that holds both a block and the headline, whose frame is `home`."""
        path = [home.number]
        while home.parent is not None:
            home = home.parent
            path.append(home.number)
        # Elements on the path lie in each other: those that hold a block are the outermost, up to one.
        begun = np.array(path[::-1]).searchsorted(self.at, "right")
        ended = self.last[path].searchsorted(self.at, "left")
        return np.minimum(begun, len(path) - ended) - 1

    def _repeated(self) -> list[Column]:
        """Whether the same text stands on the page twice."""
        texts = [block.text for block in self.blocks]
        seen = Counter(texts)
        return [np.array([seen[text] for text in texts]) > 1]

    def _about_containers(self) -> list[Column]:
        """Sums over the elements around each block, and the element that holds most paragraphs."""
        at, parent, last, sums, best = self.at, self.parent, self.last, self.sums, self.best
        best_value = max(float(self.worth[best]), 1.0)
        up1, up2 = parent[at], parent[parent[at]]
        inside = (at >= best) & (at <= last[best])
        near_frame = parent[best]
        near = (at >= near_frame) & (at <= last[near_frame])
        chars, longs = sums[:, 0], sums[:, 3]
        links = sums[:, 1] / np.maximum(chars, 1)
        last_in = self.count - 1 - int(inside[::-1].argmax()) if inside.any() else 0
        return [
            links[at], chars[up1], links[up1], sums[up1, 2], longs[up1],
            chars[up2], links[up2], longs[up2],
            self.worth[at] / best_value, self.worth[up1] / best_value, inside, near,
            np.full(self.count, links[best]), self.index > last_in,
        ]  # fmt: skip

    def _about_groups(self) -> list[Column]:
        """Blocks in elements of the same names and parents look alike; a list of teasers shows as a group."""
        groups: dict[tuple[int, str, tuple[str, ...]], int] = {}
        kinds: dict[tuple[str, tuple[str, ...]], int] = {}
        outers: dict[int, int] = {}
        members = []
        for block in self.blocks:
            frame = block.frame
            outer = frame.parent or frame
            if (kind := outers.get(outer.number)) is None:
                kind = outers[outer.number] = kinds.setdefault((outer.tag, outer.words), len(kinds))
            members.append(groups.setdefault((kind, frame.tag, frame.words), len(groups)))
        member = np.array(members)
        count = np.bincount(member)
        chars = np.bincount(member, weights=self.chars) / count
        links = np.bincount(member, weights=self.link_chars) / np.maximum(chars * count, 1)
        pairs = np.unique(member * (len(self.frames) + 1) + self.parent[self.at]) // (len(self.frames) + 1)
        spread = np.bincount(pairs) / count
        long = np.bincount(member, weights=self.chars * self.long)
        share = long / max(float(long.max()), 1.0)
        return [np.minimum(count, 40)[member], chars[member], links[member], spread[member], share[member]]

    def _about_paragraphs(self) -> list[Column]:
        """Paragraphs around, above and below; letters of links that part a block, and any above it, from the text.

        An article is told in one go: once many links have stood between two paragraphs, what follows is another story.
        """
        to_next = _since(self.long[::-1], self.count)[::-1]
        run = (
            np.convolve((self.chars * self.long).astype(np.float64), np.ones(5), "same")[: self.count]
            if self.count >= 5
            else self.chars * self.long
        )
        links = np.where(self.long | (self.index <= self.title_at), 0, self.link_chars).cumsum()
        last = np.concatenate([[-1], np.maximum.accumulate(np.where(self.told, self.index, -1))[:-1]])
        gap = np.where(self.begun, links - links[last], 0)
        below = self.long[::-1].cumsum()[::-1]
        return [
            np.minimum(to_next, 20), run, np.minimum(self.told.cumsum(), 60), np.minimum(below, 60), gap,
            np.maximum.accumulate(gap),
        ]  # fmt: skip

    def _about_sections(self) -> list[Column]:
        """How often phrases of furniture stood between the text's begin and a block; sums of its section."""
        short = self.chars < 60

        def seen(name: str, among: Column) -> Column:
            return np.asarray(np.minimum((((self.phrases & PHRASE[name]) != 0) & among).cumsum(), 6))

        section = np.array([block.kind & HEADING != 0 for block in self.blocks]).cumsum()
        links = np.bincount(section, weights=self.link_chars)
        chars = np.bincount(section, weights=self.chars)
        longs = np.bincount(section, weights=self.long)
        lines = self.begun & short
        return [
            seen("more", lines), seen("comments", lines), seen("share", lines), seen("copyright", self.begun),
            (links / np.maximum(chars, 1))[section], np.minimum(chars, 6000)[section], np.minimum(longs, 30)[section],
        ]  # fmt: skip


def rows(columns: Sequence[Column], count: int) -> NDArray[np.float32]:
    """Columns of `count` numbers of any kind, one a row."""
    return np.concatenate(columns, dtype=np.float32, casting="unsafe").reshape(-1, count)


def _since(flags: Column, count: int) -> Column:
    """Blocks since the last flagged one above (at least 1); 99 where there is none."""
    index = np.arange(count)
    marked = np.where(flags, index, -1)
    last = np.concatenate([[-1], np.maximum.accumulate(marked)[:-1]])
    return np.where(last >= 0, index - last, 99).astype(np.float64)
