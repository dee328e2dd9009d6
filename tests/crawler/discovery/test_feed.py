"""Feeds of every kind become candidates."""

import json
from datetime import UTC, datetime

import pytest

from archive.model import Candidate
from crawler.discovery.feed import parse_feed

URL = "https://www.a.example/feed/"

RSS = """<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" xmlns:feedburner="http://rssnamespace.org/feedburner/ext/1.0"><channel><title>A</title>
<link>https://www.a.example/</link><language>en-GB</language>{}</channel></rss>"""


def rss(items: str) -> tuple[Candidate, ...]:
    return parse_feed(RSS.format(items).encode(), URL, "application/rss+xml")


def test_an_rss_item_keeps_title_date_and_the_feeds_language() -> None:
    item = (
        "<item><title>Rain &amp;amp; &lt;b&gt;wind&lt;/b&gt;</title><link>https://www.a.example/1</link>"
        "<pubDate>Thu, 05 Mar 2026 12:00:00 +0200</pubDate></item>"
    )
    assert rss(item) == (
        Candidate(
            "https://www.a.example/1",
            "feed",
            title="Rain & wind",
            published_at=datetime(2026, 3, 5, 10, tzinfo=UTC),
            language="en",
        ),
    )


def test_a_guid_that_is_a_link_serves_where_there_is_no_link() -> None:
    assert rss("<item><title>T</title><guid>https://www.a.example/7</guid></item>")[0].url == "https://www.a.example/7"
    assert not rss('<item><title>T</title><guid isPermaLink="false">a-7</guid></item>')


def test_the_address_before_a_feed_service_took_over_is_the_address() -> None:
    item = (
        "<item><link>https://feeds.service.example/~r/a/1</link>"
        "<feedburner:origLink>https://www.a.example/1</feedburner:origLink></item>"
    )
    assert rss(item)[0].url == "https://www.a.example/1"


def test_a_link_that_counts_clicks_elsewhere_gives_way_to_an_identifier_that_is_the_sites_own_address() -> None:
    counted = "<link>https://clicks.service.example/~r/a/1</link>"
    items = (
        f'<item>{counted}<guid isPermaLink="false">https://www.a.example/?p=1</guid></item>'
        f'<item>{counted}<guid isPermaLink="false">a-7</guid></item>'
        "<item><link>https://www.a.example/2</link><guid>https://www.a.example/?p=2</guid></item>"
    )
    found = parse_feed(RSS.format(items).encode(), URL, "application/rss+xml", home="https://www.a.example/")
    assert [each.url for each in found] == ["https://www.a.example/?p=1", "https://www.a.example/2"]
    item = {"url": "https://clicks.service.example/1", "id": "https://www.a.example/1"}
    feed = json.dumps({"version": "https://jsonfeed.org/version/1.1", "items": [item]})
    assert [each.url for each in parse_feed(feed.encode(), URL, home=URL)] == ["https://www.a.example/1"]


def test_relative_links_are_made_absolute() -> None:
    assert rss("<item><link>/news/1</link></item>")[0].url == "https://www.a.example/news/1"


def test_an_atom_entry_has_both_its_dates() -> None:
    body = b"""<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="de"><entry><title>T</title>
    <link rel="edit" href="/edit/1"/><link rel="alternate" href="/1"/>
    <published>2026-03-05T10:00:00Z</published><updated>2026-03-05T11:00:00Z</updated></entry></feed>"""
    (entry,) = parse_feed(body, URL)
    assert entry.url == "https://www.a.example/1"
    assert entry.published_at == datetime(2026, 3, 5, 10, tzinfo=UTC)
    assert entry.modified_at == datetime(2026, 3, 5, 11, tzinfo=UTC)
    assert entry.language == "de"


def test_published_is_not_taken_for_updated() -> None:
    item = "<item><link>/1</link><pubDate>Thu, 05 Mar 2026 12:00:00 GMT</pubDate></item>"
    assert rss(item)[0].modified_at is None


def test_rdf_is_read() -> None:
    body = b"""<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"
    xmlns:dc="http://purl.org/dc/elements/1.1/"><item rdf:about="https://www.a.example/1"><title>T</title>
    <link>https://www.a.example/1</link><dc:date>2026-03-05T10:00:00Z</dc:date></item></rdf:RDF>"""
    (entry,) = parse_feed(body, URL)
    assert entry.title == "T"
    assert (entry.published_at or entry.modified_at) == datetime(2026, 3, 5, 10, tzinfo=UTC)


