"""How does a site edit? How often, how soon, of what kind, and does it say so?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Select,
    bindparam,
    case,
    func,
    literal_column,
    select,
    true,
    type_coerce,
)

from archive.model import EditKind
from archive.queries.rare_edits import indexed_by, is_of_kind
from archive.queries.reader import Reader
from archive.schema import articles, sites, versions
from archive.store.judging import kinds_of


@dataclass(frozen=True, slots=True)
class Habits:
    """The edits of the articles first seen in a time, and what is usual among them."""

    articles: int
    """First seen in that time."""
    edited: int
    """Of these, with at least one edit up to now."""
    first_edit_after: timedelta | None
    """Median from the first look to the look that found the first edit; None where nothing was edited."""
    edits: int
    """Edits seen in that time, of whatever article."""
    stealth: int
    """Of these, those that changed a fact while the page's own date stood still and no note was added."""
    kinds: dict[EditKind, int] = field(default_factory=dict, hash=False)
    """How many of these edits are of a kind; those that are of none are left out."""

    @property
    def edited_share(self) -> float | None:
        """Share of articles that were edited; None without articles."""
        return self.edited / self.articles if self.articles else None

    @property
    def stealth_share(self) -> float | None:
        """Share of edits that were kept silent about; None without edits."""
        return self.stealth / self.edits if self.edits else None


class HabitQueries(Reader):
    """Questions about the ways of editors."""

    def habits(self, *, site: str | None = None, since: datetime, until: datetime) -> Habits:
        """What was usual at a site (or everywhere) in a time."""
        owner = select(sites.c.id).where(sites.c.name == site).scalar_subquery()
        of_article = articles.c.site_id == owner if site is not None else true()
        of_version = versions.c.site_id == owner if site is not None else true()
        with self._database.reading() as connection:
            total, edited = connection.execute(_articles(of_article, since, until)).one()
            after = _median(connection, _first_edits(of_article, since, until), int(edited or 0))
            if site is None:
                edits, stealth, *counts = connection.execute(_counts(), {"since": since, "until": until}).one()
                kinds = {kind: count for kind, count in zip(EditKind, counts, strict=True) if count}
            else:
                edits, stealth, kinds = _counted(connection.execute(_edits(of_version, since, until)).all())
        return Habits(total, int(edited or 0), after, edits, stealth, kinds)


def _articles(mine: ColumnElement[bool], since: datetime, until: datetime) -> Select[Any, Any]:
    edited = func.sum(case((articles.c.versions > 1, 1), else_=0))
    return select(func.count(), edited).where(mine, *_seen(since, until))


def _first_edits(mine: ColumnElement[bool], since: datetime, until: datetime) -> Select[Any]:
    """How long after the first look the second version came, the shortest first (microseconds)."""
    wait = (_micro(articles.c.first_edited_at) - _micro(articles.c.first_captured_at)).label("wait")
    at = articles.c.first_captured_at
    edited = (at >= since, at < until, articles.c.first_edited_at.is_not(None))
    return select(wait).where(mine, *edited).order_by(wait)


def _micro(moment: Any) -> Any:
    return type_coerce(moment, BigInteger)


def _seen(since: datetime, until: datetime) -> tuple[ColumnElement[bool], ...]:
    at = articles.c.first_captured_at
    return at >= since, at < until, articles.c.merged_into.is_(None), articles.c.versions > 0


def _median(connection: Any, waits: Select[Any], count: int) -> timedelta | None:
    """The middle one (of an even number, the lower middle one)."""
    if not count:
        return None
    row = connection.execute(waits.offset((count - 1) // 2).limit(1)).first()
    return None if row is None else timedelta(microseconds=int(row[0]))


@cache
def _counts() -> Select[Any]:
    """All edits, stealthy ones, and those of each kind, in the order of EditKind: counted in their own indexes."""
    seen = (versions.c.captured_at >= bindparam("since"), versions.c.captured_at < bindparam("until"))

    def counted(index: str, is_meant: ColumnElement[bool]) -> Any:
        return indexed_by(select(func.count()).select_from(versions), index).where(is_meant, *seen).scalar_subquery()

    edits = select(func.count()).where(versions.c.number > 1, *seen).scalar_subquery()
    stealth = counted("stealth", literal_column("versions.stealth"))
    return select(edits, stealth, *(counted(f"is_{kind.value}", is_of_kind(kind)) for kind in EditKind))


def _edits(mine: ColumnElement[bool], since: datetime, until: datetime) -> Select[Any]:
    """How many edits have the same kinds and are stealthy or not: few groups, which are told apart here more quickly
    than a database tests every edit for every kind."""
    query = select(versions.c.edit_kinds, versions.c.stealth, func.count())
    query = query.where(mine, versions.c.number > 1, versions.c.captured_at >= since, versions.c.captured_at < until)
    return query.group_by(versions.c.edit_kinds, versions.c.stealth)


def _counted(groups: Sequence[Any]) -> tuple[int, int, dict[EditKind, int]]:
    """All edits, stealthy ones, and those of each kind that there is one of, in the order of EditKind."""
    counts = Counter[EditKind]()
    for mask, _, count in groups:
        for kind in kinds_of(mask):
            counts[kind] += count
    stealth = sum(count for _, is_stealth, count in groups if is_stealth)
    return sum(count for *_, count in groups), stealth, {kind: counts[kind] for kind in EditKind if counts[kind]}
