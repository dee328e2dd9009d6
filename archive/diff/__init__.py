"""What changed between two versions of an article, told as a reader would tell it."""

from archive.diff.change import (
    Change,
    KindEvidence,
    Notice,
    ParagraphEdit,
    ParagraphOp,
    Span,
    Spot,
    TextEdit,
    WordEdit,
)
from archive.diff.differ import DIFFER_VERSION, diff
from archive.diff.headlines import HeadlineFlips, find_flips

#: The differ's version under the name that every versioned part of the archive uses.
VERSION = DIFFER_VERSION

__all__ = [
    "DIFFER_VERSION",
    "VERSION",
    "Change",
    "HeadlineFlips",
    "KindEvidence",
    "Notice",
    "ParagraphEdit",
    "ParagraphOp",
    "Span",
    "Spot",
    "TextEdit",
    "WordEdit",
    "diff",
    "find_flips",
]
