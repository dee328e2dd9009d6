"""Drives a simulated news web: a package named `newsworld`, which is no part of this project, serves it on a free port.

A tool of the benchmarks beside it. The crawler is told of the world by proxy variables, a sites.toml and a database.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

#: Serves a world whose sites list everything by one way alone: the others answer 404, and where listings are none of
#: it the home page is empty.
ONE_WAY = """
import sys
from newsworld import __main__ as cli, discovery
from newsworld.model import World

way, load, find = sys.argv.pop(1), World.load, discovery.Discovery.find

def load_one_way(path):
    world = load(path)
    for site in world.sites:
        site.sitemap = "none" if way != "sitemaps" else "flat" if site.sitemap == "none" else site.sitemap
        site.feed = "none" if way != "feeds" else "rss" if site.feed == "none" else site.feed
    for article in world.articles:
        article.discovery = "all"
    return world

def find_one_way(self, site, path, query, now):
    found = find(self, site, path, query, now)
    if found is None or way == "sections" or found[0] in ("feed", "sitemap"):
        return found
    return ("home", b"<title>News</title>", found[2]) if found[0] == "home" else None

World.load, discovery.Discovery.find = load_one_way, find_one_way
cli.main()
"""


@dataclass(slots=True)
class SimulatedWeb:
    """A world that is served; `folder` takes what a crawl leaves."""

    package: Path
    """The folder that holds `newsworld`."""
    folder: Path
    port: int

    @property
    def environment(self) -> dict[str, str]:
        """What a crawler is told."""
        proxy = f"http://127.0.0.1:{self.port}"
        told = {"http_proxy": proxy, "https_proxy": proxy, "no_proxy": "", "TZ": "UTC"}
        return told | {"BACKISSUE_SITES": str(self.folder / "sites.toml"), "FAKETIME_DONT_FAKE_MONOTONIC": "1"}

    def control(self, path: str, data: dict[str, Any] | None = None) -> bytes:
        """One request to the world's own pages."""
        body = None if data is None else json.dumps(data).encode()
        request = urllib.request.Request(f"http://127.0.0.1:{self.port}/__control/{path}", data=body)
        with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request, timeout=60) as answer:
            return bytes(answer.read())

    def declare(self, delay: float, without: Sequence[str] = ()) -> int:
        """Writes sites.toml with each site's name and home page; how many sites."""
        homes = [site["url"] for site in json.loads(self.control("sites"))]
        homes = [url for url in homes if not any(part in url for part in without)]
        rows = [f'[[site]]\nname = "{urlsplit(u).hostname}"\nurl = "{u}"\n'.replace('"www.', '"', 1) for u in homes]
        (self.folder / "sites.toml").write_text("\n".join([f"[defaults]\ndelay = {delay}\n", *rows]))
        return len(rows)

    def advance(self, seconds: float) -> str:
        """Moves the world's clock on; the moment that it shows now, as `faketime` wants it."""
        now = json.loads(self.control("clock", {"advance_s": seconds}))["now"]
        return str(now)[:19].replace("T", " ")

    def score(self, world: Path, command: Sequence[str], environment: dict[str, str]) -> dict[str, Any]:
        """Exports the archive and compares it with the truth; log.jsonl and score.json stay in the folder."""
        (self.folder / "log.jsonl").write_bytes(self.control("log"))
        for what in ("versions", "engagement"):
            with (self.folder / f"{what}.jsonl").open("wb") as rows:
                export = [*command, "export", what, "--format", "jsonl"]
                subprocess.run(export, env=os.environ | environment, stdout=rows, check=True)
        files = {"snapshots": "versions", "engagement": "engagement", "log": "log"}
        options = [part for name, file in files.items() for part in (f"--{name}", str(self.folder / f"{file}.jsonl"))]
        told = newsworld(self.package, "score", "--world", str(world), *options, "--json")
        (self.folder / "score.json").write_text(told)
        return dict(json.loads(told))


def newsworld(package: Path, *arguments: str) -> str:
    """What the package's own command prints."""
    command = [sys.executable, "-m", "newsworld", *arguments]
    return subprocess.run(command, env=_with(package), capture_output=True, text=True, check=True).stdout


@contextmanager
def served(package: Path, world: Path, folder: Path, *, only: str | None = None) -> Iterator[SimulatedWeb]:
    """The world, served until the block is left; `only`: sitemaps, feeds or sections."""
    folder.mkdir(parents=True, exist_ok=True)
    web = SimulatedWeb(package, folder, free_port())
    start = ["-c", ONE_WAY, only] if only else ["-m", "newsworld"]
    command = [sys.executable, *start, "serve", "--world", str(world), "--port", str(web.port), "--latency", "0.02"]
    with (folder / "serve.log").open("wb") as log:
        server = subprocess.Popen(command, env=_with(package), stdout=log, stderr=log)
    try:
        for _ in range(300):
            try:
                web.control("clock", {"speed": 1})  # the world's time runs as the crawler's does
                break
            except OSError:
                if server.poll() is not None:
                    raise RuntimeError((folder / "serve.log").read_text()) from None
                time.sleep(0.2)
        yield web
    finally:
        server.terminate()
        server.wait()


def free_port() -> int:
    import socket

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _with(package: Path) -> dict[str, str]:
    path = os.pathsep.join(filter(None, [str(package), os.environ.get("PYTHONPATH")]))
    return os.environ | {"PYTHONPATH": path}
