"""The words by which the body model knows an element or a text: names of the elements around a block, its first words.

Each word becomes the number of a weight. An element's sum of weights is the same wherever it stands, so it can be kept.
"""

from __future__ import annotations

from zlib import crc32

from crawler.extraction.blocks import Block, Frame

BUCKETS = 1 << 15
_MASK = BUCKETS - 1
_FIRST, _TWO, _THREE, _END, _WHOLE, _SHORT = map(crc32, (b"1:", b"2:", b"3:", b"e:", b"w:", b"s:"))
"""Check sums go on from those of what stands before: a word needs no string of its own for each kind."""


def bucket(word: bytes, kind: bytes = b"") -> int:
    """The number of the weight of a word in UTF-8; `kind` says where it stands.

    >>> bucket(b"article", b"o:") == bucket(b"o:article") < BUCKETS
    True
    """
    return crc32(word, crc32(kind)) & _MASK


def frame_buckets(tag: str, words: tuple[str, ...], place: str) -> list[int]:
    """Numbers of the words of one element as seen from a block, of its pairs of words, and of its tag: `place` is o
    (own), p (parent), g (grandparent) or a (further out)."""
    start = crc32(f"{place}:".encode())
    spelled = [word.encode("utf-8", "replace") for word in words]
    sums = [crc32(word, start) for word in spelled]
    pairs = [crc32(b"-" + second, first) for first, second in zip(sums, spelled[1:], strict=False)]
    return [bucket(f"{place}<{tag}".encode("utf-8", "replace")), *(one & _MASK for one in (*sums, *pairs))]


def text_buckets(head: str, tail: str, short: bool) -> list[int]:
    """Numbers of the words for how a text (with single spaces) begins and ends; of a short text all words."""
    lowered = head.lower().encode("utf-8", "replace")
    words = lowered.split()
    if len(words) <= 2 and len(head) > 12:  # a script without spaces
        pieces = f"1:{head[:2]}", f"2:{head[:3]}", f"3:{head[:4]}", f"e:{tail[-4:]}"
        return [bucket(piece.encode("utf-8", "replace")) for piece in pieces]
    last = tail.lower().encode("utf-8", "replace").split()
    out = [crc32(words[0], _FIRST), crc32(b" ".join(words[:2]), _TWO), crc32(b" ".join(words[:3]), _THREE)]
    out.append(crc32(b" ".join(last[-2:]), _END))
    if short:
        out.append(crc32(lowered, _WHOLE))
        out += [crc32(word, _SHORT) for word in words]
    return [one & _MASK for one in out]


def block_tokens(block: Block) -> list[int]:
    """Numbers of all words of a block, as training sees them (the model itself adds up elements)."""
    frame: Frame | None = block.frame
    out: list[int] = []
    for place in "opg":
        if frame is None:
            break
        out += frame_buckets(frame.tag, frame.words, place)
        frame = frame.parent
    while frame is not None:
        out += frame_buckets(frame.tag, frame.words, "a")
        frame = frame.parent
    return out + text_buckets(block.text[:120], block.text[-60:], len(block.text) < 40)
