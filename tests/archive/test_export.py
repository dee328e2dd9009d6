"""Rows that leave the archive: exact keys, formats, files that appear only when they are complete."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest

from archive import export
from archive.errors import ArchiveError
from archive.export.parquet import write_parquet
from archive.export.rows import cell, to_json
from archive.model import Content, EditKind, EngagementPoint, Version

NOON = datetime(2026, 3, 3, 12, tzinfo=UTC)


def version(number: int = 1, **content: object) -> Version:
    said = Content(**{"title": "Rain", "body": "One.\n\nTwo.", "categories": ("Africa",)} | content)  # type: ignore[arg-type]
    return Version(
        id="v1",
        article_id=1,
        number=number,
        url="https://a.test/1",
        captured_at=NOON,
        last_seen_at=NOON + timedelta(hours=1),
        content=said,
        edit_kinds=(EditKind.NUMBER,) if number > 1 else (),
    )


def test_a_version_row_has_the_keys_of_the_contract_in_their_order() -> None:
    [line] = export.lines(export.VERSIONS, [version()], "jsonl")
    assert list(json.loads(line).items()) == [
        ("url", "https://a.test/1"),
        ("number", 1),
        ("captured_at", "2026-03-03T12:00:00Z"),
        ("last_seen_at", "2026-03-03T13:00:00Z"),
        ("title", "Rain"),
        ("body", "One.\n\nTwo."),
        ("categories", ["Africa"]),
        ("authors", None),
        ("published_at", None),
        ("edit_kinds", []),
        ("reverts_to", None),
    ]


def test_an_engagement_row_has_the_keys_of_the_contract_in_their_order() -> None:
    point = EngagementPoint(url="https://a.test/1", observed_at=NOON, views=58, likes=0, comments_open=False)
    [line] = export.lines(export.ENGAGEMENT, [point], "jsonl")
    assert list(json.loads(line).items()) == [
        ("url", "https://a.test/1"),
        ("observed_at", "2026-03-03T12:00:00Z"),
        ("views", 58),
        ("likes", 0),
        ("dislikes", None),
        ("shares", None),
        ("comments", None),
        ("comments_open", False),
    ]


def test_times_are_utc_whatever_zone_they_came_in() -> None:
    point = EngagementPoint(url="u", observed_at=NOON.astimezone(timezone(timedelta(hours=5, minutes=30))))
    assert export.row(export.ENGAGEMENT, point)["observed_at"] == "2026-03-03T12:00:00Z"


def test_kinds_of_edits_are_their_names() -> None:
    assert export.row(export.VERSIONS, version(2))["edit_kinds"] == ["number"]


def test_json_is_one_list() -> None:
    text = "".join(export.lines(export.VERSIONS, [version(1), version(2)], "json"))
    assert [row["number"] for row in json.loads(text)] == [1, 2]
    assert json.loads("".join(export.lines(export.VERSIONS, [], "json"))) == []


def test_csv_gives_every_field_back() -> None:
    text = "".join(export.lines(export.VERSIONS, [version(title='He said "no",\nthen left')], "csv"))
    [row] = csv.DictReader(io.StringIO(text))
    assert row["title"] == 'He said "no",\nthen left'
    assert json.loads(row["categories"]) == ["Africa"]
    assert row["authors"] == ""


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\tx", "\rx", "\n=1", "＝1"])
def test_a_text_that_a_spreadsheet_would_run_is_disarmed(text: str) -> None:
    assert cell(text) == "'" + text


def test_numbers_are_never_disarmed() -> None:
    assert cell(-5) == -5


def test_json_never_carries_what_steers_a_terminal() -> None:
    text = to_json({"title": "a\x1b[2J\x9b2J\x7f\u2028\ud800"})
    assert text.isprintable()
    assert json.loads(text) == {"title": "a\x1b[2J\x9b2J\x7f\u2028\ud800"}


def test_rows_stream_one_at_a_time() -> None:
    given = 0

    def endless() -> Iterator[Version]:
        nonlocal given
        while True:
            given += 1
            yield version()

    lines = export.lines(export.VERSIONS, endless(), "csv")
    for _ in range(5):
        next(lines)
    assert given <= 6


def test_a_file_appears_only_when_it_is_complete(tmp_path: Path) -> None:
    def broken() -> Iterator[Version]:
        yield version()
        raise ArchiveError("stored bytes changed")

    with pytest.raises(ArchiveError):
        export.export(export.VERSIONS, broken(), "jsonl", tmp_path / "out.jsonl")
    assert list(tmp_path.iterdir()) == []
    export.export(export.VERSIONS, [version()], "jsonl", tmp_path / "out.jsonl")
    assert [path.name for path in tmp_path.iterdir()] == ["out.jsonl"]


def test_parquet_keeps_types(tmp_path: Path) -> None:
    parquet = pytest.importorskip("pyarrow.parquet")
    write_parquet(export.VERSIONS, [version(number) for number in range(1, 2502)], tmp_path / "v.parquet")
    table = parquet.read_table(tmp_path / "v.parquet")
    assert table.num_rows == 2501
    first = table.slice(0, 1).to_pylist()[0]
    assert first["captured_at"] == NOON
    assert first["categories"] == ["Africa"]
    assert first["authors"] is None


def test_without_pyarrow_the_extra_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "pyarrow", None)
    with pytest.raises(ArchiveError, match=r"backissue\[parquet\]"):
        export.export(export.VERSIONS, [version()], "parquet", tmp_path / "v.parquet")
    assert list(tmp_path.iterdir()) == []
