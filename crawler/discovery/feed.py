"""Feeds: RSS, Atom and RDF by feedparser (given bytes, so that it fetches nothing), JSON Feed by a few lines."""

from __future__ import annotations

import html
import io
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from time import struct_time
from typing import Any

from archive.model import Candidate
from crawler.discovery.dates import parse_stamp
from crawler.discovery.lean import LONG, MAX_ENTRIES, shorten
from crawler.discovery.urls import resolve, same_site

_TAG = re.compile(r"<[^<>]{1,500}>")


def parse_feed(
    body: bytes, url: str, content_type: str | None = None, *, home: str | None = None
) -> tuple[Candidate, ...]:
    """The entries of a feed that was fetched from `url`, in its order; () for what is no feed. Never raises.

    With `home` only entries of that site are kept (a feed may quote other publishers).
    """
    found: dict[str, Candidate] = {}
    for entry in _entries(body, url, content_type, home):
        if home is None or same_site(entry.url, home):
            found.setdefault(entry.url, entry)
    return tuple(found.values())


def _entries(body: bytes, url: str, content_type: str | None, home: str | None) -> Iterator[Candidate]:
    if body.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] == b"{":
        return _json_entries(body, url, home)
    if len(body) > LONG:
        body, content_type = shorten(body, content_type), None
    import feedparser  # late: a crawl parses feeds in its workers, and need not load this itself

    headers = {"content-location": url} | ({"content-type": content_type} if content_type else {})
    try:
        feed = feedparser.parse(
            io.BytesIO(body), response_headers=headers, resolve_relative_uris=False, sanitize_html=False
        )
    except Exception:  # feedparser's parsers fail in many ways on bytes that are no feed
        return iter(())
    language = _language(feed.feed.get("language"))
    rows = (_xml_entry(entry, url, language, home) for entry in feed.entries[:MAX_ENTRIES])
    return (row for row in rows if row is not None)


def _xml_entry(entry: Mapping[str, Any], url: str, language: str | None, home: str | None) -> Candidate | None:
    links = [entry.get(name) for name in ("feedburner_origlink", "pheedo_origlink", "link")]
    target = _best_url([*links, _link(entry.get("id"))], url, home)
    if target is None:
        return None
    return Candidate(
        target,
        "feed",
        title=_plain(entry.get("title")),
        published_at=_stamp(entry.get("published_parsed")) or _stamp(entry.get("created_parsed")),
        modified_at=_stamp(entry.get("updated_parsed")) if "updated" in entry else None,
        language=_language((entry.get("title_detail") or {}).get("language")) or language,
    )


def _json_entries(body: bytes, url: str, home: str | None) -> Iterator[Candidate]:
    """JSON Feed 1.1, https://www.jsonfeed.org/version/1.1/."""
    try:
        feed = json.loads(body)
    except (ValueError, RecursionError):
        return
    items = feed.get("items") if isinstance(feed, dict) and "jsonfeed.org" in str(feed.get("version")) else None
    for item in items[:MAX_ENTRIES] if isinstance(items, list) else ():
        target = _best_url((item.get("url"), _link(item.get("id"))), url, home) if isinstance(item, dict) else None
        if target is not None:
            yield Candidate(
                target,
                "feed",
                title=_plain(item.get("title")),
                published_at=parse_stamp(_text(item.get("date_published"))),
                modified_at=parse_stamp(_text(item.get("date_modified"))),
                language=_language(item.get("language")) or _language(feed.get("language")),
            )


def _best_url(links: Sequence[object], url: str, home: str | None) -> str | None:
    """The first link; where that counts clicks on another site, the first one of the site itself."""
    targets = [target for link in links if (target := resolve(_text(link), url))]
    return next((each for each in targets if home and same_site(each, home)), targets[0] if targets else None)


def _link(value: object) -> str | None:
    """An identifier that is an address; others would pass for a relative one."""
    text = _text(value)
    return text if text and text.strip().lower().startswith(("http:", "https:")) else None


def _text(value: object) -> str | None:
    return value if isinstance(value, str) and value.strip() else None


def _plain(value: object) -> str | None:
    """A title without markup, entities and doubled white space.

    >>> _plain("Rain &amp; <b>wind</b>\\n today")
    'Rain & wind today'
    """
    return " ".join(html.unescape(_TAG.sub(" ", _text(value) or "")).split()) or None


def _language(value: object) -> str | None:
    tag = re.split("[-_]", (_text(value) or "").strip())[0].lower()
    return tag if re.fullmatch("[a-z]{2,3}", tag) else None


def _stamp(value: struct_time | None) -> datetime | None:
    """feedparser's dates are in UTC already."""
    try:
        return datetime(*value[:6], tzinfo=UTC) if value else None
    except (ValueError, TypeError):
        return None
