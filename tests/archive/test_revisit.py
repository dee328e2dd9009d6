"""When to look again."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive import revisit

BORN = datetime(2026, 3, 1, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@given(st.timedeltas(timedelta(0), 30 * DAY), st.integers(0, 1000), st.floats(0.001, 100))
def test_the_wait_is_never_under_ten_minutes_nor_over_a_fortnight(age: timedelta, changes: int, scale: float) -> None:
    visit = revisit.next_visit(BORN + age, BORN, changes, scale)
    assert visit is not None
    assert timedelta(minutes=10) <= visit.at - (BORN + age) <= 14 * DAY


@pytest.mark.parametrize(
    ("age", "changes", "hours"), [(0 * HOUR, 0, 0.5), (10 * HOUR, 0, 5), (10 * HOUR, 3, 2.5), (29 * DAY, 0, 336)]
)
def test_the_wait_grows_with_age_and_shrinks_with_changes(age: timedelta, changes: int, hours: float) -> None:
    visit = revisit.next_visit(BORN + age, BORN, changes, 0.5)
    assert visit is not None
    assert (visit.at - BORN - age) / HOUR == pytest.approx(hours)


def test_an_article_of_a_month_is_left_alone() -> None:
    assert revisit.next_visit(BORN + 30 * DAY + HOUR, BORN, 5) is None


def test_a_first_missing_page_is_looked_at_again_and_then_rarely() -> None:
    waits = [revisit.after_gone(BORN, n, was_article=True) for n in range(1, 8)]
    assert [(w.at - BORN) // HOUR if w else None for w in waits] == [6, 24, 48, 96, 192, 336, None]
    assert revisit.after_gone(BORN, 2, was_article=False) is None


def test_what_is_no_article_is_given_up_after_a_week() -> None:
    waits = [revisit.after_no_article(BORN, n, was_article=False) for n in (1, 2, 3)]
    assert [(w.at - BORN) // DAY if w else None for w in waits] == [1, 7, None]
    assert revisit.after_no_article(BORN, 3, was_article=True) is not None


def test_failures_are_given_up_in_the_end() -> None:
    assert revisit.retry(BORN, 12) is not None
    assert revisit.retry(BORN, 13) is None


@pytest.mark.parametrize("looks", [4, 8, 16, 32, 60])
def test_a_budget_is_met(looks: int) -> None:
    assert revisit.looks_in_a_life(revisit.scale_for(looks)) == pytest.approx(looks, abs=2)


def test_a_budget_is_shared_by_what_a_site_publishes() -> None:
    few, many = revisit.scale_for_budget(100, 20), revisit.scale_for_budget(100, 200)
    assert few < many
    assert revisit.scale_for_budget(100, 0) == revisit.DEFAULT_SCALE


def test_a_pull_waits_ten_minutes_after_the_last_look_and_never_delays() -> None:
    minute = timedelta(minutes=1)
    assert revisit.pulled_forward(BORN, BORN + DAY, BORN - minute).at == BORN + 9 * minute
    assert revisit.pulled_forward(BORN, BORN - HOUR, BORN - DAY).at == BORN - HOUR
