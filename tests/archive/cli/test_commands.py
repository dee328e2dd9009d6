"""What the reading commands answer on a small archive, and how they take a user's mistakes."""

from __future__ import annotations

import csv
import io
import json
import shutil
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from archive import Archive, Damaged, Unavailable
from archive.cli import commands
from archive.model import RawCapture
from archive.warc import RawStore

LISTINGS = (
    ("articles",),
    ("articles", "--at", "2026-03-04"),
    ("changes",),
    ("search", "river"),
    ("stats",),
    ("stats", "sahel"),
    ("categories",),
    ("engagement", "1"),
    ("history", "1"),
)


@pytest.mark.parametrize("words", LISTINGS)
def test_a_listing_says_the_same_in_every_format(words: tuple[str, ...], run) -> None:
    lines = [json.loads(line) for line in run(*words, "--format", "jsonl").stdout.splitlines()]
    assert lines
    assert json.loads(run(*words, "--format", "json").stdout) == lines
    table = list(csv.DictReader(io.StringIO(run(*words, "--format", "csv").stdout)))
    assert [list(row) for row in table] == [list(row) for row in lines]
    shown = run(*words).stdout
    assert shown.count("\n") >= len(lines)
    assert "\x1b" not in shown


@pytest.mark.parametrize("form", ["json", "jsonl", "csv"])
def test_an_empty_answer_is_still_well_formed(form: str, run) -> None:
    result = run("changes", "--until", "2020", "--format", form)
    assert result.exit_code == 0
    if form == "json":
        assert json.loads(result.stdout) == []
    if form == "csv":
        assert result.stdout.startswith("captured_at,")


# --- articles ---


@pytest.mark.parametrize(
    ("options", "ids"),
    [
        ((), [3, 2, 1]),
        (("list",), [3, 2, 1]),
        (("--site", "sahel"), [2, 1]),
        (("--category", "africa"), [1]),
        (("--topic", "economy"), [3]),
        (("--topic", "17000000"), [1]),
        (("--author", "Lin Park"), [3]),
        (("--language", "en"), [3, 2, 1]),
        (("--since", "2026-03-03 13:00"), [3]),
        (("--until", "2026-03-03 09:30"), [1]),
        (("--changed-since", "yesterday"), [1]),
        (("--published-since", "2026-03-03"), [1]),
        (("--views", "10000"), [1]),
        (("--views", "99999"), []),
        (("--likes", "61", "--views", "1"), [1]),
        (("--likes", "62"), []),
        (("--comments", "0"), []),
        (("--gone",), [2]),
        (("--not-gone",), [3, 1]),
        (("--kind", "number", "--kind", "quote"), [1]),
        (("--kind", "category"), []),
        (("--stealth", "--views", "1"), [1]),
        (("--text", "capital"), [3]),
        (("--text", "river", "--site", "meridian"), []),
        (("--limit", "1"), [3]),
        (("--limit", "0"), [3, 2, 1]),
    ],
)
def test_articles_are_chosen_by_filters(options: tuple[str, ...], ids: list[int], rows) -> None:
    assert [row["id"] for row in rows("articles", *options)] == ids


def test_the_site_as_it_was_shows_what_each_article_said_then(rows) -> None:
    then = rows("articles", "--at", "2026-03-03T12:30", "--site", "sahel")
    assert [(row["article_id"], row["number"], row["certain"]) for row in then] == [(1, 2, False), (2, 1, False)]
    assert [row["article_id"] for row in rows("articles", "--at", "2026-03-05", "--site", "sahel")] == [1]


def test_a_table_that_is_cut_says_so(run) -> None:
    assert "--limit 0 shows all" in run("articles", "--limit", "2").stdout
    assert "--limit" not in run("articles", "--limit", "3").stdout


# --- one article ---


def test_show_gives_the_newest_version_with_what_is_known_of_its_limits(run) -> None:
    shown = run("show", "1").stdout
    assert shown.startswith("Rain returns at last\nby Awa Keita · Africa · en\n")
    assert "version 3 of 3, seen from 2026-03-04 12:00" in shown
    assert "it came between 2026-03-03 12:00 and 2026-03-04 12:00" in shown


def test_show_at_a_time_is_honest_about_the_gap_between_looks(run) -> None:
    certain = run("show", "https://sahel.test/rain", "--at", "2026-03-03 11:30").stdout
    assert "rose by 21" in certain
    assert "may already have changed" not in certain
    assert "may already have changed" in run("show", "1", "--at", "2026-03-04 08:00").stdout
    assert "nobody looked after" in run("show", "1", "--at", "now").stdout


