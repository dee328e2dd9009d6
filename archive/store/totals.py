"""What the archive has of each site, counted as it is written: a million articles need not be counted to be told.

Every article's row passes through `rows`, which notes here what it was and what it is now. A purge counts anew.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, case, delete, func, insert, select, update

from archive.schema import articles, totals

NO_SITE = 0
COUNTS = ("articles", "versions", "captures", "edited", "gone")
Values = Mapping[str, Any]


def note(connection: Connection, moves: Iterable[tuple[Values, Values]]) -> None:
    """Adds what became of articles: their columns before (none of a new one) and now."""
    counts: dict[int, list[int]] = defaultdict(lambda: [0] * len(COUNTS))
    moments: dict[int, set[datetime]] = defaultdict(set)
    for before, now in moves:
        for values, sign in ((before, -1), (now, 1)):
            site = values.get("site_id") or NO_SITE
            for place, count in enumerate(_share(values)):
                counts[site][place] += sign * count
        seen = (now["first_captured_at"], now["last_captured_at"])
        moments[now["site_id"] or NO_SITE].update(moment for moment in seen if moment is not None)
    for site in sorted(counts):
        if any(counts[site]) or moments[site]:
            _add(connection, site, counts[site], moments[site])


def recount(connection: Connection) -> None:
    """Counts everything."""
    site = func.coalesce(articles.c.site_id, NO_SITE)
    counted = select(
        site,
        func.count(),
        func.coalesce(func.sum(articles.c.versions), 0),
        func.coalesce(func.sum(articles.c.captures), 0),
        func.coalesce(func.sum(case((articles.c.versions > 1, 1), else_=0)), 0),
        func.coalesce(func.sum(case((articles.c.gone_at.is_not(None), 1), else_=0)), 0),
        func.min(articles.c.first_captured_at),
        func.max(articles.c.last_captured_at),
    )
    names = ["site_id", *COUNTS, "first_captured_at", "last_captured_at"]
    connection.execute(delete(totals))
    connection.execute(
        insert(totals).from_select(names, counted.where(articles.c.merged_into.is_(None)).group_by(site))
    )


def _share(values: Values) -> tuple[int, ...]:
    """What an article counts for; nothing where it is no article of its own."""
    if not values or values["merged_into"] is not None:
        return (0,) * len(COUNTS)
    versions, captures = values["versions"], values["captures"]
    return 1, versions, captures, int(versions > 1), int(values["gone_at"] is not None)


def _add(connection: Connection, site: int, counts: list[int], moments: set[datetime]) -> None:
    mine = totals.c.site_id == site
    known = connection.execute(select(totals).where(mine).with_for_update()).first()
    if known is None:
        connection.execute(insert(totals).values(site_id=site, **dict.fromkeys(COUNTS, 0)))
    values: dict[str, Any] = {name: totals.c[name] + count for name, count in zip(COUNTS, counts, strict=True) if count}
    for name, choose in (("first_captured_at", min), ("last_captured_at", max)):
        old = getattr(known, name, None)
        if moments or old is not None:
            values[name] = choose(moments | ({old} if old is not None else set()))
    connection.execute(update(totals).where(mine).values(values))
