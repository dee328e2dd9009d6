"""`backissue import` and `backissue extract`, as users call them."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from typing import Any

from archive import Archive

SAVED_PAGE = """Reservoir Levels Fall to Lowest Point Since Records Began

The three reservoirs that supply the coast held a fifth of their volume on Monday, the lowest level since records began in 1961, the water authority said.

Farmers in the upper valley have been told to stop watering at noon, and car washes in the two largest towns were closed for the month.

A spokeswoman said that the pipes laid last year lose far less water than the old ones, but that no pipe can carry what has not fallen.

Likes:
3 1
Views:
1,204
Article Categories:
Environment

Comments are closed."""
URL = "https://paper.example/reservoir-levels"


def test_a_page_saved_as_text_becomes_a_record_without_its_furniture(
    local_site: Any, project: Callable[..., Any]
) -> None:
    paper = project(paper=local_site)
    saved = paper.folder / "saved.txt"
    saved.write_text(SAVED_PAGE, encoding="utf-8")
    done = paper.run("import", "text", str(saved), "--url", URL, "--captured-at", "2026-03-01T12:00:00Z")
    assert (done.returncode, done.stdout) == (0, "1 record: 1 new\n"), done.stderr
    with Archive.open(paper.database) as archive:
        content = archive.version(URL, 1).content
        assert content.title == "Reservoir Levels Fall to Lowest Point Since Records Began"
        assert content.body is not None
        assert len(content.body.split("\n\n")) == 3
        assert content.categories == ("Environment",)
        (point,) = archive.engagement(URL)
        assert (point.likes, point.dislikes, point.views) == (3, 1, 1204)
        assert (point.comments, point.comments_open) == (None, False)
        assert point.observed_at.isoformat() == "2026-03-01T12:00:00+00:00"


def test_without_a_url_a_urn_and_the_files_date_stand_in_and_twice_is_once(
    local_site: Any, project: Callable[..., Any]
) -> None:
    paper = project(paper=local_site)
    saved = paper.folder / "saved.txt"
    saved.write_text(SAVED_PAGE, encoding="utf-8")
    os.utime(saved, (1_772_366_400, 1_772_366_400))
    for _ in range(2):
        assert paper.run("import", "text", str(saved)).returncode == 0
    with Archive.open(paper.database) as archive:
        (article,) = archive.articles()
        assert article.url.startswith("urn:")
        assert [capture.captured_at.isoformat() for capture in archive.captures(article.id)] == [
            "2026-03-01T12:00:00+00:00"
        ]


def test_records_come_in_line_by_line_and_bad_ones_are_named(local_site: Any, project: Callable[..., Any]) -> None:
    paper = project(paper=local_site)
    rows = [{"url": URL, "title": "T", "body": text, "captured_at": at} for text, at in (("A.", 1), ("B.", 2))]
    for row in rows:
        row["captured_at"] = f"2026-03-0{row['captured_at']}T12:00:00Z"
    file = paper.folder / "records.jsonl"
    file.write_text("".join(json.dumps(row) + "\n" for row in [*rows, {"url": URL}]) + "not json\n")
    done = paper.run("import", "jsonl", str(file))
    assert done.returncode == 1
    assert done.stdout == "2 records: 1 new, 1 changed\n"
    assert "records.jsonl:3: https://paper.example/reservoir-levels has neither title nor body" in done.stderr
    assert "records.jsonl:4: not JSON" in done.stderr
    assert "Traceback" not in done.stderr


def test_extract_prints_a_page_with_its_provenance_and_archives_nothing(
    local_site: Any, project: Callable[..., Any]
) -> None:
    local_site.articles = {"/news/ferry-runs-again-after-storm-repairs": SAVED_PAGE.split("Likes:")[0].strip()}
    paper = project(paper=local_site)
    url = f"{local_site.url}news/ferry-runs-again-after-storm-repairs"
    record = json.loads(paper.run("extract", url, "--format", "json").stdout)
    assert (record["verdict"], record["views"]) == ("article", 1)
    assert record["title"] == "Ferry runs again after storm repairs"
    assert record["provenance"]["title"]
    page = paper.folder / "page.html"
    page.write_text(local_site.answer("/news/ferry-runs-again-after-storm-repairs")[2])
    shown = paper.run("extract", str(page), "--explain").stdout
    assert "keep" in shown
    assert not (paper.folder / "archive.db").exists()
    missing = paper.run("extract", "nowhere.html")
    assert missing.returncode == 2
    assert "cannot read 'nowhere.html'" in missing.stderr
