"""Which paragraph became which: equal ones first, then those that share half their words, then what moved.

Knows paragraphs as lists of words; says nothing of kinds.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from rapidfuzz.distance import Indel

from archive.diff.words import has_no_spaces, is_word, split_words
from archive.identity import canonical_line

#: Two paragraphs are one, changed, when they share this much of their words (Dice's coefficient).
SAME_PARAGRAPH = 0.5
#: A word that stands in more paragraphs than this finds no partners: it is "the".
_COMMON = 40
_WORD = re.compile(r"\w+")


Bag = Counter[str]


@dataclass(slots=True)
class Pair:
    """Old paragraphs `old` to `old_end` became new ones `new` to `new_end` (more than one: merged or split)."""

    old: int
    old_end: int
    new: int
    new_end: int
    equal: bool
    moved: bool = False


def align(old: Sequence[str], new: Sequence[str]) -> list[Pair]:
    """The pairs of paragraphs, in the order of the old body; who stands in none was added or removed."""
    old_left, new_left, pairs = _match_equal(old, new)
    pairs += _match_alike(old, new, old_left, new_left)
    pairs.sort(key=lambda pair: pair.old)
    _mark_moved(pairs, [len(text) for text in old])
    return pairs


def _match_equal(old: Sequence[str], new: Sequence[str]) -> tuple[list[int], list[int], list[Pair]]:
    """Pairs of equal paragraphs, repeated ones in order; and the indexes that are left on either side."""
    shorter = min(len(old), len(new))
    head = next((at for at in range(shorter) if old[at] != new[at]), shorter)
    tail = next((at for at in range(shorter - head) if old[-1 - at] != new[-1 - at]), shorter - head)
    matched = [(at, at) for at in range(head)] + [(len(old) - at, len(new) - at) for at in range(tail, 0, -1)]
    old_left, new_left = list(range(head, len(old) - tail)), list(range(head, len(new) - tail))
    for compare in (str, canonical_line):  # as they are written first: that is cheaper, and nearly always enough
        found, old_left, new_left = _match_by(
            [(at, compare(old[at])) for at in old_left], [(at, compare(new[at])) for at in new_left]
        )
        matched += found
    return old_left, new_left, [Pair(i, i + 1, j, j + 1, equal=True) for i, j in matched]


def _match_by(
    old: Sequence[tuple[int, str]], new: Sequence[tuple[int, str]]
) -> tuple[list[tuple[int, int]], list[int], list[int]]:
    """Pairs of places with equal texts, the first with the first; and the places that are left."""
    places: dict[str, list[int]] = defaultdict(list)
    for at, text in reversed(new):
        places[text].append(at)
    matched, left = [], []
    for at, text in old:
        if places.get(text):
            matched.append((at, places[text].pop()))
        else:
            left.append(at)
    return matched, left, sorted(at for found in places.values() for at in found)


def _match_alike(old: Sequence[str], new: Sequence[str], old_left: list[int], new_left: list[int]) -> list[Pair]:
    """Among unequal paragraphs, those that share enough of their words; the most alike find each other first."""
    if not old_left or not new_left:
        return []
    old_bags = {at: bag_of_words(old[at]) for at in old_left}
    new_bags = {at: bag_of_words(new[at]) for at in new_left}
    pairs = [Pair(i, i + 1, j, j + 1, equal=False) for i, j in _best_partners(old_bags, new_bags)]
    paired_old, paired_new = {pair.old for pair in pairs}, {pair.new for pair in pairs}
    old_free = {at: bag for at, bag in old_bags.items() if at not in paired_old}
    new_free = {at: bag for at, bag in new_bags.items() if at not in paired_new}
    if old_free or new_free:
        for pair in pairs:
            _take_neighbours(pair, old_bags[pair.old], new_bags[pair.new], old_free, new_free)
    return pairs + _match_lone_short(old, new, old_free, new_free)


def bag_of_words(text: str) -> Bag:
    """How often each word stands in a text, in small letters; pairs of characters where no spaces are set."""
    if not has_no_spaces(text):
        return Counter(_WORD.findall(text.lower()))
    words = [word.lower() for word in split_words(text).keys if is_word(word)]
    pairs = [a + b for a, b in pairwise(words) if len(a) == len(b) == 1]
    return Counter([word for word in words if len(word) > 1] + pairs or words)


def dice(one: Bag, other: Bag) -> float:
    """How much two bags share, from 0 to 1."""
    total = one.total() + other.total()
    return 2 * (one & other).total() / total if total else 0.0


def _best_partners(old_bags: dict[int, Bag], new_bags: dict[int, Bag]) -> list[tuple[int, int]]:
    index: dict[str, list[int]] = defaultdict(list)
    for at, bag in new_bags.items():
        for word in bag:
            index[word].append(at)
    sizes = {at: bag.total() for at, bag in new_bags.items()}
    scored = []
    for at, bag in old_bags.items():
        size = bag.total()
        for to, shared in _shared_words(bag, new_bags, index).items():
            # What the common words add is not counted yet: only a score that they could lift is worked out.
            if 4 * shared >= SAME_PARAGRAPH * (size + sizes[to]):
                score = dice(bag, new_bags[to])
                if score >= SAME_PARAGRAPH:
                    scored.append((-score, abs(at - to), at, to))
    pairs: list[tuple[int, int]] = []
    taken_old, taken_new = set(), set()
    for _, _, at, to in sorted(scored):
        if at not in taken_old and to not in taken_new:
            pairs.append((at, to))
            taken_old.add(at)
            taken_new.add(to)
    return pairs


def _shared_words(bag: Bag, others: Mapping[int, Bag], index: Mapping[str, list[int]]) -> dict[int, int]:
    """How many words a bag shares with each of the others, words that stand in too many of them left out."""
    shared: dict[int, int] = defaultdict(int)
    for word, count in bag.items():
        places = index.get(word, ())
        if len(places) <= _COMMON:
            for to in places:
                shared[to] += min(count, others[to][word])
    return shared


def _take_neighbours(
    pair: Pair, whole_old: Bag, whole_new: Bag, old_free: dict[int, Bag], new_free: dict[int, Bag]
) -> None:
    """A paragraph that was split, or several that were merged: neighbours join where they complete the pair."""
    for step in (1, -1):
        while (to := pair.new_end if step == 1 else pair.new - 1) in new_free:
            if not _completes(whole_old, whole_new, new_free[to]):
                break
            whole_new = whole_new + new_free.pop(to)
            pair.new, pair.new_end = min(pair.new, to), max(pair.new_end, to + 1)
        while (at := pair.old_end if step == 1 else pair.old - 1) in old_free:
            if pair.new_end - pair.new > 1 or not _completes(whole_new, whole_old, old_free[at]):
                break
            whole_old = whole_old + old_free.pop(at)
            pair.old, pair.old_end = min(pair.old, at), max(pair.old_end, at + 1)


def _completes(whole: Bag, part: Bag, rest: Bag) -> bool:
    """Whether most of `rest` is what `part` lacks of `whole`."""
    missing = whole - part
    return rest.total() > 0 and (missing & rest).total() >= 0.7 * rest.total()


def _match_lone_short(
    old: Sequence[str], new: Sequence[str], old_free: dict[int, Bag], new_free: dict[int, Bag]
) -> list[Pair]:
    """A subhead or a list item ("Speakers" -> "Speaker"): too few words to share half, but letters tell."""
    pairs = []
    for at in [at for at, bag in old_free.items() if bag.total() <= 6]:
        near = [to for to in range(at - 3, at + 4) if to in new_free and new_free[to].total() <= 6]
        alike = [(Indel.normalized_similarity(old[at], new[to]), -abs(to - at), to) for to in near]
        if alike and max(alike)[0] >= 0.7:
            to = max(alike)[2]
            pairs.append(Pair(at, at + 1, to, to + 1, equal=False))
            del old_free[at], new_free[to]
    return pairs


def _mark_moved(pairs: list[Pair], weights: Sequence[int]) -> None:
    """All but the heaviest run of pairs that keep their order have moved: the fewest words, not the fewest pairs."""
    stays = heaviest_increasing([pair.new for pair in pairs], [weights[pair.old] + 1 for pair in pairs])
    for at, pair in enumerate(pairs):
        pair.moved = at not in stays


def heaviest_increasing(values: Sequence[int], weights: Sequence[int]) -> set[int]:
    """Positions of the increasing subsequence of greatest weight (values distinct), in n log n.

    >>> sorted(heaviest_increasing([0, 3, 1, 2], [5, 5, 5, 5]))
    [0, 2, 3]
    >>> sorted(heaviest_increasing([1, 0], [10, 3]))
    [0]
    """
    if all(a < b for a, b in pairwise(values)):
        return set(range(len(values)))
    rank = {value: at for at, value in enumerate(sorted(values), 1)}
    tree = [(0, -1)] * (len(values) + 1)  # a Fenwick tree of the best (weight, position) up to a rank
    previous = [-1] * len(values)
    for at, value in enumerate(values):
        weight, previous[at] = _best_below(tree, rank[value] - 1)
        _raise_to(tree, rank[value], (weight + weights[at], at))
    _, at = _best_below(tree, len(values))
    chosen = set()
    while at >= 0:
        chosen.add(at)
        at = previous[at]
    return chosen


def _best_below(tree: list[tuple[int, int]], rank: int) -> tuple[int, int]:
    best = (0, -1)
    while rank > 0:
        best = max(best, tree[rank])
        rank -= rank & -rank
    return best


def _raise_to(tree: list[tuple[int, int]], rank: int, value: tuple[int, int]) -> None:
    while rank < len(tree):
        tree[rank] = max(tree[rank], value)
        rank += rank & -rank
