"""Budgets: how they are shared, what they make of the revisit rule, and that a crawl keeps within them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive import Archive
from archive.revisit import looks_in_a_life
from crawler.budget import FINEST_SCALE, Allowance, Traffic, allowance, allowances, divide, looks_at_runs

LocalSite = Any
Project = Any

NAMES = st.sampled_from("abcdef")
TEXT = (
    "The harbour office said on Tuesday that berth {0} will be dredged.\n\nThe work costs {0}40 thousand.\n\n"
    "It takes {0} weeks."
)


@given(
    st.integers(1, 10**6), st.dictionaries(NAMES, st.floats(0.1, 1e4)), st.dictionaries(NAMES, st.integers(1, 10_000))
)
def test_shares_never_add_up_to_more_than_the_whole_nor_above_a_sites_own_cap(
    overall: int, wants: dict[str, float], caps: dict[str, int]
) -> None:
    shares = divide(overall, wants, caps)
    assert shares.keys() == wants.keys()
    assert sum(shares.values()) <= overall * (1 + 1e-9)
    assert all(share >= 0 and share <= caps.get(name, overall) * (1 + 1e-9) for name, share in shares.items())


def test_without_a_budget_there_is_no_bound_and_the_rules_own_c() -> None:
    assert allowances(None, {"a": None, "b": 60}, {})["a"] == Allowance(None, None)


def test_a_site_never_crawled_is_taken_for_a_usual_one() -> None:
    given = allowances(300, {"a": None, "b": None}, {"a": Traffic(100.0, 1)})
    assert given["a"].per_hour == given["b"].per_hour == 150
    assert given["b"].scale is None


@pytest.mark.parametrize(("per_hour", "articles", "looks"), [(100, 120, 19), (100, 240, 9), (40, 48, 19)])
def test_c_spaces_the_looks_so_that_they_fit(per_hour: int, articles: float, looks: int) -> None:
    scale = allowance(per_hour, Traffic(articles)).scale
    assert scale is not None
    assert looks_in_a_life(scale) == pytest.approx(looks, abs=1)
    assert Traffic(articles).per_hour(scale, timedelta(minutes=10)) <= per_hour * 1.1


def test_a_large_budget_is_not_spent_for_its_own_sake() -> None:
    assert allowance(10_000, Traffic(5.0)).scale == FINEST_SCALE


@given(st.floats(0.1, 5), st.integers(1, 48))
def test_rarer_crawls_never_look_more_often(scale: float, hours: int) -> None:
    assert looks_at_runs(scale, timedelta(hours=hours)) <= looks_at_runs(scale, timedelta(minutes=10))


def test_sources_are_left_from_the_budget() -> None:
    poor, rich = allowance(60, Traffic(60.0, sources=30)), allowance(60, Traffic(60.0, sources=1))
    assert poor.scale is not None
    assert rich.scale is not None
    assert poor.scale > rich.scale


def test_a_crawl_asks_no_more_than_the_hours_budget_and_what_is_left_stays_due(
    local_site: LocalSite, project: Callable[..., Project]
) -> None:
    local_site.articles = {f"/news/berth-{n}-will-be-dredged-before-spring": TEXT.format(n) for n in range(30)}
    paper = project(paper=local_site)
    sites = paper.folder / "sites.toml"
    sites.write_text(sites.read_text() + "max_requests_per_hour = 20\n")
    assert paper.run("crawl").returncode == 0
    # Sources of every kind, guesses and robots.txt included.
    assert 10 <= sum(local_site.requests.values()) <= 21
    asked = sum(local_site.requests.values())
    again = paper.run("crawl")
    assert again.returncode == 0, again.stderr
    assert sum(local_site.requests.values()) <= max(asked + 1, 21)
    with Archive.open(paper.database) as archive:
        stats = archive.sites()[0]
        assert stats.scale is None or stats.scale >= FINEST_SCALE
        assert 0 < len(list(archive.iter_articles())) < 30
