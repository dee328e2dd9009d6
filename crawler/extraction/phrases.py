"""How furniture begins, in many languages: which kinds of phrase a block of text starts with.

The phrases stand in `data/phrases.toml`. A phrase is evidence; what it is worth is decided elsewhere.
"""

from __future__ import annotations

import re

from crawler.extraction.kept import remembered
from crawler.extraction.lexicon import lexicon

_UNSPACED = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
_WORD_END = " :.,;!?|/-–—(→"


def _load() -> tuple[tuple[str, ...], dict[str, int], tuple[int, ...]]:
    table = lexicon("phrases")
    bits: dict[str, int] = {}
    for number, entry in enumerate(table.values()):
        for phrase in entry["starts"]:
            bits[phrase] = bits.get(phrase, 0) | 1 << number
    return tuple(table), bits, tuple(sorted({len(phrase) for phrase in bits}))


PHRASES, _BITS, _LENGTHS = _load()
PHRASE = {name: 1 << number for number, name in enumerate(PHRASES)}
_LONGEST = _LENGTHS[-1]
_BEGINNING = 3
_LENGTHS_BY_START: dict[str, tuple[int, ...]] = {
    start: tuple(sorted({len(phrase) for phrase in _BITS if phrase[:_BEGINNING] == start}))
    for start in {phrase[:_BEGINNING] for phrase in _BITS}
}
"""Lengths of the phrases by their first letters (by all of them where they are no more)."""


def starting_phrases(text: str) -> int:
    """The kinds of phrase that the text begins with, as bits of `PHRASE`.

    >>> starting_phrases("Lire aussi : la pluie") & PHRASE["inline_more"] > 0
    True
    >>> starting_phrases("Byzantine ruins"), starting_phrases("相关新闻一览") == PHRASE["more"]
    (0, True)
    """
    lengths = _lengths_after(text[:_BEGINNING])
    if not lengths:
        return 0
    head = text[: _LONGEST + 1].lower()
    found = 0
    for length in lengths:
        bits = _BITS.get(head[:length])
        if bits and (
            length >= len(head) or head[length] in _WORD_END or head[length - 1] in _WORD_END or _UNSPACED.match(head)
        ):
            found |= bits
    return found


@remembered(16_384)
def _lengths_after(start: str) -> tuple[int, ...]:
    """Lengths of the phrases that a text with these first letters may begin with."""
    start = start.lower()[:_BEGINNING]
    return tuple({length for end in range(1, len(start) + 1) for length in _LENGTHS_BY_START.get(start[:end], ())})