def test_json_feed_is_read() -> None:
    items = [
        {"id": "1", "url": "https://www.a.example/1", "title": "T", "date_published": "2026-03-05T10:00:00+00:00",
         "date_modified": "2026-03-05T11:00:00Z", "language": "fr-FR"},
        {"id": "https://www.a.example/2"},
        {"id": 3}, "no item", {"url": ["x"]},
    ]  # fmt: skip
    body = json.dumps({"version": "https://jsonfeed.org/version/1.1", "items": items}).encode()
    first, second = parse_feed(body, URL)
    assert first == Candidate(
        "https://www.a.example/1",
        "feed",
        title="T",
        published_at=datetime(2026, 3, 5, 10, tzinfo=UTC),
        modified_at=datetime(2026, 3, 5, 11, tzinfo=UTC),
        language="fr",
    )
    assert second.url == "https://www.a.example/2"


def test_other_json_is_no_feed() -> None:
    assert parse_feed(b'{"items": [{"url": "https://www.a.example/1"}]}', URL) == ()
    assert parse_feed(b"{" + b'"a":{' * 100_000, URL) == ()


def test_with_a_home_only_its_site_counts() -> None:
    body = RSS.format("<item><link>https://b.example/1</link></item><item><link>https://m.a.example/2</link></item>")
    found = parse_feed(body.encode(), URL, home="https://www.a.example/")
    assert [entry.url for entry in found] == ["https://m.a.example/2"]


def test_an_entry_comes_once() -> None:
    assert len(rss("<item><link>/1</link></item><item><link>/1</link></item>")) == 1


@pytest.mark.parametrize("link", ["javascript:alert(1)", "file:///etc/passwd", "mailto:a@a.example", "http://[::1"])
def test_only_web_addresses_count(link: str) -> None:
    assert rss(f"<item><title>T</title><link>{link}</link></item>") == ()


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"http://127.0.0.1:1/feed",
        b"/etc/passwd",
        b"<html><body>no</body></html>",
        b"\x00" * 100,
        b"\xff\xfe<",
        b"<rss",
    ],
)
def test_what_is_no_feed_gives_nothing_and_fetches_nothing(body: bytes) -> None:
    assert parse_feed(body, URL) == ()


def test_external_entities_are_not_read() -> None:
    body = (
        '<!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/hostname">]><rss version="2.0"><channel><item>'
        "<title>&x;</title><link>https://www.a.example/1</link></item></channel></rss>"
    )
    assert [entry.title for entry in parse_feed(body.encode(), URL)] in ([None], ["&x;"])


def test_a_long_feed_is_read_like_a_short_one() -> None:
    text = f"<description>{'Wort ' * 40_000}</description>"
    item = "<item><title>Regen &amp;amp; Wind für alle</title><link>/1</link>{}<guid>x</guid></item>"
    assert rss(item.format(text)) == rss(item.format("")) != ()
    latin = RSS.replace("UTF-8", "iso-8859-1").format(item.format(text)).encode("latin-1")
    assert parse_feed(latin, URL) == rss(item.format(""))
    undeclared = RSS.partition("?>")[2].format(item.format(text)).encode("latin-1")
    assert parse_feed(undeclared, URL, "application/rss+xml; charset=iso-8859-1") == rss(item.format(""))


def test_a_long_atom_feed_keeps_links_dates_and_languages() -> None:
    entry = """<entry xml:lang="fr"><title type="html">Pluie &amp;amp; vent</title><link rel="edit" href="/edit/1"/>
    <link rel="alternate" href="1.html"/><published>2026-03-05T10:00:00Z</published>
    <updated>2026-03-05T11:00:00Z</updated><content type="html">{}</content></entry>"""
    feed = '<feed xmlns="http://www.w3.org/2005/Atom" xml:base="https://www.a.example/monde/" xml:lang="en">{}</feed>'
    long, short = (parse_feed(feed.format(entry.format("mot " * n)).encode(), URL) for n in (50_000, 1))
    assert long == short
    assert (long[0].url, long[0].language) == ("https://www.a.example/monde/1.html", "fr")


def test_a_long_broken_feed_is_read_up_to_the_break() -> None:
    items = "".join(f"<item><title>A & B {n}</title><link>/{n}</link></item>" for n in range(5000))
    found = parse_feed(RSS.format(items)[:200_000].encode(), URL)
    assert len(found) == 1000
    assert found[7].url == "https://www.a.example/7"


@pytest.mark.parametrize("part", ["<item>", "<a ", "&", "<![CDATA[", "<!--", "<!DOCTYPE ", "<div>", '<x a="', "<?x "])
def test_endless_rubbish_is_read_at_once(part: str) -> None:
    assert parse_feed(f"<rss version='2.0'><channel>{part * 200_000}".encode(), URL) == ()


def test_a_declared_charset_is_used() -> None:
    body = RSS.replace("UTF-8", "windows-1251").format("<item><title>Дождь</title><link>/1</link></item>")
    assert parse_feed(body.encode("windows-1251"), URL)[0].title == "Дождь"
