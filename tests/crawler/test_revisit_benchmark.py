"""The simulator of revisit policies runs the archive's own rule, and the rule keeps what is promised of it."""

from __future__ import annotations

import pytest

from archive import revisit
from benchmarks import revisit as benchmark


def test_at_sixteen_looks_our_rule_catches_89_percent_and_an_oracle_little_more() -> None:
    articles = benchmark.lives(3000)
    result = benchmark.simulate(articles, benchmark.ours, revisit.DEFAULT_SCALE)
    assert result.looks <= 16.1
    assert result.caught >= 0.89
    assert benchmark.simulate(articles, benchmark.fixed, 42.4).caught < 0.6


def test_it_is_the_archives_own_function_that_is_measured(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(revisit, "next_visit", lambda *_: None)
    life = benchmark.lives(1)[0]
    assert benchmark.follow(life, benchmark.ours, 1.0)[0] == 0


def test_as_many_articles_are_edited_as_were_measured() -> None:
    edits = [len(life.edits) for life in benchmark.lives(5000)]
    edited = [count for count in edits if count]
    assert len(edited) / len(edits) == pytest.approx(0.36, abs=0.02)
    assert sum(edited) / len(edited) == pytest.approx(2.1, abs=0.15)
