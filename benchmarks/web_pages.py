"""How long every page takes on a large archive, and datasette beside it on the same file where it answers the same.

    python -m benchmarks web_pages [--articles 100000] [--looks 40] [--keep FILE] [--datasette PROGRAM] [--write]

The server of `backissue serve` runs in a process of its own, on the archive's last day, and is asked over one kept
connection, each time for another article, site, word or day, after three questions that are not counted. The clock runs
from the question to the last byte of the answer, and by it a page is judged: at most 150 ms at the 95th percentile. CPU
is what the server's process used for it (Linux counts it in nanoseconds): much less on a busy machine.
`--datasette` names a datasette (0.65) to ask the same of; it reads the tables, so it shows rows where our pages
show texts, and compares nothing. `--write` puts the table into benchmarks/README.md.
"""

from __future__ import annotations

import argparse
import http.client
import platform
import random
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median
from urllib.parse import quote, urlencode

from archive import Archive
from benchmarks.bulk import NEWEST, SITES, SPAN, build
from benchmarks.report import put

P95_MS = 150.0
SERVER = """
import sys
from datetime import datetime
from archive.queries.read_only import ReadOnlyArchive
from archive.web import WebSettings
from archive.web.serving import listen, run
url, port, now = sys.argv[1:]
with ReadOnlyArchive.open(url) as archive:
    run(archive, WebSettings(now=lambda: datetime.fromisoformat(now)), listen("127.0.0.1", int(port)))
"""
Draw = Callable[[], str]
SELECT_SITE = "(SELECT id FROM sites WHERE name = :site)"


@dataclass(frozen=True)
class Question:
    """One page, and what datasette is asked for the same."""

    name: str
    ours: Draw
    theirs: Draw | None = None


@dataclass(frozen=True)
class Taken:
    """Milliseconds of some answers."""

    clock: list[float]
    cpu: list[float]

    @property
    def row(self) -> str:
        """Median and 95th percentile of the clock, and of the CPU."""
        return " | ".join(f"{value:.0f}" for times in (self.clock, self.cpu) for value in (median(times), p95(times)))


def p95(times: list[float]) -> float:
    """The 95th percentile."""
    return sorted(times)[min(len(times) - 1, int(len(times) * 0.95))]


