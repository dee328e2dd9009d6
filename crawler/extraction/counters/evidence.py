"""What was found about a counter, and how several findings become one answer.

Precision first: findings that contradict each other, with nothing to prefer one, give no answer.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from archive.model import Counter

STRONG, FAIR, WEAK = 3, 2, 1


@dataclass(frozen=True, slots=True)
class Evidence:
    """One statement of one counter's value."""

    kind: str
    value: int
    exact: bool
    raw: str
    source: str
    strength: int
    bound: bool = False
    """True where the page's own id or address stands on it."""
    suspect: bool = False
    """True for a zero that a script would fill."""
    nearness: int = 0
    """How deep the smallest element lies that holds both this and the page's heading."""
    place: str = ""
    """The element's names and its parents': equal for the items of a list."""

    @property
    def rank(self) -> tuple[bool, int]:
        return self.bound, self.strength

    def as_counter(self) -> Counter:
        return Counter(self.value, self.exact, self.raw, self.source)


def settle(found: Iterable[Evidence]) -> tuple[Counter | None, bool]:
    """One answer out of all evidence of one kind, and whether only a suspect zero spoke.

    >>> one = Evidence("shares", 1800, False, "1.8k", "label", STRONG)
    >>> settle([one, Evidence("shares", 1849, True, "1849", "label", STRONG)])[0].value
    1849
    >>> settle([one, Evidence("shares", 70, True, "70", "label", STRONG)])
    (None, False)
    """
    evidence = list(found)
    firm = [one for one in evidence if not one.suspect]
    if not firm:
        return None, bool(evidence)
    # A zero beside a larger number is the fallback that stands there when comments run elsewhere.
    firm = [one for one in firm if one.value] or firm
    best = max(one.rank for one in firm)
    choice = _choose([one for one in firm if one.rank == best])
    if choice is None:
        return None, False
    if not choice.exact:
        choice = next((one for one in firm if one.exact and agree(one, choice)), choice)
    return choice.as_counter(), False


def _choose(rivals: list[Evidence]) -> Evidence | None:
    """The one that all agree on; else the one that is no item of a list; else the one nearest to the heading."""
    for narrowed in (rivals, _without_lists(rivals), _nearest(rivals)):
        exact = [one for one in narrowed if one.exact] or narrowed
        if exact and all(agree(exact[0], one) for one in narrowed):
            return min((one for one in exact if agree(exact[0], one)), key=lambda one: len(one.raw))
    return None


def _without_lists(rivals: list[Evidence]) -> list[Evidence]:
    """Without those that stand in like places with different values: the counters of comments, of other stories."""
    values: dict[str, set[int]] = {}
    for one in rivals:
        values.setdefault(one.place, set()).add(one.value)
    return [one for one in rivals if not one.place or len(values[one.place]) == 1]


def _nearest(rivals: list[Evidence]) -> list[Evidence]:
    best = max(one.nearness for one in rivals)
    return [one for one in rivals if one.nearness == best]


def agree(one: Evidence, other: Evidence) -> bool:
    """Equal, or one is what the other rounds to (upwards or downwards, to two or three digits).

    >>> agree(Evidence("views", 1849, True, "", "", 1), Evidence("views", 1800, False, "", "", 1))
    True
    """
    if one.value == other.value:
        return True
    if one.exact and other.exact:
        return False
    return abs(one.value - other.value) <= max(one.value, other.value) // 10
