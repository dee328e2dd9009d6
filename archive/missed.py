"""How many edits were probably never seen? Pure.

A look tells only that something changed since the one before; two edits between two looks are seen as one, and what
was edited before the first look is not seen at all. How often articles of an age are edited is estimated from the looks
themselves (edits of one age as a Poisson process: the maximum-likelihood rate of interval-censored counts), and from
the rates follows what fell between. Edits that were taken back between two looks count as missed too.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

AGES = (0.0, 1.0, 3.0, 8.0, 24.0, 72.0, 168.0, math.inf)
"""Hours: in each band edits are taken to come at one rate."""
FEWEST_EDITS = 10
"""Seen ones; below that any estimate is a guess."""


@dataclass(frozen=True, slots=True)
class Interval:
    """The time between two looks at one article, in hours of its age; `since` is 0 where it begins at publication."""

    since: float
    until: float
    changed: bool | None
    """Whether the later look found an edit; None where nobody can tell (before the first look)."""


@dataclass(frozen=True, slots=True)
class Missed:
    """An estimate, in edits."""

    seen: int
    between: float
    """Between two looks: edits that were overwritten before they were seen."""
    before: float
    """Between publication and the first look."""

    @property
    def share(self) -> float:
        """Of all edits, those probably missed."""
        return (self.between + self.before) / (self.seen + self.between + self.before)


def estimate(intervals: Iterable[Interval]) -> Missed | None:
    """What was probably missed; None where too few edits were seen to tell.

    >>> estimate([Interval(0, 5, True)] * 3) is None
    True
    """
    known = [each for each in intervals if each.until > each.since >= 0]
    looked = [each for each in known if each.changed is not None]
    seen = sum(bool(each.changed) for each in looked)
    if seen < FEWEST_EDITS:
        return None
    rates = _rates(looked)
    between = sum(_overwritten(_expected(rates, each)) for each in looked if each.changed)
    before = sum(_expected(rates, each) for each in known if each.changed is None)
    return Missed(seen, between, before)


def _rates(looked: Sequence[Interval]) -> list[float]:
    """Edits an hour in each band. An interval counts for the band of its middle; a band without any takes the next
    older one's rate, which is rather too low, since the young are edited most."""
    bands: list[list[Interval]] = [[] for _ in AGES[1:]]
    for each in looked:
        bands[_band((each.since + each.until) / 2)].append(each)
    rates = [_rate(band) if band else None for band in bands]
    for number in reversed(range(len(rates) - 1)):
        rates[number] = rates[number + 1] if rates[number] is None else rates[number]
    return [rate or 0.0 for rate in rates]


def _band(age: float) -> int:
    return next(number for number, end in enumerate(AGES[1:]) if age < end)


def _rate(band: Sequence[Interval]) -> float:
    """The likeliest rate, where each interval tells only whether there was any edit in it.

    >>> hourly = [Interval(0, 1, n < 63) for n in range(100)]
    >>> round(_rate(hourly), 2)
    0.99
    """
    changed = [each.until - each.since for each in band if each.changed]
    if not changed:
        return 0.0
    # Half an interval without an edit is added, as Cho and Garcia-Molina do ("Estimating frequency of change", 2003):
    # where every look found one, the likeliest rate would be infinite.
    half = sum(each.until - each.since for each in band) / len(band) / 2
    still = half + sum(each.until - each.since for each in band if not each.changed)
    low, high = 0.0, 20.0 / min(changed)
    for _ in range(50):
        rate = (low + high) / 2
        pull = sum(length / math.expm1(min(rate * length, 500.0)) for length in changed)
        low, high = (rate, high) if pull > still else (low, rate)
    return low


def _expected(rates: Sequence[float], interval: Interval) -> float:
    """Edits that an interval holds on average."""
    spans = (min(interval.until, end) - max(interval.since, begin) for begin, end in itertools.pairwise(AGES))
    return sum(rate * span for rate, span in zip(rates, spans, strict=True) if span > 0)


def _overwritten(expected: float) -> float:
    """Of an interval that is known to hold an edit, how many further ones it holds on average.

    >>> [round(_overwritten(each), 2) for each in (0.01, 1.0, 3.0)]
    [0.01, 0.58, 2.16]
    """
    return expected / -math.expm1(-expected) - 1 if expected > 0 else 0.0
