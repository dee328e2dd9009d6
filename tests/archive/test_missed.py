"""The estimate of missed edits, against a world where every edit is known."""

from __future__ import annotations

import itertools
import random
from collections.abc import Iterator

import pytest

from archive.missed import Interval, Missed, estimate


def world(articles: int, looks: list[float], found_at: float, seed: int) -> tuple[list[Interval], int, int]:
    """Articles that are edited ever more rarely; what looks at these ages see, and what happened (seen, missed)."""
    dice, intervals, seen, missed = random.Random(seed), list[Interval](), 0, 0
    for _ in range(articles):
        edits = list(_edits(dice))
        ages = [found_at, *(age for age in looks if age > found_at)]
        intervals.append(Interval(0.0, ages[0], None))
        missed += sum(edit <= ages[0] for edit in edits)
        for before, age in itertools.pairwise(ages):
            number = sum(before < edit <= age for edit in edits)
            intervals.append(Interval(before, age, number > 0))
            seen += number > 0
            missed += max(number - 1, 0)
    return intervals, seen, missed


def _edits(dice: random.Random) -> Iterator[float]:
    """Hours: 0.3 an hour at first, halved every four hours."""
    at = 0.0
    while (at := at + dice.expovariate(0.3)) < 200:
        if dice.random() < 0.5 ** (at / 4):
            yield at


@pytest.mark.parametrize(
    ("looks", "found_at"), [([1, 2, 4, 8, 24, 72], 0.5), ([6, 12, 24], 2.0), ([0.5 * n for n in range(1, 60)], 0.2)]
)
def test_the_estimate_is_near_what_was_missed(looks: list[float], found_at: float) -> None:
    intervals, seen, missed = world(3000, looks, found_at, seed=7)
    found = estimate(intervals)
    assert found is not None
    assert found.seen == seen
    truth = missed / (seen + missed)
    assert found.share == pytest.approx(truth, abs=0.08), (found, missed)


def test_who_looks_all_the_time_misses_nothing() -> None:
    intervals = [Interval(n / 100, (n + 1) / 100, n % 100 == 0) for n in range(10_000)]
    found = estimate(intervals)
    assert found is not None
    assert found.share < 0.01


def test_with_few_edits_nothing_is_claimed() -> None:
    assert estimate([Interval(0, 1, n < 9) for n in range(100)]) is None
    assert estimate([]) is None


def test_an_estimate_is_a_share_of_all() -> None:
    assert Missed(60, 20, 20).share == 0.4
