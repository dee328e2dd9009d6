"""Counters in the archive: a row where they differ from the look before; every capture points to the row it saw.

So the series is complete though unchanged values take no new row: one point a capture, its values those of the
row it points to.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, select

from archive.model import COUNTERS, Engagement
from archive.schema import engagements
from archive.store.rows import ArticleRow, chunks, insert_rows

if TYPE_CHECKING:
    from archive.store.looks import Look

Values = tuple[Any, ...]


def store(connection: Connection, looks: list[Look]) -> None:
    """Gives every look with counters its row, and its article the newest."""
    seen = [look for look in looks if look.article is not None and look.prepared.capture.engagement is not None]
    last = _last_values(connection, {look.article.engagement_id for look in seen if look.article})
    new: list[tuple[dict[str, Any], list[Look]]] = []
    current: dict[int, tuple[Values, list[Look] | None]] = {}
    for look in seen:
        article, counters = look.article, look.prepared.capture.engagement
        assert article is not None
        assert counters is not None
        values = values_of(counters)
        before = current.get(article.id) or (last.get(article.engagement_id or 0), None)
        if before[0] == values and before[1] is None:
            look.engagement_id = article.engagement_id
        elif before[0] == values and before[1] is not None:
            before[1].append(look)
        else:
            sharing = [look]
            new.append((_row(counters, values), sharing))
            current[article.id] = (values, sharing)
    for number, (_, sharing) in zip(insert_rows(connection, engagements, [row for row, _ in new]), new, strict=True):
        for look in sharing:
            look.engagement_id = number


def show(article: ArticleRow, numbers: Mapping[str, int | None]) -> None:
    """Puts the counters of its newest look on the article's row, by which articles are found."""
    for name in COUNTERS:
        setattr(article, name, numbers.get(name))


def numbers_of(engagement: Engagement) -> dict[str, int | None]:
    """The counters without how they were read."""
    counters = {name: getattr(engagement, name) for name in COUNTERS}
    return {name: None if counter is None else counter.value for name, counter in counters.items()}


def values_of(engagement: Engagement) -> Values:
    """What must differ for a new row: numbers, whether they are exact, the state of the comments."""
    counters = [getattr(engagement, name) for name in COUNTERS]
    numbers = [None if counter is None else (counter.value, counter.exact) for counter in counters]
    return (*numbers, engagement.comments_open)


def shows_counters(engagement: Engagement) -> bool:
    """Whether the page says anything at all about its readers."""
    return engagement.comments_open is not None or any(getattr(engagement, name) is not None for name in COUNTERS)


def _row(engagement: Engagement, values: Values) -> dict[str, Any]:
    numbers = {name: None if pair is None else pair[0] for name, pair in zip(COUNTERS, values, strict=False)}
    detail: dict[str, Any] = {}
    for name in COUNTERS:
        counter = getattr(engagement, name)
        if counter is not None:
            detail[name] = [counter.exact, counter.raw, counter.source]
    if engagement.placeholder_suspect:
        detail["placeholder_suspect"] = list(engagement.placeholder_suspect)
    return {**numbers, "comments_open": engagement.comments_open, "detail": detail or None}


def _last_values(connection: Connection, numbers: set[int | None]) -> dict[int, Values]:
    found: dict[int, Values] = {}
    columns = [engagements.c[name] for name in (*COUNTERS, "comments_open", "detail")]
    for some in chunks({number for number in numbers if number is not None}):
        for row in connection.execute(select(engagements.c.id, *columns).where(engagements.c.id.in_(some))):
            detail = row.detail or {}
            pairs = [None if getattr(row, n) is None else (getattr(row, n), detail[n][0]) for n in COUNTERS]
            found[row.id] = (*pairs, row.comments_open)
    return found
