"""The records of the archive, as frozen dataclasses: what every reader returns and every writer takes.

Knows nothing of the database, of Scrapy or of any site. Every time is an aware `datetime` in UTC;
`captured_at` is our clock, `published_at` and `modified_at` are the publisher's.
"""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from datetime import datetime
from enum import StrEnum


class Verdict(StrEnum):
    """What a fetched page turned out to be (decided by the extractor, before anything is versioned)."""

    ARTICLE = "article"
    LISTING = "listing"
    CONSENT = "consent"
    CAPTCHA = "captcha"
    LOGIN = "login"
    SOFT_404 = "soft_404"
    ERROR_PAGE = "error_page"
    EMPTY = "empty"
    TRUNCATED = "truncated"
    NOT_HTML = "not_html"
    TOO_LARGE = "too_large"
    TOO_DEEP = "too_deep"
    TOO_SLOW = "too_slow"
    OTHER = "other"


class Outcome(StrEnum):
    """What one look at one URL came to. The first four say that the article was there."""

    NEW = "new"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    NOT_MODIFIED = "not_modified"
    BLOCKED = "blocked"
    NOT_ARTICLE = "not_article"
    TRUNCATED = "truncated"
    GONE = "gone"
    MOVED = "moved"
    ERROR = "error"


class EditKind(StrEnum):
    """What an edit is, as a reader would name it (a Change has any number of kinds)."""

    HEADLINE = "headline"
    TYPO = "typo"
    PUNCTUATION = "punctuation"
    WORDING = "wording"
    NUMBER = "number"
    QUOTE = "quote"
    NAME = "name"
    PARAGRAPH_ADDED = "paragraph_added"
    PARAGRAPH_REMOVED = "paragraph_removed"
    PARAGRAPH_MOVED = "paragraph_moved"
    CORRECTION = "correction"
    UPDATE_NOTE = "update_note"
    CATEGORY = "category"
    AUTHOR = "author"
    REVERTED = "reverted"
    REWRITTEN = "rewritten"


@dataclass(frozen=True, slots=True)
class Counter:
    """One engagement counter as a page states it."""

    value: int
    """The number; for a rounded one ("1.2K") the number that it stands for (1200)."""
    exact: bool
    """False where the page rounds ("1.2K", "49,000+")."""
    raw: str
    """The text the number was read from, as it stands on the page."""
    source: str
    """Where it stood: json-ld, microdata, meta, state, attribute, label, class or selector."""


@dataclass(frozen=True, slots=True)
class Engagement:
    """The counters seen at one capture. None = the page does not say; 0 only where it says 0."""

    views: Counter | None = None
    likes: Counter | None = None
    dislikes: Counter | None = None
    shares: Counter | None = None
    comments: Counter | None = None
    comments_open: bool | None = None
    placeholder_suspect: tuple[str, ...] = ()
    """Names of counters whose zero a script would have filled; they are None here, never 0."""


COUNTERS = ("views", "likes", "dislikes", "shares", "comments")


@dataclass(frozen=True, slots=True)
class Content:
    """What an article page says. `None` = the page does not say; `()` = it says there is none."""

    title: str | None = None
    """The headline, never the site's name."""
    body: str | None = None
    """Plain text; paragraphs (and subheads, list items) separated by one blank line."""
    summary: str | None = None
    authors: tuple[str, ...] | None = None
    categories: tuple[str, ...] | None = None
    """The page's own labels, in page order, as they are written."""
    tags: tuple[str, ...] | None = None
    topics: tuple[str, ...] | None = None
    """IPTC Media Topics codes ("11000000") of the categories; () where no label could be mapped."""
    language: str | None = None
    """BCP 47 primary tag in lower case ("en"), checked against the text."""
    published_at: datetime | None = None
    """Theirs. The extractor keeps the page's own zone (the day that a reader saw); the archive returns UTC."""
    modified_at: datetime | None = None
    canonical_url: str | None = None
    """What the page claims, where the claim is believable."""
    image_url: str | None = None
    access: str | None = None
    """"full", or "preview" where a paywall shows the headline and a first part."""
    coverage_place: tuple[str, ...] | None = None
    """Places that section labels name ("Africa"), kept apart from topics."""
    genre: tuple[str, ...] | None = None
    """Genres that section labels name ("opinion", "live", "video"), kept apart from topics."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A URL worth a look, as a feed, sitemap, listing or person names it. A row before it is fetched."""

    url: str
    found_in: str
    """sitemap, news_sitemap, feed, section, home, link, seed or import."""
    title: str | None = None
    published_at: datetime | None = None
    modified_at: datetime | None = None
    """The source's claim (a sitemap's lastmod, a feed's updated); pulls the next check forward when it moves."""
    language: str | None = None


