"""The disk's forecast, from what the archive takes and how it grows."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest

from archive import Archive, room
from archive.model import Capture, Content, RawCapture
from archive.warc import RawStore

NOW = datetime.now(UTC)


def test_an_empty_archive_takes_little_and_grows_nothing(tmp_path: Path) -> None:
    with Archive.open(f"sqlite:///{tmp_path / 'a.db'}") as archive:
        found = room.measure(archive, None, NOW)
    assert found.raw == 0
    assert found.days_left is None
    assert "more a day" not in room.words(found)


def test_the_forecast_is_what_looks_take_at_their_pace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=10 << 30))
    with Archive.open(f"sqlite:///{tmp_path / 'a.db'}") as archive:
        archive.record_many(
            Capture(
                url=f"https://a.test/{n}",
                captured_at=NOW - timedelta(hours=n),
                content=Content(title=f"Story {n}", body=f"Text {n}."),
                site="a",
            )
            for n in range(70)
        )
        with RawStore(archive.raw_folder) as store:
            store.write(RawCapture("https://a.test/1", NOW, 200, (), bytes(range(256)) * 400))
            store.sync()
        found = room.measure(archive, None, NOW)
    assert found.database_per_day == pytest.approx(10 * found.database / 70)
    assert found.raw_per_day == found.raw > 0
    assert found.days_left == pytest.approx(
        ((10 << 30) - room.LEAST_FREE) / (found.database_per_day + found.raw_per_day)
    )
    assert "enough for" in room.words(found)


def test_the_disk_of_the_raw_pages_counts_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    small = tmp_path / "small"
    small.mkdir()
    monkeypatch.setattr(
        shutil,
        "disk_usage",
        lambda place: SimpleNamespace(free=5 << 20 if str(place).startswith(str(small)) else 1 << 40),
    )
    with Archive.open(f"sqlite:///{tmp_path / 'a.db'}") as archive:
        assert room.measure(archive, small / "not" / "yet", NOW).free == 5 << 20


def test_a_file_that_goes_while_it_is_measured_is_no_fault(tmp_path: Path) -> None:
    with Archive.open(f"sqlite:///{tmp_path / 'a.db'}") as archive:
        archive.raw_folder.mkdir()
        (archive.raw_folder / "2026-03-0a1b2c3d.warc.gz.open").symlink_to("renamed-just-now")
        assert room.measure(archive, None, NOW).raw == 0