@pytest.mark.parametrize(("name", "number"), [("1", 1), ("-1", 3), ("-3", 1)])
def test_show_takes_a_version_by_number_from_either_end(name: str, number: int, run) -> None:
    assert json.loads(run("show", "1", f"--version={name}", "--format", "json").stdout)["number"] == number


def test_show_takes_a_version_by_its_id(run) -> None:
    first = json.loads(run("show", "1", "--version", "1", "--format", "json").stdout)
    again = json.loads(run("show", "1", "--version", first["version_id"], "--format", "json").stdout)
    assert again == first


def test_scraped_text_never_steers_the_terminal(run) -> None:
    for words in (("show", "3"), ("search", "unions"), ("articles",), ("history", "3")):
        assert "\x1b" not in run(*words).stdout


def test_history_reads_as_a_life(rows) -> None:
    life = [(row["kind"], row["number"], row["text"]) for row in rows("history", "1")]
    assert life == [
        ("published", None, "published, by the page's own date"),
        ("version", 1, "version 1: “Rain returns to the valley”"),
        ("version", 2, "version 2: number, unannounced"),
        ("version", 3, "version 3: headline, correction"),
    ]
    assert [row["kind"] for row in rows("history", "https://sahel.test/lost")] == ["version", "gone"]


def test_diff_compares_the_last_two_versions_by_default(run) -> None:
    assert "[-to the valley-]{+at last+}" in run("diff", "1", "--format", "unified").stdout
    assert run("diff", "1", "2", "3").stdout == run("diff", "1").stdout


def test_diff_formats(run) -> None:
    record = json.loads(run("diff", "1", "1", "2", "--format", "json").stdout)
    assert (record["old"]["number"], record["new"]["number"], record["change"]["kinds"]) == (1, 2, ["number"])
    page = run("diff", "1", "--format", "html").stdout
    assert page.startswith("<!doctype html>")
    assert "<ins>" in page
    side = run("diff", "1", "1", "--side").stdout
    assert "before" in side
    assert "after" in side


