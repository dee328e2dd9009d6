"""The posts of a live blog: which elements they are. All their plain paragraphs are text, or none is.

A post may be three words long, and a hundred may stand above it: weighed one by one, paragraphs would come and go as
posts are added. So the posts of a page are weighed as one.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from crawler.extraction.blocks import Block, Frame
from crawler.extraction.marks import BIT

FEWEST_POSTS = 2
FEWEST_TIMED = 3
"""Elements alike, each with a time, that are the posts of a page which calls itself a live blog."""
LIKELY, SURE = 0.35, 0.9
_LIVE = BIT["live"]
_SHELLS = BIT["live"] | BIT["body"]
"""What an element between a post and its paragraphs may be called."""
_PLAIN = frozenset({"p", "h2", "h3", "h4", "li", "blockquote"})


def keep_posts(blocks: list[Block], chances: NDArray[np.float32], *, is_live: bool = False) -> None:
    """Raises the chances of the plain paragraphs in a live blog's posts, where any of them is likely to be text.

    `is_live`: the page calls itself a live blog; then its posts need no telling names.
    """
    is_named = any(block.frame.marks & _LIVE for block in blocks)
    runs = _runs(blocks, chances, lambda frame: bool(frame.own_marks & _LIVE)) if is_named else []
    if is_live and not runs:
        timed = _timed(blocks)
        runs = _runs(blocks, chances, lambda frame: _likeness(frame) in timed)
    for inside in runs:
        if chances[inside].max() >= LIKELY:
            chances[inside] = np.maximum(chances[inside], SURE)


def _runs(blocks: list[Block], chances: NDArray[np.float32], is_post: Callable[[Frame], bool]) -> list[list[int]]:
    """The plain paragraphs of posts, by index: one list for the posts of each tag and depth."""
    paragraphs: dict[tuple[str, int], list[int]] = defaultdict(list)
    posts: dict[tuple[str, int], set[int]] = defaultdict(set)
    for index, block in enumerate(blocks):
        post = _post_of(block, is_post) if chances[index] > 0 else None
        if post is not None:
            paragraphs[post.tag, post.depth].append(index)
            posts[post.tag, post.depth].add(post.number)
    return [paragraphs[alike] for alike in paragraphs if len(posts[alike]) >= FEWEST_POSTS]


def _post_of(block: Block, is_post: Callable[[Frame], bool]) -> Frame | None:
    """The post that a plain paragraph stands in; None where it is none, or a post's furniture."""
    if block.frame.tag not in _PLAIN or 2 * block.link_chars > len(block.text):
        return None
    frame: Frame | None = block.frame
    while frame is not None and not is_post(frame):
        if frame.own_marks & ~_SHELLS:
            return None
        frame = frame.parent
    return frame


def _timed(blocks: list[Block]) -> set[tuple[object, ...]]:
    """The likenesses of elements that hold a time each, where there are enough: posts, and lists beside them."""
    seen: set[int] = set()
    count: Counter[tuple[object, ...]] = Counter()
    for block in blocks:
        frame = block.frame if block.has_time else None
        while frame is not None and frame.number not in seen:
            seen.add(frame.number)
            count[_likeness(frame)] += 1
            frame = frame.parent
    return {likeness for likeness, times in count.items() if times >= FEWEST_TIMED}


def _likeness(frame: Frame) -> tuple[object, ...]:
    """Elements of one parent, tag and names are alike."""
    return (frame.parent.number if frame.parent else -1, frame.tag, frame.words)
