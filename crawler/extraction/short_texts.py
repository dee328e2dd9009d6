"""The short texts of a page: those with a digit, and those that a lexicon knows. One walk, shared by several fields.

Counters, comment notices and labels of categories all stand in texts of a few words; what is longer is prose.
"""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import islice

from selectolax.lexbor import LexborNode

from crawler.extraction.document import Document
from crawler.extraction.labels import MAX_TEXT, roles_of

MAX_NODES = 60_000
MAX_FOUND = 3_000
MAX_RAW = 2 * MAX_TEXT + 200
"""With the white space of the mark-up around it."""
_DIGIT = re.compile(r"\d")


class ShortTexts:
    """Text nodes of one page, in page order."""

    def __init__(self, doc: Document) -> None:
        self.numbers: list[tuple[LexborNode, str]] = []
        """With a digit in them, at most `2 * MAX_TEXT` letters long."""
        self.words: list[tuple[LexborNode, str, frozenset[str]]]
        """Without a digit, with what the lexicon says they are (never nothing)."""
        labels: list[tuple[LexborNode, str]] = []
        for node in islice(doc.body.traverse(include_text=True, skip_empty=True), MAX_NODES + 1):
            if node.is_text_node and (raw := node.text_content) and len(raw) < MAX_RAW:
                text = raw.strip()
                if len(text) > 2 * MAX_TEXT:
                    continue
                if _DIGIT.search(text):
                    self.numbers.append((node, text))
                    if len(self.numbers) > MAX_FOUND:
                        break
                elif 2 <= len(text) <= MAX_TEXT:
                    labels.append((node, text))
        said = roles_of(text for _, text in labels)
        self.words = [(node, text, said[text]) for node, text in labels if text in said]


@lru_cache(maxsize=1)
def short_texts(doc: Document) -> ShortTexts:
    """The short texts of a document; kept for the document that was asked last."""
    return ShortTexts(doc)