def questions(archive: Archive, articles: int, database: str) -> list[Question]:
    """Every page of the server, and the questions that datasette can be asked too."""
    pick = random.Random(5)

    def number() -> int:
        return pick.randrange(1, articles + 1)

    def site() -> str:
        return f"site{pick.randrange(SITES):03}"

    def moment() -> str:
        at = NEWEST - timedelta(seconds=pick.randrange(int(SPAN.total_seconds() * 0.9)))
        return at.strftime("%Y-%m-%dT%H:%MZ")

    def edited() -> list[str]:
        while len(found := archive.versions(number())) < 2:
            pass
        return [version.id for version in found]

    def pair() -> str:
        ids = edited()
        place = pick.randrange(1, len(ids))
        return f"/diff/{ids[place - 1]}/{ids[place]}"

    def rare() -> str:
        return f"name{pick.randrange(50000)}"

    def sql(query: str, **given: object) -> str:
        return f"/{database}?" + urlencode({"sql": query, **given})

    def micro(at: object) -> int:
        return int(at.timestamp() * 1_000_000)  # type: ignore[attr-defined]

    week = micro(NEWEST - timedelta(days=7))
    newest = "ORDER BY captured_at DESC, id DESC LIMIT 21"
    found = (
        "SELECT v.* FROM search_index s JOIN versions v ON v.id = s.rowid WHERE search_index MATCH :q "
        "ORDER BY s.rowid DESC LIMIT 50"
    )
    return [
        Question("front page", lambda: "/"),
        Question(
            "every change", lambda: "/?all=true", lambda: sql(f"SELECT * FROM versions WHERE number > 1 {newest}")
        ),
        Question(
            "corrections",
            lambda: "/?kind=correction",
            lambda: sql(f"SELECT * FROM versions WHERE edit_kinds & 1024 != 0 {newest}"),
        ),
        Question(
            "unannounced edits", lambda: "/?stealth=true", lambda: sql(f"SELECT * FROM versions WHERE stealth {newest}")
        ),
        Question(
            "a site's changes",
            lambda: f"/?all=true&site={site()}",
            lambda: sql(f"SELECT * FROM versions WHERE number > 1 AND site_id = {SELECT_SITE} {newest}", site=site()),
        ),
        Question("sites", lambda: "/sites", lambda: f"/{database}/sites?_size=200"),
        Question("a site", lambda: f"/sites/{site()}"),
        Question(
            "articles", lambda: "/articles", lambda: f"/{database}/articles?_sort_desc=first_captured_at&_size=50"
        ),
        Question(
            "articles of a site",
            lambda: f"/articles?site={site()}",
            lambda: (
                f"/{database}/articles?_sort_desc=first_captured_at&_size=50&site_id={pick.randrange(1, SITES + 1)}"
            ),
        ),
        Question(
            "articles of a category",
            lambda: f"/articles?category=Category+{pick.randrange(40)}",
            lambda: sql(
                "SELECT a.* FROM articles a JOIN labels l ON l.article_id = a.id WHERE l.kind = 'category' "
                "AND l.folded = :label ORDER BY first_captured_at DESC LIMIT 50",
                label=f"category {pick.randrange(40)}",
            ),
        ),
        Question("articles of an author", lambda: f"/articles?author=Reporter+{pick.randrange(20000)}"),
        Question(
            "articles of a topic, many views", lambda: f"/articles?topic={pick.randrange(1, 17):02}000000&views=900000"
        ),
        Question("articles with a frequent kind of edit", lambda: "/articles?kind=wording"),
        Question("articles with a rare kind, many views", lambda: "/articles?kind=correction&views=500000"),
        Question("articles unannounced at a site", lambda: f"/articles?stealth=true&site={site()}"),
        Question("articles with a rare word", lambda: f"/articles?text={rare()}"),
        Question("articles with a frequent word", lambda: "/articles?text=w3"),
        Question(
            "articles changed since a week",
            lambda: f"/articles?changed_since={(NEWEST - timedelta(days=7)):%Y-%m-%d}",
            lambda: sql(
                "SELECT * FROM articles WHERE changed_at >= :week ORDER BY first_captured_at DESC LIMIT 50", week=week
            ),
        ),
        Question("an article", lambda: f"/articles/{number()}", lambda: f"/{database}/articles/{number()}"),
        Question("a version", lambda: f"/versions/{edited()[0]}"),
        Question("a diff, side by side", pair),
        Question("a diff, in one text", lambda: f"{pair()}?view=inline"),
        Question("search: a rare word", lambda: f"/search?q={rare()}", lambda: sql(found, q=rare())),
        Question("search: a frequent word", lambda: "/search?q=w3", lambda: sql(found, q="w3")),
        Question("search: a phrase", lambda: "/search?q=" + quote('"w3 w5"'), lambda: sql(found, q='"w3 w5"')),
        Question("search: removed", lambda: "/search?q=w5&only=removed"),
        Question("a site as of a moment", lambda: f"/as-of?site={site()}&at={moment()}"),
        Question("everything as of a moment", lambda: f"/as-of?at={moment()}"),
        Question(
            "categories",
            lambda: "/categories",
            lambda: sql("SELECT folded, count(*) FROM labels WHERE kind = 'category' GROUP BY folded ORDER BY 2 DESC"),
        ),
        Question("categories of a site", lambda: f"/categories?site={site()}"),
        Question("the guide to the API", lambda: "/api"),
        Question("feed of changes", lambda: "/changes.atom"),
        Question("feed of a site", lambda: f"/changes.atom?site={site()}"),
        Question("timemap", lambda: f"/timemap/link/{archive.article(number()).url}"),
        Question("API: articles", lambda: "/api/v1/articles"),
        Question("API: changes", lambda: "/api/v1/changes"),
        Question("API: an article's versions", lambda: f"/api/v1/articles/{number()}/versions"),
        Question("API: its counters", lambda: f"/api/v1/articles/{number()}/engagement"),
        Question("API: search", lambda: f"/api/v1/search?q={rare()}"),
        Question("API: categories", lambda: "/api/v1/categories"),
        Question("API: habits of a site", lambda: f"/api/v1/sites/{site()}/habits?since=2026-02-01"),
        Question("metrics", lambda: "/metrics"),
    ]