def test_diff_is_in_colour_where_it_is_wanted(run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("TERM", "xterm-256color")
    assert "\x1b[" in run("diff", "1").stdout
    monkeypatch.setenv("NO_COLOR", "1")
    assert "\x1b[" not in run("diff", "1").stdout


def test_engagement_shows_a_table_and_a_chart(run, rows) -> None:
    shown = run("engagement", "1").stdout
    assert "58 → 12,400" in shown
    assert "▲" in shown
    assert [row["views"] for row in rows("engagement", "1")] == [58, 340, 700, 12400]
    assert "never showed a counter" in run("engagement", "3").stdout


# --- edits and words ---


def test_changes_say_who_what_when_and_how_much(rows) -> None:
    newest, older = rows("changes")
    assert (newest["site"], newest["number"], newest["edit_kinds"]) == ("sahel", 3, ["headline", "correction"])
    assert (older["captured_at"], older["after"]) == ("2026-03-03T11:00:00Z", "2026-03-03T09:00:00Z")
    assert (older["words_added"], older["words_removed"], older["stealth"]) == (1, 1, True)


@pytest.mark.parametrize(
    ("options", "numbers"),
    [
        (("--stealth",), [2]),
        (("--kind", "headline"), [3]),
        (("--kind", "headline", "--kind", "number"), [3, 2]),
        (("--since", "yesterday"), [3]),
        (("--until", "2026-03-03"), [2]),
        (("--site", "meridian"), []),
        (("--article", "https://sahel.test/rain", "--limit", "1"), [3]),
    ],
)
def test_changes_are_chosen_by_filters(options: tuple[str, ...], numbers: list[int], rows) -> None:
    assert [row["number"] for row in rows("changes", *options)] == numbers


def test_search_tells_when_words_came_and_when_they_went(rows) -> None:
    told = [(row["what"], row["number"]) for row in rows("search", '"12 centimetres"')]
    assert told == [("published", 1), ("removed", 2)]
    assert [row["number"] for row in rows("search", '"12 centimetres"', "--removed")] == [2]
    assert [row["number"] for row in rows("search", "misstated", "--added")] == [3]
    assert rows("search", "river", "--site", "meridian") == []
    assert rows("search", "misstated", "--until", "2026-03-03") == []


# --- taking away and keeping ---


@pytest.mark.parametrize(("what", "count"), [("versions", 5), ("engagement", 4), ("articles", 3), ("captures", 9)])
def test_export_gives_a_row_a_record(what: str, count: int, rows) -> None:
    assert len(rows("export", what)) == count


def test_export_chooses_by_site_and_time(rows) -> None:
    assert [row["number"] for row in rows("export", "versions", "--site", "sahel", "--since", "2026-03-04")] == [3]
    assert len(rows("export", "captures", "--until", "2026-03-03")) == 5


def test_export_writes_a_file(run, tmp_path: Path) -> None:
    assert run("export", "articles", "--format", "csv", "--output", str(tmp_path / "a.csv")).exit_code == 0
    titles = [row["title"] for row in csv.DictReader((tmp_path / "a.csv").open(encoding="utf-8"))]
    assert "'=Strike halts the trains" in titles


def test_export_never_writes_over_the_archive_itself(run, archive_file: Path, tmp_path: Path) -> None:
    mine = tmp_path / "mine.db"
    shutil.copy(archive_file, mine)
    raw = tmp_path / "mine.db.warc" / "2026-03-0a1b2c3d.warc.gz"
    raw.parent.mkdir()
    raw.write_bytes(b"kept")
    for what, file in (("sqlite", mine), ("versions", tmp_path / "x" / ".." / "mine.db"), ("warc", raw)):
        (tmp_path / "x").mkdir(exist_ok=True)
        done = run("export", what, "--output", str(file), database=f"sqlite:///{mine}")
        assert done.exit_code == 2
        assert "the archive's own file" in done.stderr
    assert run("verify", database=f"sqlite:///{mine}").exit_code == 0
    assert raw.read_bytes() == b"kept"


def test_numbers_beyond_all_archives_are_numbers_all_the_same(run) -> None:
    assert run("articles", "--views", "9" * 30).stdout == ""
    assert "Rain" in run("articles", "--limit", "9" * 30).stdout


def test_verify_finds_what_was_damaged_and_ends_with_1(run, archive_file: Path, tmp_path: Path) -> None:
    import sqlite3

    copy = tmp_path / "damaged.db"
    shutil.copy(archive_file, copy)
    with sqlite3.connect(copy) as connection:
        connection.execute("UPDATE contents SET data = zeroblob(length(data)) WHERE id = 1")
    connection.close()
    assert run("verify").exit_code == 0
    result = run("verify", database=f"sqlite:///{copy}")
    assert result.exit_code == 1
    assert "content" in result.stdout


def test_merge_and_split_bring_an_article_back(run, archive_file: Path, tmp_path: Path) -> None:
    copy = tmp_path / "mine.db"
    shutil.copy(archive_file, copy)
    mine = f"sqlite:///{copy}"
    assert run("articles", "merge", "1", "3", database=mine).exit_code == 0
    assert "Strike" not in run("articles", database=mine).stdout
    assert run("articles", "split", "3", database=mine).exit_code == 0
    assert "Strike" in run("articles", database=mine).stdout


def test_purge_asks_and_leaves_nothing_to_find(run, archive_file: Path, tmp_path: Path) -> None:
    copy = tmp_path / "mine.db"
    shutil.copy(archive_file, copy)
    mine = f"sqlite:///{copy}"
    assert run("purge", "sahel", "--reason", "asked", database=mine).exit_code == 1  # nobody said yes
    assert "Rain" in run("articles", database=mine).stdout
    assert "2 articles removed" in run("purge", "sahel", "--reason", "asked", "--yes", database=mine).stdout
    assert run("search", "river", database=mine).stdout == ""
    assert run("show", "1", database=mine).exit_code == 2
    assert "Strike" in run("articles", database=mine).stdout


def test_an_index_made_anew_has_no_word_of_what_was_purged(run, archive_file: Path, tmp_path: Path) -> None:
    import sqlite3

    mine = tmp_path / "mine.db"
    shutil.copy(archive_file, mine)
    assert run("purge", "sahel", "--reason", "asked", "--yes", database=f"sqlite:///{mine}").exit_code == 0
    assert "1 version in the search index" in run("upgrade", "--reindex", database=f"sqlite:///{mine}").stdout
    with sqlite3.connect(mine) as connection:
        connection.execute("CREATE VIRTUAL TABLE temp.words USING fts5vocab(main, search_index, row)")
        words = {word for (word,) in connection.execute("SELECT term FROM words")}
    connection.close()
    assert "strike" in words
    assert "river" not in words


def test_a_purge_broken_off_leaves_no_raw_page_of_what_it_removed(
    run, archive_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mine = tmp_path / "mine.db"
    shutil.copy(archive_file, mine)
    raw = RawStore(tmp_path / "mine.db.warc")
    with raw, Archive.open(f"sqlite:///{mine}") as archive:
        path = raw.write(RawCapture("https://sahel.test/rain", archive.captures(1)[0].captured_at, 200, (), b"secret"))
        archive.note_raw({archive.captures(1)[0].id or 0: path})
    whole = Archive.purge

    def purge_one(archive: Archive, article: int | str, *given: Any) -> tuple[str, ...]:
        if article != 1:
            raise Unavailable("the disk is full")
        return whole(archive, article, *given)

    monkeypatch.setattr(Archive, "purge", purge_one)
    monkeypatch.setattr(Archive, "articles", lambda _, **__: [SimpleNamespace(id=1), SimpleNamespace(id=3)])
    assert run("purge", "sahel", "--reason", "asked", "--yes", database=f"sqlite:///{mine}").exit_code == 2
    with pytest.raises(Damaged):
        raw.read(path)


# --- mistakes ---


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("show", "99"), "no article 99"),
        (("show", "99999999999999999999999"), "no article"),
        (("show", "https://nowhere.test/x"), "no article 'https://nowhere.test/x'"),
        (("show", "not a url"), "no article"),
        (("show", "1", "--version", "9"), "it has 1 to 3"),
        (("show", "1", "--version", "zzzz"), "no version"),
        (("show", "1", "--version", "--"), "no version"),
        (("show", "1", "--at", "2020"), "was first seen at"),
        (("show", "1", "--at", "soon"), "no time that is understood"),
        (("show", "1", "--at", "noon", "--version", "1"), "choose a version"),
        (("diff", "2"), "nothing to compare"),
        (("diff", "1", "1", "7"), "no version '7'"),
        (("articles", "--site", "nowhere"), "no site is named 'nowhere'"),
        (("articles", "--topic", "gossip"), "is no topic"),
        (("articles", "--since", "2026-02-30"), "no time that is understood"),
        (("articles", "--at", "noon", "--stealth"), "takes only --site"),
        (("changes", "--kind", "gossip"), "'gossip' is not one of"),
        (("changes", "--article", "77"), "no article 77"),
        (("search", "--", "-river"), "nothing to search for"),
        (("search", ""), "nothing to search for"),
        (("stats", "nowhere"), "no site is named 'nowhere'"),
        (("export", "gossip"), "'gossip' is not one of"),
        (("export", "versions", "--format", "parquet"), "--output FILE"),
        (("export", "versions", "--output", "/nowhere/at/all.jsonl"), "there is no folder"),
        (("articles", "merge", "1", "1"), "cannot be merged with itself"),
        (("articles", "split", "1"), "no merged article 1"),
        (("articles", "split", "9" * 30), "is not in the range"),
        (("purge", "77", "--reason", "x", "--yes"), "no article 77"),
        (("restore", "/nowhere/at/all.db"), "an archive is at"),
    ],
)
def test_a_mistake_is_said_in_a_line_and_ends_with_2(words: tuple[str, ...], said: str, run) -> None:
    result = run(*words)
    assert result.exit_code == 2
    assert said in result.stderr
    assert "Traceback" not in result.output
    assert result.stdout == ""


