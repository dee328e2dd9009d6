"""When a look may be answered by "not modified", which would hide the counters."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from archive.model import Due
from crawler.reading import FULL_FETCH_EVERY, may_be_conditional
from crawler.sites import Site

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


def site(setting: str, *, render: bool = False) -> Site:
    return Site(name="paper", url="https://a.test/", conditional=setting, render=render)


def due(*, etag: str | None = '"1"', shows_counters: bool = True, since_full: int = 0) -> Due:
    return Due(
        url="https://a.test/river",
        reason="due",
        due_at=NOON,
        etag=etag,
        shows_counters=shows_counters,
        conditional_since_full=since_full,
    )


@pytest.mark.parametrize(
    ("setting", "look", "expected"),
    [
        ("off", due(), False),
        ("on", due(since_full=99), True),
        ("on", due(etag=None), False),
        ("auto", due(), True),
        ("auto", due(since_full=FULL_FETCH_EVERY), False),
        ("auto", due(since_full=99, shows_counters=False), True),
        ("auto", due(etag=None, shows_counters=False), False),
    ],
)
def test_a_site_decides_and_auto_asks_fully_now_and_then_where_counters_are_known(
    setting: str, look: Due, expected: bool
) -> None:
    assert may_be_conditional(site(setting), look) is expected


def test_with_auto_no_counter_stays_hidden_for_longer_than_the_rule_says() -> None:
    since_full, hidden, longest = 0, 0, 0
    for _ in range(40):
        if may_be_conditional(site("auto"), due(since_full=since_full)):
            since_full, hidden = since_full + 1, hidden + 1
        else:
            since_full, hidden = 0, 0
        longest = max(longest, hidden)
    assert longest == FULL_FETCH_EVERY


def test_a_page_that_scripts_complete_is_always_asked_for_in_full() -> None:
    assert may_be_conditional(site("on", render=True), due()) is False
