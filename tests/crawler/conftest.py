"""A real local web server whose site is made of articles that the tests write and change."""

from __future__ import annotations

import contextlib
import os
import socket
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

Page = tuple[int, str, str]
"""Status, content type, text."""


@dataclass
class LocalSite:
    """A site at 127.0.0.1: a home page, a sitemap and articles; `pages` overrides any path."""

    articles: dict[str, str] = field(default_factory=dict)
    """Path -> body text; paragraphs are separated by blank lines."""
    pages: dict[str, Page] = field(default_factory=dict)
    moved: dict[str, str] = field(default_factory=dict)
    """Path -> where it redirects to."""
    redirect_status: int = 302
    requests: Counter[str] = field(default_factory=Counter)
    latency: float = 0.0
    port: int = 0
    in_flight: int = 0
    most_in_flight: int = 0
    arrived: int = 0
    """Requests, those included that still wait for their answer."""
    asked: threading.Event = field(default_factory=threading.Event)
    """Set at every request."""

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/"

    def answer(self, path: str) -> Page:
        html = "text/html; charset=utf-8"
        if path in self.pages:
            return self.pages[path]
        if path == "/":
            links = "".join(f'<li><h3><a href="{each}">{title_of(each)}</a></h3></li>' for each in self.articles)
            return 200, html, f"<html lang=en><title>Local Paper</title><h1>Local Paper</h1><ul>{links}</ul>"
        if path == "/sitemap.xml":
            rows = "".join(f"<url><loc>{self.url.rstrip('/')}{each}</loc></url>" for each in self.articles)
            return (
                200,
                "application/xml",
                f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{rows}</urlset>',
            )
        if path == "/robots.txt":
            return 200, "text/plain", f"User-agent: *\nDisallow: /private/\nSitemap: {self.url}sitemap.xml\n"
        if path in self.articles:
            return 200, html, article_page(title_of(path), self.articles[path], self.requests[path])
        return 404, html, "<title>Not found</title><h1>Not found</h1>"


def title_of(path: str) -> str:
    return path.rsplit("/", 1)[-1].replace("-", " ").capitalize()


def article_page(title: str, text: str, views: int = 0) -> str:
    body = "".join(f"<p>{paragraph}</p>" for paragraph in text.split("\n\n"))
    return (
        f'<!DOCTYPE html><html lang="en"><head><title>{title} - Local Paper</title>'
        f'<meta property="og:type" content="article"><meta property="og:title" content="{title}">'
        '<meta property="article:published_time" content="2026-03-01T09:00:00Z"></head><body><main><article>'
        f'<h1>{title}</h1><div class="entry-content">{body}</div><p class="meta">Views: {views}</p>'
        "</article></main></body></html>"
    )


class QuietServer(ThreadingHTTPServer):
    """Says nothing of clients that were killed."""

    daemon_threads = True

    def handle_error(self, request: object, client_address: object) -> None:
        pass


@pytest.fixture
def local_site() -> Iterator[LocalSite]:
    with serve(LocalSite()) as site:
        yield site


@pytest.fixture
def serving() -> Callable[..., Any]:
    """Makes a further site: `with serving() as site`."""
    return lambda: serve(LocalSite())


@contextmanager
def serve(site: LocalSite) -> Iterator[LocalSite]:
    """Serves the site on a free port."""

    counting = threading.Lock()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            site.arrived += 1
            with counting:
                site.in_flight += 1
                site.most_in_flight = max(site.most_in_flight, site.in_flight)
            try:
                self._answer()
            finally:
                with counting:
                    site.in_flight -= 1

        def _answer(self) -> None:
            if site.latency:
                time.sleep(site.latency)
            site.requests[self.path] += 1
            site.asked.set()
            if self.path in site.moved:
                self.send_response(site.redirect_status)
                self.send_header("Location", site.moved[self.path])
                self.send_header("Content-Length", "0")
                self.end_headers()
                return
            status, content_type, text = site.answer(self.path)
            body = text.encode()
            self.send_response(status)
            self.send_header("Content-Type", content_type)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    server = QuietServer(("127.0.0.1", 0), Handler)
    site.port = server.server_port
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    try:
        yield site
    finally:
        server.shutdown()
        server.server_close()


@pytest.fixture(scope="session")
def canary() -> Iterator[Any]:
    """A listener on one port of every local address that the machine has; `hits` are the connections it saw."""
    hits: list[Any] = []
    sockets: list[socket.socket] = []
    port = 0

    def listen(family: int, address: str) -> None:
        nonlocal port
        listener = socket.socket(family, socket.SOCK_STREAM)
        if family == socket.AF_INET6:
            listener.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        listener.bind((address, port))
        port = listener.getsockname()[1]
        listener.listen(256)
        sockets.append(listener)
        threading.Thread(target=accept, args=(listener,), daemon=True).start()

    def accept(listener: socket.socket) -> None:
        while True:
            try:
                connection, peer = listener.accept()
            except OSError:
                return
            hits.append(peer)
            connection.close()

    listen(socket.AF_INET, "0.0.0.0")
    if socket.has_ipv6:
        with contextlib.suppress(OSError):
            listen(socket.AF_INET6, "::")
    yield SimpleNamespace(port=port, hits=hits)
    for listener in sockets:
        listener.close()


@dataclass
class Project:
    """A folder with a sites.toml, and the `backissue` command run in it as users run it."""

    folder: Path
    environment: dict[str, str]
    prelude: str = ""
    """Python that the command's process runs first: limits, a fault to meet."""

    @property
    def database(self) -> str:
        return self.environment["BACKISSUE_DATABASE"]

    def start(self, *arguments: str, **extra: str) -> subprocess.Popen[str]:
        command = [sys.executable, "-c", f"{self.prelude}\nfrom crawler.cli import main; main()", *arguments]
        return subprocess.Popen(
            command,
            cwd=self.folder,
            env=self.environment | extra,
            text=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            start_new_session=True,
        )

    def run(self, *arguments: str, **extra: str) -> subprocess.CompletedProcess[str]:
        process = self.start(*arguments, **extra)
        out, err = process.communicate(timeout=120)
        return subprocess.CompletedProcess(arguments, process.returncode, out, err)


@pytest.fixture
def project(tmp_path: Path) -> Callable[..., Project]:
    """Makes a project that declares the given sites (name=LocalSite)."""
    return lambda **sites: make_project(tmp_path, **sites)


def make_project(folder: Path, **sites: LocalSite) -> Project:
    """A project that declares the given sites, allowed to reach only their ports."""
    allowed = ", ".join(f'"127.0.0.1:{site.port}"' for site in sites.values())
    text = f"[defaults]\ndelay = 0.01\nallow_addresses = [{allowed}]\n"
    text += "".join(f'\n[[site]]\nname = "{name}"\nurl = "{site.url}"\n' for name, site in sites.items())
    (folder / "sites.toml").write_text(text)
    environment = {key: value for key, value in os.environ.items() if not key.lower().endswith("_proxy")}
    made = Project(folder, environment)
    made.environment["BACKISSUE_DATABASE"] = f"sqlite:///{folder / 'archive.db'}"
    made.environment["BACKISSUE_SITES"] = str(folder / "sites.toml")
    return made
