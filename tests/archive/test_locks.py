"""One crawl per site, on files and on PostgreSQL alike."""

from __future__ import annotations

import subprocess
import sys
import time

import pytest

from archive import Archive, Busy
from archive.locks import HostLocks, site_locks

HOLD = """
import sys
from archive import Archive
from archive.locks import site_locks
with Archive.open(sys.argv[1]) as archive, site_locks(archive, ["a.test"]):
    print("held", flush=True)
    sys.stdin.read()
"""


class TestLocks:
    def test_a_host_is_held_by_one_and_free_again_after(self, archive: Archive, database_url: str) -> None:
        with Archive.open(database_url) as other:
            with site_locks(archive, ["b.test", "a.test"]) as held:
                assert held == ("a.test", "b.test")
                with pytest.raises(Busy, match=r"a\.test") as caught, site_locks(other, ["a.test", "c.test"]):
                    pass
                assert caught.value.hosts == ("a.test",)
                with site_locks(other, ["c.test"]):
                    pass
            with site_locks(other, ["a.test"]):
                pass

    def test_who_gets_not_all_keeps_none(self, archive: Archive, database_url: str) -> None:
        with Archive.open(database_url) as other, site_locks(archive, ["b.test"]):
            with pytest.raises(Busy), site_locks(other, ["a.test", "b.test"]):
                pass
            with site_locks(archive, ["a.test"]):
                pass

    def test_variants_of_a_host_are_one(self, archive: Archive, database_url: str) -> None:
        with (
            Archive.open(database_url) as other,
            site_locks(archive, ["www.a.test", "m.a.test"]) as held,
            pytest.raises(Busy),
            site_locks(other, ["A.test"]),
        ):
            pass
        assert held == ("a.test",)

    def test_more_hosts_can_be_taken_on_the_way(self, archive: Archive, database_url: str) -> None:
        with Archive.open(database_url) as other:
            mine, theirs = HostLocks(archive), HostLocks(other)
            mine.take(["a.test"])
            theirs.take(["b.test"])
            with pytest.raises(Busy):
                mine.take(["c.test", "b.test"])
            assert mine.names == ("a.test",)
            theirs.take(["c.test"])
            mine.take(["www.a.test"])  # held already
            theirs.close()
            mine.take(["b.test", "c.test"])
            assert mine.names == ("a.test", "b.test", "c.test")
            mine.close()
            with site_locks(other, ["a.test", "b.test", "c.test"]):
                pass

    def test_the_same_archive_twice_is_another_crawl(self, archive: Archive) -> None:
        with site_locks(archive, ["a.test"]), pytest.raises(Busy), site_locks(archive, ["a.test"]):
            pass

    def test_a_killed_process_holds_nothing(self, archive: Archive, database_url: str) -> None:
        command = [sys.executable, "-c", HOLD, database_url]
        with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
            assert process.stdout is not None
            assert process.stdout.readline() == "held\n"
            with pytest.raises(Busy), site_locks(archive, ["a.test"]):
                pass
            process.kill()
            process.wait()
        self.take(archive)

    def take(self, archive: Archive) -> None:
        """PostgreSQL notices that a client is gone a moment later."""
        deadline = time.monotonic() + 10
        while True:
            try:
                with site_locks(archive, ["a.test"]):
                    return
            except Busy:
                if time.monotonic() > deadline:
                    raise
