"""The learned part of the body extractor: the probability that a block is body text, from weights in `data/`.

Two steps. Names of elements and first words each have a weight (a logistic regression over hashed words); their sum,
with the block's numbers (features.py), goes through small trees of equal depth, all in one numpy expression.
Trained by `benchmarks/train_body.py`, which also says on what.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from importlib.resources import files
from typing import Any

import numpy as np
from numpy.typing import NDArray

from crawler.extraction.blocks import Block, Frame
from crawler.extraction.kept import remembered
from crawler.extraction.tokens import MASK, frame_sums, text_sums

Vector = NDArray[np.float32]


class BodyModel:
    """Weights, and the two sums over them."""

    def __init__(self, arrays: dict[str, Any]) -> None:
        steps = {step: step * float(arrays["word_scale"]) for step in range(-128, 128)}
        self._words = [steps[step] for step in arrays["words"].tolist()]
        """They share a few numbers, which stay in the processor's cache."""
        self._word_bias = float(arrays["word_bias"])
        splits, places = np.unique(
            np.stack([arrays["features"].ravel(), arrays["borders"].ravel()]), axis=1, return_inverse=True
        )
        self._features = splits[0].astype(np.int64)
        """Number of the feature that each question looks at. Trees share their questions."""
        self._borders = splits[1].astype(np.float32)[:, None]
        """What the feature must be greater than for the answer yes."""
        self._splits = places.reshape(arrays["features"].shape).T[::-1].copy()
        """Numbers of the trees' questions: one row a level, the last level first."""
        self._leaves = arrays["leaves"].ravel()
        """Values at the leaves, tree after tree; a leaf's number has bit i set where question i says yes."""
        self._bias = float(arrays["bias"])
        trees, leaves = arrays["leaves"].shape
        self._first_leaf = (np.arange(trees, dtype=np.int32) * leaves)[:, None]
        self._of_element = remembered(65_536)(self._sum_of_element)

    def probabilities(self, blocks: Sequence[Block], numbers: NDArray[np.float32]) -> Vector:
        """For each of some blocks of one page the probability that it is body text; `numbers` has a column a block."""
        around: dict[int, float] = {}
        outer: dict[int, float] = {}
        names = np.array([self._sum_of_block(block, around, outer) for block in blocks], dtype=np.float32)
        leaf = self._leaf(np.concatenate([numbers, names[None]]))
        total = self._leaves.take(self._first_leaf + leaf).sum(axis=0) + self._bias
        return np.asarray(1 / (1 + np.exp(-total)), dtype=np.float32)

    def _leaf(self, numbers: NDArray[np.float32]) -> NDArray[np.uint8]:
        """The leaf that each block falls into: one row a tree."""
        yes = (numbers.take(self._features, axis=0) > self._borders).view(np.uint8)
        leaf: NDArray[np.uint8] = yes.take(self._splits[0], axis=0)
        for level in self._splits[1:]:
            leaf += leaf
            leaf += yes.take(level, axis=0)
        return leaf

    def _sum_of_block(self, block: Block, around: dict[int, float], outer: dict[int, float]) -> float:
        """The first step: the block's own first words and the names of the elements that hold it.

        `around` keeps what the blocks of one parent share, `outer` what those of one element further out do.
        """
        frame = block.frame
        total = self._sum_of_text(block.text) + self._of_element("o", frame.tag, frame.words)
        if (parent := frame.parent) is None:
            return total
        if (shared := around.get(parent.number)) is None:
            shared = around[parent.number] = self._sum_around(parent, outer)
        return total + shared

    def _sum_around(self, parent: Frame, outer: dict[int, float]) -> float:
        """The words of a block's parent, of its grandparent, and of all around them."""
        total = self._of_element("p", parent.tag, parent.words)
        if (grandparent := parent.parent) is None:
            return total
        total += self._of_element("g", grandparent.tag, grandparent.words)
        return total + (self._sum_outwards(grandparent.parent, outer) if grandparent.parent is not None else 0.0)

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
        return self._add_up(frame_sums(tag, words, place))

    def _sum_of_text(self, text: str) -> float:
        return self._word_bias + self._add_up(text_sums(text))

    def _add_up(self, sums: list[int]) -> float:
        """The weights of words by their check sums."""
        words, total = self._words, 0.0
        for one in sums:
            total += words[one & MASK]
        return total


@cache
def body_model() -> BodyModel:
    """The model that comes with the package, read once a process."""
    with (files("crawler.extraction") / "data" / "body_model.npz").open("rb") as file, np.load(file) as arrays:
        return BodyModel({name: arrays[name] for name in arrays.files})