@dataclass(frozen=True, slots=True)
class Due:
    """A candidate whose look is due, with what the fetch needs."""

    url: str
    reason: str
    """new, due, lastmod, retry or confirm (a look at a page that seems gone, or moved)."""
    due_at: datetime
    article_id: int | None = None
    etag: str | None = None
    last_modified: str | None = None
    """The HTTP validators of the last full answer, as the server wrote them."""
    shows_counters: bool = False
    """True where an earlier capture of the article carried a counter (a 304 would hide its movement)."""
    conditional_since_full: int = 0
    """How many 304 answers came in a row since the last full one."""


@dataclass(frozen=True, slots=True)
class RawCapture:
    """One answer as the server gave it, its body without chunks and, unless `is_gzip`, decoded."""

    url: str
    """The URL that gave it, after redirects."""
    captured_at: datetime
    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes
    is_whole: bool = True
    """False where its record says, or its length shows, that the body was cut off."""
    is_gzip: bool = False
    """True on its way into a file only: the body is gzip-coded, as it came, and `headers` say so."""

    @property
    def content_type(self) -> str | None:
        """What the server said the body is."""
        return self.header("content-type")

    def header(self, name: str) -> str | None:
        """The first header of that name, given in lower case."""
        return next((value for key, value in self.headers if key.lower() == name), None)


@dataclass(frozen=True, slots=True)
class Capture:
    """One look at one URL at one moment, whatever came back.

    Written by a crawl with `id`, `article_id` and `version_id` None; what a reader returns has them set
    (`article_id` and `version_id` stay None where the look found no article).
    """

    url: str
    """The URL that was asked."""
    captured_at: datetime
    """Our clock, when the answer was complete."""
    outcome: Outcome | None = None
    """None on the way in for an article page: the archive then decides between new, changed and unchanged."""
    verdict: Verdict | None = None
    """None where there was no page to judge (a 304, a failed connection)."""
    reason: str | None = None
    """Why, in words, for every outcome but new, changed and unchanged."""
    status: int | None = None
    """HTTP status; None where no answer came."""
    final_url: str | None = None
    """Where redirects led; None when the same as url."""
    content: Content | None = None
    engagement: Engagement | None = None
    site: str | None = None
    crawl_id: int | None = None
    extractor: str | None = None
    """The extractor's version ("1"), so that a newer one is never mistaken for an edit."""
    etag: str | None = None
    last_modified: str | None = None
    other_urls: tuple[str, ...] = ()
    """Other addresses of the same article that this look proved (redirects, AMP and mobile variants)."""
    raw_path: str | None = None
    """WARC file and offset ("2026-03-1f2e3d4c.warc.gz:1234") where the raw answer is kept, one a part of the article,
    separated by spaces; None = not kept, or no longer."""
    provenance: dict[str, str] | None = field(default=None, compare=False, hash=False)
    """Field name -> where its value was read, for `show --explain`."""
    retry_after_at: datetime | None = None
    """The earliest moment the site allows another request (Retry-After); None = it said nothing."""
    id: int | None = None
    article_id: int | None = None
    version_id: str | None = None
    raw: tuple[RawCapture, ...] = field(default=(), compare=False, repr=False)
    """The answer itself, one a part of the article, on its way to a WARC file; never in the database, so () in what a
    reader returns."""


@dataclass(frozen=True, slots=True)
class Article:
    """One story with one identity; it lives through many captures."""

    id: int
    url: str
    """The canonical URL."""
    site: str | None
    title: str | None
    """Of the newest version; None before the first one."""
    first_captured_at: datetime
    """The first look that saw it."""
    last_captured_at: datetime
    """The last look at it, whatever came back."""
    versions: int
    captures: int
    published_at: datetime | None = None
    modified_at: datetime | None = None
    language: str | None = None
    categories: tuple[str, ...] | None = None
    topics: tuple[str, ...] | None = None
    authors: tuple[str, ...] | None = None
    gone_at: datetime | None = None
    """When the page was first seen gone, once a second look confirmed it."""
    other_urls: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class VersionHead:
    """A Version without its text, as lists show it; the fields are Version's."""

    id: str
    article_id: int
    number: int
    url: str
    captured_at: datetime
    last_seen_at: datetime
    title: str | None
    edit_kinds: tuple[EditKind, ...] = ()
    reverts_to: int | None = None
    stealth: bool = False
    site: str | None = None


