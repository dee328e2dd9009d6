"""Workers on a real PostgreSQL: one job a site, and a killed worker's jobs are done by another."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import pytest

from archive import Archive
from archive.model import Candidate, SourceState
from crawler.hosts import ArchiveHosts
from crawler.middlewares.hosts import RobotsAnswer
from crawler.sites import Site

worker = pytest.importorskip("crawler.worker")

LocalSite = Any
Project = Any

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
SITES = '[[site]]\nname = "a"\nurl = "https://a.example/"\n\n[[site]]\nname = "b"\nurl = "https://b.example/"\npaused = true\n'


@pytest.fixture
def options(postgres_url: str, tmp_path: Path) -> Any:
    sites = tmp_path / "sites.toml"
    sites.write_text(SITES)
    return worker.WorkerOptions(database=postgres_url, sites_file=sites)


async def jobs(app: Any) -> list[tuple[str, str, int]]:
    return [(job.task_name, job.status, job.attempts) for job in await app.job_manager.list_jobs_async()]


async def test_a_due_site_waits_in_the_queue_once(options: Any) -> None:
    app = worker.make_app(options)
    async with app.open_async():
        await asyncio.gather(worker.prepare(app), worker.prepare(app))
        assert await worker.defer_due(app, options) == ["a"]
        assert await worker.defer_due(app, options) == []
        assert await jobs(app) == [("crawl", "todo", 0)]


def test_a_site_is_due_when_a_page_or_a_source_of_it_is(options: Any) -> None:
    with Archive.open(options.database) as archive:
        sites = list(worker.load_sites(options.sites_file))

        def rest_until(at: datetime) -> None:
            archive.save_source(SourceState(site="a", url="https://a.example/", kind="home", due_at=at))

        assert worker.due_sites(archive, sites, NOW) == ["a"]
        rest_until(NOW + timedelta(hours=1))
        assert worker.due_sites(archive, sites, NOW) == []
        assert worker.due_sites(archive, sites, NOW + timedelta(hours=1)) == ["a"]
        archive.plan("a", [Candidate(url="https://a.example/story", found_in="seed")], NOW)
        assert worker.due_sites(archive, sites, NOW) == ["a"]


def test_a_site_that_could_not_be_asked_anything_is_not_due(tmp_path: Path) -> None:
    site = Site(name="a", url="https://a.example/")
    with Archive.open(f"sqlite:///{tmp_path / 'archive.db'}") as archive:
        hosts = ArchiveHosts(archive)
        hosts.put_robots("https://a.example", RobotsAnswer(NOW, None, failures=1))
        assert worker.due_sites(archive, [site], NOW + timedelta(minutes=50)) == []
        assert worker.due_sites(archive, [site], NOW + timedelta(minutes=55)) == ["a"]
        hosts.put_robots("https://a.example", RobotsAnswer(NOW, 404))
        assert worker.due_sites(archive, [site], NOW) == ["a"]
        hosts.put_back_off("a.example", NOW + timedelta(hours=2), 0)
        assert worker.due_sites(archive, [site], NOW + timedelta(hours=1)) == []
        assert worker.due_sites(archive, [site], NOW + timedelta(hours=2)) == ["a"]


async def test_the_jobs_of_a_dead_worker_go_back_into_the_queue_unless_another_does_their_work(options: Any) -> None:
    app = worker.make_app(options)
    async with app.open_async():
        await worker.prepare(app)
        await worker.defer_crawl(app, "a")
        dead = await app.job_manager.register_worker()
        assert await app.job_manager.fetch_job(queues=None, worker_id=dead)
        assert await worker.rescue(app, 30) == 0
        assert await worker.rescue(app, 0) == 1
        assert await jobs(app) == [("crawl", "todo", 1)]
        assert await app.job_manager.fetch_job(queues=None, worker_id=dead)
        assert await worker.defer_crawl(app, "a")
        assert await worker.rescue(app, 0) == 1
        assert await jobs(app) == [("crawl", "todo", 0)]


async def test_a_command_that_breaks_is_tried_again_and_a_mistake_is_not(options: Any) -> None:
    assert 2 in worker.CRAWL_SETTLED
    assert 2 not in worker.IMPORT_SETTLED  # its file, or the database, may be there the next time
    with pytest.raises(worker.JobFailed, match="ended with 2"):
        await worker.run_command(options, ["crawl", "no-such-site"], frozenset({0}))


def test_workers_are_refused_where_the_archive_is_a_file(project: Callable[..., Project]) -> None:
    done = project().run("worker")
    assert done.returncode == 2
    assert "PostgreSQL" in done.stderr


@contextmanager
def started(project: Project, *arguments: str) -> Iterator[Any]:
    """A worker in a process group of its own, so that its crawls die with it."""
    process = project.start("worker", "--heartbeat", "0.5", "--jobs-at-once", "1", *arguments)
    try:
        yield process
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
        process.communicate()


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def metrics(port: int) -> str:
    with urlopen(f"http://127.0.0.1:{port}/metrics", timeout=10) as answer:
        return str(answer.read().decode())


def test_of_two_workers_one_is_killed_and_nothing_is_lost(
    local_site: LocalSite, project: Callable[..., Project], postgres_url: str
) -> None:
    local_site.articles = {
        f"/news/berth-{n}-will-be-dredged-before-spring": f"Berth {n} will be dredged, the harbour said.\n\n"
        f"The work costs {n}40 thousand and takes weeks.\n\nFishermen from quay {n} welcomed it on Tuesday."
        for n in range(12)
    }
    local_site.pages["/feed/"] = (200, "application/rss+xml", "<rss version='2.0'><channel></channel></rss>")
    local_site.latency = 0.1
    paper = project(paper=local_site)
    paper.environment["BACKISSUE_DATABASE"] = postgres_url
    with started(paper) as first:
        while local_site.arrived < 7:  # at work, and far from done
            assert first.poll() is None, first.communicate()
            local_site.asked.wait(0.1)
            local_site.asked.clear()
        os.killpg(first.pid, signal.SIGKILL)
    port = free_port()
    with started(paper, "--metrics", str(port)) as second, Archive.open(postgres_url) as archive:
        while len(list(archive.iter_articles())) < 12:
            assert second.poll() is None, second.communicate()
            local_site.asked.wait(0.5)
            local_site.asked.clear()
        said = metrics(port)
        assert 'backissue_articles{site="paper"} 12.0' in said
        assert 'backissue_jobs{job="crawl",state="todo"}' in said
        second.send_signal(signal.SIGTERM)
        err = second.communicate(timeout=40)[1]
        assert second.returncode == 0, err
        assert "done again" in err
        assert {article.versions for article in archive.iter_articles()} == {1}
        assert {"/" + article.url.split("/", 3)[3] for article in archive.iter_articles()} == set(local_site.articles)
        assert list(archive.verify()) == []


def test_a_worker_that_is_told_to_stop_leaves_its_jobs_in_the_queue(
    local_site: LocalSite, project: Callable[..., Project], postgres_url: str
) -> None:
    local_site.articles = {f"/news/berth-{n}-will-be-dredged-before-spring": "It will be dredged." for n in range(60)}
    local_site.latency = 0.2
    paper = project(paper=local_site)
    paper.environment["BACKISSUE_DATABASE"] = postgres_url
    with started(paper) as process:
        while not local_site.arrived:
            assert process.poll() is None, process.communicate()
            local_site.asked.wait(0.1)
        process.send_signal(signal.SIGTERM)
        err = process.communicate(timeout=40)[1]
        assert process.returncode == 0, err

    async def left() -> list[tuple[str, str, int]]:
        options = worker.WorkerOptions(postgres_url, paper.folder / "sites.toml")
        async with worker.make_app(options).open_async() as app:
            return [job for job in await jobs(app) if job[0] == "crawl"]

    assert asyncio.run(left()) == [("crawl", "todo", 1)]
