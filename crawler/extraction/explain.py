"""Why each block of a page was kept or dropped: the notes behind `backissue extract --explain`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from crawler.extraction.blocks import HIDDEN, LINK, Block
from crawler.extraction.marks import marks_in
from crawler.extraction.phrases import PHRASE, starting_phrases
from crawler.extraction.result import BlockNote

NOTE_LENGTH = 80


def explain_blocks(
    blocks: Sequence[Block], keep: Iterable[bool], chances: Iterable[float], furniture: Mapping[int, str]
) -> tuple[BlockNote, ...]:
    """One note a block, in page order; `furniture` holds the reasons of rules by index."""
    return tuple(
        BlockNote(
            bool(kept),
            furniture.get(index) or describe(block),
            round(float(chance), 3),
            block_path(block),
            block.text[:NOTE_LENGTH],
        )
        for index, (block, kept, chance) in enumerate(zip(blocks, keep, chances, strict=True))
    )


def describe(block: Block) -> str:
    """What is known of a block beside its probability: marks, first words, links, hiding; else "text"."""
    said = marks_in(block.frame.own_marks)
    said += [f"begins like {name}" for name, bit in PHRASE.items() if starting_phrases(block.text) & bit]
    if block.link_chars * 2 > len(block.text) or block.kind & LINK:
        said.append("links")
    if block.kind & HIDDEN:
        said.append("hidden")
    return ", ".join(said) or "text"


def block_path(block: Block) -> str:
    """Tags from the body down to the block's own element, joined by dots; at most the innermost eight."""
    tags: list[str] = []
    frame = block.frame
    while frame.parent is not None and len(tags) < 8:
        tags.append(frame.tag)
        frame = frame.parent
    return ".".join(reversed(tags)) or "body"
