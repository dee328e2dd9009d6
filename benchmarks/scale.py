"""How crawls grow with workers: `python -m benchmarks scale PACKAGE [--workers 1,2,4] [--write]`.

PACKAGE is the folder of `newsworld`, the simulated news web (see `world`). For each number of workers: an empty archive
on a PostgreSQL of our own, the web as it stands after a day, and so many `backissue worker --until-done` started at
once, each with one job at a time. Counted until all have ended: seconds, requests, articles, and that no host was ever
asked for two things at once. `--write` puts the table into docs/scale.md.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from archive import Archive
from benchmarks.report import put
from benchmarks.soak import postgresql
from benchmarks.world import newsworld, served

DOCUMENT = Path(__file__).resolve().parent.parent / "docs" / "scale.md"
COMMAND = [
    sys.executable,
    "-c",
    "from crawler.cli import main; main()",
    "worker",
    "--until-done",
    "--jobs-at-once",
    "1",
]


@dataclass(slots=True)
class Run:
    """What so many workers did."""

    workers: int
    seconds: float
    sites: int
    requests: int
    articles: int
    in_flight: int
    """The most requests that any host had at once."""
    ended_well: bool


def run(package: Path, world: Path, folder: Path, workers: int, database: str, options: argparse.Namespace) -> Run:
    """Let so many workers crawl the whole world once."""
    with served(package, world, folder) as web:
        sites = web.declare(options.delay, without=options.without.split(","))
        web.advance(24 * 3600)
        environment = (
            os.environ | web.environment | {"BACKISSUE_DATABASE": database, "BACKISSUE_RAW": str(folder / "raw")}
        )
        began = time.monotonic()
        with (folder / "workers.log").open("wb") as log:
            started = [subprocess.Popen(COMMAND, env=environment, stdout=log, stderr=log) for _ in range(workers)]
            codes = [worker.wait() for worker in started]
        seconds = time.monotonic() - began
        requests = [json.loads(line) for line in web.control("log").splitlines()]
    with Archive.open(database) as archive:
        articles = sum(1 for _ in archive.iter_articles())
    peak = max(row["in_flight"] for row in requests)
    return Run(workers, seconds, sites, len(requests), articles, peak, not any(codes))


def table(runs: list[Run]) -> list[str]:
    rows = [
        f"| {r.workers} | {r.seconds:.0f} | {runs[0].seconds / r.seconds:.2f} | {r.requests:,} | {r.articles} | "
        f"{r.in_flight} |"
        for r in runs
    ]
    head = "| workers | seconds | times as fast | requests | articles | most in flight at a host |"
    return [head, "|---|---|---|---|---|---|", *rows]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("package", type=Path)
    parser.add_argument("--workers", default="1,2,4")
    parser.add_argument("--articles", type=int, default=150)
    parser.add_argument("--delay", type=float, default=1.0, help="seconds between two requests to one host")
    parser.add_argument(
        "--without",
        default="dailyquill,lagazetteduport",
        help="leave out sites whose host contains one of these (at these two robots.txt forbids everything)",
    )
    parser.add_argument("--write", action="store_true", help="write the table into docs/scale.md")
    options = parser.parse_args()
    numbers = [int(number) for number in options.workers.split(",")]
    with tempfile.TemporaryDirectory(prefix="backissue-scale-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        folder.chmod(0o755)
        world = folder / "world.json"
        size = ("--sites", "12", "--articles", str(options.articles), "--days", "1", "--replays", "0", "--seed", "11")
        newsworld(options.package, "build", *size, "--out", str(world))
        with postgresql(folder, *(f"with_{number}" for number in numbers)) as urls:
            runs = []
            for number in numbers:
                made = folder / str(number)
                runs.append(run(options.package, world, made, number, urls[f"with_{number}"], options))
                print(runs[-1], flush=True)
    lines = table(runs)
    about = f"{runs[0].sites} sites, {options.delay:g} s between two requests to a host, {os.cpu_count()} cores"
    lines += ["", f"{about}, {time.strftime('%Y-%m-%d')}: `python -m benchmarks scale PACKAGE --write`."]
    print("\n".join(lines))
    if options.write:
        put("scale", "\n".join(lines), DOCUMENT)
    same = len({each.articles for each in runs}) == 1
    return 0 if same and all(each.ended_well and each.in_flight == 1 for each in runs) else 1


if __name__ == "__main__":
    sys.exit(main())
