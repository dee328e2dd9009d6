"""Copies of a whole archive: complete, and brought back only when they are what they claim."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
import threading
from datetime import UTC, datetime
from pathlib import Path

import pytest

from archive import Archive, Capture, Content
from archive.backup import NoBackup, backup, restore


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    look = Capture(
        "https://a.test/1", datetime(2026, 3, 3, tzinfo=UTC), content=Content(title="Rain", body="It rains.")
    )
    with Archive.open(f"sqlite:///{tmp_path}/first.db") as archive:
        archive.record_many([look])
        backup(archive, tmp_path / "copy.db")
    return tmp_path / "copy.db"


def test_a_backup_is_one_file_with_everything_in_it(copy: Path, tmp_path: Path) -> None:
    restore(copy, tmp_path / "second.db")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["copy.db", "first.db", "second.db"]
    with Archive.open(f"sqlite:///{tmp_path}/second.db", create=False) as archive:
        assert archive.article("https://a.test/1").title == "Rain"
        assert list(archive.verify()) == []


def test_a_disk_that_is_full_is_said_and_leaves_nothing(
    copy: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise sqlite3.OperationalError("database or disk is full")

    monkeypatch.setattr(Archive, "backup", fail)
    with Archive.open(f"sqlite:///{tmp_path}/first.db") as archive, pytest.raises(NoBackup, match="disk is full"):
        backup(archive, tmp_path / "third.db")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["copy.db", "first.db"]


RESTORE = """
import resource, sys
from pathlib import Path
from archive.backup import NoBackup, restore
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[1]), int(sys.argv[1])))
try:
    restore(Path(sys.argv[2]), Path(sys.argv[3]))
except NoBackup as error:
    print(error)
"""


@pytest.mark.parametrize("share", [0.0, 0.5, 0.99])
def test_where_a_backup_has_no_room_the_place_is_named_and_left_as_it_was(
    copy: Path, tmp_path: Path, share: float
) -> None:
    size = int(copy.stat().st_size * share)
    target = tmp_path / "second.db"
    ran = subprocess.run(
        [sys.executable, "-c", RESTORE, str(size), str(copy), str(target)], capture_output=True, text=True, check=True
    )
    assert ran.stdout.startswith(f"writing {str(target)!r} failed: "), ran.stdout
    assert sorted(path.name for path in tmp_path.iterdir()) == ["copy.db", "first.db"]


def test_a_backup_overwrites_nothing(copy: Path, tmp_path: Path) -> None:
    with Archive.open(f"sqlite:///{tmp_path}/first.db") as archive, pytest.raises(NoBackup, match="exists"):
        backup(archive, copy)
    with pytest.raises(NoBackup, match="move it away first"):
        restore(copy, tmp_path / "first.db")


@pytest.mark.parametrize(
    "statement",
    [
        "CREATE TRIGGER more AFTER INSERT ON captures BEGIN DELETE FROM versions; END",
        "CREATE VIEW more AS SELECT 1",
        "CREATE TABLE more (a)",
        "CREATE INDEX more ON articles (title)",
        "ALTER TABLE articles ADD COLUMN more",
        "DROP TABLE events",
        "CREATE VIRTUAL TABLE more USING fts5(a)",
    ],
)
def test_an_archive_with_anything_of_its_own_is_refused(copy: Path, tmp_path: Path, statement: str) -> None:
    connection = sqlite3.connect(copy)
    connection.execute(statement)
    connection.commit()
    connection.close()
    with pytest.raises(NoBackup, match="no backup of an archive"):
        restore(copy, tmp_path / "second.db")
    assert not (tmp_path / "second.db").exists()


def test_a_damaged_file_is_refused(copy: Path, tmp_path: Path) -> None:
    damaged = bytearray(copy.read_bytes())
    damaged[8192 : 8192 + 4096] = bytes(range(256)) * 16
    copy.write_bytes(damaged)
    with pytest.raises(NoBackup):
        restore(copy, tmp_path / "second.db")
    assert not (tmp_path / "second.db").exists()


@pytest.mark.parametrize("content", [b"", b"not a database at all" * 500])
def test_what_is_no_database_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "odd.db").write_bytes(content)
    with pytest.raises(NoBackup):
        restore(tmp_path / "odd.db", tmp_path / "second.db")
    assert [path.name for path in tmp_path.iterdir()] == ["odd.db"]


def test_a_backup_made_while_a_crawl_writes_is_one_moment_of_it(tmp_path: Path) -> None:
    """Whole batches or nothing of them; the writer waits for nobody and loses nothing."""
    batch, batches = 20, 12
    begun = threading.Event()

    def crawl(archive: Archive) -> None:
        for number in range(batches):
            looks = [
                Capture(
                    f"https://a.test/{number}/{place}",
                    datetime(2026, 3, 3, tzinfo=UTC),
                    content=Content(title=f"Rain {number}", body=f"It rains for {place} days.\n\n" + "More. " * 200),
                )
                for place in range(batch)
            ]
            archive.record_many(looks)
            begun.set()

    with Archive.open(f"sqlite:///{tmp_path}/first.db") as archive:
        writer = threading.Thread(target=crawl, args=(archive,))
        writer.start()
        assert begun.wait(30)
        counts = []
        for name in ("one", "two", "three"):
            backup(archive, tmp_path / f"{name}.db")
            with Archive.open(f"sqlite:///{tmp_path}/{name}.db", create=False) as copy:
                assert list(copy.verify()) == []
                counts.append(len(copy.articles(limit=None)))
        writer.join(60)
        assert len(archive.articles(limit=None)) == batch * batches
    assert all(count % batch == 0 for count in counts)
    assert counts == sorted(counts)
    assert batch <= counts[0]
