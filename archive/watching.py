"""Is something at a site not as it always was? A field that is gone after a redesign, walls, silence. Pure.

Newly found articles are compared with those before them; the day of a first crawl, which finds old pages of every
layout, counts for nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from statistics import median_low

NEWEST = 8
"""New articles that must all be without a field before it is called gone."""
BEFORE_THEM = 20
"""Articles before these that must be known, ..."""
ALWAYS = 0.95
"""... and the share of them that must have stated the field."""
MOST = 200
"""New articles of a site that are looked at."""
RECENTLY = timedelta(days=1)
LEAST_KNOWN = timedelta(days=2)
"""A site that has been crawled for less has nothing usual yet."""
FEWEST_LOOKS = 10
MANY_BLOCKED, FEW_BLOCKED = 0.5, 0.1
FEWEST_A_DAY = 4
FEWEST_DAYS = 5
SILENT_SHARE = 0.2

WORDS = {
    "authors": "authors",
    "categories": "categories",
    "published_at": "date of publication",
    "views": "view counter",
    "likes": "like counter",
    "dislikes": "dislike counter",
    "shares": "share counter",
    "comments": "comment counter",
}
"""Fields that are watched, and how people call them. An article without title or body is none, so these two are not."""


@dataclass(frozen=True, slots=True)
class Looks:
    """Looks at a site in a time."""

    all: int
    blocked: int

    @property
    def blocked_share(self) -> float:
        return self.blocked / self.all if self.all else 0.0


def gone_fields(stated: Sequence[frozenset[str]]) -> dict[str, str]:
    """Field -> words, for each that a site always had and its newest articles have not.

    `stated` has the watched fields that each article stated when it was first seen, the newest article first.

    >>> with_both, without = frozenset({"authors", "views"}), frozenset({"views"})
    >>> gone_fields([without] * 8 + [with_both] * 40)
    {'authors': 'the last 8 new articles state no authors, which 100 % of the 40 before them did'}
    >>> gone_fields([without] * 7 + [with_both] * 40)
    {}
    """
    found = {}
    for name, words in WORDS.items():
        newest = next((n for n, fields in enumerate(stated) if name in fields), len(stated))
        before = stated[newest:]
        if newest < NEWEST or len(before) < BEFORE_THEM:
            continue
        share = sum(name in fields for fields in before) / len(before)
        if share >= ALWAYS:
            found[name] = (
                f"the last {newest} new articles state no {words}, which {share:.0%} of the {len(before)} before them "
                "did"
            ).replace("%", " %")
    return found


def new_walls(recent: Looks, before: Looks) -> str | None:
    """In words, where a site that let us read refuses most looks of the last day; else None.

    >>> new_walls(Looks(20, 15), Looks(300, 3))
    "75 % of the last day's 20 looks were blocked, usually 1 %"
    """
    if min(recent.all, before.all) < FEWEST_LOOKS:
        return None
    if recent.blocked_share < MANY_BLOCKED or before.blocked_share > FEW_BLOCKED:
        return None
    shares = f"{recent.blocked_share * 100:.0f} % of the last day's {recent.all} looks were blocked, usually "
    return shares + f"{before.blocked_share * 100:.0f} %"


def silence(new_by_day: Mapping[int, int], today: int, *, was_crawled: bool) -> str | None:
    """In words, where a site brought (nearly) no new article on the last whole day; else None.

    `new_by_day`: day number -> new articles, for the days on which the site was looked at, without `today` and the day
    of its first crawl; `was_crawled`: whether it was looked at on the last whole day.

    >>> silence({10: 30, 11: 28, 12: 9, 13: 31, 14: 30, 15: 2}, 16, was_crawled=True)
    '2 new articles yesterday, usually 30 a day'
    """
    usual_days = [new for day, new in new_by_day.items() if day < today - 1]
    if len(usual_days) < FEWEST_DAYS or not was_crawled:
        return None
    usual, yesterday = median_low(usual_days), new_by_day.get(today - 1, 0)
    if usual < FEWEST_A_DAY or yesterday > SILENT_SHARE * usual:
        return None
    return f"{yesterday} new articles yesterday, usually {usual} a day"
