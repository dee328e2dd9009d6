"""The archive as plain files: relative links that lead somewhere, no script, scraped text as text."""

from __future__ import annotations

import json
import re
import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from archive import Archive
from archive.model import Capture, Content, Counter, Engagement, Verdict

pytest.importorskip("fastapi")
HOSTILE = """<script>alert(1)</script>"><img src=x onerror=alert(1)>{{ 7*7 }}javascript:alert(1)"""


class Page(HTMLParser):
    """The links, elements and attributes of a page."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.elements: set[str] = set()
        self.attributes: set[str] = set()
        self.links: list[str] = []
        self.policy: str | None = None
        self.feed(path.read_text(encoding="utf-8"))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.add(tag)
        self.attributes |= {name for name, _ in attrs}
        said = dict(attrs)
        self.links += [link for name in ("href", "src") if (link := said.get(name))]
        if said.get("http-equiv") == "Content-Security-Policy":
            self.policy = said.get("content")


def pages(folder: Path) -> dict[Path, Page]:
    return {path: Page(path) for path in sorted(folder.rglob("*.html"))}


@pytest.fixture
def public(run, tmp_path: Path) -> Path:
    result = run("export", "site", str(tmp_path / "public"))
    assert result.exit_code == 0, result.output
    return tmp_path / "public"


def test_every_link_is_relative_and_leads_to_a_file_or_out_to_the_article(public: Path) -> None:
    seen = set()
    for path, page in pages(public).items():
        for link in page.links:
            if link.startswith("https://"):
                assert ".test/" in link
                continue
            target = path if link.startswith("#") else (path.parent / link.partition("#")[0]).resolve()
            assert target.is_file(), (path, link)
            if (anchor := link.partition("#")[2]) and link != "#main":
                assert f'id="{anchor}"' in target.read_text(encoding="utf-8"), (path, link)
            seen.add(target)
    assert set(pages(public)) <= seen


def test_there_are_pages_of_sites_articles_versions_and_edits(public: Path) -> None:
    front = (public / "index.html").read_text(encoding="utf-8")
    assert "Rain returns" in front
    assert "sahel" in front
    assert (public / "sites/sahel/index.html").is_file()
    article = (public / "articles/1/index.html").read_text(encoding="utf-8")
    assert "<svg" in article
    assert "12\u202f400" in article
    versions = [path for path in (public / "articles/1").iterdir() if path.name != "index.html"]
    assert len(versions) == 3
    assert any("<del>12</del><ins>21</ins>" in path.read_text(encoding="utf-8") for path in versions)


def test_nothing_on_a_page_can_run_or_call_home(public: Path) -> None:
    for page in pages(public).values():
        assert "script" not in page.elements
        assert "form" not in page.elements
        assert not [name for name in page.attributes if name.startswith("on") or name == "style"]
        assert page.policy is not None
        assert page.policy.startswith("default-src 'none'")


def test_what_was_scraped_is_only_text(run, tmp_path: Path) -> None:
    database = f"sqlite:///{tmp_path / 'x.db'}"
    at = datetime(2026, 3, 3, tzinfo=UTC)
    with Archive.open(database) as archive:
        archive.add_site("../../evil <b>", "javascript:alert(1)")
        for number in range(2):
            content = Content(
                title=f"{HOSTILE} {number}",
                body=f"{HOSTILE} first {number}.\n\n{HOSTILE}",
                authors=(HOSTILE,),
                categories=(HOSTILE,),
                language='en" onload="alert(1)',
            )
            views = Engagement(views=Counter(5, True, HOSTILE, "label"))
            archive.record_many([Capture("https://evil.test/a?<script>", at + timedelta(hours=number), site="../../evil <b>",
                                         verdict=Verdict.ARTICLE, content=content, engagement=views)])  # fmt: skip
    result = run("export", "site", str(tmp_path / "out"), database=database)
    assert result.exit_code == 0, result.output
    for page in pages(tmp_path / "out").values():
        assert not page.elements & {"script", "img", "b", "iframe"}
        assert not [name for name in page.attributes if name.startswith("on")]
        assert not [link for link in page.links if link.lower().startswith(("javascript", "data", "//"))]
    assert {path.name for path in tmp_path.iterdir()} >= {"out", "x.db"}
    assert not [path for path in tmp_path.parent.iterdir() if "evil" in path.name]


def test_a_site_alone_is_all_there_is(run, tmp_path: Path) -> None:
    assert run("export", "site", str(tmp_path / "out"), "--site", "meridian").exit_code == 0
    assert [path.name for path in (tmp_path / "out/sites").iterdir()] == ["meridian"]
    assert sorted(path.name for path in (tmp_path / "out/articles").iterdir()) == ["3", "index.html"]


def test_long_lists_are_cut_into_pages(run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("archive.export.site.writer.ON_A_PAGE", 1)
    assert run("export", "site", str(tmp_path / "out")).exit_code == 0
    assert {path.name for path in (tmp_path / "out/articles").glob("*.html")} == {"index.html", "2.html", "3.html"}
    assert [path.name for path in (tmp_path / "out/changes").iterdir()] == ["2.html"]
    test_every_link_is_relative_and_leads_to_a_file_or_out_to_the_article(tmp_path / "out")


def test_an_empty_archive_is_an_empty_site(run, tmp_path: Path) -> None:
    Archive.open(f"sqlite:///{tmp_path / 'x.db'}").close()
    assert run("export", "site", str(tmp_path / "out"), database=f"sqlite:///{tmp_path / 'x.db'}").exit_code == 0
    assert "No edit was seen yet" in (tmp_path / "out/index.html").read_text(encoding="utf-8")


def test_a_new_export_takes_the_place_of_the_old_one_and_keeps_nothing_of_it(run, public: Path) -> None:
    (public / "articles/99").mkdir()
    (public / "articles/99/index.html").write_text("purged since", encoding="utf-8")
    assert run("export", "site", str(public)).exit_code == 0
    assert not (public / "articles/99").exists()
    assert [path.name for path in public.parent.iterdir()] == ["public"]


def test_a_folder_with_other_files_is_left_alone(run, tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine/thesis.txt").write_text("mine", encoding="utf-8")
    result = run("export", "site", str(tmp_path / "mine"))
    assert result.exit_code == 2
    assert "left" not in result.stdout
    assert [path.name for path in (tmp_path / "mine").iterdir()] == ["thesis.txt"]
    assert [path.name for path in tmp_path.iterdir()] == ["mine"]


def test_a_broken_export_leaves_the_old_site(run, public: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: Any, **__: Any) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("archive.export.site.writer.write_page", full)
    result = run("export", "site", str(public))
    assert result.exit_code == 2
    assert "No space left" in result.output
    assert (public / "index.html").is_file()
    assert [path.name for path in public.parent.iterdir()] == ["public"]


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (["site"], "export site DIR"),
        (["site", "out", "--format", "csv"], "only --site"),
        (["site", "out", "--since", "yesterday"], "only --site"),
        (["versions", "out"], "--output out"),
        (["jsonld", "--format", "csv"], "JSON-LD is JSON"),
        (["site", "nowhere/out"], "there is no folder"),
        (["sqlite"], "--output FILE"),
        (["sqlite", "-o", "x.db", "--format", "csv"], "no --format"),
    ],
)
def test_words_that_do_not_go_together_are_said(words: list[str], why: str, run) -> None:
    result = run("export", *words)
    assert result.exit_code == 2
    assert why in result.output


def test_without_the_extra_it_is_named(run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    result = run("export", "site", "out")
    assert result.exit_code == 2
    assert "backissue[web]" in result.output


def test_jsonld_is_one_object_a_line(rows, run, archive_file: Path) -> None:
    found = [json.loads(line) for line in run("export", "jsonld").stdout.splitlines()]
    assert [each["@type"] for each in found] == ["NewsArticle"] * 3
    rain = next(each for each in found if each["@id"].endswith("/rain"))
    assert rain["interactionStatistic"][0]["userInteractionCount"] == 12_400
    assert rain["version"] == 3
    one_list = json.loads(run("export", "jsonld", "--format", "json", "--site", "meridian").stdout)
    assert [each["publisher"]["name"] for each in one_list] == ["meridian"]


def test_parquet_reads_back(run, tmp_path: Path) -> None:
    parquet = pytest.importorskip("pyarrow.parquet")
    for what, count in (("versions", 5), ("engagement", 4), ("articles", 3), ("captures", 9)):
        path = tmp_path / f"{what}.parquet"
        assert run("export", what, "--format", "parquet", "--output", str(path)).exit_code == 0
        assert parquet.read_table(path).num_rows == count


def test_a_plain_sqlite_file_holds_what_the_rows_say(rows, run, tmp_path: Path) -> None:
    target = tmp_path / "plain.db"
    assert run("export", "sqlite", "--output", str(target)).exit_code == 0
    with closing(sqlite3.connect(target)) as connection:
        connection.row_factory = sqlite3.Row
        for name in ("articles", "versions", "engagement", "captures"):
            expected = rows("export", name)
            found = [dict(row) for row in connection.execute(f"SELECT * FROM {name} ORDER BY rowid")]
            for row, wanted in zip(found, expected, strict=True):
                for field, value in wanted.items():
                    said = json.loads(row[field]) if isinstance(value, list) else row[field]
                    assert said == value, (name, field)
        words = "SELECT DISTINCT url FROM versions_search JOIN versions v ON v.rowid = versions_search.rowid WHERE versions_search MATCH ?"
        assert [row[0] for row in connection.execute(words, ["centimetres"])] == ["https://sahel.test/rain"]
    assert [path.name for path in tmp_path.iterdir()] == ["plain.db"]


def test_chart_and_diff_stand_without_the_server(public: Path) -> None:
    """The pages name no address of the server's."""
    for path in public.rglob("*.html"):
        assert not re.search(r'(?:href|src|action)="/', path.read_text(encoding="utf-8")), path