class Served:
    """A server's process, asked over one connection."""

    def __init__(self, process: subprocess.Popen[bytes], port: int) -> None:
        self.pid = process.pid
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)

    def ask(self, path: str) -> tuple[float, float, int]:
        """Milliseconds of the clock and of CPU, and the status."""
        used, begun = self._cpu(), time.perf_counter()
        self._connection.request("GET", path)
        answer = self._connection.getresponse()
        answer.read()
        return (time.perf_counter() - begun) * 1000, self._cpu() - used, answer.status

    def _cpu(self) -> float:
        tasks = Path(f"/proc/{self.pid}/task").iterdir()
        return sum(int((task / "schedstat").read_text().split()[0]) for task in tasks) / 1e6


@contextmanager
def running(command: list[str], port: int) -> Iterator[Served]:
    """A server on that port, once it answers."""
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        for _ in range(300):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.1)
        else:
            raise SystemExit(f"{command[0]} does not answer on port {port}")
        yield Served(process, port)
    finally:
        process.terminate()
        process.wait(20)


def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
        return port


def take(server: Served, draw: Draw, looks: int) -> Taken | str:
    """The times of an answer; the status, where it is no good one."""
    taken: list[tuple[float, float]] = []
    for _ in range(looks + 3):
        path = draw()
        clock, cpu, status = server.ask(path)
        if status >= 400:
            return f"status {status} at {path}"
        taken.append((clock, cpu))
    return Taken(*map(list, zip(*taken[3:], strict=True)))


def report(path: Path, looks: int, datasette: str | None, only: str) -> Iterator[str]:
    """The table, line by line."""
    with Archive.open(f"sqlite:///{path}") as archive:
        with archive.database.reading() as connection:
            articles = connection.exec_driver_sql("SELECT max(id) FROM articles").scalar_one()
            versions = connection.exec_driver_sql("SELECT max(id) FROM versions").scalar_one()
        yield f"{articles:,} articles, {versions:,} versions, {SITES} sites; {looks} looks a page.\n"
        yield "| page | clock ms | p95 | CPU ms | p95 | | datasette: clock ms | p95 | CPU ms | p95 |"
        yield "|---|---|---|---|---|---|---|---|---|---|"
        asked = [question for question in questions(archive, articles, path.stem) if only in question.name]
        port = free_port()
        ours = [sys.executable, "-c", SERVER, f"sqlite:///{path}", str(port), NEWEST.isoformat()]
        with running(ours, port) as server:
            mine = [take(server, question.ours, looks) for question in asked]
        theirs: dict[str, Taken | str] = {}
        if datasette:
            with running(
                [datasette, "serve", str(path), "-p", str(port), "--setting", "sql_time_limit_ms", "20000"], port
            ) as server:
                theirs = {q.name: take(server, q.theirs, looks) for q in asked if q.theirs}
    for question, taken in zip(asked, mine, strict=True):
        if isinstance(taken, str):
            yield f"| {question.name} | {taken} | | | | over | | | | |"
            continue
        other = theirs.get(question.name)
        beside = other.row if isinstance(other, Taken) else f"{other or ''} | | | "
        yield f"| {question.name} | {taken.row} | {'over' if p95(taken.clock) > P95_MS else ''} | {beside} |"


def main() -> None:
    reader = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    reader.add_argument("--articles", type=int, default=2_000)
    reader.add_argument("--looks", type=int, default=40)
    reader.add_argument("--keep", type=Path)
    reader.add_argument("--datasette")
    reader.add_argument("--only", default="")
    reader.add_argument("--write", action="store_true")
    given = reader.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        path = (given.keep or Path(folder) / "archive.db").absolute()
        if not path.exists():
            build(path, given.articles)
        lines = []
        for line in report(path, given.looks, given.datasette, given.only):
            print(line, flush=True)
            lines.append(line)
    if given.write:
        put(
            "pages",
            "\n".join(lines)
            + f"\n\nPython {platform.python_version()}, {platform.machine()}, {datetime.now(UTC):%Y-%m-%d}.",
        )


if __name__ == "__main__":
    main()
