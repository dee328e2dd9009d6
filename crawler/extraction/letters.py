"""Of what letters the texts of a page consist: capitals, ends of sentences, digits, letters of scripts without spaces.

All texts are looked up in one table at once, which takes half the time of asking them one by one. Knows nothing of what
the numbers are good for.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

import numpy as np
from numpy.typing import NDArray

BEGIN = 100
"""Letters of a text in which capitals are counted."""
_ENDS = ".!?…。！？؟۔।॥\"”»“'’)）」』"
_STOPS = ".!?…。！？؟۔।॥"
_COUNTED = ".!?。！？؟।"
_DENSE = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff]+")
_LETTERS = re.compile(r"[^\W\d_]+")
_KNOWN = 0x20000
"""Code points in the table; those beyond are Chinese letters, or hardly ever seen."""
_SPACE, _CAPITAL, _COUNT, _STOP, _END, _THICK, _LETTER, _DIGIT = (1 << n for n in range(8))


class Letters:
    """Numbers about the texts of a page (at least one, none of them empty, with single spaces): one of each a text."""

    def __init__(self, texts: Sequence[str]) -> None:
        self.texts = texts
        self.joined = " " + " ".join(texts)
        count = len(texts)
        codes = np.frombuffer(self.joined.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
        self._kinds = _table().take(codes, mode="clip")
        self.lengths = np.array([len(text) for text in texts])
        """Code points."""
        self._ends = self.lengths.cumsum() + np.arange(1, count + 1)
        self._begins = self._ends - self.lengths
        self._text_at = np.arange(count).repeat(self.lengths + 1)
        """The text that each letter belongs to; the space before a text is the text's."""
        held = np.bitwise_or.reduceat(self._kinds, self._begins - 1)
        self.has_letter = held & _LETTER != 0
        self.has_digit = held & _DIGIT != 0
        self.size = self.lengths.astype(np.float32)
        """Letters; one of a script without spaces counts as two and a half."""
        if (held & _THICK).any():
            self.size += np.float32(1.5) * self._count(_THICK)

    def _count(self, bit: int) -> NDArray[np.int64]:
        """How many letters of each text have the bit."""
        return np.bincount(self._text_at[np.flatnonzero(self._kinds & bit != 0)], minlength=len(self.texts))

    def capitals(self) -> NDArray[np.float64]:
        """The share of words that begin with a capital, near the text's begin; 0 for scripts without spaces.

        >>> Letters(["Rain in Spain", "雨が降る"]).capitals().round(2).tolist()
        [0.67, 0.0]
        """
        before = np.flatnonzero(self._kinds == _SPACE)
        text = self._text_at[before]
        near = before - self._begins[text] < BEGIN - 1
        before, text = before[near], text[near]
        is_capital = self._kinds[before + 1] & _CAPITAL != 0
        words, capitals = (np.bincount(among, minlength=len(self.texts)) for among in (text, text[is_capital]))
        return np.where(self.size > 1.75 * self.lengths, 0, capitals / words)

    def stops(self) -> NDArray[np.int64]:
        """How many sentences may end in each.

        >>> Letters(["Rain. Sun! Wind", "雨。"]).stops().tolist()
        [2, 1]
        """
        return self._count(_COUNT)

    def ends(self) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
        """Whether each ends as a sentence does, and whether with such a mark, a quote or a bracket.

        >>> [column.tolist() for column in Letters(["Rain", "Rain.", "“Rain”"]).ends()]
        [[False, True, False], [False, True, True]]
        """
        last = self._kinds[self._ends - 1]
        return last & _STOP != 0, last & _END != 0

    def addresses(self) -> NDArray[np.bool_]:
        """Whether each holds something like the address of a page or a person.

        >>> Letters(["Rain", "rain@a.test"]).addresses().tolist()
        [False, True]
        """
        found = np.zeros(len(self.texts), dtype=np.bool_)
        for sign in ("@", "http", "www."):
            at = self.joined.find(sign)
            while at >= 0:
                found[self._text_at[at]] = True
                at = self.joined.find(sign, at + 1)
        return found


@cache
def _table() -> NDArray[np.uint8]:
    """What each letter is, as bits, by its code point."""
    table = np.zeros(_KNOWN, dtype=np.uint8)
    letters = "".join(map(chr, range(_KNOWN)))
    for bit, pattern in ((_LETTER, _LETTERS), (_THICK, _DENSE)):
        for run in pattern.finditer(letters):
            table[run.start() : run.end()] |= bit
    table[[letter.isupper() for letter in letters]] |= _CAPITAL
    table[[letter.isdigit() for letter in letters]] |= _DIGIT
    for bit, marks in ((_SPACE, " "), (_COUNT, _COUNTED), (_STOP, _STOPS), (_END, _ENDS)):
        table[list(map(ord, marks))] |= bit
    table[-1] = _LETTER
    return table
