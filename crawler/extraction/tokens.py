"""The words by which the body model knows an element or a text: names of the elements around a block, its first words.

Each word becomes the number of a weight: the last bits of its check sum. An element's sum of weights is the same
wherever it stands, so it can be kept.
"""

from __future__ import annotations

from zlib import crc32

from crawler.extraction.blocks import Block, Frame

BUCKETS = 1 << 15
MASK = BUCKETS - 1
"""The bits of a word's check sum that are the number of its weight."""
# Check sums go on from those of what stands before: a word needs no string of its own for each kind.
_FIRST, _TWO, _THREE, _END, _WHOLE, _SHORT = map(crc32, (b"1:", b"2:", b"3:", b"e:", b"w:", b"s:"))
_NAMES = {place: crc32(f"{place}:".encode()) for place in "opga"}
_TAGS = {place: crc32(f"{place}<".encode()) for place in "opga"}


def frame_sums(tag: str, words: tuple[str, ...], place: str) -> list[int]:
    """Check sums of the tag of one element as seen from a block, of its words, and of its pairs of words: `place` is o
    (own), p (parent), g (grandparent) or a (further out).

    >>> [one & MASK for one in frame_sums("div", ("post",), "o")] == [crc32(b"o<div") & MASK, crc32(b"o:post") & MASK]
    True
    """
    sums = [crc32(tag.encode("utf-8", "replace"), _TAGS[place])]
    pairs: list[int] = []
    start, before = _NAMES[place], None
    for word in " ".join(words).encode("utf-8", "replace").split():
        if before is not None:
            pairs.append(crc32(b"-" + word, before))
        before = crc32(word, start)
        sums.append(before)
    return sums + pairs


def text_sums(text: str) -> list[int]:
    """Check sums of the words by which a text (with single spaces) begins and ends; of a short text all words."""
    head, short = text[:120], len(text) < 40
    lowered = head.lower().encode("utf-8", "replace")
    words = lowered.split() if short else lowered.split(None, 3)
    if len(words) <= 2 and len(head) > 12:  # a script without spaces
        pieces = f"1:{head[:2]}", f"2:{head[:3]}", f"3:{head[:4]}", f"e:{text[-4:]}"
        return [crc32(piece.encode("utf-8", "replace")) for piece in pieces]
    end = lowered if len(text) <= 60 else text[-60:].lower().encode("utf-8", "replace")
    two = b" ".join(words[:2])
    three = two + b" " + words[2] if len(words) > 2 else two
    sums = [crc32(words[0], _FIRST), crc32(two, _TWO), crc32(three, _THREE)]
    sums.append(crc32(b" ".join(end.rsplit(None, 2)[-2:]), _END))
    if short:
        sums.append(crc32(lowered, _WHOLE))
        for word in words:
            sums.append(crc32(word, _SHORT))
    return sums


def block_tokens(block: Block) -> list[int]:
    """Numbers of all words of a block, as training sees them (the model itself adds up elements)."""
    frame: Frame | None = block.frame
    sums: list[int] = []
    for place in "opg":
        if frame is None:
            break
        sums += frame_sums(frame.tag, frame.words, place)
        frame = frame.parent
    while frame is not None:
        sums += frame_sums(frame.tag, frame.words, "a")
        frame = frame.parent
    sums += text_sums(block.text)
    return [one & MASK for one in sums]
