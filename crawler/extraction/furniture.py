"""What is never body text, wherever it stands: counters, times, label lines, and boxes whose names leave no doubt.

The model weighs; these rules decide, because a counter that gets into a body makes a new version of every look.
"""

from __future__ import annotations

import re

from crawler.extraction.blocks import CAPTION, CELL, FOOTER, Block
from crawler.extraction.marks import BIT
from crawler.extraction.phrases import PHRASE

LABEL_LENGTH = 60
_LETTER = re.compile(r"[^\W\d_]")
_UNITS = re.compile(r"^\W*(?:\d[\d.,:/\s٬٫-]*\W*(?:[kKmM]|mil|tsd|mio|mln|тыс|млн|万|萬|ألف|uhr|h|am|pm|gmt|utc)?\.?\W*)+$", re.I)
_COLON = re.compile(r"[:：]")
_LABELS = PHRASE["labels"] | PHRASE["share"] | PHRASE["comments"]
_BOXES = (("consent", BIT["consent"]), ("comments", BIT["comments"]))


def find_furniture(blocks: list[Block], phrases: list[int], marks: list[int]) -> dict[int, str]:
    """Index and reason of each block that is never body text.

    `phrases` are the blocks' starting phrases; `marks` those of the elements around them that do not hold the article.
    """
    found: dict[int, str] = {}
    label_frame = -1
    for index, block in enumerate(blocks):
        reason = _in_a_box(block, marks[index]) or _is_line(block, phrases[index])
        if not reason and label_frame == block.frame.number and (_is_value(block) or block.link_chars * 2 > len(block.text)):
            reason = "value of a label"
        if reason:
            found[index] = reason
        if reason == "label" or (not reason and phrases[index] & _LABELS and _bare_label(block)):
            label_frame = block.frame.number
        elif reason != "value of a label":
            label_frame = -1
    return found


def _in_a_box(block: Block, marks: int) -> str | None:
    if block.kind & FOOTER and not block.kind & CAPTION and not marks & BIT["pullquote"]:
        return "footer"
    return next((name for name, bit in _BOXES if marks & bit), None)


def _is_line(block: Block, phrases: int) -> str | None:
    """A line of furniture: a number or time alone, a label with its values, a line about comments."""
    text = block.text
    if block.kind & CELL and len(text) < 40:
        return None  # a table of figures
    if _is_value(block):
        return "number"
    if not phrases or len(text) > 4 * LABEL_LENGTH:
        return None
    if phrases & _LABELS and _bare_label(block):
        return "label"
    if phrases & PHRASE["labels"] and _labelled_values(block):
        return "label"
    if phrases & PHRASE["comments"] and len(text) < LABEL_LENGTH and not _COLON.search(text) and len(text.split()) < 8:
        return "comments"
    return None


def _is_value(block: Block) -> bool:
    """Digits and marks only, perhaps with a unit: a counter, a date or a time.

    >>> bool(_UNITS.match("1,204")), bool(_UNITS.match("10:30 Uhr")), bool(_UNITS.match("12 people"))
    (True, True, False)
    """
    text = block.text
    return len(text) < 40 and (not _LETTER.search(text) or (text[-1] not in ".!?" and bool(_UNITS.match(text))))


def _bare_label(block: Block) -> bool:
    """A label and nothing after its colon."""
    return len(block.text) < LABEL_LENGTH and block.text.rstrip()[-1] in ":："


def _labelled_values(block: Block) -> bool:
    """A label whose values are numbers or links."""
    head, colon, rest = block.text.replace("：", ":").partition(":")
    if not colon or len(head) > LABEL_LENGTH:
        return False
    return not _LETTER.search(rest) or block.link_chars * 2 > len(rest) or bool(_UNITS.match(rest))
