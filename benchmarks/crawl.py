"""How fast a crawl is beside its peers: `python -m benchmarks crawl [--peers VENV] [--memory] [--write]`.

nginx serves 1,000 pages (50-150 KB each, synthetic text in a frame such as news sites have) from eight addresses of
this machine, gzip-coded. Then, in turn and in so many rounds: Scrapy alone, which downloads and does nothing; ours
with the extraction stubbed; ours whole, into SQLite and into PostgreSQL; a Scrapy spider that calls trafilatura;
news-please's crawler. The peers are taken from a virtual environment of their own (`pip install news-please
trafilatura` there) and are named where absent. Pages a second are counted from the first request for a page, by the
server's log, to the end of the process, so that a start is not counted and a queue that is left to work off is.
"""

from __future__ import annotations

import argparse
import gzip
import json
import os
import platform
import random
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from benchmarks.report import put

FOLDER = Path(__file__).resolve().parent
ADDRESSES = [f"127.0.0.{number}" for number in range(2, 10)]
GOALS = [
    ("ours, extraction stubbed", "Scrapy alone, download only", 0.75),
    ("ours, into SQLite", "Scrapy alone, download only", 0.5),
    ("ours, into PostgreSQL", "Scrapy alone, download only", 0.5),
    ("ours, into SQLite", "news-please", 5.0),
]


# --- pages ---


def page(number: int) -> bytes:
    """One news page: 50-150 KB, of which two or three are the article."""
    chance = random.Random(number)
    title = _sentence(chance, 9)
    body = [" ".join(_sentence(chance, 14) for _ in range(4)) for _ in range(chance.randrange(7, 14))]
    links = "".join(
        f'<li class="nav__item nav__item--{n % 7}"><a class="nav__link" href="/section/{n}" data-track="nav-{n}">'
        f"{_sentence(chance, 2)[:-1]}</a></li>"
        for n in range(120)
    )
    teasers = "".join(
        f'<article class="teaser teaser--small"><a href="/news/other-{chance.randrange(10**6)}-{n}">'
        f'<img loading="lazy" alt="" src="/i/{n}.jpg" srcset="/i/{n}-320.jpg 320w, /i/{n}-640.jpg 640w"><h3>'
        f"{_sentence(chance, 8)[:-1]}</h3></a><p>{_sentence(chance, 16)}</p></article>"
        for n in range(40)
    )
    stated = {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "headline": title[:-1],
        "datePublished": f"2026-03-01T{number % 24:02}:{number % 60:02}:00Z",
        "author": [{"@type": "Person", "name": f"{chance.choice(_NAMES)} {chance.choice(_NAMES)}"}],
        "articleSection": chance.choice(("World", "Politics", "Culture", "Sport")),
    }
    style = "".join(f".c{n}{{margin:{n}px;color:#{chance.randrange(16**6):06x};display:flex}}" for n in range(300))
    script = json.dumps({f"key{n}": chance.random() for n in range(chance.randrange(200, 2700))})
    text = "".join(f'<p class="article__paragraph">{paragraph}</p>' for paragraph in body)
    return (
        f'<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>{title[:-1]} | The Benchmark</title>'
        f'<meta property="og:type" content="article"><meta property="og:title" content="{title[:-1]}">'
        f'<script type="application/ld+json">{json.dumps(stated)}</script><style>{style}</style></head><body>'
        f'<header><nav><ul class="nav">{links}</ul></nav></header><main><article class="article"><h1>{title[:-1]}</h1>'
        f'<p class="byline">By {stated["author"][0]["name"]}</p><div class="article__body">{text}</div>'  # type: ignore[index]
        f'<p class="counts"><span class="views">{number + 40} views</span></p></article><aside>{teasers}</aside></main>'
        f"<footer><ul>{links}</ul></footer><script>window.__STATE__={script}</script></body></html>"
    ).encode()


_NAMES = ("Ada", "Brandt", "Celik", "Dubois", "Eze", "Farkas", "Garcia", "Hansen", "Ito", "Jovanovic")
_WORDS = [
    a + b + c for a in ("bra", "den", "kol", "mi", "sta", "vor") for b in ("ta", "li", "ne", "ro") for c in "nskt"
]
_USUAL = ("the", "of", "and", "to", "in", "a", "that", "for", "was", "on", "with", "said", "by", "at", "from")


