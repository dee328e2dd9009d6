"""The texts of a page, above all the short ones: those with a digit, and those that a lexicon knows.

One walk, shared by several fields. Counters, comment notices and labels of categories all stand in texts of a few
words; what is longer is prose.
"""

from __future__ import annotations

from functools import lru_cache
from itertools import islice

from selectolax.lexbor import LexborNode

from crawler.extraction.document import Document
from crawler.extraction.labels import MAX_TEXT, fold_labels, naming_counters, roles_of
from crawler.extraction.numbers import hold_digits

MAX_NODES = 60_000
MAX_FOUND = 3_000
MAX_PROSE = 5_000
"""Longer ones are programs."""
MAX_SHORT = 2 * MAX_TEXT + 200
"""With the white space of the mark-up around it."""
MAX_BEFORE = 80
"""Letters before the number of a longer text: such begin with a count ("11 comments on ..."), or state none."""


class ShortTexts:
    """Text nodes of one page, in page order."""

    def __init__(self, doc: Document) -> None:
        numbers: list[tuple[LexborNode, str]] = []
        labels: list[tuple[LexborNode, str]] = []
        walked = islice(doc.body.traverse(include_text=True, skip_empty=True), MAX_NODES)
        self.all = [(node, text) for node in walked if (text := node.text_content) and len(text) < MAX_PROSE]
        """Long ones too, with the white space around them; short scripts' also."""
        short = [(node, text.strip()) for node, text in self.all if len(text) < MAX_SHORT]
        for entry, has_digit in zip(short, hold_digits([text for _, text in short]), strict=True):
            text = entry[1]
            if not has_digit:
                if 2 <= len(text) <= MAX_TEXT:
                    labels.append(entry)
            elif len(text) <= MAX_TEXT or hold_digits([text[:MAX_BEFORE]])[0]:
                numbers.append(entry)
        self.numbers = numbers[:MAX_FOUND]
        """With a digit in them, near the beginning where they are longer than `MAX_TEXT`."""
        folded = fold_labels([text for _, text in self.numbers + labels])
        self.naming = naming_counters({text: folded[text] for _, text in self.numbers})
        """The texts among them that name a counter."""
        said = roles_of(folded)
        self.words = [(node, text, said[text]) for node, text in labels if text in said] if said else []
        """Without a digit, with what the lexicon says they are (never nothing); at most `MAX_TEXT` letters long."""


@lru_cache(maxsize=1)
def short_texts(doc: Document) -> ShortTexts:
    """The short texts of a document; kept for the document that was asked last."""
    return ShortTexts(doc)
