"""The body of an article: which blocks of the page are its text, and that text as paragraphs.

The learned model gives each block a probability; the page's own cut is the one with the greatest expected F1. Knows
the page's blocks and evidence only; whether the page is an article at all is the verdict's business.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from crawler.extraction.blocks import Block, Frame, Walk, walk_of
from crawler.extraction.document import Document
from crawler.extraction.explain import explain_blocks
from crawler.extraction.features import Measured, measure
from crawler.extraction.furniture import find_furniture
from crawler.extraction.model import body_model
from crawler.extraction.posts import keep_posts
from crawler.extraction.result import NOT_FOUND, BlockNote
from crawler.extraction.stories import split_paragraphs, story_paragraphs
from crawler.extraction.structured import Structured, types_of
from crawler.extraction.text import SENTENCE_ENDS, skeleton

LEAST_PROBABILITY = 0.2
LIKELY = 0.35
SHORTEST_STORY = 20
"""Letters from which a text that only scripts carry is believed to be one."""
PIECE = 40
"""Letters in which such a text is looked for on the page."""
LONGEST_TEASER = 300
"""Letters of an opening line that a page may say twice; a longer text that stands there twice is meant so."""
_PLAIN = frozenset({"p", "h2", "h3", "h4"})


@dataclass(slots=True)
class Body:
    """The text, and how it was found (the verdict reads the rest)."""

    text: str | None
    source: str
    """"blocks", "json-ld articleBody", "state" or "selector"."""
    walk: Walk
    kept: list[int] = field(default_factory=list)
    """Indices of the blocks that are the text; [] where it came from a script."""
    measured: Measured | None = None
    notes: tuple[BlockNote, ...] = ()


def find_body(doc: Document, data: Structured, *, title: str | None, explain: bool = False) -> Body:
    """The article's text; `text` is None where the page has none."""
    if doc.has_selector("body"):
        return _selected(doc)
    walk = walk_of(doc)
    if not walk.blocks:
        return _from_scripts(data, walk, None) or Body(None, "blocks", walk)
    measured = measure(walk, title)
    furniture = find_furniture(walk.blocks, measured, doc.url)
    rest = [index for index in range(len(walk.blocks)) if index not in furniture]
    chances = np.zeros(len(walk.blocks), dtype=np.float32)
    if rest:
        chances[rest] = body_model().probabilities([walk.blocks[index] for index in rest], measured.columns(rest))
    keep_posts(walk.blocks, chances, is_live="LiveBlogPosting" in types_of(data.main or {}))
    keep = decide(chances, measured.size)
    fill_gaps(walk.blocks, keep, chances)
    kept = without_teaser(walk.blocks, [int(index) for index in np.flatnonzero(keep)])
    text = join_blocks(walk.blocks, kept)
    notes = explain_blocks(walk.blocks, keep, chances, furniture) if explain else ()
    found = _from_scripts(data, walk, text)
    if found:
        return found
    return Body(text or None, "blocks", walk, kept, measured, notes)


def decide(chances: NDArray[np.float32], size: NDArray[np.float32]) -> NDArray[np.bool_]:
    """The blocks to keep: those above the cut that gives the greatest expected F1, counted in letters.

    >>> decide(np.array([0.9, 0.6, 0.1], dtype=np.float32), np.array([100, 50, 50], dtype=np.float32)).tolist()
    [True, True, False]
    """
    order = np.argsort(-chances, kind="stable")
    hits = np.cumsum(chances[order] * size[order])
    lengths = np.cumsum(size[order])
    best = int(np.argmax(2 * hits / (lengths + float((chances * size).sum()) + 1e-9)))
    cut = max(float(chances[order][best]), LEAST_PROBABILITY)
    return np.asarray(chances >= cut)


