"""The words by which the body model knows an element or a text: names of the elements around a block, its first words.

Each word becomes the number of a weight. An element's sum of weights is the same wherever it stands, so it can be kept.
"""

from __future__ import annotations

from itertools import pairwise
from zlib import crc32

from crawler.extraction.blocks import Block, Frame

BUCKETS = 1 << 15


def bucket(word: str) -> int:
    """The number of a word's weight.

    >>> 0 <= bucket("o:article") < BUCKETS
    True
    """
    return crc32(word.encode("utf-8", "replace")) & (BUCKETS - 1)


def frame_words(tag: str, words: tuple[str, ...], place: str) -> list[str]:
    """Words of one element as seen from a block: `place` is o (own), p (parent), g (grandparent) or a (further out)."""
    names = [f"{place}:{word}" for word in words]
    pairs = [f"{place}:{one}-{two}" for one, two in pairwise(words)]
    return [f"{place}<{tag}", *names, *pairs]


def text_words(head: str, tail: str, short: bool) -> list[str]:
    """Words for how a text begins and ends; of a short text (`short`) all words."""
    words = head.lower().split()
    if len(words) <= 2 and len(head) > 12:  # a script without spaces
        return [f"1:{head[:2]}", f"2:{head[:3]}", f"3:{head[:4]}", f"e:{tail[-4:]}"]
    last = tail.lower().split()
    out = [f"1:{words[0]}", f"2:{' '.join(words[:2])}", f"3:{' '.join(words[:3])}", f"e:{' '.join(last[-2:])}"]
    if short:
        out.append(f"w:{head.lower()}")
        out += [f"s:{word}" for word in words]
    return out


def block_tokens(block: Block) -> list[int]:
    """Numbers of all words of a block, as training sees them (the model itself adds up elements)."""
    frame: Frame | None = block.frame
    out: list[int] = []
    for place in "opg":
        if frame is None:
            break
        out += map(bucket, frame_words(frame.tag, frame.words, place))
        frame = frame.parent
    while frame is not None:
        out += map(bucket, frame_words(frame.tag, frame.words, "a"))
        frame = frame.parent
    out += map(bucket, text_words(block.text[:120], block.text[-60:], len(block.text) < 40))
    return out
