"""Engagement over time, drawn in a few lines."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from archive.cli.chart import bars, draw
from archive.model import EngagementPoint

START = datetime(2026, 3, 1, tzinfo=UTC)


def point(hours: float, **counters: int | None) -> EngagementPoint:
    return EngagementPoint(url="https://a.test/1", observed_at=START + timedelta(hours=hours), **counters)


def test_a_counter_that_was_never_seen_has_no_line() -> None:
    lines = draw([point(0, views=10), point(10, views=90)], width=10)
    assert [line.split()[0] for line in lines[:-1]] == ["views"]
    assert "10 → 90" in lines[0]


def test_columns_are_equal_slices_of_time() -> None:
    lines = draw([point(0, views=0), point(1, views=70), point(10, views=70)], width=11)
    assert lines[0][9:20] == "▁██████████"


def test_the_line_is_blank_before_the_first_value() -> None:
    lines = draw([point(0, views=1), point(5, views=1, likes=2), point(10, views=1, likes=9)], width=11)
    assert lines[1][9:20] == "     ▁▁▁▁▁█"


def test_edits_are_marked_where_they_happened() -> None:
    lines = draw([point(0, views=1), point(10, views=2)], edits=[START + timedelta(hours=5)], width=11)
    assert lines[1] == "edits         ▲     "


def test_one_observation_is_a_chart_and_none_is_none() -> None:
    assert draw([]) == []
    assert draw([point(0)]) == []
    assert draw([point(0, views=3)], width=5)[0] == "views    ▁▁▁▁▁  3"


def test_bars_span_the_lowest_and_the_highest() -> None:
    assert bars([0, 7]) == "▁█"
    assert bars([None, None]) == "  "
