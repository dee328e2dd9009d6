"""Words of a text in any script, and which of them differ between two texts.

A word is what stands between spaces; where a script sets none (Chinese, Japanese, Thai, Lao, Khmer, Burmese) a
character with its marks, and for Katakana a run. A number is one word, a punctuation mark is one.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import cache, lru_cache
from typing import NamedTuple

from rapidfuzz.distance import Levenshtein

from archive.diff.change import WordEdit
from archive.identity import canonical_text

#: Scripts that set no spaces: Thai, Lao, Tibetan, Burmese, Khmer; Japanese and Chinese.
_NO_SPACES = "\u0e00-\u0eff\u0f00-\u0fff\u1000-\u109f\u1780-\u17ff\u3005-\u3007\u3041-\u309f\u3400-\u9fff\uf900-\ufaff"
_KATAKANA = "\u30a0-\u30ff\uff66-\uff9f"
_HAS_NO_SPACES = re.compile(f"[{_NO_SPACES}{_KATAKANA}\U00020000-\U0003ffff]")
#: Above this many cells a word-by-word table would take hundreds of megabytes: what differs is then one block.
_TABLE_LIMIT = 400_000_000


class Words(NamedTuple):
    """A text cut into words: what each is compared by, and where it starts and ends."""

    text: str
    keys: list[str]
    spans: list[tuple[int, int]]


@lru_cache(maxsize=1024)
def split_words(text: str) -> Words:
    """The words, numbers and punctuation marks of a text (remembered for a while; do not change the lists).

    >>> split_words("It’s 1,200 “ducks”…").keys
    ["It's", '1,200', '"', 'ducks', '"', '...']
    >>> split_words("北京24人").keys
    ['北', '京', '24', '人']
    """
    matches = list(_pattern().finditer(text))
    found = [match.group() for match in matches]
    return Words(text, found if text.isascii() else [_key(word) for word in found], [m.span() for m in matches])


def is_word(token: str) -> bool:
    """Whether a token is a word or number rather than a punctuation mark."""
    return token[0].isalnum() or (len(token) > 1 and any(c.isalnum() for c in token))


def has_no_spaces(text: str) -> bool:
    """Whether some of a text is in a script that sets no spaces between words."""
    return not text.isascii() and _HAS_NO_SPACES.search(text) is not None


@lru_cache(maxsize=4096)
def count_words(text: str) -> int:
    """How long a text is, in words (a cheap count: punctuation set apart by spaces counts too).

    >>> count_words("Some 1,200 people left."), count_words("北京24人")
    (4, 4)
    """
    return sum(map(is_word, split_words(text).keys)) if has_no_spaces(text) else len(text.split())


def edit_words(old: Words, new: Words) -> tuple[WordEdit, ...]:
    """The edits that turn one text into the other, in order, each grown to what reads as one edit.

    >>> a, b = "Twelve people were hurt.", "Twelve people were badly hurt."
    >>> [(a[e.old[0]:e.old[1]], b[e.new[0]:e.new[1]]) for e in edit_words(split_words(a), split_words(b))]
    [('', 'badly ')]
    """
    regions = _merge(old.keys, new.keys, _regions(old.keys, new.keys))
    regions = [_slide(old.keys, new.keys, region) for region in regions]
    return tuple(_edits(old, new, regions))


_Region = tuple[int, int, int, int]
"""Words i1 to i2 of the old text became words j1 to j2 of the new one."""


def _regions(old: list[str], new: list[str]) -> list[_Region]:
    if len(old) * len(new) > _TABLE_LIMIT:
        return _one_block(old, new)
    regions: list[_Region] = []
    for code in Levenshtein.opcodes(old, new):
        if code.tag == "equal":
            continue
        i1, i2, j1, j2 = code.src_start, code.src_end, code.dest_start, code.dest_end
        if regions and regions[-1][1] == i1 and regions[-1][3] == j1:
            regions[-1] = (regions[-1][0], i2, regions[-1][2], j2)
        else:
            regions.append((i1, i2, j1, j2))
    return regions


def _one_block(old: list[str], new: list[str]) -> list[_Region]:
    shorter = min(len(old), len(new))
    head = next((at for at in range(shorter) if old[at] != new[at]), shorter)
    tail = next((at for at in range(shorter - head) if old[-1 - at] != new[-1 - at]), shorter - head)
    return [(head, len(old) - tail, head, len(new) - tail)]


def _merge(old: list[str], new: list[str], regions: list[_Region]) -> list[_Region]:
    """Edits with next to nothing between them read as one; so do two words that changed places."""
    merged: list[_Region] = []
    for region in regions:
        if merged and _belong_together(old, new, merged[-1], region):
            region = (merged[-1][0], region[1], merged[-1][2], region[3])
            merged.pop()
        merged.append(region)
    return merged


def _belong_together(old: list[str], new: list[str], one: _Region, other: _Region) -> bool:
    between = old[one[1] : other[0]]
    sizes = [max(i2 - i1, j2 - j1) for i1, i2, j1, j2 in (one, other)]
    if len(between) <= min(sizes) // 2:
        return True
    swapped = (old[one[0] : one[1]], new[one[2] : one[3]]) == (new[other[2] : other[3]], old[other[0] : other[1]])
    return swapped and len(between) == 1 and sizes == [1, 1]


def _slide(old: list[str], new: list[str], region: _Region) -> _Region:
    """Of the equal places where words may have been put in (or taken out), the one where a sentence starts.

    "He left. [He slept. ]He ate." and "He left. He [slept. He ]ate." say the same; the first reads better.
    """
    i1, i2, j1, j2 = region
    if i1 == i2:
        shift = _best_shift(new, j1, j2, min(i1, j1))
    elif j1 == j2:
        shift = _best_shift(old, i1, i2, min(i1, j1))
    else:
        return region
    return (i1 - shift, i2 - shift, j1 - shift, j2 - shift)


def _best_shift(words: list[str], start: int, end: int, room: int) -> int:
    best, best_rank = 0, _rank_start(words, start)
    for shift in range(1, min(room, end - start) + 1):
        if words[start - shift] != words[end - shift]:
            break
        if (rank := _rank_start(words, start - shift)) > best_rank:
            best, best_rank = shift, rank
    return best


def _rank_start(words: list[str], at: int) -> int:
    if at == 0 or words[at - 1] in {".", "!", "?", "。", "！", "？", "؟", "।", "..."}:
        return 2
    return 1 if words[at - 1] in {",", ";", ":", "，", "；", "、", "،"} else 0


def _edits(old: Words, new: Words, regions: list[_Region]) -> Iterator[WordEdit]:
    i = j = 0
    for i1, i2, j1, j2 in [*regions, (len(old.keys), len(old.keys), len(new.keys), len(new.keys))]:
        yield from _spacing(old, new, i, i1, j)
        if i1 < i2 or j1 < j2:
            yield _trim(old.text, new.text, _reach(old, i1, i2), _reach(new, j1, j2))
        i, j = i2, j2


def _spacing(old: Words, new: Words, start: int, end: int, new_start: int) -> Iterator[WordEdit]:
    """Among equal words: where a space came or went."""
    for at in range(start + 1, end):
        to = new_start + at - start
        before, after = (old.spans[at - 1][1], old.spans[at][0]), (new.spans[to - 1][1], new.spans[to][0])
        if before[1] - before[0] != after[1] - after[0]:
            yield WordEdit(before, after)


def _reach(words: Words, start: int, end: int) -> tuple[int, int]:
    """From the word before to the word after, the spaces between included."""
    left = words.spans[start - 1][1] if start else 0
    right = words.spans[end][0] if end < len(words.spans) else len(words.text)
    return left, right


def _trim(old: str, new: str, before: tuple[int, int], after: tuple[int, int]) -> WordEdit:
    """Spaces that both sides start or end with are no part of the edit."""
    (i1, i2), (j1, j2) = before, after
    while i1 < i2 and j1 < j2 and old[i1].isspace() and new[j1].isspace():
        i1, j1 = i1 + 1, j1 + 1
    while i1 < i2 and j1 < j2 and old[i2 - 1].isspace() and new[j2 - 1].isspace():
        i2, j2 = i2 - 1, j2 - 1
    return WordEdit((i1, i2), (j1, j2))


@lru_cache(maxsize=1 << 16)
def _key(word: str) -> str:
    return word if word.isascii() else canonical_text(word) or word


@cache
def _pattern() -> re.Pattern[str]:
    marks = _combining_marks()
    letter = rf"[^\W_{_NO_SPACES}{_KATAKANA}]"
    return re.compile(
        rf"\d+(?:[.,:]\d+)*(?![^\W\d_{_NO_SPACES}{_KATAKANA}])"
        rf"|{letter}(?:{letter}|[{marks}\u200c\u200d])*(?:['’ʼ](?:{letter}|[{marks}\u200c\u200d])+)*"
        rf"|[{_NO_SPACES}][{marks}]*|[{_KATAKANA}]+"
        r"|\.\.\.|\S"
    )


def _combining_marks() -> str:
    """The marks that go with a letter in the scripts of the Basic Multilingual Plane, as ranges of a class."""
    points = [at for at in range(0x300, 0xFFFF) if unicodedata.category(chr(at)) in ("Mn", "Mc")]
    ranges: list[list[int]] = []
    for point in points:
        if ranges and ranges[-1][1] == point - 1:
            ranges[-1][1] = point
        else:
            ranges.append([point, point])
    return "".join(f"\\u{first:04x}-\\u{last:04x}" for first, last in ranges)
