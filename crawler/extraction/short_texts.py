"""The texts of a page, above all the short ones: those with a digit, and those that a lexicon knows.

Shared by several fields. Counters, comment notices and labels of categories all stand in texts of a few
words; what is longer is prose.
"""

from __future__ import annotations

import re

from selectolax.lexbor import LexborNode

from crawler.extraction.blocks import walk_of
from crawler.extraction.document import Document
from crawler.extraction.kept import kept
from crawler.extraction.labels import MAX_TEXT, roles_of

_DIGIT = re.compile(r"\d")
MAX_TEXTS = 30_000
MAX_FOUND = 3_000
MIN_LONG = 20
MAX_LONG = 5_000
MAX_SHORT = 2 * MAX_TEXT + 200
"""With the white space of the mark-up around it."""
MAX_BEFORE = 80
"""Letters before the number of a longer text: such begin with a count ("11 comments on ..."), or state none."""


class ShortTexts:
    """Text nodes of one page, in page order."""

    def __init__(self, doc: Document) -> None:
        self.numbers: list[tuple[LexborNode, str]] = []
        """With a digit in them, near the beginning where they are longer than `MAX_TEXT`."""
        self.words: list[tuple[LexborNode, str, frozenset[str]]]
        """Without a digit, with what the lexicon says they are (never nothing); at most `MAX_TEXT` letters long."""
        self.long: list[tuple[LexborNode, str]] = []
        """Of more letters than a label has, with the white space around them."""
        labels: list[tuple[LexborNode, str]] = []
        for node, text in walk_of(doc).texts[:MAX_TEXTS]:
            if MIN_LONG < len(text) < MAX_LONG:
                self.long.append((node, text))
            if len(text) < MAX_SHORT:
                text = text.strip()
                if _DIGIT.search(text, 0, MAX_TEXT if len(text) <= MAX_TEXT else MAX_BEFORE):
                    self.numbers.append((node, text))
                elif 2 <= len(text) <= MAX_TEXT:
                    labels.append((node, text))
        del self.numbers[MAX_FOUND:]
        said = roles_of(text for _, text in labels)
        self.words = [(node, text, said[text]) for node, text in labels if text in said] if said else []


@kept
def short_texts(doc: Document) -> ShortTexts:
    """The short texts of a document."""
    return ShortTexts(doc)
