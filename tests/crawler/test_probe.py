"""`sites add` and `sites check` judge what was fetched."""

from datetime import UTC, datetime

import pytest

from crawler.discovery.links import read_listing
from crawler.discovery.robots import Robots
from crawler.probe import Fetched, SourceReport, choose_sources, judge, judge_robots, sources_to_try

HOME = "https://www.a.example/"
NOW = datetime(2026, 3, 5, 12, tzinfo=UTC)


def fetched(path: str, body: str, status: int = 200) -> Fetched:
    return Fetched(f"{HOME}{path}", status, body.encode())


def rss(day: str, host: str = "www.a.example") -> str:
    item = f"<item><title>T</title><link>https://{host}/1</link><pubDate>{day} 12:00:00 GMT</pubDate></item>"
    return f"<rss version='2.0'><channel>{item}</channel></rss>"


def test_a_living_feed_is_ok() -> None:
    report = judge("feed", fetched("feed/", rss("Thu, 05 Mar 2026")), HOME, NOW)
    assert report == SourceReport(f"{HOME}feed/", "feed", True, 1, NOW, None)


@pytest.mark.parametrize(
    ("kind", "answer", "reason"),
    [
        ("feed", fetched("feed/", rss("Sun, 01 Mar 2020")), "its newest entry is 2195 days old"),
        ("feed", fetched("feed/", rss("Thu, 05 Mar 2026", "b.example")), "all 1 entries lead to other sites"),
        ("feed", fetched("feed/", "<rss version='2.0'><channel/></rss>"), "it has no entries"),
        ("feed", fetched("feed/", "<!doctype html><html>"), "no feed, but an HTML page"),
        ("sitemap", fetched("sitemap.xml", "<html>"), "no sitemap, but an HTML page"),
        ("sitemap", fetched("sitemap.xml", "<urlset></urlset>"), "it has no entries"),
        ("sitemap", fetched("sitemap.xml", "", 404), "HTTP status 404"),
        ("sitemap", fetched("sitemap.xml", ""), "empty"),
        ("feed", Fetched(f"{HOME}feed/", error="forbidden by robots.txt"), "forbidden by robots.txt"),
        ("feed", Fetched(f"{HOME}feed/"), "no answer"),
        ("section", fetched("politics/", "<html><a href='/x'>x</a>"), "only 0 links look like articles"),
    ],
)
def test_a_source_that_fails_says_why(kind: str, answer: Fetched, reason: str) -> None:
    report = judge(kind, answer, HOME, NOW)
    assert not report.ok
    assert report.reason == reason


def test_an_index_is_ok_and_counts_its_children() -> None:
    body = f"<sitemapindex><sitemap><loc>{HOME}1.xml</loc></sitemap></sitemapindex>"
    report = judge("sitemap", fetched("sitemap.xml", body), HOME, NOW)
    assert (report.ok, report.entries, report.reason) == (True, 1, "an index of sitemaps")


def listing(links: int) -> str:
    rows = "".join(f"<h2><a href='/2026/03/05/story-{n}'>The story of day {n} is told</a></h2>" for n in range(links))
    return f"<html lang=en><nav><a href='/politics/'>Politics</a></nav>{rows}</html>"


def test_a_section_with_articles_is_ok() -> None:
    assert judge("section", fetched("politics/", listing(5)), HOME, NOW).entries == 5


def test_a_home_page_that_scripts_fill_says_so() -> None:
    report = judge("home", fetched("", "<html><div id=app></div><script src=app.js></script></html>"), HOME, NOW)
    assert not report.ok
    assert "render = true" in (report.reason or "")


def test_robots_is_judged_by_what_it_lets_us_do() -> None:
    assert judge_robots(fetched("robots.txt", "User-agent: *\nDisallow: /x"), "Backissue").ok
    assert judge_robots(fetched("robots.txt", "", 404), "Backissue").reason == "there is none: everything is allowed"
    assert not judge_robots(fetched("robots.txt", "User-agent: *\nDisallow: /"), "Backissue").ok
    refused = judge_robots(fetched("robots.txt", "", 503), "Backissue")
    assert not refused.ok
    assert "HTTP status 503" in (refused.reason or "")
    assert (
        judge_robots(fetched("robots.txt", "User-agent: *\nCrawl-delay: 5"), "x").reason
        == "it asks for 5 s between requests"
    )


def test_what_a_site_names_is_tried_and_the_usual_places_only_without_it() -> None:
    page = read_listing(listing(5) + "<link rel=alternate type='application/rss+xml' href='/rss'>", HOME)
    robots = Robots.parse(f"Sitemap: {HOME}map.xml\nSitemap: /news.xml")
    assert sources_to_try(HOME, robots, page) == [
        ("sitemap", f"{HOME}map.xml"),
        ("sitemap", f"{HOME}news.xml"),
        ("feed", f"{HOME}rss"),
        ("section", f"{HOME}politics/"),
    ]
    kinds = [kind for kind, _ in sources_to_try(HOME, Robots.allow_all(), read_listing("", HOME))]
    assert kinds.count("sitemap") > 5
    assert kinds.count("feed") > 5


def test_the_entry_takes_what_is_good_and_sections_only_where_nothing_else_is() -> None:
    feed = SourceReport(f"{HOME}rss", "feed", True, 10)
    dead = SourceReport(f"{HOME}old", "feed", False)
    maps = [SourceReport(f"{HOME}{name}", "sitemap", True, 10) for name in ("sitemap.xml", "sitemap-news.xml")]
    section = SourceReport(f"{HOME}politics/", "section", True, 10)
    assert choose_sources([feed, dead, *maps, section]) == {
        "feeds": (feed.url,),
        "sitemaps": (maps[1].url, maps[0].url),
        "sections": (),
    }
    assert choose_sources([dead, section])["sections"] == (section.url,)