def _sentence(chance: random.Random, length: int) -> str:
    words = [chance.choice(_USUAL if n % 2 else _WORDS) for n in range(length)]
    return " ".join(words).capitalize() + "."


# --- the server ---


@dataclass(slots=True)
class Web:
    """What nginx serves, and the log that it keeps."""

    port: int
    log: Path
    paths: list[tuple[str, str]]
    """Address and path of every page."""

    @property
    def urls(self) -> list[str]:
        return [f"http://{address}:{self.port}{path}" for address, path in self.paths]

    def requests(self) -> list[float]:
        """Moments of the answers to requests for pages, as seconds since 1970."""
        rows = (line.split(" ", 1) for line in self.log.read_text().splitlines())
        return [float(moment) for moment, path in rows if path.startswith("/news/")]


@contextmanager
def web(folder: Path, pages: int, different: int) -> Iterator[Web]:
    """nginx with so many page addresses; beyond `different` the pages repeat."""
    root, port = folder / "www", _free_port()
    paths = [(ADDRESSES[n % len(ADDRESSES)], f"/news/{n // different}/story-{n % different:05}") for n in range(pages)]
    (root / "page").mkdir(parents=True)
    sizes = [_put(root / "page" / f"story-{n:05}", page(n)) for n in range(min(pages, different))]
    for address in ADDRESSES:
        rows = "".join(f"<url><loc>http://{a}:{port}{path}</loc></url>" for a, path in paths if a == address)
        site = root / address
        site.mkdir()
        _put(
            site / "sitemap.xml",
            f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{rows}</urlset>'.encode(),
        )
        _put(site / "robots.txt", f"User-agent: *\nAllow: /\nSitemap: http://{address}:{port}/sitemap.xml\n".encode())
        _put(site / "index.html", b"<html lang=en><title>The Benchmark</title><h1>The Benchmark</h1></html>")
    listen = " ".join(f"listen {address}:{port};" for address in ADDRESSES)
    (folder / "nginx.conf").write_text(_CONFIGURATION.format(folder=folder, root=root, listen=listen))
    server = subprocess.Popen(["nginx", "-e", folder / "error.log", "-c", folder / "nginx.conf", "-g", "daemon off;"])
    print(f"{pages} pages, {min(sizes) >> 10}-{max(sizes) >> 10} KB, median {int(statistics.median(sizes)) >> 10} KB")
    try:
        time.sleep(0.5)
        yield Web(port, folder / "access.log", paths)
    finally:
        server.terminate()
        server.wait()


_CONFIGURATION = """
worker_processes 1;
pid {folder}/nginx.pid;
events {{ worker_connections 1024; }}
http {{
  log_format moment '$msec $request_uri';
  access_log {folder}/access.log moment;
  client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy; fastcgi_temp_path {folder}/fastcgi;
  uwsgi_temp_path {folder}/uwsgi; scgi_temp_path {folder}/scgi;
  gzip_static on;
  keepalive_requests 100000;
  server {{
    {listen}
    types {{ application/xml xml; text/plain txt; text/html html; }}
    default_type "text/html; charset=utf-8";
    location /news/ {{ rewrite ^/news/[0-9]+/(.*)$ /page/$1 break; root {root}; }}
    location / {{ root {root}/$server_addr; index index.html; }}
  }}
}}
"""


def _put(path: Path, body: bytes) -> int:
    path.write_bytes(body)
    path.with_name(path.name + ".gz").write_bytes(gzip.compress(body, 6, mtime=0))
    return len(body)


def _free_port() -> int:
    import socket

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


# --- what is measured ---


@dataclass(slots=True)
class Run:
    """One crawl, start to end."""

    pages: int
    seconds: float
    """From the first request for a page to the end of the process."""
    cpu: float
    """Seconds of processor time of the process and all its children, start included."""
    memory: list[tuple[int, int]] = field(default_factory=list)
    """Pages answered so far, and KB of the main process's own memory (mapped files, such as the archive, are the
    system's to take back), every second."""

    @property
    def rate(self) -> float:
        return self.pages / self.seconds


