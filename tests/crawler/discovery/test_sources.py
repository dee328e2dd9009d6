"""What to try on a site, and what is worth reading again."""

from datetime import UTC, datetime, timedelta

import pytest

from crawler.discovery.sitemap import SitemapRef
from crawler.discovery.sources import choose_sections, in_order, name_for, usual_feeds, usual_sitemaps, why_skip

NOW = datetime(2026, 3, 5, 12, tzinfo=UTC)
HOME = "https://www.a.example/"


def skip(name: str, lastmod: datetime | None = None, fetched: datetime | None = None) -> str | None:
    return why_skip(SitemapRef(HOME + name, lastmod), fetched, NOW)


def test_the_usual_places_are_addresses_of_the_site() -> None:
    assert usual_sitemaps("https://www.a.example/news/")[0] == "https://www.a.example/sitemap.xml"
    assert usual_feeds(HOME)[0] == "https://www.a.example/feed/"


@pytest.mark.parametrize(
    "name",
    [
        "sitemap-news.xml",
        "sitemap-2026-03-05.xml",
        "sitemap-2026-03.xml.gz",
        "sitemap.xml?yyyy=2026&mm=03&dd=05",
        "post-sitemap7.xml",
        "sitemap-2026.xml",
    ],
)
def test_a_child_never_read_is_worth_a_fetch(name: str) -> None:
    assert skip(name) is None


@pytest.mark.parametrize(
    "name",
    [
        "image-sitemap.xml",
        "author-sitemap.xml",
        "post_tag-sitemap2.xml",
        "category-sitemap.xml",
        "page-sitemap.xml",
        "sitemap-videos.xml",
    ],
)
def test_a_child_whose_name_promises_no_articles_is_not(name: str) -> None:
    assert skip(name) == "its name says that it lists no articles"


@pytest.mark.parametrize("name", ["sitemap-2019-01.xml", "sitemap/2025/12/31.xml", "archive-1999.xml"])
def test_a_child_of_old_days_is_not(name: str) -> None:
    assert skip(name) == "its name says that it is old"


def test_lastmod_decides_where_there_is_one() -> None:
    hour = timedelta(hours=1)
    assert skip("posts-7.xml", NOW - 2 * hour, fetched=NOW - 3 * hour) is None
    assert skip("posts-7.xml", NOW - 3 * hour, fetched=NOW - 2 * hour) == "not modified since it was read"
    assert skip("posts-7.xml", NOW - timedelta(days=90)) == "its lastmod is old"


def test_a_day_that_was_over_when_it_was_read_is_read_again_ever_more_seldom() -> None:
    assert skip("sitemap-2026-03-02.xml", fetched=NOW - timedelta(hours=2)) == "its days were over when it was read"
    assert skip("sitemap-2026-03-02.xml", fetched=NOW - timedelta(hours=10)) is None
    assert skip("sitemap-2026-02-10.xml", fetched=NOW - timedelta(hours=10)) == "its days were over when it was read"
    assert skip("sitemap-2026-03-05.xml", fetched=NOW - timedelta(minutes=5)) is None


def test_a_child_that_says_nothing_is_read_once_an_hour() -> None:
    assert skip("posts-7.xml", fetched=NOW - timedelta(minutes=30)) == "read within the last hour"
    assert skip("posts-7.xml", fetched=NOW - timedelta(minutes=90)) is None


def test_news_are_always_worth_a_fetch() -> None:
    assert skip("sitemap-news.xml", NOW - timedelta(days=90), fetched=NOW) is None


def test_news_come_first_then_the_newest() -> None:
    names = ["sitemap-2026-03-04.xml", "sitemap-news.xml", "sitemap-2026-03-05.xml", "x.xml"]
    ordered = in_order(SitemapRef(HOME + name) for name in names)
    assert [ref.url.removeprefix(HOME) for ref in ordered] == [names[1], names[2], names[0], names[3]]


def test_an_endless_index_is_cut() -> None:
    assert len(in_order(SitemapRef(f"{HOME}{n}.xml") for n in range(1000))) == 50


def test_shallow_sections_come_first() -> None:
    sections = [f"{HOME}news/world/africa/mali", f"{HOME}politics", f"{HOME}category/politics/", f"{HOME}politics"]
    assert choose_sections(sections, limit=2) == (f"{HOME}politics", f"{HOME}category/politics/")


def test_a_new_site_gets_a_short_name_of_its_own() -> None:
    assert name_for("https://www.daily-paper.co.uk/") == "daily-paper"
    assert name_for("https://www.paper.example/", {"paper", "paper-2"}) == "paper-3"
    assert name_for("http://127.0.0.1:8000/") == "127.0.0.1"
