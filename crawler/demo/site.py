"""The demonstration's news site: a web server on loopback whose pages move through three moments."""

from __future__ import annotations

import threading
import tomllib
from datetime import UTC, datetime, timedelta
from html import escape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib.resources import files
from typing import Any

NAME = "The Harbour Lantern"
SECTIONS = ("City", "Politics", "Nature", "Education")
Row = dict[str, Any]


class DemoSite:
    """A context manager that serves the site; `moment` (0, 1 or 2) says what its pages show."""

    def __init__(self, started_at: datetime, step: timedelta) -> None:
        self.moment = 0
        self._started_at = started_at
        self._step = step
        text = files("crawler.demo").joinpath("articles.toml").read_text(encoding="utf-8")
        self._articles: list[Row] = tomllib.loads(text)["article"]
        self._looks = 0
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())

    @property
    def url(self) -> str:
        """The home page."""
        return f"http://127.0.0.1:{self._server.server_port}/"

    @property
    def address(self) -> str:
        """host:port, as `allow_addresses` wants it."""
        return f"127.0.0.1:{self._server.server_port}"

    def __enter__(self) -> DemoSite:
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        site = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                status, content_type, text = site.answer(self.path)
                body = text.encode()
                self.send_response(status)
                self.send_header("Content-Type", content_type)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                pass

        return Handler

    def answer(self, path: str) -> tuple[int, str, str]:
        """Status, content type and text of a path at the present moment."""
        if path == "/":
            return 200, "text/html; charset=utf-8", self._listing(NAME)
        if path == "/robots.txt":
            return 200, "text/plain", f"User-agent: *\nDisallow: /account/\nSitemap: {self.url}sitemap.xml\n"
        if path == "/sitemap.xml":
            return 200, "application/xml", self._sitemap()
        for row in self._articles:
            if path == f"/{row['section'].lower()}/{row['slug']}":
                return self._article(row)
        for section in SECTIONS:
            if path == f"/{section.lower()}/":
                return 200, "text/html; charset=utf-8", self._listing(section, section)
        return 404, "text/html; charset=utf-8", _page("Not found", "<h1>Not found</h1>")

    def _at(self, row: Row, field: str) -> Any:
        """A field's value at the present moment: the newest one that is not in its future."""
        values = row[field]
        return values[str(max(int(key) for key in values if int(key) <= self.moment))]

    def _time(self, moment: int) -> str:
        return (self._started_at + moment * self._step).astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")

    def _listed(self) -> list[Row]:
        return [row for row in self._articles if self.moment < row.get("gone_from", 9)]

    def _link(self, row: Row) -> str:
        return f'<a href="/{row["section"].lower()}/{row["slug"]}">{escape(self._at(row, "title"))}</a>'

    def _listing(self, title: str, section: str | None = None) -> str:
        teasers = "".join(
            f'<li class="teaser"><h3>{self._link(row)}</h3><p>{escape(self._at(row, "body")[0][:90])} …</p></li>'
            for row in self._listed()
            if section in (None, row["section"])
        )
        return _page(title, f'<h1>{title}</h1><ul class="teasers">{teasers}</ul>')

    def _sitemap(self) -> str:
        urls = "".join(
            f"<url><loc>{self.url}{row['section'].lower()}/{row['slug']}</loc>"
            f"<lastmod>{self._time(row['modified'][self.moment])}</lastmod></url>"
            for row in self._listed()
        )
        return f'<?xml version="1.0"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{urls}</urlset>'

    def _article(self, row: Row) -> tuple[int, str, str]:
        html = "text/html; charset=utf-8"
        if self.moment >= row.get("gone_from", 9):
            return 404, html, _page("Not found", "<h1>This page does not exist</h1>")
        if self.moment == row.get("wall"):
            return 200, html, _page("Before you continue", CONSENT_WALL)
        self._looks += 1
        return 200, html, self._article_page(row)

    def _article_page(self, row: Row) -> str:
        title, url = self._at(row, "title"), f"{self.url}{row['section'].lower()}/{row['slug']}"
        published, modified = self._time(0), self._time(row["modified"][self.moment])
        counts = {name: row[name][self.moment] for name in ("views", "likes", "comments")}
        others = [other for other in self._listed() if other is not row]
        turn = self._looks % len(others)
        related = "".join(
            f"<li>{self._link(other)} <span>Views: {other['views'][self.moment]}</span></li>"
            for other in [*others[turn:], *others[:turn]][:3]
        )
        head = (
            f'<meta property="og:type" content="article"><meta property="og:title" content="{escape(title)}">'
            f'<meta property="article:published_time" content="{published}">'
            f'<meta property="article:modified_time" content="{modified}">'
            f'<meta property="article:section" content="{row["section"]}"><link rel="canonical" href="{url}">'
        )
        body = (
            f'<article><h1>{escape(title)}</h1><p class="byline">'
            f'By <a rel="author" href="/authors">{row["author"]}</a>, '
            f'<time datetime="{published}">{published[:10]}</time></p><div class="entry-content">'
            + "".join(f"<p>{escape(paragraph)}</p>" for paragraph in self._at(row, "body"))
            + f'</div><ul class="counters"><li>Views: {counts["views"]}</li><li>Likes: {counts["likes"]}</li>'
            f"<li>{counts['comments']} comments</li></ul>"
            f'<p>Article Categories: <a rel="category tag" href="/{row["section"].lower()}">{row["section"]}</a></p>'
            f"</article><aside><h2>Read more</h2><ul>{related}</ul></aside>"
        )
        return _page(f"{title} - {NAME}", body, head)


CONSENT_WALL = """<h1>Before you continue to The Harbour Lantern</h1>
<p>We and our 61 partners store and access information on your device, such as cookies, to measure audiences and to
show personalised advertising. You can accept, reject or manage your choices at any time.</p>
<form method="post" action="/consent"><button>Accept all</button><button>Reject all</button></form>"""


def _page(title: str, body: str, head: str = "") -> str:
    nav = "".join(f'<a href="/{section.lower()}/">{section}</a> ' for section in SECTIONS)
    return (
        f'<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>{escape(title)}</title>{head}</head>'
        f"<body><header><nav>{nav}</nav></header><main>{body}</main>"
        f"<footer>{NAME}. All pages are invented.</footer></body></html>"
    )