@dataclass(frozen=True, slots=True)
class Version:
    """One versioned snapshot: a distinct title, body, categories and authors of an article."""

    id: str
    """Opaque, never changes; links and citations use it."""
    article_id: int
    number: int
    """Place in the order of capture, from 1 without gaps; moves when an older capture is imported."""
    url: str
    """The article's canonical URL."""
    captured_at: datetime
    """When this state was first seen."""
    last_seen_at: datetime
    """When this state was last seen (before the next version)."""
    content: Content
    edit_kinds: tuple[EditKind, ...] = ()
    """Kinds of the Change from the version before; () for number 1."""
    reverts_to: int | None = None
    """The lowest number of an earlier version with the same content; None where there is none."""
    stealth: bool = False
    """True where the edit changed a fact while modified_at stood still and no notice was added."""
    extractor: str | None = None
    site: str | None = None

    @property
    def head(self) -> VersionHead:
        """The same without the text."""
        said = {field.name: getattr(self, field.name) for field in fields(VersionHead) if field.name != "title"}
        return VersionHead(**said, title=self.content.title)


@dataclass(frozen=True, slots=True)
class EngagementPoint:
    """One observation of an article's counters, plain numbers."""

    url: str
    observed_at: datetime
    views: int | None = None
    likes: int | None = None
    dislikes: int | None = None
    shares: int | None = None
    comments: int | None = None
    comments_open: bool | None = None


@dataclass(frozen=True, slots=True)
class Event:
    """Something in an article's life that is no version."""

    at: datetime
    kind: str
    """published, moved, gone, back, paywalled, unlocked, comments_closed, comments_opened, counter_reset,
    counter_drop, blocked, unblocked, retracted, headline_flips, rebaselined, merged, split, purged."""
    detail: str | None = None
    capture_id: int | None = None


@dataclass(frozen=True, slots=True)
class HostState:
    """What is known of one host and must outlive a crawl: its robots.txt and when it may be asked again."""

    host: str
    """With the port, where it is not the scheme's own."""
    robots: bytes | None = None
    robots_status: int | None = None
    """HTTP status of robots.txt; None = never asked, 0 = no answer."""
    robots_fetched_at: datetime | None = None
    retry_after_at: datetime | None = None
    """No request before this moment (Retry-After, back-off)."""
    failures: int = 0
    """In a row, over all of the host's pages."""
    failed_at: datetime | None = None
    notes: dict[str, str] | None = field(default=None, hash=False)
    """Anything else the crawler wants to remember of a host."""


@dataclass(frozen=True, slots=True)
class SourceState:
    """A feed, sitemap or section page of a site, with the validators of its last full answer."""

    site: str
    url: str
    kind: str
    """sitemap, news_sitemap, feed, section or home."""
    etag: str | None = None
    last_modified: str | None = None
    fetched_at: datetime | None = None
    changed_at: datetime | None = None
    """When its entries were last seen to differ."""
    due_at: datetime | None = None
    status: int | None = None
    failures: int = 0
    entries: int | None = None
    digest: str | None = None
    """Over what it lists, as the crawler computes it."""
    reason: str | None = None
    """Why it failed, in words."""


@dataclass(frozen=True, slots=True)
class SiteState:
    """A site as the archive knows it."""

    name: str
    url: str
    added_at: datetime | None = None
    scale: float | None = None
    """c of the revisit rule; None = the default."""


@dataclass(frozen=True, slots=True)
class Crawl:
    """One execution of a spider."""

    id: int
    started_at: datetime
    sites: tuple[str, ...]
    command: str | None = None
    ended_at: datetime | None = None
    """None while it runs, or where its process was killed."""
    exit_code: int | None = None
    counts: dict[str, int] | None = field(default=None, hash=False)


@dataclass(frozen=True, slots=True)
class Quarantined:
    """A page that crashed or hung the extractor, and is left alone."""

    url: str
    site: str | None
    reason: str | None
    crashes: int
    quarantined_at: datetime
