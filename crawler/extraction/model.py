"""The learned part of the body extractor: the probability that a block is body text, from weights in `data/`.

Two steps. Names of elements and first words each have a weight (a logistic regression over hashed words); their sum,
with the block's numbers (features.py), goes through small trees of equal depth, all in one numpy expression.
Trained by `benchmarks/train_body.py`, which also says on what.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any

import numpy as np
from numpy.typing import NDArray

from crawler.extraction.blocks import Block, Frame
from crawler.extraction.tokens import bucket, frame_words, text_words

Vector = NDArray[np.float32]


class BodyModel:
    """Weights, and the two sums over them."""

    def __init__(self, arrays: dict[str, Any]) -> None:
        self._words: list[float] = (arrays["words"] * float(arrays["word_scale"])).tolist()
        self._word_bias = float(arrays["word_bias"])
        self._features = arrays["features"].astype(np.int64)
        """Number of the feature that each split looks at: one row a tree."""
        self._borders = arrays["borders"]
        self._leaves = arrays["leaves"]
        """Values at the leaves, one row a tree; a leaf's number has bit i set where split i says yes."""
        self._bias = float(arrays["bias"])
        self._first_leaf = np.arange(len(self._leaves), dtype=np.int64) * self._leaves.shape[1]
        self._of_element = lru_cache(maxsize=65_536)(self._sum_of_element)
        self._of_text = lru_cache(maxsize=16_384)(self._sum_of_text)

    def probabilities(self, blocks: Sequence[Block], rows: NDArray[np.float32]) -> Vector:
        """For each of some blocks of one page the probability that it is body text."""
        outer: dict[int, float] = {}
        names = [self._sum_of_block(block, outer) for block in blocks]
        columns = np.ascontiguousarray(np.column_stack([rows, np.array(names, dtype=np.float32)]).T)
        yes = columns[self._features.ravel()] > self._borders.ravel()[:, None]
        trees, depth = self._features.shape
        leaf = np.packbits(yes.reshape(trees, depth, len(blocks)), axis=1, bitorder="little")[:, 0]
        total = self._leaves.ravel()[self._first_leaf[:, None] + leaf].sum(axis=0) + self._bias
        return np.asarray(1 / (1 + np.exp(-total)), dtype=np.float32)

    def _sum_of_block(self, block: Block, outer: dict[int, float]) -> float:
        """The first step: the words of its elements and its own first words; `outer` keeps what blocks share."""
        total = self._word_bias + self._of_text(block.text[:120], block.text[-60:], len(block.text) < 40)
        frame: Frame | None = block.frame
        for place in "opg":
            if frame is None:
                return total
            total += self._of_element(place, frame.tag, frame.words)
            frame = frame.parent
        return total + (self._sum_outwards(frame, outer) if frame is not None else 0.0)

    def _sum_outwards(self, frame: Frame, known: dict[int, float]) -> float:
        """The words of an element and of all around it."""
        path: list[Frame] = []
        here: Frame | None = frame
        while here is not None and here.number not in known:
            path.append(here)
            here = here.parent
        total = known[here.number] if here is not None else 0.0
        for one in reversed(path):
            total += self._of_element("a", one.tag, one.words)
            known[one.number] = total
        return total

    def _sum_of_element(self, place: str, tag: str, words: tuple[str, ...]) -> float:
        return sum([self._words[bucket(word)] for word in frame_words(tag, words, place)])

    def _sum_of_text(self, head: str, tail: str, short: bool) -> float:
        return sum([self._words[bucket(word)] for word in text_words(head, tail, short)])


@cache
def body_model() -> BodyModel:
    """The model that comes with the package, read once a process."""
    with (files("crawler.extraction") / "data" / "body_model.npz").open("rb") as file, np.load(file) as arrays:
        return BodyModel({name: arrays[name] for name in arrays.files})
