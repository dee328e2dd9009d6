"""What the archive has of each site, counted as it is written: a million articles need not be counted to be told.

Every article's row passes through `rows`, which notes here what it was and what it is now; a purge takes it away.
Every stored text passes through `note_texts`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Connection, bindparam, case, delete, func, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite

from archive.schema import articles, text_totals, totals

NO_SITE = 0
EVERYWHERE = -1
"""Stands where a site's number would, for all of them together."""
TEXT_COUNTS = ("contents", "keyframes", "bytes")
COUNTS = ("articles", "versions", "captures", "edited", "gone")
Values = Mapping[str, Any]
_CHUNK = 500


def note(connection: Connection, moves: Iterable[tuple[Values, Values]]) -> None:
    """Adds what became of articles: their columns before (none of a new one) and now."""
    counts: dict[int, list[int]] = defaultdict(lambda: [0] * len(COUNTS))
    moments: dict[int, set[datetime]] = defaultdict(set)
    for before, now in moves:
        for values, sign in ((before, -1), (now, 1)):
            if values:
                sums = counts[values["site_id"] or NO_SITE]
                sums[:] = (total + sign * count for total, count in zip(sums, _share(values), strict=True))
        seen = (now["first_captured_at"], now["last_captured_at"])
        moments[now["site_id"] or NO_SITE].update(moment for moment in seen if moment is not None)
    _add(connection, counts, moments)


def note_texts(connection: Connection, moves: Iterable[tuple[int | None, int, int, int]]) -> None:
    """Adds stored texts: (site, contents, keyframes, bytes), less than nothing where some were removed."""
    sums: dict[int, list[int]] = defaultdict(lambda: [0] * len(TEXT_COUNTS))
    for site_id, *counts in moves:
        mine = sums[site_id or NO_SITE]
        mine[:] = map(sum, zip(mine, counts, strict=True))
    rows = [{"site_id": site_id} | dict(zip(TEXT_COUNTS, sums[site_id], strict=True)) for site_id in sorted(sums)]
    if rows:
        connection.execute(_grow_texts(connection.dialect.name), rows)


@cache
def _grow_texts(dialect: str) -> Any:
    upsert = (sqlite.insert if dialect == "sqlite" else postgresql.insert)(text_totals)
    grown = {name: text_totals.c[name] + upsert.excluded[name] for name in TEXT_COUNTS}
    return upsert.on_conflict_do_update(index_elements=["site_id"], set_=grown)


def forget(connection: Connection, purged: Sequence[Values]) -> None:
    """Takes away articles whose rows (given as they were) are gone."""
    counts: dict[int, list[int]] = defaultdict(lambda: [0] * len(COUNTS))
    ends: dict[int, set[datetime]] = defaultdict(set)
    for values in purged:
        site = values["site_id"] or NO_SITE
        counts[site] = [total - count for total, count in zip(counts[site], _share(values), strict=True)]
        ends[site] |= {values["first_captured_at"], values["last_captured_at"]}
    _add(connection, counts, defaultdict(set))
    connection.execute(delete(totals).where(totals.c.articles == 0))
    for known in connection.execute(_OF_SITES, {"some": sorted(counts)}).all():
        of_site = articles.c.site_id == known.site_id if known.site_id else articles.c.site_id.is_(None)
        for end, choose in (("first_captured_at", func.min), ("last_captured_at", func.max)):
            if getattr(known, end) in ends[known.site_id]:  # else it was another article's
                found = select(choose(articles.c[end])).where(of_site, articles.c.merged_into.is_(None))
                now = {end: found.scalar_subquery()}
                connection.execute(update(totals).where(totals.c.site_id == known.site_id).values(now))


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
    if values["merged_into"] is not None:
        return (0,) * len(COUNTS)
    versions, captures = values["versions"], values["captures"]
    return 1, versions, captures, int(versions > 1), int(values["gone_at"] is not None)


def _add(connection: Connection, counts: dict[int, list[int]], moments: dict[int, set[datetime]]) -> None:
    known: dict[int, Any] = {}
    sites = sorted(counts)
    for start in range(0, len(sites), _CHUNK):
        some = sites[start : start + _CHUNK]
        known |= {row.site_id: row for row in connection.execute(_OF_SITES, {"some": some})}
    new = [{"site_id": site} | dict.fromkeys(COUNTS, 0) for site in sorted(counts.keys() - known.keys())]
    if new:
        connection.execute(insert(totals), new)
    rows = []
    for site in sorted(counts):
        row: dict[str, Any] = {"row_id": site} | {
            f"more_{name}": count for name, count in zip(COUNTS, counts[site], strict=True)
        }
        for name, choose in (("first_captured_at", min), ("last_captured_at", max)):
            old = getattr(known.get(site), name, None)
            row[f"new_{name}"] = choose(moments[site] | ({old} if old is not None else set()), default=None)
        rows.append(row)
    if rows:
        connection.execute(_ADD, rows)


_OF_SITES = (
    select(totals)
    .where(totals.c.site_id.in_(bindparam("some", expanding=True)))
    .order_by(totals.c.site_id)
    .with_for_update()
)
_ADD = (
    update(totals)
    .where(totals.c.site_id == bindparam("row_id"))
    .values({name: totals.c[name] + bindparam(f"more_{name}") for name in COUNTS})
    .values(first_captured_at=bindparam("new_first_captured_at"), last_captured_at=bindparam("new_last_captured_at"))
)