def run(served: Web, command: list[str], folder: Path, environment: dict[str, str], expected: int) -> Run:
    """Run a crawler to its end. Raises RuntimeError where it fetched fewer pages than it should."""
    served.log.write_text("")
    clean = {key: value for key, value in os.environ.items() if not key.lower().endswith("_proxy")}
    with (folder / "output.txt").open("wb") as output:
        process = subprocess.Popen(command, cwd=folder, env=clean | environment, stdout=output, stderr=output)
        cpu: dict[int, float] = {}
        memory: list[tuple[int, int]] = []
        looked = 0.0
        while process.poll() is None:
            tree = _tree(process.pid)
            cpu |= {pid: seconds for pid in tree if (seconds := _cpu(pid)) is not None}
            if time.monotonic() - looked > 1:
                looked = time.monotonic()
                memory.append((len(served.requests()), _memory(process.pid)))
            time.sleep(0.1)
    ended, moments = time.time(), served.requests()
    if len(moments) < expected:
        raise RuntimeError(f"only {len(moments)} of {expected} pages: {(folder / 'output.txt').read_text()[-2000:]}")
    return Run(len(moments), ended - min(moments), sum(cpu.values()), memory)


def _tree(pid: int) -> list[int]:
    """The process and all that came of it."""
    found = [pid]
    for each in found:
        for thread in Path(f"/proc/{each}/task").glob("*/children"):
            with suppress(OSError):  # it ended meanwhile
                found += [int(child) for child in thread.read_text().split()]
    return found


def _cpu(pid: int) -> float | None:
    try:
        parts = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return None
    return (int(parts[11]) + int(parts[12])) / os.sysconf("SC_CLK_TCK")


def _memory(pid: int) -> int:
    try:
        rows = Path(f"/proc/{pid}/status").read_text().splitlines()
    except OSError:
        return 0
    return next((int(row.split()[1]) for row in rows if row.startswith("RssAnon")), 0)


# --- the crawlers ---


SCRAPY_ALONE = """
import json, sys, scrapy
from scrapy.crawler import CrawlerProcess

class Alone(scrapy.Spider):
    name = "alone"
    start_urls = json.load(open("urls.json"))

    def parse(self, response):
        pass

process = CrawlerProcess({"LOG_LEVEL": "ERROR", "TELNETCONSOLE_ENABLED": False, "CONCURRENT_REQUESTS": 32})
process.crawl(Alone)
process.start()
"""

TRAFILATURA = """
import json, sys, scrapy, trafilatura
from scrapy.crawler import CrawlerProcess

class Reading(scrapy.Spider):
    name = "reading"
    start_urls = json.load(open("urls.json"))

    def parse(self, response):
        read = trafilatura.bare_extraction(response.text, url=response.url, with_metadata=True, as_dict=False)
        yield {"url": response.url, "title": read.title, "text": read.text, "date": read.date, "author": read.author}

settings = {"LOG_LEVEL": "ERROR", "TELNETCONSOLE_ENABLED": False, "CONCURRENT_REQUESTS": 32}
process = CrawlerProcess({**settings, "FEEDS": {"out.jsonl": {"format": "jsonlines"}}})
process.crawl(Reading)
process.start()
"""

STUBBED = f"""
import sys
sys.path.insert(0, {str(FOLDER.parent)!r})
from benchmarks import crawl
from crawler import reading
reading.read_article = crawl.stub
"""


def stub(body: bytes, url: str, **_: Any) -> Any:
    """In place of the extractor, in the reading process: an article of usual length, another one for every address."""
    from archive.model import Content
    from crawler.extraction import Extraction, Verdict

    paragraph = f"The harbour office said of {url} that the work would take three weeks and cost less than was feared. "
    text = "\n\n".join(f"{n} {paragraph * 3}" for n in range(8))
    said = Content(title=f"Of {url}", body=text, authors=("Ada Ito",), categories=("World",), language="en")
    return Extraction(verdict=Verdict.ARTICLE, article=said)