READING = sorted(set(commands) - {"restore"})


@pytest.mark.parametrize("name", READING)
def test_no_command_makes_an_archive_that_is_not_there(name: str, run, tmp_path: Path) -> None:
    more = {
        "show": ["1"], "open": ["1"], "history": ["1"], "diff": ["1"], "engagement": ["1"], "search": ["x"], "family": ["1"],
        "export": ["versions"], "backup": [str(tmp_path / "b.db")], "purge": ["1", "--reason", "x", "--yes"],
    }  # fmt: skip
    result = run(name, *more.get(name, []), database=f"sqlite:///{tmp_path}/none.db")
    assert result.exit_code == 2
    assert result.stderr.count("\n") == 1
    assert str(tmp_path / "none.db") in result.stderr
    assert "`backissue crawl` makes it" in result.stderr
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_is_no_archive_is_said_to_be_none(run, tmp_path: Path) -> None:
    (tmp_path / "notes.db").write_text("These are my notes. " * 100)
    result = run("articles", database=f"sqlite:///{tmp_path}/notes.db")
    assert result.exit_code == 2
    assert "Traceback" not in result.output
    assert (tmp_path / "notes.db").read_text().startswith("These are my notes.")


def test_the_commands_load_nothing_heavy() -> None:
    """The database, tables and the differ are loaded by the commands that need them, when they need them."""
    script = """
import sys, types
package = types.ModuleType("archive")  # without what archive/__init__.py itself loads
package.__path__ = [sys.argv[1]]
sys.modules["archive"] = package
import archive.cli
print([name for name in ("sqlalchemy", "alembic", "rich", "rapidfuzz", "pyarrow") if name in sys.modules])
"""
    folder = Path(__file__).parents[3] / "archive"
    command = [sys.executable, "-c", script, str(folder)]
    shown = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    assert shown.strip() == "[]"
