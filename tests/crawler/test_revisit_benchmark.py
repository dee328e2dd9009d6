"""The simulator of revisit policies runs the archive's own rule, and the rule keeps what is promised of it."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import pytest

from archive import revisit

PATH = Path(__file__).resolve().parents[2] / "benchmarks" / "revisit.py"


@pytest.fixture(scope="module")
def benchmark() -> ModuleType:
    spec = importlib.util.spec_from_file_location("revisit_benchmark", PATH)
    assert spec is not None
    assert spec.loader is not None
    module = sys.modules["revisit_benchmark"] = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_at_sixteen_looks_our_rule_catches_89_percent_and_an_oracle_little_more(benchmark: ModuleType) -> None:
    articles = benchmark.lives(3000)
    result = benchmark.simulate(articles, benchmark.ours, revisit.DEFAULT_SCALE)
    assert result.looks <= 16.1
    assert result.caught >= 0.89
    assert benchmark.simulate(articles, benchmark.fixed, 42.4).caught < 0.6


def test_it_is_the_archives_own_function_that_is_measured(
    benchmark: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(revisit, "next_visit", lambda *_: None)
    life = benchmark.lives(1)[0]
    assert benchmark.follow(life, benchmark.ours, 1.0)[0] == 0


def test_as_many_articles_are_edited_as_were_measured(benchmark: ModuleType) -> None:
    edits = [len(life.edits) for life in benchmark.lives(5000)]
    edited = [count for count in edits if count]
    assert len(edited) / len(edits) == pytest.approx(0.36, abs=0.02)
    assert sum(edited) / len(edited) == pytest.approx(2.1, abs=0.15)


def test_the_table_takes_the_place_of_the_one_before_and_leaves_other_sections(
    benchmark: ModuleType, tmp_path: Path
) -> None:
    readme = tmp_path / "README.md"
    readme.write_text("# Benchmarks\n\n## Extraction\n\nA table.\n")
    benchmark.write(f"{benchmark.HEADING}\n\nold\n", readme)
    readme.write_text(readme.read_text() + "\n## Crawl\n\nAnother.\n")
    benchmark.write(f"{benchmark.HEADING}\n\nnew\n", readme)
    text = readme.read_text()
    assert text.index("## Extraction") < text.index("new") < text.index("## Crawl")
    assert "old" not in text
