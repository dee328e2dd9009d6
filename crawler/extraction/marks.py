"""What class names, ids and roles say about an element: a set of marks, as bits of an integer.

The words stand in `data/boilerplate.toml`. A mark is evidence, no verdict; who uses it decides what it is worth.
"""

from __future__ import annotations

import re
from itertools import pairwise
from string import ascii_lowercase

from crawler.extraction.kept import remembered
from crawler.extraction.lexicon import lexicon

_LETTERS_ONLY = bytes(code if chr(code) in ascii_lowercase else ord(" ") for code in range(256))
"""For bytes, which are translated ten times faster than strings."""
_WORDS = re.compile(r"[A-Z]?[^\W\d_A-Z]+|[A-Z]+(?![a-z])")


def _load() -> tuple[dict[str, int], dict[str, int]]:
    """Bits by name of mark or box, and bits by word."""
    table: dict[str, list[str]] = lexicon("boilerplate")["marks"] | lexicon("boilerplate")["boxes"]
    bits: dict[str, int] = {}
    for number, words in enumerate(table.values()):
        for word in words:
            bits[word] = bits.get(word, 0) | 1 << number
    return {name: 1 << number for number, name in enumerate(table)}, bits


BIT, _BITS = _load()
BOXES = tuple(lexicon("boilerplate")["boxes"])
"""Names of the marks that decide."""
_FIRSTS = frozenset(word.partition("-")[0] for word in _BITS if "-" in word)


@remembered(16_384)
def read_names(names: str) -> tuple[int, tuple[str, ...]]:
    """Marks and lower-case words of an element's names (class, id, role, ... joined by spaces).

    >>> bits, words = read_names("post-relatedPosts js-2")
    >>> words, marks_in(bits)
    (('post', 'related', 'posts', 'js'), ['related', 'related_box'])
    """
    bits = 0
    words: tuple[str, ...] = ()
    for name in names[:400].split():
        found, parts = _read_name(name)
        bits |= found
        words += parts
    return bits, words[:12]


@remembered(65_536)
def _read_name(name: str) -> tuple[int, tuple[str, ...]]:
    """The same of one name. Pages repeat their class names, each time in another company."""
    if name.isascii() and name.islower():  # most are: no letter to look for but a-z
        parts = tuple(name.encode().translate(_LETTERS_ONLY).decode().split())
    else:
        parts = tuple([part.lower() for part in _WORDS.findall(name)])
    bits = 0
    for word in parts:
        if found := _BITS.get(word):
            bits |= found
    if len(parts) > 1:
        bits |= _BITS.get("".join(parts), 0)
        if not _FIRSTS.isdisjoint(parts):
            for first, second in pairwise(parts):
                bits |= _BITS.get(f"{first}-{second}", 0)
    return bits, parts


def marks_in(bits: int) -> list[str]:
    """The names of the marks that are set."""
    return [name for name, bit in BIT.items() if bits & bit]
