"""Does a headline flip between a few texts, as an A/B test does?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from archive.identity import canonical_text

#: An A/B test has few arms; a headline with more texts than this is being rewritten.
MOST_TEXTS = 4
#: Going back once is a second thought; going back twice or more is a test.
FEWEST_RETURNS = 2


@dataclass(frozen=True, slots=True)
class HeadlineFlips:
    """A headline that alternates between a few texts."""

    texts: tuple[str, ...]
    """The texts, in the order in which they were first seen."""
    changes: int
    """How often the headline changed."""
    returns: int
    """How many of the changes went back to a text that was shown before."""


def find_flips(titles: Sequence[str | None]) -> HeadlineFlips | None:
    """What a headline flips between, given the titles of consecutive versions; None where it does not.

    A title of None (the page did not say) is skipped.

    >>> find_flips(["A", "B", "A", "B", "A"])
    HeadlineFlips(texts=('A', 'B'), changes=4, returns=3)
    >>> find_flips(["A", "B", "A"]) is None, find_flips(["A", "B", "C"]) is None
    (True, True)
    """
    shown: list[str] = []
    texts: dict[str, str] = {}
    returns = 0
    for title in titles:
        key = canonical_text(title or "")
        if not key or (shown and shown[-1] == key):
            continue
        returns += key in texts
        texts.setdefault(key, title or "")
        shown.append(key)
    if returns < FEWEST_RETURNS or len(texts) > MOST_TEXTS:
        return None
    return HeadlineFlips(tuple(texts.values()), len(shown) - 1, returns)
