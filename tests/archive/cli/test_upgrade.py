"""`upgrade --learn-boilerplate`: shown first, applied when told, explained afterwards."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from archive import Archive, Capture, Content, Verdict

START = datetime(2026, 3, 3, 9, tzinfo=UTC)
PROMO = "Sign up for our morning letter and never miss a story."


@pytest.fixture
def promoted(tmp_path: Path) -> str:
    """Ten articles of one site with the same paragraph at their end."""
    url = f"sqlite:///{tmp_path / 'promoted.db'}"
    with Archive.open(url) as archive:
        for n in range(10):
            body = f"It rained for {n} days in village number {n}.\n\n{PROMO}"
            content = Content(title=f"Story {n}", body=body)
            at = START + timedelta(hours=n)
            archive.record_many(
                [Capture(f"https://wet.test/{n}", at, content=content, site="wet", verdict=Verdict.ARTICLE)]
            )
    return url


def test_what_was_found_is_shown_and_nothing_changed(promoted: str, run) -> None:
    shown = run("upgrade", "--learn-boilerplate", database=promoted).stdout
    assert shown.splitlines() == [
        "wet: 1 paragraph found",
        f"  stands in 10 of 10 articles: {PROMO}",
        "  nothing was changed; --apply leaves them out",
    ]
    assert PROMO in run("show", "1", database=promoted).stdout


def test_applied_it_is_gone_from_the_text_and_explained(promoted: str, run) -> None:
    shown = run("upgrade", "--learn-boilerplate", "--site", "wet", "--apply", database=promoted).stdout
    assert "left out of 10 looks; no version was added" in shown
    assert PROMO not in run("show", "1", database=promoted).stdout
    explained = run("show", "1", "--explain", database=promoted).stdout
    assert "left out by rule 1" in explained
    assert f"rule 1 (version 1 of wet's): {PROMO}" in explained
    life = [json.loads(row) for row in run("history", "1", "--format", "jsonl", database=promoted).stdout.splitlines()]
    assert [row["kind"] for row in life] == ["version", "rebaselined"]
    assert "boilerplate rule 1 left out of captures 1; no version was added" in life[1]["text"]
    assert "0 paragraphs found" in run("upgrade", "--learn-boilerplate", database=promoted).stdout


def test_its_options_belong_together(promoted: str, run) -> None:
    assert run("upgrade", "--apply", database=promoted).exit_code == 2
    assert run("upgrade", "--learn-boilerplate", "--site", "dry", database=promoted).exit_code == 2
