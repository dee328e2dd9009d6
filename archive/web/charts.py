"""Works out charts: where each point, mark and label stands. Pure; the templates draw, the stylesheet colours."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from archive.model import COUNTERS, EngagementPoint, Version
from archive.web.text import number, when

WIDTHS = {"wide": 960, "narrow": 400}
"""In units of about a pixel: a chart is drawn for a screen and once more for a phone, where the letters of a picture
made smaller could not be read; the stylesheet shows one of them."""
_PANEL, _HEAD, _LEFT, _RIGHT, _TOP, _FOOT = 92, 34, 10, 10, 26, 26
_ROOM = 46
"""For a label at the axis."""
_CLOSEST = 17
"""Units between two edits that are both given their number."""
_MOST_DOTS = 60
_HOUR, _DAY = timedelta(hours=1), timedelta(days=1)
_STEPS = (_HOUR, 3 * _HOUR, 6 * _HOUR, 12 * _HOUR, *(n * _DAY for n in (1, 2, 7, 14, 30, 90, 365)))


@dataclass(frozen=True, slots=True)
class Tick:
    """A moment named at the foot of a chart."""

    x: float
    words: str


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
    last: str
    """The last value seen."""
    head: float
    """Where the line of the name stands."""
    top: float
    bottom: float
    line: str
    """The d of a path; a step holds the last value seen until the next look."""
    area: str
    dots: tuple[Dot, ...]
    low: str
    high: str
    high_y: float
    low_y: float


@dataclass(frozen=True, slots=True)
class EditMark:
    """An edit, as an upright line through all panels."""

    x: float
    number: int
    words: str
    is_named: bool
    """Whether there is room for its number."""


@dataclass(frozen=True, slots=True)
class Chart:
    """Counters over time, with the edits among them."""

    width: int
    height: float
    left: float
    right: float
    top: float
    panels: tuple[Panel, ...]
    marks: tuple[EditMark, ...]
    ticks: tuple[Tick, ...]


@dataclass(frozen=True, slots=True)
class _Span:
    """A stretch of time, laid across a chart."""

    start: datetime
    end: datetime
    left: float
    right: float

    def across(self, at: datetime) -> float:
        share = (at - self.start) / (self.end - self.start) if self.end > self.start else 0.0
        return round(self.left + share * (self.right - self.left), 1)


def engagement_charts(points: Sequence[EngagementPoint], versions: Sequence[Version]) -> dict[str, Chart]:
    """The chart of an article's counters in each of `WIDTHS`; {} where none was ever seen."""
    names = [name for name in COUNTERS if any(getattr(point, name) is not None for point in points)]
    return {which: _chart(names, points, versions, width) for which, width in WIDTHS.items()} if names else {}


def _chart(names: Sequence[str], points: Sequence[EngagementPoint], versions: Sequence[Version], width: int) -> Chart:
    moments = [points[0].observed_at, points[-1].observed_at]
    moments += [versions[0].captured_at, versions[-1].captured_at] if versions else []
    span = _Span(min(moments), max(moments), _LEFT + _ROOM, width - _RIGHT)
    panels = []
    for place, name in enumerate(names):
        seen = [(p.observed_at, int(value)) for p in points if (value := getattr(p, name)) is not None]
        panels.append(_panel(name, seen, _TOP + place * (_HEAD + _PANEL), span))
    height = _TOP + len(names) * (_HEAD + _PANEL) + _FOOT
    return Chart(width, height, span.left, span.right, _TOP, tuple(panels), _marks(versions, span), time_ticks(span))


def _marks(versions: Sequence[Version], span: _Span) -> tuple[EditMark, ...]:
    found: list[EditMark] = []
    free_from = 0.0
    for version in versions:
        if version.number > 1:
            x = span.across(version.captured_at)
            words = f"Version {version.number}, {when(version.captured_at)} UTC"
            found.append(EditMark(x, version.number, words, x >= free_from))
            free_from = x + _CLOSEST if x >= free_from else free_from
    return tuple(found)


