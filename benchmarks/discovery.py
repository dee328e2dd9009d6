"""Are sitemaps, feeds and section pages each enough alone? `python -m benchmarks discovery PACKAGE OUT`

PACKAGE is the folder of `newsworld`, the simulated news web (see `world`). Three times its sites list all their
articles by one way only; an hourly `backissue crawl` looks at them for so many hours. OUT gets a folder a way, with
log.jsonl and score.json; `politeness` puts them into docs/politeness.md. Goal: 99 of 100 found
(a page that is too large to be archived counts as found).
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from pathlib import Path

from benchmarks.world import newsworld, served

WAYS = ("sitemaps", "feeds", "sections")
COMMAND = [sys.executable, "-c", "from crawler.cli import main; main()"]


def crawl(package: Path, world: Path, folder: Path, way: str, steps: int, delay: float) -> tuple[int, int]:
    """Hourly crawls of the world by one way; articles found and asked for, and articles that could be."""
    with served(package, world, folder, only=way) as web:
        web.declare(delay)
        environment = web.environment | {"BACKISSUE_DATABASE": f"sqlite:///{folder.absolute() / 'archive.db'}"}
        with (folder / "crawl.log").open("ab") as log:
            for _ in range(steps):
                command = ["faketime", web.advance(3600), *COMMAND, "crawl"]
                subprocess.run(command, env=os.environ | environment, stdout=log, stderr=log, check=False)
        score = web.score(world, COMMAND, environment)
    return score["articles"]["fetched"], score["articles"]["findable"]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("package", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--articles", type=int, default=150)
    parser.add_argument("--steps", type=int, default=8, help="hours")
    parser.add_argument("--delay", type=float, default=0.02)
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    world = options.out / "world.json"
    size = ("--sites", "12", "--articles", str(options.articles), "--days", "1", "--replays", "0", "--seed", "11")
    newsworld(options.package, "build", *size, "--out", str(world))
    missed = 0
    for way in WAYS:
        folder = options.out / way
        found, findable = crawl(options.package, world, folder, way, options.steps, options.delay)
        print(f"{way}: {found} of {findable} found", flush=True)
        missed += found < 0.99 * findable
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
