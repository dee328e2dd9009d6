"""Works out charts: where each point, mark and label stands. Pure; the templates draw, the stylesheet colours."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from archive.model import COUNTERS, EngagementPoint, Version
from archive.web.text import number, when

WIDTH, PANEL, LEFT, RIGHT, TOP = 720, 96, 64, 12, 22
_GAP = 18
_MOST_DOTS = 60


@dataclass(frozen=True, slots=True)
class Dot:
    """A value that was seen."""

    x: float
    y: float
    words: str


@dataclass(frozen=True, slots=True)
class Panel:
    """One counter over time."""

    name: str
    top: float
    bottom: float
    line: str
    """The d of a path; a step holds the last value seen until the next look."""
    area: str
    dots: tuple[Dot, ...]
    low: str
    high: str


@dataclass(frozen=True, slots=True)
class EditMark:
    """An edit, as an upright line through all panels."""

    x: float
    number: int
    version_id: str
    words: str


@dataclass(frozen=True, slots=True)
class Chart:
    """Counters over time, with the edits among them."""

    height: float
    panels: tuple[Panel, ...]
    marks: tuple[EditMark, ...]
    start: str
    end: str
    width: int = WIDTH
    left: int = LEFT
    right: int = WIDTH - RIGHT
    top: int = TOP


def engagement_chart(points: Sequence[EngagementPoint], versions: Sequence[Version]) -> Chart | None:
    """The chart of an article's counters; None where none was ever seen."""
    names = [name for name in COUNTERS if any(getattr(point, name) is not None for point in points)]
    if not names:
        return None
    start = min(points[0].observed_at, versions[0].captured_at) if versions else points[0].observed_at
    end = max(points[-1].observed_at, versions[-1].captured_at) if versions else points[-1].observed_at
    panels = []
    for place, name in enumerate(names):
        seen = [(p.observed_at, int(value)) for p in points if (value := getattr(p, name)) is not None]
        panels.append(_panel(name, seen, TOP + place * (PANEL + _GAP), start, end))
    marks = tuple(
        EditMark(
            _across(version.captured_at, start, end),
            version.number,
            version.id,
            f"Version {version.number}, {when(version.captured_at)} UTC",
        )
        for version in versions
        if version.number > 1
    )
    return Chart(TOP + len(names) * (PANEL + _GAP) + 20, tuple(panels), marks, when(start), when(end))


def _across(at: datetime, start: datetime, end: datetime) -> float:
    share = (at - start) / (end - start) if end > start else 0.0
    return round(LEFT + share * (WIDTH - LEFT - RIGHT), 1)


def _panel(name: str, seen: list[tuple[datetime, int]], top: float, start: datetime, end: datetime) -> Panel:
    values = [value for _, value in seen]
    low, high = min(values), max(values)
    bottom = top + PANEL

    def height(value: int) -> float:
        return round(bottom - 6 - (PANEL - 14) * ((value - low) / (high - low) if high > low else 0.5), 1)

    spots = [(_across(at, start, end), height(value)) for at, value in seen]
    line = f"M{spots[0][0]},{spots[0][1]}" + "".join(f"H{x}V{y}" for x, y in spots[1:])
    area = f"{line}V{bottom}H{spots[0][0]}Z" if len(spots) > 1 else ""
    shown = range(len(seen)) if len(seen) <= _MOST_DOTS else (0, len(seen) - 1)
    dots = tuple(Dot(*spots[i], f"{when(seen[i][0])} UTC: {number(seen[i][1])} {name}") for i in shown)
    return Panel(name, top, bottom, line, area, dots, number(low) if high > low else "", number(high))


@dataclass(frozen=True, slots=True)
class Bar:
    """A column of a bar chart: a part of it."""

    x: float
    y: float
    width: float
    height: float
    part: str


@dataclass(frozen=True, slots=True)
class Bars:
    """Columns of parts on each other."""

    bars: tuple[Bar, ...]
    highest: str
    width: int = WIDTH
    height: int = 120
    left: int = LEFT


def stacked_bars(columns: Sequence[Sequence[tuple[str, int]]]) -> Bars:
    """A column a sequence of (part, count), the first part at the bottom.

    >>> [round(bar.height) for bar in stacked_bars([[("new", 1), ("changed", 3)]]).bars]
    [26, 78]
    """
    tallest = max((sum(count for _, count in parts) for parts in columns), default=0)
    found = []
    step = (WIDTH - LEFT - RIGHT) / max(len(columns), 1)
    for index, parts in enumerate(columns):
        bottom = 112.0
        for part, count in parts:
            size = 104 * count / tallest if tallest else 0
            bottom -= size
            if size:
                x, y = LEFT + index * step + step * 0.1, bottom
                found.append(Bar(round(x, 1), round(y, 1), round(min(step * 0.8, 40), 1), round(size, 1), part))
    return Bars(tuple(found), number(tallest))
