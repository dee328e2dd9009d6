"""Is it the same text on two sites? Runs of words that two bodies share, and numbers by which copies find each other.

Pure. Own, because it is twenty lines of numpy: `datasketch` would bring SciPy along for an index that the
database's own index on the bands replaces. numpy is imported at the first use: most commands need none of this.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from hashlib import blake2b
from typing import TYPE_CHECKING
from zlib import crc32

from archive.diff.words import has_no_spaces, is_word, split_words
from archive.identity import readable_paragraphs

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Runs = NDArray[np.uint64]

#: Rises when the same text would get other bands: stored ones are then made anew by `backissue upgrade`.
BANDS_VERSION = 1
#: Copies share at least this much; below it two texts have a topic in common, or a quoted passage.
SAME_TEXT = 0.5
BANDS = 12
_BAND_ROWS = 3
#: Words in a run; characters where words cannot be told apart (a Chinese word has about two).
_RUN = 4
_WIDE_RUN = 8
_SHORTEST = 12
_WORD = re.compile(r"[^\W_]+")
#: Of UTF-8: what is no letter or digit of ASCII is a space; of other characters it is not told here.
_WORDS_AND_SPACES = bytes(code if code >= 128 or chr(code).isalnum() else ord(" ") for code in range(256))


def runs(text: str) -> Runs | None:
    """The distinct runs of words of a text, as sorted numbers; None for a text too short to tell.

    Case, punctuation, quotes and white space do not matter; the language and script do not either.
    """
    import numpy as np

    found = _runs_in_order(text)
    return np.unique(found) if found is not None else None


def similarity(one: Runs, other: Runs) -> float:
    """How much of two texts is the same, from 0 to 1: the share of their word runs that both have.

    >>> text = "The council met on Monday to vote on the bridge, which has been closed since the flood of last year."
    >>> similarity(runs(text), runs(text.upper()))
    1.0
    """
    import numpy as np

    shared = len(np.intersect1d(one, other, assume_unique=True))
    return shared / (len(one) + len(other) - shared)


def bands(found: Runs) -> tuple[int, ...]:
    """12 numbers of 31 bits (MinHash); texts that share half of their word runs have one in common in 80 cases of
    100, texts that share seven tenths in 99. Keep them in an indexed column to find the candidates of a family."""
    least = _least(found).astype(">u4").tobytes()
    size = 4 * _BAND_ROWS
    return tuple(
        int.from_bytes(blake2b(least[at : at + size], digest_size=4, salt=bytes([at])).digest(), "big") >> 1
        for at in range(0, len(least), size)
    )


def bands_of(body: str | None) -> tuple[int, ...]:
    """The bands of a body; () where there is too little text to tell."""
    found = _runs_in_order(body) if body else None
    return bands(found) if found is not None else ()


def _runs_in_order(text: str) -> Runs | None:
    import numpy as np

    # What canonical text does besides changes no word; this is much faster.
    words, length = _words(unicodedata.normalize("NFKC", "\n".join(readable_paragraphs(text))).casefold())
    if len(words) < max(_SHORTEST, length):
        return None
    numbers = np.fromiter(map(crc32, words), dtype=np.uint64, count=len(words))
    multipliers, _ = _permutations()
    mixed: Runs = np.zeros(len(numbers) - length + 1, dtype=np.uint64)
    for place in range(length):
        mixed += numbers[place : place + len(mixed)] * multipliers[place]
    mixed ^= mixed >> np.uint64(29)
    mixed *= multipliers[0]
    mixed >>= np.uint64(32)
    return mixed


def _words(canonical: str) -> tuple[list[bytes], int]:
    """The words of a text in UTF-8, and how many make a run."""
    if not has_no_spaces(canonical):
        return _spaced_words(canonical), _RUN
    words = [word for word in split_words(canonical).keys if is_word(word)]
    characters = sum(len(word) == 1 and word > "\u0e00" for word in words)
    return _encoded(words), _WIDE_RUN if 2 * characters > len(words) else _RUN


def _spaced_words(canonical: str) -> list[bytes]:
    """The matches of `_WORD`; cut at spaces it takes a quarter of the pattern's time where nearly all is ASCII."""
    text = canonical.encode("utf-8", "surrogatepass")
    if len(text) > 1.1 * len(canonical):
        return _encoded(_WORD.findall(canonical))
    pieces = text.translate(_WORDS_AND_SPACES).split()
    if len(text) == len(canonical):
        return pieces
    words: list[bytes] = []
    for piece in pieces:
        if piece.isascii():
            words.append(piece)
        else:  # other letters, or typographic quotes and dashes
            words += _encoded(_WORD.findall(piece.decode("utf-8", "surrogatepass")))
    return words


def _encoded(words: list[str]) -> list[bytes]:
    return "\n".join(words).encode("utf-8", "surrogatepass").split(b"\n") if words else []


def _least(found: Runs) -> Runs:
    """For each of the permutations the least number, in slices so that a book takes no gigabyte."""
    import numpy as np

    multipliers, offsets = _permutations()
    least = np.full(len(multipliers), np.iinfo(np.uint64).max, dtype=np.uint64)
    for at in range(0, len(found), 4096):
        mixed = multipliers[:, None] * found[None, at : at + 4096]
        mixed += offsets[:, None]
        np.minimum(least, mixed.min(axis=1), out=least)
    least >>= np.uint64(32)
    return least


@cache
def _permutations() -> tuple[Runs, Runs]:
    """Multiply-add-shift hashing (Dietzfelbinger 1996): odd multipliers and offsets of 64 bits, the same for ever."""
    import numpy as np

    stream = b"".join(blake2b(at.to_bytes(4, "big"), digest_size=16).digest() for at in range(BANDS * _BAND_ROWS))
    numbers = np.frombuffer(stream, dtype=">u8").astype(np.uint64).reshape(-1, 2)
    return numbers[:, 0] | np.uint64(1), numbers[:, 1]