def ours(served: Web, folder: Path, *, prelude: str = "", database: str | None = None, pages: int) -> Run:
    """`backissue crawl` of all addresses, each a site, from an empty archive."""
    sites = "".join(f'\n[[site]]\nname = "s{a}"\nurl = "http://{a}:{served.port}/"\n' for a in ADDRESSES)
    defaults = '[defaults]\ndelay = 0\nconcurrency = 16\nallow_addresses = ["127.0.0.0/8"]\n'
    (folder / "sites.toml").write_text(defaults + sites)
    environment = {
        "BACKISSUE_DATABASE": database or f"sqlite:///{folder / 'archive.db'}",
        "BACKISSUE_SITES": str(folder / "sites.toml"),
        "BACKISSUE_RAW": str(folder / "raw"),
    }
    command = [sys.executable, "-c", f"{prelude}\nfrom crawler.cli import main; main()", "crawl"]
    return run(served, command, folder, environment, pages)


def script(served: Web, folder: Path, python: str, text: str) -> Run:
    """A script of a page, which finds the addresses in urls.json."""
    (folder / "urls.json").write_text(json.dumps(served.urls))
    return run(served, [python, "-c", text], folder, {}, len(served.urls))


def news_please(served: Web, folder: Path, python: Path) -> Run:
    """Its command with its own settings, except for where its files go, and its crawler of given addresses, a list a
    site (its sitemap crawler takes every address with a port for another site's)."""
    import re

    own = subprocess.run(
        [python, "-c", "import newsplease; print(newsplease.__path__[0])"], capture_output=True, check=True
    )
    text = (Path(own.stdout.decode().strip()) / "config" / "config.cfg").read_text()
    text = re.sub(r"(?m)^working_path = .*", f"working_path = {folder}/", text)
    (folder / "config.cfg").write_text(text)
    lists = [[url for url in served.urls if f"//{address}:" in url] for address in ADDRESSES]
    urls = [{"url": some, "crawler": "Download"} for some in lists if some]
    (folder / "sitelist.hjson").write_text(json.dumps({"base_urls": urls}))
    return run(served, [str(python.with_name("news-please")), "-c", str(folder)], folder, {}, len(served.urls))


def crawlers(served: Web, few: Web, peers: Path | None, postgres: str) -> dict[str, Callable[[Path], Run]]:
    """Name -> what runs it in an empty folder; those that cannot be had are named and left out. Peers get `few`."""
    pages = len(served.paths)
    made: dict[str, Callable[[Path], Run]] = {
        "Scrapy alone, download only": lambda folder: script(served, folder, sys.executable, SCRAPY_ALONE),
        "ours, extraction stubbed": lambda folder: ours(served, folder, prelude=STUBBED, pages=pages),
        "ours, into SQLite": lambda folder: ours(served, folder, pages=pages),
        "ours, into PostgreSQL": lambda folder: ours(served, folder, database=_new(postgres), pages=pages),
    }
    python = (peers or Path("--peers")) / "bin" / "python"
    for name, module, start in (
        ("a Scrapy spider with trafilatura", "trafilatura", lambda f: script(few, f, str(python), TRAFILATURA)),
        ("news-please", "newsplease", lambda f: news_please(few, f, python)),
    ):
        asked = [python, "-c", f"import {module}"]
        if python.exists() and subprocess.run(asked, capture_output=True, check=False).returncode == 0:
            made[name] = start
        else:
            print(f"left out: {name} (not installed in {peers or '--peers'})", file=sys.stderr)
    return made


def _new(server: str) -> str:
    """An empty database on the server."""
    import psycopg
    from sqlalchemy import make_url

    name = f"crawl_{time.monotonic_ns()}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")  # type: ignore[call-overload]
    return make_url(server).set(database=name).render_as_string(hide_password=False)


# --- what comes out ---


