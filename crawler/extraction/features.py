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
    ASIDE,
    BODY_PROP,
    BOLD,
    CAPTION,
    CELL,
    FIGURE,
    FOOTER,
    FORM,
    HEADER,
    HEADING,
    HIDDEN,
    ITEM,
    LIST,
    MAIN,
    QUOTE,
    Block,
    Frame,
    Walk,
)  # fmt: skip
from crawler.extraction.lexicon import lexicon
from crawler.extraction.marks import BIT, MARKS
from crawler.extraction.phrases import PHRASE, PHRASES, starting_phrases
from crawler.extraction.places import PLACE, Evidence, Place, find_title_block

Matrix = NDArray[np.float32]

_STOPWORDS = frozenset(lexicon("stopwords")["words"].split())
_DENSE = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff]")
_ENDS = frozenset(".!?…。！？؟۔।॥\"”»“'’)）」』")
_STOPS = frozenset(".!?…。！？؟۔।॥")
_DENSE_STOPS = frozenset("的了在是和不有我他这為為个們们上中大来以于對对のをはにがとでもしたいるれさ")
_CLOCK = re.compile(r"\b\d{1,2}[:.h]\d{2}\b|\b(?:19|20)\d\d\b|\d{1,2}[./-]\d{1,2}[./-]\d{2,4}|[年月日]|[٠-٩]{4}")
_KINDS = {
    "in_heading": HEADING, "in_item": ITEM, "in_quote": QUOTE, "in_caption": CAPTION, "in_cell": CELL,
    "in_aside": ASIDE,
    "in_footer": FOOTER, "in_header": HEADER, "in_form": FORM, "hidden": HIDDEN, "in_article": ARTICLE, "in_main": MAIN,
    "in_figure": FIGURE, "in_list": LIST, "in_body_prop": BODY_PROP, "bold": BOLD,
}  # fmt: skip
_TAGS = {
    tag: n
    for n, tag in enumerate(
        ("p", "div", "li", "h1", "h2", "h3", "h4", "td", "span", "section", "article", "blockquote", "body"), 1
    )
}
_MARK_BITS = [BIT[name] for name in MARKS]


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
    words = text.lower().split()
    if dense * 2 > chars:
        count = dense / 1.6
        stop = sum(map(text.count, "的了是在のはにを")) / max(1.0, dense / 8) / 4
        upper = 0.0
    else:
        count = len(words) or 1
        stop = sum(map(_STOPWORDS.__contains__, words)) / count
        upper = sum(map(str.isupper, [word[0] for word in text.split()])) / count
    last = text[-1]
    digits = sum(map(str.isdigit, text[:120]))
    commas = text.count(",") + text.count("，") + text.count("、") + text.count("،")
    stops = sum(map(text.count, ".。!?！？؟।"))
    return (
        chars + 1.5 * dense, count, block.link_chars / chars, block.links, stop, upper, commas, stops,
        stops / count * 10,
        last in _STOPS, last in _ENDS, last == ":" or last == "：", chars / count if not dense else 5.0,
        digits / min(chars, 120), bool(digits and chars < 160 and _CLOCK.search(text)),
        block.bold_chars / chars,
        text[0] in "\"“„«「『‘'–—-", "“" in text or '"' in text or "«" in text or "„" in text or "「" in text,
        text[:1].islower(),
        dense * 2 > chars, "|" in text or "·" in text or "•" in text, "@" in text or "http" in text or "www." in text,
        "…" in text[-4:] or "..." in text[-5:], bool(phrases),
    )  # fmt: skip


TEXT = (
    "chars", "words", "link_density", "links", "stopwords", "capitals", "commas", "stops", "stop_density",
    "ends_stop", "ends_mark",
    "ends_colon", "word_length", "digits", "has_date", "bold_share", "starts_quote", "has_quote", "starts_lower",
    "dense_script", "has_bar",
    "has_address", "ends_dots", "any_phrase",
)  # fmt: skip
FRAME = (
    "tag", "depth", "breaks", "media", "has_time", *_KINDS, *(f"m_{m}" for m in MARKS), *(f"o_{m}" for m in MARKS),
    *(f"t_{p}" for p in PHRASES),
)  # fmt: skip
FEATURES = TEXT + FRAME + PLACE


def measure(walk: Walk, evidence: Evidence) -> Measured:
    """The numbers of all blocks of a page. Expects at least one block."""
    blocks = walk.blocks
    phrases = [starting_phrases(block.text) for block in blocks]
    text = np.array([text_numbers(block, bits) for block, bits in zip(blocks, phrases, strict=True)], dtype=np.float32)
    title_at = find_title_block(blocks, evidence.title)
    place = Place(walk, evidence, text, phrases, title_at)
    below = marks_below(walk.frames, place.trunk())
    marks = [below[block.frame.number] for block in blocks]
    around_title = place.trunk(best=False)
    boxes = marks_below(walk.frames, around_title | place.main_frames())
    outside = marks_below(walk.frames, around_title) if title_at >= 0 else boxes
    frame = _frame_numbers(blocks, phrases, marks)
    rows = np.hstack([text, frame, place.columns()])
    at = [block.frame.number for block in blocks]
    return Measured(rows, phrases, marks, [boxes[n] for n in at], [outside[n] for n in at], title_at, text[:, 0])


def marks_below(frames: list[Frame], trunk: set[int]) -> list[int]:
    """Marks that each frame inherits, but for those of the frames (`trunk`) that hold the article itself.

    A page whose outermost element is called "has-comments" or "newsletter-open" says nothing about its paragraphs.
    """
    marks = [0] * len(frames)
    for frame in frames:
        if frame.number not in trunk and frame.parent is not None:
            marks[frame.number] = marks[frame.parent.number] | frame.own_marks
    return marks


def _frame_numbers(blocks: list[Block], phrases: list[int], around: list[int]) -> Matrix:
    plain = [(_TAGS.get(b.frame.tag, 0), b.frame.depth, b.breaks, b.media, b.has_time) for b in blocks]
    bits = [(b.kind, marks, b.frame.own_marks | b.inline_marks) for b, marks in zip(blocks, around, strict=True)]
    numbers = np.array(bits, dtype=np.int64)
    kinds = _bits(numbers[:, 0], list(_KINDS.values()))
    marks = _bits(numbers[:, 1], _MARK_BITS)
    own = _bits(numbers[:, 2], _MARK_BITS)
    starts = _bits(np.array(phrases, dtype=np.int64), list(PHRASE.values()))
    return np.asarray(np.hstack([np.array(plain, dtype=np.float32), kinds, marks, own, starts]), dtype=np.float32)


def _bits(values: NDArray[Any], bits: list[int]) -> Matrix:
    return np.asarray((values[:, None] & np.array(bits, dtype=np.int64)) != 0, dtype=np.float32)
