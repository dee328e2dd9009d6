"""Texts made to be slow: each must be done in a moment."""

from __future__ import annotations

import random
import time

import pytest

from archive.diff import diff
from archive.model import Content

RNG = random.Random(5)
VOCABULARY = ["".join(RNG.choices("abcdefghij", k=7)) for _ in range(2000)]
WORDS = RNG.choices(VOCABULARY, k=20_000)
LINES = [" ".join(WORDS[at : at + 4]) for at in range(0, 12_000, 4)]
CASES = {
    "three thousand short lines, each a word longer": ("\n".join(LINES), "\n".join(line + " x" for line in LINES)),
    "three thousand short lines, each another": ("\n".join(LINES), "\n".join(line[::-1] for line in LINES)),
    "lines in reverse order": ("\n".join(LINES), "\n".join(LINES[::-1])),
    "one paragraph of twenty thousand words shuffled": (" ".join(WORDS), " ".join(sorted(WORDS))),
    "a misspelling in every second word": (" ".join(WORDS[:4000]), " ".join(w[:2] + "q" + w[3:] for w in WORDS[:4000])),
    "quotation marks that never close": ("‘ „ “ ‹a " * 20_000, "‘ „ “ ‹b " * 20_000),
    "the same word a hundred thousand times": ("spam " * 100_000, "spam " * 99_000 + "egg"),
    "nothing but spaces": (" " * 500_000, "\u00a0" * 500_000),
    "entities inside entities": ("&amp;" * 50_000, "&amp;amp;" * 50_000),
    "notes by the hundred": ("a\n" * 10, "a\n" * 10 + "\n".join(f"Correction {at}: wrong" for at in range(500))),
}


@pytest.mark.parametrize("name", CASES)
def test_a_text_made_to_be_slow_is_diffed_in_a_moment(name: str) -> None:
    old, new = CASES[name]
    start = time.process_time()
    diff(Content(body=old), Content(body=new))
    assert time.process_time() - start < 5
