"""What to try on a site: where sitemaps and feeds usually lie, which children of an index are worth a fetch,
which section pages to read, and what to call a new site.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from datetime import UTC, date, datetime, timedelta
from urllib.parse import urljoin, urlsplit

from crawler.discovery.dates import day_in_url
from crawler.discovery.signs import is_listing_path
from crawler.discovery.sitemap import SitemapRef
from crawler.discovery.urls import registrable_domain

MAX_SITEMAP_DEPTH = 3
"""An index of indexes is allowed; anything deeper is a loop or a trap."""
MAX_CHILDREN = 50
"""Of one index in one crawl: news first, then the newest."""
MAX_SECTIONS = 20
STALE = timedelta(days=30)
"""Revisits end at this age, so what is older needs no discovery (an import brings the past in)."""

_UNDATED_AGAIN = timedelta(hours=1)
_SITEMAPS = (
    "/sitemap.xml", "/sitemap_index.xml", "/sitemap-index.xml", "/news-sitemap.xml", "/sitemap-news.xml",
    "/sitemap_news.xml", "/sitemaps/news.xml", "/sitemap/news.xml", "/googlenews.xml", "/google-news-sitemap.xml",
    "/wp-sitemap.xml", "/sitemap.xml.gz", "/sitemap/index.xml", "/sitemaps/sitemap.xml", "/sitemap.txt",
)  # fmt: skip
_FEEDS = (
    "/feed/", "/rss", "/rss.xml", "/feed.xml", "/atom.xml", "/index.xml", "/rss/all", "/rss/news", "/feeds/all",
    "/index.rdf", "/rss.php", "/feed/rss", "/feeds/rss.xml", "/news/rss", "/news/feed", "/feed.json", "/?feed=rss2",
)  # fmt: skip
_NEWS = re.compile(
    r"(?<![a-z])news(?![a-z]*letter)|latest|breaking|aktuell|actualit|noticias|nachrichten|novosti|48h", re.I
)
_NO_ARTICLES = re.compile(
    r"(?:image|photo|video|author|autor|tag|keyword|categor|kategori|user|profile|static|page|product|recipe|company"
    r"|event|profile|job|listing|coupon|taxonom|section|topic|archive-index|lexikon|weather|wetter|podcast|amp|web-?stor)"
    r"[a-z]*s?[-_.]?(?:sitemap|index)?|sitemap[-_.]?(?:image|video|author|tag|categor|user|page|static|taxonom)", re.I
)  # fmt: skip
_MONTH = re.compile(r"(?<!\d)((?:19|20)\d\d)[-_/.]?(0[1-9]|1[0-2])(?!\d)")
_YEAR = re.compile(r"(?<!\d)((?:19|20)\d\d)(?!\d)")


def usual_sitemaps(home: str) -> tuple[str, ...]:
    """Where sitemaps lie when robots.txt names none, likeliest first."""
    return tuple(urljoin(home, path) for path in _SITEMAPS)


def usual_feeds(home: str) -> tuple[str, ...]:
    """Where feeds lie when the home page names none, likeliest first."""
    return tuple(urljoin(home, path) for path in _FEEDS)


def is_news_sitemap(url: str) -> bool:
    """True where the name says that it lists the last days' articles.

    >>> is_news_sitemap("https://a.example/sitemap-news.xml"), is_news_sitemap("https://a.example/sitemap-7.xml")
    (True, False)
    """
    return bool(_NEWS.search(_file_part(url)))


def why_skip(ref: SitemapRef, fetched_at: datetime | None, now: datetime) -> str | None:
    """Why a child sitemap is not worth a fetch now; None where it is.

    `fetched_at`: when it was last read, None for never. One whose days are over is read ever more seldom, because what
    it lists is still edited: after an eighth of the time that had passed since they ended.
    """
    name = _file_part(ref.url)
    if is_news_sitemap(ref.url):
        return None
    if _NO_ARTICLES.search(name):
        return "its name says that it lists no articles"
    covered = last_day_named(name)
    if covered is not None and covered < (now - STALE).date():
        return "its name says that it is old"
    if ref.lastmod is not None and ref.lastmod < now - STALE:
        return "its lastmod is old"
    if fetched_at is None:
        return None
    if ref.lastmod is not None and ref.lastmod <= fetched_at:
        return "not modified since it was read"
    if covered is not None and now - fetched_at < (fetched_at - _end_of(covered)) / 8:
        return "its days were over when it was read"
    if ref.lastmod is None and covered is None and now - fetched_at < _UNDATED_AGAIN:
        return "read within the last hour"
    return None


def in_order(children: Iterable[SitemapRef]) -> tuple[SitemapRef, ...]:
    """Children as they should be fetched: news, then the newest by lastmod or by name; not more than MAX_CHILDREN."""

    def rank(ref: SitemapRef) -> tuple[bool, float, date]:
        lastmod = ref.lastmod.timestamp() if ref.lastmod else 0.0
        return is_news_sitemap(ref.url), lastmod, last_day_named(_file_part(ref.url)) or date.min

    return tuple(sorted(children, key=rank, reverse=True)[:MAX_CHILDREN])


def last_day_named(name: str) -> date | None:
    """The last day that a name covers: of a day, a month or a year.

    >>> last_day_named("sitemap-2026-02.xml"), last_day_named("posts-2026-03-05.xml.gz"), last_day_named("posts-7.xml")
    (datetime.date(2026, 2, 28), datetime.date(2026, 3, 5), None)
    """
    if day := day_in_url(name):
        return day
    if match := _MONTH.search(name):
        year, month = int(match[1]), int(match[2])
        return date(year + month // 12, month % 12 + 1, 1) - timedelta(days=1)
    if match := _YEAR.search(name):
        return date(int(match[1]), 12, 31)
    return None


def _end_of(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=UTC) + timedelta(days=1)


def _file_part(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.path}?{parts.query}".lower()


def choose_sections(sections: Iterable[str], limit: int = MAX_SECTIONS) -> tuple[str, ...]:
    """Of a home page's section links those to read: shallow ones, and those that call themselves a listing, first."""

    def rank(url: str) -> tuple[int, bool]:
        depth = len([part for part in urlsplit(url).path.split("/") if part])
        return depth - is_listing_path(url), "?" in url

    return tuple(sorted(dict.fromkeys(sections), key=rank)[:limit])


def name_for(home: str, taken: Collection[str] = ()) -> str:
    """A short unique name for a new site.

    >>> name_for("https://www.daily-news.co.uk/"), name_for("http://m.paper.example/x", {"paper"})
    ('daily-news', 'paper-2')
    """
    host = urlsplit(home).hostname or "site"
    base = host if re.fullmatch(r"[\d.:]+", host) else registrable_domain(host).partition(".")[0]
    base = re.sub(r"[^\w.-]+", "-", base).strip("-_.") or "site"
    number, name = 1, base
    while name in taken:
        number += 1
        name = f"{base}-{number}"
    return name