def measure(made: dict[str, Callable[[Path], Run]], rounds: int, scratch: Path) -> dict[str, list[Run]]:
    """Every crawler once a round, so that a machine that is busy for a while is so for all."""
    found: dict[str, list[Run]] = {name: [] for name in made}
    for number in range(rounds):
        for name, start in made.items():
            folder = scratch / f"{number}-{name.replace(' ', '-').replace(',', '')}"
            folder.mkdir()
            result = start(folder)
            found[name].append(result)
            print(
                f"{name}: {result.rate:.1f} pages/s, {1000 * result.cpu / result.pages:.1f} CPU ms a page", flush=True
            )
            shutil.rmtree(folder, ignore_errors=True)
    return found


def report(found: dict[str, list[Run]], about: str, command: str) -> list[str]:
    """The table, with each goal's figure."""
    rates = {name: statistics.median(each.rate for each in runs) for name, runs in found.items()}
    alone = rates["Scrapy alone, download only"]
    cpu = {name: 1000 * statistics.median(each.cpu / each.pages for each in runs) for name, runs in found.items()}
    rows = [f"| {name} | {rates[name]:.0f} | {rates[name] / alone:.2f} | {cpu[name]:.1f} |" for name in found]
    goals = [
        f"- {ours_} against {other}: {rates[ours_] / rates[other]:.2f} (goal {goal})"
        for ours_, other, goal in GOALS
        if ours_ in rates and other in rates
    ]
    return [
        "| crawler | pages/s | times Scrapy alone | CPU ms a page |",
        "|---|---|---|---|",
        *rows,
        "",
        *goals,
        "",
        about,
        f"`{command}`, {time.strftime('%Y-%m-%d')}.",
    ]


def memory(served: Web, scratch: Path, *, stubbed: bool) -> list[str]:
    """The main process's memory along a crawl of all pages."""
    folder = scratch / "memory"
    folder.mkdir()
    result = ours(served, folder, prelude=STUBBED if stubbed else "", pages=len(served.paths))
    rows = []
    for share in (0.1, 0.25, 0.5, 0.75, 0.99):
        done, kilobytes = next(each for each in result.memory if each[0] >= share * result.pages)
        rows.append(f"| {done:,} | {kilobytes >> 10} |")
    return ["| pages so far | MiB of the crawl's process (RssAnon) |", "|---|---|", *rows]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pages", type=int, default=1000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument(
        "--peers", type=Path, metavar="VENV", help="a virtual environment with news-please and trafilatura"
    )
    parser.add_argument("--peer-pages", type=int, default=200, help="pages for the peers, which are slow")
    parser.add_argument("--only", help="crawlers whose name contains one of these, separated by commas")
    parser.add_argument("--memory", action="store_true", help="instead: memory over 20,000 pages (or --pages)")
    parser.add_argument("--write", action="store_true", help="write the table into benchmarks/README.md")
    options = parser.parse_args()
    told = ["VENV" if word == str(options.peers) else word for word in sys.argv[1:]]
    command = " ".join(["python -m benchmarks crawl", *told])
    about = f"{os.cpu_count()} cores, Python {platform.python_version()}, {platform.machine()}; nginx shares them."
    with tempfile.TemporaryDirectory(prefix="backissue-crawl-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        folder.chmod(0o755)
        pages = 20_000 if options.memory and options.pages == 1000 else options.pages
        with web(folder, pages, 1000) as served:
            if options.memory:
                lines = [*memory(served, folder, stubbed=True), "", about, f"`{command}`, {time.strftime('%Y-%m-%d')}."]
            else:
                lines = _compare(served, folder, options, about, command)
    print("\n".join(lines))
    if options.write:
        put("memory" if options.memory else "crawl", "\n".join(lines))
    return 0


def _compare(served: Web, folder: Path, options: argparse.Namespace, about: str, command: str) -> list[str]:
    from benchmarks.soak import postgresql

    (folder / "few").mkdir()
    with postgresql(folder, "crawl") as urls, web(folder / "few", options.peer_pages, 1000) as few:
        made = crawlers(served, few, options.peers, urls["crawl"])
        if options.only:
            wanted = options.only.split(",")
            made = {name: start for name, start in made.items() if any(part in name for part in wanted)}
        return report(measure(made, options.rounds, folder), about, command)


if __name__ == "__main__":
    sys.exit(main())
