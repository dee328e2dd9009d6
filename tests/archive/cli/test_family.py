"""Copies of a text, and headlines that flip, as the commands show them."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest

from archive import Archive, Capture, Content, Verdict

START = datetime(2026, 3, 3, 9, tzinfo=UTC)
WIRE = "\n\n".join(
    [
        "The council of the river towns met on Monday to vote on the bridge that the flood of last year had closed.",
        "Nineteen of its members were for the repair, four were against it, and two had stayed at home.",
        "The work is to begin in May and to cost 12 million, a third of which the province has promised to pay.",
        "Until then a ferry takes people, bicycles and sheep across, though not when the wind is from the west.",
    ]
)
NOTE = "Correction: An earlier version of this article misstated what the work will cost."


def _look(site: str, hours: float, body: str, title: str = "Towns vote for the bridge") -> Capture:
    at = START + timedelta(hours=hours)
    content = Content(title=title, body=body, language="en", modified_at=START)
    return Capture(f"https://{site}.test/bridge", at, content=content, site=site, verdict=Verdict.ARTICLE)


@pytest.fixture(scope="module")
def copies(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A text on two sites, corrected on one; on the third it has a headline of two kinds."""
    path = tmp_path_factory.mktemp("copies") / "copies.db"
    other = WIRE.replace("12 million", "21 million")
    with Archive.open(f"sqlite:///{path}") as archive:
        archive.record_many([_look("upper", 0, WIRE), _look("lower", 1, WIRE)])
        archive.record_many([_look("upper", 5, f"{other}\n\n{NOTE}")])
        for hour in range(6):
            title = "Bridge: what the vote means for you" if hour % 2 else "Bridge: they voted"
            archive.record_many([_look("flip", hour, f"Short {len('abc')}.", title)])
    return f"sqlite:///{path}"


def test_a_family_tells_which_copies_got_the_correction(copies: str, run) -> None:
    shown = run("family", "2", database=copies).stdout
    assert "upper" in shown.splitlines()[1]
    assert NOTE in shown.splitlines()[1]
    assert shown.splitlines()[2].endswith("none")
    rows = [json.loads(x) for x in run("family", "1", "--format", "jsonl", database=copies).stdout.splitlines()]
    assert [(row["site"], row["versions"], row["correction"]) for row in rows] == [
        ("upper", 2, NOTE),
        ("lower", 1, None),
    ]


def test_an_article_without_copies_says_so(copies: str, run) -> None:
    result = run("family", "3", database=copies)
    assert (result.exit_code, result.stdout) == (0, "")
    assert "no other article has this text" in result.stderr


def test_history_names_the_copies(copies: str, run) -> None:
    assert "also on upper: https://upper.test/bridge (" in run("history", "2", database=copies).stdout


def test_diff_compares_two_copies(copies: str, run) -> None:
    shown = run("diff", "2", "--with", "https://upper.test/bridge", "--format", "unified", database=copies).stdout
    assert shown.startswith("# https://lower.test/bridge, version 1")
    assert "# https://upper.test/bridge, version 2" in shown
    assert "cost [-12-]{+21+} million" in shown
    same = json.loads(run("diff", "2", "1", "1", "--with", "1", "--format", "json", database=copies).stdout)
    assert (same["old"]["article_id"], same["new"]["article_id"], same["change"]["kinds"]) == (2, 1, [])


def test_between_two_articles_nothing_is_called_unannounced(copies: str, run) -> None:
    told = json.loads(run("diff", "1", "1", "--with", "3", "--format", "json", database=copies).stdout)
    assert told["change"]["stealth"] is False
    assert "https://flip.test/bridge" in run("diff", "1", "--with", "3", "--format", "html", database=copies).stdout


def test_a_version_that_a_copy_lacks_is_a_mistake(copies: str, run) -> None:
    result = run("diff", "1", "1", "7", "--with", "2", database=copies)
    assert (result.exit_code, result.stdout) == (2, "")


def test_changes_mark_headlines_that_flip_and_choose_them(copies: str, run) -> None:
    shown = run("changes", "--flips", database=copies).stdout
    assert shown.count("headline flips between 2 texts") == 5
    rows = [json.loads(x) for x in run("changes", "--format", "jsonl", database=copies).stdout.splitlines()]
    assert [row["headline_flips"] for row in rows if row["site"] == "upper"] == [None]
    assert run("changes", "--flips", "--kind", "number", database=copies).exit_code == 2


def test_history_tells_of_flips_once_and_keeps_every_version(copies: str, run) -> None:
    life = [json.loads(x) for x in run("history", "3", "--format", "jsonl", database=copies).stdout.splitlines()]
    assert [row["kind"] for row in life].count("version") == 6
    told = [row["text"] for row in life if row["kind"] == "headline_flips"]
    assert told == [
        "the headline flips: between “Bridge: they voted” and “Bridge: what the vote means for you”, 5 changes so far"
    ]
