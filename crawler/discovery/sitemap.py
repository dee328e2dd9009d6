"""Sitemaps: XML with Google-News children, indexes, feeds used as sitemaps, plain text; gzipped or not.

Reads a stream under bounds (bytes after decompression, entries), builds no tree, resolves no entities, fetches
nothing. What is malformed ends or thins the result, never raises.
"""

from __future__ import annotations

import html
import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import chain

from lxml import etree

from archive.model import Candidate
from crawler.discovery.dates import parse_stamp
from crawler.discovery.feed import parse_feed
from crawler.discovery.urls import resolve, same_site

MAX_ENTRIES = 50_000
"""Of a file, as the protocol has it (sitemaps.org)."""
MAX_BYTES = 52_428_800
"""After decompression, as the protocol has it; what comes later is not read."""

_CHUNK = 65_536
_MAX_FEED_BYTES = 10 * 1024 * 1024
_SITEMAP_ROOT = re.compile(rb"<(?:[\w.-]+:)?(?:urlset|sitemapindex)\b", re.IGNORECASE)
_FEED_ROOT = re.compile(rb"<(?:[\w.-]+:)?(?:rss|feed|rdf)\b", re.IGNORECASE)

_DOCTYPE = re.compile(rb"\A<!DOCTYPE[^>\[]*(?:\[.*?\]\s*)?>", re.IGNORECASE | re.DOTALL)
_STRAY_AMPERSAND = re.compile(rb"&(?!(?:amp|lt|gt|quot|apos|#\d{1,7}|#x[0-9a-fA-F]{1,6});)")
_MAX_TAG = 1_048_576

Row = dict[str, str]
"""kind ("url" or "sitemap"), loc, lastmod; "news" where it has news children: title, publication_date, language."""


@dataclass(frozen=True, slots=True)
class SitemapRef:
    """A child sitemap that an index names."""

    url: str
    lastmod: datetime | None = None


@dataclass(frozen=True, slots=True)
class Sitemap:
    """What a sitemap file lists, in its order and without repeats."""

    entries: tuple[Candidate, ...] = ()
    children: tuple[SitemapRef, ...] = ()
    foreign: int = 0
    """How many URLs were left out because they belong to another site."""
    readable: bool = True
    """False where the bytes are no sitemap at all (an HTML error page, say)."""


def parse_sitemap(body: bytes, url: str, *, home: str | None = None) -> Sitemap:
    """Read a sitemap that was fetched from `url`; only URLs of the site of `home` (default: of `url`) are kept.

    Children may also lie where the index itself lies. Entries with news children are `found_in="news_sitemap"`.
    """
    chunks = _inflate(body)
    head = next(chunks, b"").lstrip(b"\xef\xbb\xbf \t\r\n")
    home = home or url
    if _SITEMAP_ROOT.search(head):
        markup = head[head.index(b"<") :]  # what a server's warning put before it goes
        return _gather(_xml_rows(chain((markup,), chunks)), url, home)
    if _FEED_ROOT.search(head):
        return Sitemap(parse_feed((head + b"".join(chunks))[:_MAX_FEED_BYTES], url, home=home))
    if head[:4].lower() == b"http":
        return _gather(_text_rows(chain((head,), chunks)), url, home)
    return Sitemap(readable=False)


def _gather(rows: Iterator[Row], url: str, home: str) -> Sitemap:
    entries: dict[str, Candidate] = {}
    children: dict[str, SitemapRef] = {}
    foreign = 0
    for row in rows:
        target = resolve(row.get("loc", "").strip().replace("&amp;", "&"), url)
        if target is None:
            continue
        if row["kind"] == "sitemap" and (same_site(target, home) or same_site(target, url)):
            children.setdefault(target, SitemapRef(target, parse_stamp(row.get("lastmod"))))
        elif row["kind"] == "url" and same_site(target, home):
            entries.setdefault(target, _candidate(target, row))
        else:
            foreign += 1
        if len(entries) + len(children) >= MAX_ENTRIES:
            break
    return Sitemap(tuple(entries.values()), tuple(children.values()), foreign)


def _candidate(url: str, row: Row) -> Candidate:
    return Candidate(
        url,
        "news_sitemap" if "news" in row else "sitemap",
        title=" ".join(html.unescape(row.get("title", "")).split()) or None,
        published_at=parse_stamp(row.get("publication_date")),
        modified_at=parse_stamp(row.get("lastmod")),
        language=re.split("[-_]", row.get("language", "").strip())[0].lower() or None,
    )