def fill_gaps(blocks: list[Block], keep: NDArray[np.bool_], chances: NDArray[np.float32]) -> None:
    """Keeps plain paragraphs and subheads that stand between two paragraphs of the text in the same element, and
    likely ones right behind the last: a short one near the cut would else come and go with what rotates beside the
    article."""
    kept = [int(index) for index in np.flatnonzero(keep)]
    for before, after in pairwise(kept):
        home = blocks[before].frame.parent
        if after == before + 1 or not (_is_plain(blocks[before], home) and _is_plain(blocks[after], home)):
            continue
        for index in range(before + 1, after):
            keep[index] = chances[index] >= LEAST_PROBABILITY and _is_plain(blocks[index], home)
    for index in range(kept[-1] + 1, len(blocks)) if kept else ():
        if chances[index] < LIKELY or not _is_plain(blocks[index], blocks[kept[-1]].frame.parent):
            break
        keep[index] = True


def _is_plain(block: Block, home: Frame | None) -> bool:
    """A paragraph or subhead of this element, without a name or a link of its own."""
    frame = block.frame
    return frame.parent is home and frame.tag in _PLAIN and not frame.own_marks and not block.link_chars


def without_teaser(blocks: list[Block], kept: list[int]) -> list[int]:
    """Leaves out an opening line that a block soon after it repeats, or tells in full where the line is cut short."""
    if len(kept) < 2:
        return kept
    first = blocks[kept[0]].text
    stem = _cut_short(first)
    followers = [blocks[index].text for index in kept[1:6]]
    said_again = len(first) <= LONGEST_TEASER and first in followers
    return kept[1:] if said_again or (stem and any(text.startswith(stem) for text in followers)) else kept


def _cut_short(text: str) -> str:
    """What stands before closing dots; "" where a text does not end with them.

    >>> _cut_short("Rain fell on the town…"), _cut_short("Rain fell.")
    ('Rain fell on the town', '')
    """
    stem = text.rstrip("[]…. ")
    return stem if len(stem) > 20 and text.rstrip("[] ").endswith(("…", "...")) else ""


def join_blocks(blocks: list[Block], kept: list[int]) -> str:
    """Kept blocks as paragraphs; lines that one `<br>` parts stay one paragraph unless the first ends a sentence."""
    paragraphs: list[str] = []
    last = -2
    for index in kept:
        block = blocks[index]
        one_break = block.breaks == 1 and last == index - 1 and blocks[last].frame is block.frame
        if one_break and paragraphs and not (len(paragraphs[-1]) > 60 and paragraphs[-1][-1] in SENTENCE_ENDS):
            paragraphs[-1] += "\n" + block.text
        else:
            paragraphs.append(block.text)
        last = index
    return "\n\n".join(paragraphs)


def _selected(doc: Document) -> Body:
    """What the site's own selector finds, whole, without what its `remove` selector names."""
    removed = frozenset(node.mem_id for node in doc.select("remove"))
    parts = [
        text for node in doc.select("body") if (text := "\n\n".join(block.text for block in Walk(node, removed).blocks))
    ]
    return Body("\n\n".join(parts) or None, "selector" if parts else NOT_FOUND, walk_of(doc))


def _from_scripts(data: Structured, walk: Walk, text: str | None) -> Body | None:
    """The text that scripts carry, where the page itself shows none or only its beginning."""
    shown = len(text or "")
    claimed = (data.main or {}).get("articleBody")
    told = split_paragraphs(claimed) if isinstance(claimed, str) else []
    source = "json-ld articleBody"
    if not told and shown < 600:
        told, source = story_paragraphs(data.story or {}), "state"
    story = "\n\n".join(told)
    begun = bool(text) and source == "state" and story.startswith((_cut_short(text or "") or text or "").strip())
    if len(story) < SHORTEST_STORY or (len(story) < 2 * shown and not begun):
        return None
    if text and not begun and _is_on_page(story, walk.blocks):
        return None
    return Body(story, source, walk)


def _is_on_page(story: str, blocks: list[Block]) -> bool:
    """Whether the page shows most of what a script calls the text: then which of it is the text, the blocks tell.

    Scripts repeat captions, posts and lists of links, other pages of the same story, or a whole live blog.
    """
    told, shown = skeleton(story), skeleton(" ".join(block.text for block in blocks))
    pieces = [told[at : at + PIECE] for at in range(0, len(told), PIECE)]
    return 2 * sum(piece in shown for piece in pieces) > len(pieces)
