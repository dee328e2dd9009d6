"""What class names, ids and roles say about an element: a set of marks, as bits of an integer.

The words stand in `data/boilerplate.toml`. A mark is evidence, no verdict; who uses it decides what it is worth.
"""

from __future__ import annotations

import re
import tomllib
from functools import lru_cache
from importlib.resources import files

_WORDS = re.compile(r"[A-Z]?[^\W\d_A-Z]+|[A-Z]+(?![a-z])")


def _load() -> tuple[tuple[str, ...], dict[str, int], frozenset[str]]:
    """Mark names in the order of their bits; bits by word; first words of two-word entries."""
    text = files("crawler.extraction").joinpath("data/boilerplate.toml").read_text(encoding="utf-8")
    table: dict[str, list[str]] = tomllib.loads(text)["marks"]
    bits: dict[str, int] = {}
    for number, words in enumerate(table.values()):
        for word in words:
            bits[word] = bits.get(word, 0) | 1 << number
    return tuple(table), bits, frozenset(word.partition("-")[0] for word in bits if "-" in word)


MARKS, _BITS, _FIRSTS = _load()
BIT = {name: 1 << number for number, name in enumerate(MARKS)}


@lru_cache(maxsize=16_384)
def read_names(names: str) -> tuple[int, tuple[str, ...]]:
    """Marks and lower-case words of an element's names (class, id, role, ... joined by spaces).

    >>> bits, words = read_names("post-relatedPosts js-2")
    >>> words, marks_in(bits)
    (('post', 'related', 'posts', 'js'), ['related'])
    """
    words: list[str] = []
    bits = 0
    for name in names[:400].split():
        parts = [part.lower() for part in _WORDS.findall(name)]
        for place, word in enumerate(parts):
            bits |= _BITS.get(word, 0)
            if word in _FIRSTS and place + 1 < len(parts):
                bits |= _BITS.get(f"{word}-{parts[place + 1]}", 0)
        if len(parts) > 1:
            bits |= _BITS.get("".join(parts), 0)
        words += parts
    return bits, tuple(words[:12])


def marks_in(bits: int) -> list[str]:
    """The names of the marks that are set."""
    return [name for name in MARKS if bits & BIT[name]]
