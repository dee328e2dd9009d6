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
MAX_SHORT = 2 * MAX_TEXT + 200
"""With the white space of the mark-up around it."""


class ShortTexts:
    """Text nodes of one page, in page order."""

    def __init__(self, doc: Document) -> None:
        numbers: list[tuple[LexborNode, str]] = []
        labels: list[tuple[LexborNode, str]] = []
        walked = islice(doc.body.traverse(include_text=True, skip_empty=True), MAX_NODES)
        self.all = [(node, text) for node in walked if (text := node.text_content)]
        """The long ones too, with the white space around them, scripts' also."""
        short = [(node, text.strip()) for node, text in self.all if len(text) < MAX_SHORT]
        for entry, has_digit in zip(short, hold_digits([text for _, text in short]), strict=True):
            if has_digit:
                numbers.append(entry)
            elif 2 <= len(entry[1]) <= MAX_TEXT:
                labels.append(entry)
        folded = fold_labels([text for _, text in numbers[:MAX_FOUND] + labels])
        said = roles_of(folded)
        self.numbers = numbers[:MAX_FOUND]
        """With a digit in them."""
        self.naming = naming_counters({text: folded[text] for _, text in self.numbers})
        """The texts among them that name a counter."""
        self.words = [(node, text, said[text]) for node, text in labels if text in said] if said else []
        """Without a digit, with what the lexicon says they are (never nothing); at most `MAX_TEXT` letters long."""


@lru_cache(maxsize=1)
def short_texts(doc: Document) -> ShortTexts:
    """The short texts of a document; kept for the document that was asked last."""
    return ShortTexts(doc)