def _inflate(body: bytes) -> Iterator[bytes]:
    """The bytes in chunks, decompressed where they are gzip; a broken end and what exceeds MAX_BYTES are left out."""
    if body[:2] != b"\x1f\x8b":
        yield from (body[start : start + _CHUNK] for start in range(0, min(len(body), MAX_BYTES), _CHUNK))
        return
    inflater, left = zlib.decompressobj(31), MAX_BYTES
    while body and left > 0 and not inflater.eof:
        try:
            chunk = inflater.decompress(body, _CHUNK)
        except zlib.error:
            return
        body = inflater.unconsumed_tail
        if not chunk and not body:
            return
        left -= len(chunk)
        yield chunk


def _text_rows(chunks: Iterator[bytes]) -> Iterator[Row]:
    rest = b""
    for chunk in chunks:
        *lines, rest = (rest + chunk).split(b"\n")
        yield from ({"kind": "url", "loc": line.decode("utf-8", "replace").strip()} for line in lines)
        rest = rest[-_CHUNK:]
    yield {"kind": "url", "loc": rest.decode("utf-8", "replace").strip()}


def _whole_tags(chunks: Iterator[bytes]) -> Iterator[bytes]:
    """The same bytes cut behind a `>`: a URL that the end of a broken file cuts in two is dropped with its rest.

    Document types go (no entity can be declared), and a lone `&`, the commonest fault of all, is escaped.
    """
    rest = b""
    for number, chunk in enumerate(chunks):
        whole, bracket, rest = (rest + chunk).rpartition(b">")
        if number == 0 and (start := whole.find(b"<!DOCTYPE")) >= 0:
            whole = whole[:start] + _DOCTYPE.sub(b"", whole[start:], count=1)
        if len(rest) > _MAX_TAG or b"<!ENTITY" in whole.upper():
            return
        yield _STRAY_AMPERSAND.sub(b"&amp;", whole + bracket)


def _xml_rows(chunks: Iterator[bytes]) -> Iterator[Row]:
    handler = _Handler()
    parser = etree.XMLParser(
        target=handler, recover=True, resolve_entities=False, huge_tree=False, no_network=True, load_dtd=False
    )
    try:
        for chunk in _whole_tags(chunks):
            parser.feed(chunk)
            yield from handler.take()
        parser.close()
    except (etree.XMLSyntaxError, ValueError, AssertionError):
        pass  # a broken end: what came before it counts
    handler.finish()
    yield from handler.take()


class _Handler:
    """Collects rows from the parser's events; names are compared without namespace and case."""

    _OWN = frozenset({"loc", "lastmod"})
    _NEWS = frozenset({"title", "publication_date", "language"})
    _MAX_TEXT = 4_000

    def __init__(self) -> None:
        self._rows: list[Row] = []
        self._row: Row | None = None
        self._path: list[str] = []
        self._field: str | None = None

    def start(self, tag: str, attributes: object) -> None:
        name = tag.rpartition("}")[2].rpartition(":")[2].lower()
        self._path.append(name)
        if name in ("url", "sitemap"):
            self.finish()
            self._row = {"kind": name}
        elif self._row is not None and len(self._path) > 1:
            self._field = name if self._wanted(name) else None

    def _wanted(self, name: str) -> bool:
        if name in self._OWN:
            return self._path[-2] in ("url", "sitemap")
        return name in self._NEWS and "news" in self._path[-3:]

    def data(self, text: str) -> None:
        if self._row is None or self._field is None:
            return
        if self._path[-2] in ("news", "publication"):
            self._row["news"] = "yes"
        had = self._row.get(self._field, "")
        if len(had) < self._MAX_TEXT:
            self._row[self._field] = had + text

    def end(self, tag: str) -> None:
        name = self._path.pop() if self._path else ""
        self._field = None
        if name in ("url", "sitemap"):
            self.finish()

    def close(self) -> None:
        self.finish()

    def finish(self) -> None:
        """Close the row that is open (a missing end tag loses nothing)."""
        if self._row is not None and "loc" in self._row:
            self._rows.append(self._row)
        self._row = None

    def take(self) -> list[Row]:
        rows, self._rows = self._rows, []
        return rows
