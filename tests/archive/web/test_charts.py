"""Charts say when, and leave room for what they say."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from archive.model import Content, EngagementPoint, Version
from archive.web.charts import daily_bars, engagement_charts

START = datetime(2026, 3, 2, 7, 30, tzinfo=UTC)


def point(hours: float, views: int | None) -> EngagementPoint:
    return EngagementPoint("https://a.test/", START + timedelta(hours=hours), views, None, None, None, None, None)


def version(number: int, hours: float) -> Version:
    at = START + timedelta(hours=hours)
    return Version(f"v{number}", 1, number, "https://a.test/", at, at, Content(title="T"), ())


def test_without_counters_there_is_no_chart() -> None:
    assert engagement_charts([point(0, None)], [version(1, 0)]) == {}


@pytest.mark.parametrize(
    ("hours", "words"),
    [
        (3, ["08:00", "09:00", "10:00"]),
        (30, ["12:00", "3 Mar", "12:00"]),
        (24 * 6, ["4 Mar", "6 Mar", "8 Mar"]),
        (24 * 300, ["31 May 2026", "29 Aug 2026"]),
    ],
)
def test_round_moments_stand_at_the_foot(hours: float, words: list[str]) -> None:
    chart = engagement_charts([point(0, 1), point(hours, 9)], [])["narrow"]
    assert [tick.words for tick in chart.ticks][: len(words)] == words
    assert all(chart.left <= tick.x <= chart.right for tick in chart.ticks)


def test_one_look_is_named_by_its_moment() -> None:
    chart = engagement_charts([point(0, 1)], [version(1, 0)])["wide"]
    assert [tick.words for tick in chart.ticks] == ["2 Mar 2026, 07:30"]
    assert chart.panels[0].last == "1"


def test_edits_that_stand_close_are_not_all_numbered() -> None:
    versions = [version(1, 0), version(2, 10), version(3, 10.1), version(4, 40)]
    marks = engagement_charts([point(0, 1), point(80, 9)], versions)["wide"].marks
    assert [(mark.number, mark.is_named) for mark in marks] == [(2, True), (3, False), (4, True)]


def test_a_day_without_looks_stays_empty() -> None:
    midnight = START.replace(hour=0, minute=0)
    columns = [(midnight, [("new", 2)]), (midnight + timedelta(days=9), [("failed", 1)])]
    bars = daily_bars(columns, midnight - timedelta(days=20), midnight + timedelta(days=10, hours=12))["wide"]
    first, last = bars.bars
    assert last.x - first.x == pytest.approx(9 * first.width / 0.76, abs=1)
    assert (first.height, last.height) == (112, 56)
