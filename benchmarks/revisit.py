"""How many edits each revisit policy catches at the same cost: `python -m benchmarks revisit [--looks N] [--write]`.

A simulation. Each article gets edits as a Poisson process whose rate falls with its age as it was measured on BBC News
(9,695 articles followed through their feeds from February to July 2021; share of edits made by an age in AGE_CURVE)
times a gamma factor of its source and one of its own, so that 36 % of articles are edited, 2.1 times each. It is
discovered within 15 minutes and followed for 30 days. An edit is caught when a look sees it before the next edit
overwrites it. Every policy's one constant is set so that it takes the same number of looks an article. `--write` puts
the table into benchmarks/README.md.
"""

from __future__ import annotations

import argparse
import math
from bisect import bisect_right
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import numpy as np

from archive import revisit
from benchmarks import report

AGE_CURVE = {0: 0.0, 1: 0.136, 2: 0.302, 3: 0.404, 5: 0.544, 10: 0.764, 24: 0.922, 48: 0.949, 168: 0.98, 720: 1.0}
"""Age in hours -> share of all edits made by then."""
EDITS_PER_ARTICLE, SOURCES, SOURCE_SHAPE, ARTICLE_SHAPE = 0.76, 100, 3.0, 0.6
"""The mean; and gamma shapes of sources and of articles that make 36 % of articles have any edit, 2.1 each, in numbers
spread as BBC News' were (6,831 articles with none, 1,748 with one, 633, 245, 117, 60, 20, ...)."""
MONTH, SHORTEST = 720.0, 1 / 6
BORN = datetime(2026, 1, 1)  # noqa: DTZ001 - only differences count


@dataclass(frozen=True, slots=True)
class Life:
    """One article: edits by age in hours, and what only an oracle knows."""

    edits: tuple[float, ...]
    rate: float
    found_at: float


@dataclass(frozen=True, slots=True)
class Look:
    """What a policy may know when it chooses the next look: ages in hours."""

    age: float
    changes: int
    last_change: float
    interval: float
    """Since the look before."""
    changed: bool
    """Whether this look found a change."""


Policy = Callable[[Look, float, float], float]
"""(look, the policy's constant, the article's true rate) -> hours until the next look."""


def lives(count: int, seed: int = 2026) -> list[Life]:
    """So many articles, always the same for one seed."""
    dice = np.random.default_rng(seed)
    ages, shares = np.array(list(AGE_CURVE)), np.array(list(AGE_CURVE.values()))
    drawn = dice.gamma(SOURCE_SHAPE, EDITS_PER_ARTICLE / SOURCE_SHAPE, 100_000)
    sources = np.quantile(drawn, (np.arange(SOURCES) + 0.5) / SOURCES)
    found = []
    for number in range(count):
        rate = sources[number % SOURCES] * dice.gamma(ARTICLE_SHAPE, 1 / ARTICLE_SHAPE)
        edits = np.sort(np.interp(dice.random(dice.poisson(rate)), shares, ages))
        found.append(Life(tuple(edits.tolist()), float(rate), float(dice.random() / 4)))
    return found


def ours(look: Look, scale: float, rate: float) -> float:
    """The archive's own rule."""
    at = BORN + timedelta(hours=look.age)
    visit = revisit.next_visit(at, BORN, look.changes, scale)
    return math.inf if visit is None else (visit.at - at) / timedelta(hours=1)


def fixed(look: Look, scale: float, rate: float) -> float:
    """Every so many hours."""
    return scale


def back_off(look: Look, scale: float, rate: float) -> float:
    """Twice the last interval, three days at most; back to the first after a change."""
    return scale if look.changed or not look.interval else min(look.interval * 2, 72.0)


def newsdiffs(look: Look, scale: float, rate: float) -> float:
    """NewsDiffs' table by the time since the last change (15 min, 1 h, 3 h, 3 days), stretched to fit the budget."""
    since = look.age - look.last_change
    minutes = 15 if since < 3 else 60 if since < 24 else 180 if since < 168 else 4320
    return scale * minutes / 60


_GRID = np.arange(0, MONTH + 1, SHORTEST)
_SHARE = np.interp(_GRID, list(AGE_CURVE), list(AGE_CURVE.values()))
_AREA = np.concatenate([[0.0], np.cumsum((_SHARE[1:] + _SHARE[:-1]) / 2 * SHORTEST)])


