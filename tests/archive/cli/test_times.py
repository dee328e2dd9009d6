"""The times that people type, in the zone where they live."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from archive.cli.times import as_at, as_since, as_until, parse_period

BAMAKO, BERLIN, NEW_YORK = ZoneInfo("Africa/Bamako"), ZoneInfo("Europe/Berlin"), ZoneInfo("America/New_York")
THURSDAY = datetime(2026, 3, 5, 15, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("typed", "since", "until"),
    [
        ("now", "2026-03-05T15:30:00", "2026-03-05T15:30:00"),
        ("today", "2026-03-05T00:00:00", "2026-03-06T00:00:00"),
        ("Yesterday", "2026-03-04T00:00:00", "2026-03-05T00:00:00"),
        ("3 days ago", "2026-03-02T15:30:00", "2026-03-02T15:30:00"),
        ("3d", "2026-03-02T15:30:00", "2026-03-02T15:30:00"),
        ("2h ago", "2026-03-05T13:30:00", "2026-03-05T13:30:00"),
        ("an hour ago", "2026-03-05T14:30:00", "2026-03-05T14:30:00"),
        ("90 minutes ago", "2026-03-05T14:00:00", "2026-03-05T14:00:00"),
        ("2 weeks ago", "2026-02-19T15:30:00", "2026-02-19T15:30:00"),
        ("1 month ago", "2026-02-05T15:30:00", "2026-02-05T15:30:00"),
        ("a year ago", "2025-03-05T15:30:00", "2025-03-05T15:30:00"),
        ("2026-03-03", "2026-03-03T00:00:00", "2026-03-04T00:00:00"),
        ("2026-02", "2026-02-01T00:00:00", "2026-03-01T00:00:00"),
        ("2025", "2025-01-01T00:00:00", "2026-01-01T00:00:00"),
        ("2026-03-03T12:00", "2026-03-03T12:00:00", "2026-03-03T12:00:00"),
        ("2026-03-03 12:00:30", "2026-03-03T12:00:30", "2026-03-03T12:00:30"),
        ("2026-03-03T12:00:00.250000Z", "2026-03-03T12:00:00.250000", "2026-03-03T12:00:00.250000"),
        ("2026-03-03 noon", "2026-03-03T12:00:00", "2026-03-03T12:00:00"),
        ("noon", "2026-03-05T12:00:00", "2026-03-05T12:00:00"),
        ("midnight", "2026-03-05T00:00:00", "2026-03-05T00:00:00"),
        ("18:00", "2026-03-04T18:00:00", "2026-03-04T18:00:00"),
        ("yesterday at 5pm", "2026-03-04T17:00:00", "2026-03-04T17:00:00"),
        ("tuesday", "2026-03-03T00:00:00", "2026-03-04T00:00:00"),
        ("last thursday", "2026-02-26T00:00:00", "2026-02-27T00:00:00"),
        ("tue noon", "2026-03-03T12:00:00", "2026-03-03T12:00:00"),
        ("the 3rd at noon", "2026-03-03T12:00:00", "2026-03-03T12:00:00"),
        ("on the 28th", "2026-02-28T00:00:00", "2026-03-01T00:00:00"),
        ("3 March 2026", "2026-03-03T00:00:00", "2026-03-04T00:00:00"),
        ("March 3, 9:15 am", "2026-03-03T09:15:00", "2026-03-03T09:15:00"),
        ("24 Dec", "2025-12-24T00:00:00", "2025-12-25T00:00:00"),
    ],
)
def test_words_mean_a_span_of_time(typed: str, since: str, until: str) -> None:
    period = parse_period(typed, THURSDAY, UTC)
    assert as_since(period) == datetime.fromisoformat(since + "+00:00")
    assert as_until(period) == datetime.fromisoformat(until + "+00:00")


def test_the_local_zone_is_meant_unless_another_is_named() -> None:
    assert as_since(parse_period("2026-03-03", THURSDAY, NEW_YORK)).isoformat() == "2026-03-03T05:00:00+00:00"
    assert as_since(parse_period("2026-03-03T12:00", THURSDAY, BERLIN)).isoformat() == "2026-03-03T11:00:00+00:00"
    assert as_since(parse_period("2026-03-03T12:00Z", THURSDAY, BERLIN)).isoformat() == "2026-03-03T12:00:00+00:00"
    assert as_since(parse_period("2026-03-03 12:00 +0530", THURSDAY, BERLIN)).isoformat() == "2026-03-03T06:30:00+00:00"


def test_a_day_has_23_hours_when_the_clocks_go_forward() -> None:
    period = parse_period("2026-03-29", THURSDAY, BERLIN)
    assert (period.end - period.start).total_seconds() == 23 * 3600


def test_at_a_day_means_its_last_moment() -> None:
    assert as_at(parse_period("2026-03-03", THURSDAY, BAMAKO)).isoformat() == "2026-03-03T23:59:59.999999+00:00"
    assert as_at(parse_period("2026-03-03T12:00", THURSDAY, BAMAKO)).isoformat() == "2026-03-03T12:00:00+00:00"


@pytest.mark.parametrize(
    "typed",
    ["", "soon", "2026-13-01", "2026-02-30", "31 february", "999999999 years ago", "99:99", "13pm", "in 3 days", "5",
     "0000-00-00", "2026-03-03T25:00", "3 fortnights ago", "march", "\x00", "noon noon", "0th", "9" * 400],
)  # fmt: skip
def test_what_is_no_time_is_said_with_examples(typed: str) -> None:
    with pytest.raises(ValueError, match="no time that is understood; try"):
        parse_period(typed, THURSDAY, UTC)


def test_without_a_zone_the_machine_is_asked() -> None:
    local = datetime(2026, 3, 3, 12).astimezone()
    assert as_since(parse_period("2026-03-03T12:00", THURSDAY)) == local
