"""Is it the same text on two sites? Near-duplicate signatures (MinHash) of bodies.

Pure. Own, because it is twenty lines of numpy: `datasketch` would bring SciPy along for an index that the
database's own index on the bands replaces.
"""

from __future__ import annotations

from functools import cache
from hashlib import blake2b

import numpy as np
from numpy.typing import NDArray

from archive.diff.words import is_word, split_words
from archive.identity import canonical_text, readable_paragraphs

#: Rises when the same text would get another signature.
SIGNATURE_VERSION = 1
#: Copies share at least this much; below it two texts have a topic in common, or a quoted passage.
SAME_TEXT = 0.5
_ROWS = 128
_BAND_ROWS = 4
#: Words in a run; characters where words cannot be told apart (a Chinese word has about two).
_SHINGLE = 4
_WIDE_SHINGLE = 8
_SHORTEST = 12


def signature(text: str) -> bytes | None:
    """The 512 bytes by which copies of a text find each other; None for a text too short to tell.

    Case, punctuation, quotes and white space do not matter; the language and script do not either.
    """
    canonical = canonical_text("\n".join(readable_paragraphs(text))).casefold()
    words = [word for word in split_words(canonical).keys if is_word(word)]
    if len(words) < _SHORTEST:
        return None
    characters = sum(len(word) == 1 and word > "\u0e00" for word in words)
    size = _WIDE_SHINGLE if 2 * characters > len(words) else _SHINGLE
    shingles = {" ".join(words[at : at + size]) for at in range(len(words) - size + 1)}
    digests = b"".join(blake2b(s.encode("utf-8", "surrogatepass"), digest_size=4).digest() for s in shingles)
    hashes = np.frombuffer(digests, dtype=">u4").astype(np.uint64)
    return _least(hashes).astype(">u4").tobytes()


def similarity(a: bytes, b: bytes) -> float:
    """How much of two texts is the same, from 0 to 1: an estimate (±0.04) of the share of common word runs.

    >>> text = "The council met on Monday to vote on the bridge, which has been closed since the flood of last year."
    >>> similarity(signature(text), signature(text.upper()))
    1.0
    """
    one, other = np.frombuffer(a, dtype=">u4"), np.frombuffer(b, dtype=">u4")
    return float(np.count_nonzero(one == other)) / _ROWS


def bands(sign: bytes) -> tuple[int, ...]:
    """32 numbers (of 63 bits); texts that share half their word runs share one of them in 87 cases of 100, texts
    that share four fifths always. Keep them in an indexed column to find the candidates of a family."""
    size = 4 * _BAND_ROWS
    pieces = (sign[at : at + size] for at in range(0, len(sign), size))
    return tuple(
        int.from_bytes(blake2b(piece, digest_size=8, salt=bytes([at])).digest(), "big") >> 1
        for at, piece in enumerate(pieces)
    )


def _least(hashes: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """For each of the permutations the least hash, in slices so that a book takes no gigabyte."""
    multipliers, offsets = _permutations()
    least = np.full(_ROWS, np.iinfo(np.uint32).max, dtype=np.uint64)
    for at in range(0, len(hashes), 4096):
        part = hashes[at : at + 4096]
        mixed = (multipliers[:, None] * part[None, :] + offsets[:, None]) >> np.uint64(32)
        least = np.minimum(least, mixed.min(axis=1))
    return least


@cache
def _permutations() -> tuple[NDArray[np.uint64], NDArray[np.uint64]]:
    """Multiply-add-shift hashing (Dietzfelbinger 1996): odd multipliers and offsets of 64 bits, the same for ever."""
    stream = b"".join(blake2b(at.to_bytes(4, "big"), digest_size=16).digest() for at in range(_ROWS))
    numbers = np.frombuffer(stream, dtype=">u8").astype(np.uint64).reshape(_ROWS, 2)
    return numbers[:, 0] | np.uint64(1), numbers[:, 1]