def oracle(look: Look, scale: float, rate: float) -> float:
    """Knows each article's rate and the age curve: looks when the delay expected to have gathered reaches a bound."""
    start = int(look.age / SHORTEST)
    bound = scale / max(rate, 1e-9)
    low, high = start + 1, len(_GRID)
    while low < high:
        middle = (low + high) // 2
        gathered = _AREA[middle] - _AREA[start] - _SHARE[start] * (_GRID[middle] - _GRID[start])
        low, high = (low, middle) if gathered >= bound else (middle + 1, high)
    return float(math.inf if low >= len(_GRID) else (low - start) * SHORTEST)


POLICIES: dict[str, Policy] = {
    "fixed interval": fixed,
    "NewsDiffs' table, stretched": newsdiffs,
    "exponential back-off, reset on change": back_off,
    "ours: c * age / sqrt(1 + changes)": ours,
    "oracle that knows every article's rate": oracle,
}


@dataclass(frozen=True, slots=True)
class Result:
    """What a policy came to."""

    looks: float
    """Re-fetches an article."""
    caught: float
    """Share of the edits after discovery that a look saw before they were overwritten."""
    delay: float
    """Median hours from an edit to the look that saw it or its successor."""


def follow(life: Life, policy: Policy, scale: float) -> tuple[int, int, list[float]]:
    """Looks, edits caught, and the hours from each edit to its look."""
    age, interval, changes, last_change, looks, caught = life.found_at, 0.0, 0, 0.0, 0, 0
    seen, changed = bisect_right(life.edits, age), False
    delays: list[float] = []
    while True:
        wait = policy(Look(age, changes, last_change, interval, changed), scale, life.rate)
        interval = max(wait, SHORTEST)
        age += interval
        if age > MONTH:
            return looks, caught, delays
        looks += 1
        now_seen = bisect_right(life.edits, age)
        changed = now_seen > seen
        if changed:
            delays += [age - edit for edit in life.edits[seen:now_seen]]
            changes, last_change, caught, seen = changes + 1, age, caught + 1, now_seen


def simulate(articles: list[Life], policy: Policy, scale: float) -> Result:
    """The policy with one constant, over all articles."""
    looks = caught = 0
    delays: list[float] = []
    for life in articles:
        each_looks, each_caught, each_delays = follow(life, policy, scale)
        looks, caught, delays = looks + each_looks, caught + each_caught, delays + each_delays
    edits = sum(len(life.edits) - bisect_right(life.edits, life.found_at) for life in articles)
    return Result(looks / len(articles), caught / edits, float(np.median(delays)))


def at_budget(articles: list[Life], policy: Policy, looks: float) -> tuple[float, Result]:
    """The largest number of looks that is not above the budget, and the constant that makes it."""
    low, high = 1e-4, 1e4  # more looks, fewer looks
    sample = articles[:400]
    while high / low > 1.05:
        middle = math.sqrt(low * high)
        low, high = (middle, high) if simulate(sample, policy, middle).looks > looks else (low, middle)
    low, high = low / 1.2, high * 1.2
    for _ in range(7):
        middle = math.sqrt(low * high)
        low, high = (middle, high) if simulate(articles, policy, middle).looks > looks else (low, middle)
    return high, simulate(articles, policy, high)


def table(count: int, looks: float, seed: int = 2026) -> tuple[str, dict[str, Result]]:
    """The results as a Markdown table, and by policy."""
    articles = lives(count, seed)
    rows = ["| policy | constant | re-fetches an article | edits caught | median delay |", "|---|---|---|---|---|"]
    results = {}
    for name, policy in POLICIES.items():
        scale, result = at_budget(articles, policy, looks)
        results[name] = result
        rows.append(f"| {name} | {scale:.3g} | {result.looks:.1f} | {result.caught:.1%} | {result.delay:.2f} h |")
    return "\n".join(rows), results


def section(count: int, looks: float, seed: int) -> str:
    """What the README says of it."""
    text, _ = table(count, looks, seed)
    command = f"python -m benchmarks revisit --articles {count} --looks {looks:g} --write"
    about = (
        f"Edits caught by policies of equal cost, on {count:,} simulated articles whose edits come as on\n"
        "BBC News in 2021 (the module says how). Caught: seen as a version of its own, not overwritten before a look."
    )
    return f"{about}\n\n{text}\n\n`{command}`, {date.today():%Y-%m-%d}, seed {seed}."  # noqa: DTZ011


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--articles", type=int, default=10_000)
    parser.add_argument("--looks", type=float, default=16, help="re-fetches an article in its 30 days")
    parser.add_argument("--seed", type=int, default=2026)
    parser.add_argument("--write", action="store_true", help="put the table into benchmarks/README.md")
    options = parser.parse_args()
    text = section(options.articles, options.looks, options.seed)
    print(text)
    if options.write:
        report.put("revisit", text)


if __name__ == "__main__":
    main()
