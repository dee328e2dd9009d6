"""A killed process: what it was told is stored, is; the next one goes on."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

import pytest

from archive import Archive

WRITE = """
import sys
from datetime import UTC, datetime, timedelta
from archive import Archive, Candidate, Capture, Content
noon = datetime(2026, 3, 1, 12, tzinfo=UTC)
with Archive.open(sys.argv[1]) as archive:
    print("begun", flush=True)
    for batch in range(10_000):
        numbers = range(batch * 10, batch * 10 + 10)
        archive.plan("news", [Candidate(f"https://news.test/{n}", "feed") for n in numbers], noon)
        looks = [Capture(f"https://news.test/{n}", noon + timedelta(hours=n), site="news",
                         content=Content(title=str(n), body=f"Text {n}.")) for n in numbers]
        for capture in archive.record_many(looks):
            print(capture.id, capture.version_id, flush=True)
"""


@pytest.mark.parametrize("seconds", [0.02, 0.11, 0.23])
def test_all_that_was_acknowledged_is_there_after_a_kill(tmp_path: Path, seconds: float) -> None:
    url = f"sqlite:///{tmp_path / 'archive.db'}"
    with subprocess.Popen([sys.executable, "-c", WRITE, url], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "begun\n"
        time.sleep(seconds)
        process.kill()
        said = [line.split() for line in process.stdout.read().splitlines() if line.count(" ") == 1]
    with Archive.open(url, create=False) as archive:
        stored = {(str(c.id), c.version_id) for c in archive.captures(limit=None)}
        assert {(number, version) for number, version in said if len(version) == 12} <= stored
        assert len(stored) % 10 == 0, "a batch is stored as a whole or not at all"
        assert list(archive.verify()) == []
        assert all(v.number == 1 for v in archive.iter_versions())
