"""The judgement of `sites add` and `sites check`: is this source any good, and which ones belong into the entry?

Pure: what was fetched comes in, what to think of it comes out. The fetching is the crawler's.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urljoin

from archive.model import Candidate
from crawler.discovery.feed import parse_feed
from crawler.discovery.links import Listing, read_listing
from crawler.discovery.robots import Robots, policy_for_status
from crawler.discovery.sitemap import parse_sitemap
from crawler.discovery.sources import STALE, choose_sections, is_news_sitemap, usual_feeds, usual_sitemaps
from crawler.discovery.urls import resolve

MIN_ARTICLES = 3
"""A section page with fewer article links is none."""

_HTML = re.compile(rb"<!doctype html|<html", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Fetched:
    """One answer, as the crawler hands it over."""

    url: str
    status: int | None = None
    """None where no answer came."""
    body: bytes = b""
    text: str | None = None
    """The decoded page, where the crawler has it; else the body is read as UTF-8."""
    content_type: str | None = None
    error: str | None = None
    """Why no answer came, or why none was asked for ("forbidden by robots.txt")."""


@dataclass(frozen=True, slots=True)
class SourceReport:
    """What a source is worth."""

    url: str
    kind: str
    """robots, home, sitemap, feed or section."""
    ok: bool
    entries: int = 0
    """Articles, or child sitemaps of an index."""
    newest: datetime | None = None
    """The newest date that an entry states; None where none states any."""
    reason: str | None = None
    """Why it is not ok, or what is worth knowing although it is."""


def sources_to_try(home: str, robots: Robots, page: Listing) -> list[tuple[str, str]]:
    """(kind, url) of what a site may offer: what it says itself, and only where it says nothing the usual places."""
    named = [target for line in robots.sitemaps if (target := resolve(line, urljoin(home, "/robots.txt")))]
    found = [("sitemap", url) for url in named or usual_sitemaps(home)]
    found += [("feed", url) for url in page.feeds or usual_feeds(home)]
    found += [("section", url) for url in choose_sections(page.sections)]
    return list(dict.fromkeys(found))


def judge(kind: str, answer: Fetched, home: str, now: datetime) -> SourceReport:
    """What a fetched source is worth, by its kind."""
    if failed := _failure(answer):
        return SourceReport(answer.url, kind, False, reason=failed)
    judges = {"sitemap": _judge_sitemap, "feed": _judge_feed, "section": _judge_listing, "home": _judge_listing}
    return judges[kind](kind, answer, home, now)


def judge_robots(answer: Fetched, agent: str) -> SourceReport:
    """Whether the site lets us in at all."""
    policy = policy_for_status(answer.status)
    if policy == "disallow":
        reason = f"{_failure(answer)}: the whole site counts as forbidden until it answers (RFC 9309)"
        return SourceReport(answer.url, "robots", False, reason=reason)
    if policy == "allow":
        return SourceReport(answer.url, "robots", True, reason="there is none: everything is allowed")
    robots = Robots.parse(answer.body)
    if not robots.allows(urljoin(answer.url, "/"), agent):
        return SourceReport(answer.url, "robots", False, reason=f"it forbids the home page to {agent}")
    delay = robots.crawl_delay(agent)
    slow = f"it asks for {delay:g} s between requests" if delay else None
    return SourceReport(answer.url, "robots", True, entries=len(robots.sitemaps), reason=slow)


def choose_sources(reports: Iterable[SourceReport]) -> dict[str, tuple[str, ...]]:
    """The `feeds`, `sitemaps` and `sections` of the entry: what is ok, news sitemaps first.

    Sections are listed only where no feed and no sitemap is any good: otherwise the home page's menu is read afresh.
    """
    good = [report for report in reports if report.ok]
    feeds = tuple(report.url for report in good if report.kind == "feed")
    maps = sorted((report.url for report in good if report.kind == "sitemap"), key=lambda url: not is_news_sitemap(url))
    sections = tuple(report.url for report in good if report.kind == "section")
    return {"feeds": feeds, "sitemaps": tuple(maps), "sections": () if feeds or maps else sections}


def _failure(answer: Fetched) -> str | None:
    if answer.error:
        return answer.error
    if answer.status is None:
        return "no answer"
    if answer.status != 200:
        return f"HTTP status {answer.status}"
    return None if answer.body else "empty"


def _judge_sitemap(kind: str, answer: Fetched, home: str, now: datetime) -> SourceReport:
    found = parse_sitemap(answer.body, answer.url, home=home)
    if not found.readable:
        return SourceReport(answer.url, kind, False, reason=_not_a("sitemap", answer))
    if found.children:
        newest = max((ref.lastmod for ref in found.children if ref.lastmod), default=None)
        return SourceReport(answer.url, kind, True, len(found.children), newest, "an index of sitemaps")
    return _judge_entries(kind, answer.url, found.entries, found.foreign, now)


def _judge_feed(kind: str, answer: Fetched, home: str, now: datetime) -> SourceReport:
    everything = parse_feed(answer.body, answer.url, answer.content_type)
    if not everything and _HTML.search(answer.body[:2000]):
        return SourceReport(answer.url, kind, False, reason=_not_a("feed", answer))
    own = parse_feed(answer.body, answer.url, answer.content_type, home=home)
    return _judge_entries(kind, answer.url, own, len(everything) - len(own), now)


def _judge_listing(kind: str, answer: Fetched, home: str, now: datetime) -> SourceReport:
    text = answer.text if answer.text is not None else answer.body.decode("utf-8", "replace")
    found = read_listing(text, answer.url, home=home)
    articles, newest = len(found.articles), _newest(found.articles)
    if articles < MIN_ARTICLES and kind == "section":
        return SourceReport(answer.url, kind, False, articles, newest, f"only {articles} links look like articles")
    if not articles:
        reason = "no link looks like an article; if the page is empty without scripts, try render = true"
        return SourceReport(answer.url, kind, bool(found.sections), 0, None, reason)
    return SourceReport(answer.url, kind, True, articles, newest)


def _judge_entries(kind: str, url: str, entries: tuple[Candidate, ...], foreign: int, now: datetime) -> SourceReport:
    newest = _newest(entries)
    if not entries:
        reason = f"all {foreign} entries lead to other sites" if foreign else "it has no entries"
        return SourceReport(url, kind, False, reason=reason)
    if newest is not None and newest < now - STALE:
        age = (now - newest).days
        return SourceReport(url, kind, False, len(entries), newest, f"its newest entry is {age} days old")
    return SourceReport(url, kind, True, len(entries), newest)


def _newest(entries: Iterable[Candidate]) -> datetime | None:
    stamps = (stamp for entry in entries for stamp in (entry.published_at, entry.modified_at) if stamp)
    return max(stamps, default=None)


def _not_a(kind: str, answer: Fetched) -> str:
    what = "an HTML page" if _HTML.search(answer.body[:2000]) else (answer.content_type or "something else")
    return f"no {kind}, but {what}"