def _panel(name: str, seen: list[tuple[datetime, int]], head: float, span: _Span) -> Panel:
    values = [value for _, value in seen]
    low, high = min(values), max(values)
    top, bottom = head + _HEAD, head + _HEAD + _PANEL - 6

    def height(value: int) -> float:
        return round(bottom - 6 - (bottom - top - 8) * ((value - low) / (high - low) if high > low else 0.5), 1)

    spots = [(span.across(at), height(value)) for at, value in seen]
    line = f"M{spots[0][0]},{spots[0][1]}" + "".join(f"H{x}V{y}" for x, y in spots[1:])
    area = f"{line}V{bottom}H{spots[0][0]}Z" if len(spots) > 1 else ""
    shown = range(len(seen)) if len(seen) <= _MOST_DOTS else (0, len(seen) - 1)
    dots = tuple(Dot(*spots[i], f"{when(seen[i][0])} UTC: {number(seen[i][1])} {name}") for i in shown)
    return Panel(
        name=name,
        last=number(values[-1]),
        head=head + 18,
        top=top,
        bottom=bottom,
        line=line,
        area=area,
        dots=dots,
        low=short(low) if high > low else "",
        high=short(high),
        high_y=height(high),
        low_y=height(low),
    )


def short(value: int) -> str:
    """A number that fits beside an axis.

    >>> short(999), short(18_550), short(1_200_000), short(2_000)
    ('999', '18.6k', '1.2M', '2k')
    """
    for size, letter in ((1_000_000_000, "G"), (1_000_000, "M"), (1_000, "k")):
        if value >= size:
            return f"{value / size:.1f}".removesuffix(".0") + letter
    return str(value)


def time_ticks(span: _Span) -> tuple[Tick, ...]:
    """Round moments, as many as there is room for; the ends of the span where no round moment lies between them."""
    most = max(2, int((span.right - span.left) / 80))
    step = next((step for step in _STEPS if (span.end - span.start) / step <= most), _STEPS[-1] * 5)
    midnight = span.start.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    count = int((span.end - midnight) / step)
    moments = [at for n in range(count + 1) if (at := midnight + n * step) >= span.start]
    if len(moments) < 2:
        return tuple(Tick(span.across(at), when(at)) for at in sorted({span.start, span.end}))
    return tuple(Tick(span.across(at), _moment(at, step)) for at in moments)


def _moment(at: datetime, step: timedelta) -> str:
    if step < _DAY and at.hour:
        return f"{at:%H:%M}"
    return f"{at.day} {at:%b}" if step < 90 * _DAY else f"{at.day} {at:%b %Y}"


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
    """Columns of parts on each other, a column a day."""

    width: int
    height: float
    left: float
    right: float
    top: float
    bottom: float
    bars: tuple[Bar, ...]
    ticks: tuple[Tick, ...]
    highest: str


Column = tuple[datetime, Sequence[tuple[str, int]]]
"""A day's midnight, and how many there were of each part."""


def daily_bars(columns: Sequence[Column], start: datetime, end: datetime) -> dict[str, Bars]:
    """A column a day in each of `WIDTHS`, the first part at the bottom; a day without a column stays empty.

    >>> first = datetime(2026, 3, 1, tzinfo=UTC)
    >>> made = daily_bars([(first, [("new", 1), ("changed", 3)])], first, first + timedelta(days=30))
    >>> [round(bar.height) for bar in made["wide"].bars]
    [28, 84]
    """
    return {which: _bars(columns, start, end, width) for which, width in WIDTHS.items()}


def _bars(columns: Sequence[Column], start: datetime, end: datetime, width: int) -> Bars:
    held = [(day, parts, sum(count for _, count in parts)) for day, parts in columns]
    tallest = max((total for _, _, total in held), default=0)
    first = start.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    span = _Span(first, max(end, first + _DAY), _LEFT + _ROOM, width - _RIGHT)
    step = (span.right - span.left) * (_DAY / (span.end - span.start))
    top, bottom = 12.0, 124.0
    found = []
    for day, parts, _ in held:
        upper = bottom
        for part, count in parts:
            size = (bottom - top) * count / tallest if tallest else 0
            upper -= size
            if size:
                x = round(span.across(day) + step * 0.12, 1)
                found.append(Bar(x, round(upper, 1), round(step * 0.76, 1), round(size, 1), part))
    ticks = tuple(
        Tick(round(tick.x + step / 2, 1), tick.words) for tick in time_ticks(span) if tick.x < span.right - step
    )
    return Bars(width, bottom + _FOOT, span.left, span.right, top, bottom, tuple(found), ticks, short(tallest))
