"""Draws engagement over time in a few lines of a terminal. Pure: points in, lines of text out."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from archive.model import COUNTERS, EngagementPoint

_BARS = "▁▂▃▄▅▆▇█"


def draw(points: Sequence[EngagementPoint], edits: Iterable[datetime] = (), width: int = 60) -> list[str]:
    """One line a counter that was ever seen, a line that marks the edits, a line of time. Empty without points.

    The columns are equal slices of time, each showing the last value known by its end; blank before the first.
    """
    if not points:
        return []
    start, end = points[0].observed_at, points[-1].observed_at
    lines = []
    for name in COUNTERS:
        seen = [(point.observed_at, value) for point in points if (value := getattr(point, name)) is not None]
        if seen:
            lines.append(f"{name:<9}{_trace(seen, start, end, width)}  {_range(seen)}")
    marks = _marks(edits, start, end, width)
    if lines and marks.strip():
        lines.append(f"{'edits':<9}{marks}")
    return lines and [*lines, f"{'':<9}{_axis(start, end, width)}"]


def bars(values: Sequence[int | None]) -> str:
    """A bar a value between the lowest and the highest; a blank for None.

    >>> bars([None, 10, 20, 80])
    ' ▁▂█'
    >>> bars([5, 5])
    '▁▁'
    """
    known = [value for value in values if value is not None]
    low, high = min(known, default=0), max(known, default=0)
    step = (len(_BARS) - 1) / (high - low) if high > low else 0
    return "".join(" " if value is None else _BARS[round((value - low) * step)] for value in values)


def _trace(seen: Sequence[tuple[datetime, int]], start: datetime, end: datetime, width: int) -> str:
    values: list[int | None] = [None] * width
    for at, value in seen:
        values[_column(at, start, end, width)] = value
    last: int | None = None
    known = []
    for each in values:
        last = last if each is None else each
        known.append(last)
    return bars(known)


def _range(seen: Sequence[tuple[datetime, int]]) -> str:
    first, last = seen[0][1], seen[-1][1]
    return f"{first:,}" if first == last else f"{first:,} → {last:,}"


def _column(at: datetime, start: datetime, end: datetime, width: int) -> int:
    """The column of a moment; with no time between start and end, the first."""
    share = (at - start) / (end - start) if end > start else 0.0
    return min(width - 1, max(0, round(share * (width - 1))))


def _marks(edits: Iterable[datetime], start: datetime, end: datetime, width: int) -> str:
    marks = [" "] * width
    for at in edits:
        if start <= at <= end:
            marks[_column(at, start, end, width)] = "▲"
    return "".join(marks)


def _axis(start: datetime, end: datetime, width: int) -> str:
    """The first and the last moment under the ends of the chart, in the local zone."""
    form = "%H:%M" if end - start < timedelta(hours=20) else "%Y-%m-%d"
    left, right = start.astimezone().strftime("%Y-%m-%d %H:%M"), end.astimezone().strftime(form)
    return left if start == end else f"{left}{right:>{max(width - len(left), len(right) + 1)}}"
