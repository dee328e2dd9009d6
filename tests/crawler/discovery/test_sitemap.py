"""Sitemaps in all the states that they are found in."""

import gzip
import zlib
from datetime import UTC, datetime

import pytest

from crawler.discovery import sitemap
from crawler.discovery.sitemap import Sitemap, parse_sitemap

URL = "https://www.a.example/sitemap.xml"
HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">'


def parse(inner: str, **options: str) -> Sitemap:
    return parse_sitemap(f"{HEAD}{inner}</urlset>".encode(), URL, **options)


def urls(found: Sitemap) -> list[str]:
    return [entry.url for entry in found.entries]


def row(path: str, rest: str = "") -> str:
    return f"<url><loc>https://www.a.example{path}</loc>{rest}</url>"


def test_entries_come_in_order_without_repeats() -> None:
    assert urls(parse(row("/b") + row("/a") + row("/b"))) == ["https://www.a.example/b", "https://www.a.example/a"]


def test_lastmod_becomes_modified_at_in_utc() -> None:
    found = parse(row("/a", "<lastmod>2026-03-05T12:00:00+02:00</lastmod>"))
    assert found.entries[0].modified_at == datetime(2026, 3, 5, 10, tzinfo=UTC)
    assert found.entries[0].published_at is None


def test_a_broken_lastmod_is_none() -> None:
    assert parse(row("/a", "<lastmod>yesterday</lastmod>")).entries[0].modified_at is None


NEWS = (
    '<news:news xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"><news:publication><news:name>A</news:name>'
    "<news:language>pt-BR</news:language></news:publication>"
    "<news:publication_date>2026-03-05T10:00:00Z</news:publication_date>"
    "<news:title>Rain &amp;amp; wind <![CDATA[& storm]]></news:title></news:news>"
)


def test_news_children_are_kept() -> None:
    entry = parse(row("/a", NEWS)).entries[0]
    assert entry.found_in == "news_sitemap"
    assert entry.title == "Rain & wind & storm"
    assert entry.published_at == datetime(2026, 3, 5, 10, tzinfo=UTC)
    assert entry.language == "pt"


def test_the_prefix_of_a_namespace_does_not_matter() -> None:
    body = NEWS.replace("news:", "n:").replace("xmlns:news", "xmlns:n")
    assert parse(row("/a", body)).entries[0].title == "Rain & wind & storm"
    undeclared = NEWS.replace(' xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"', "")
    assert parse(row("/a", undeclared)).entries[0].title == "Rain & wind & storm"


def test_images_and_videos_are_no_entries_and_give_no_titles() -> None:
    image = '<i:image xmlns:i="x"><i:loc>https://www.a.example/1.jpg</i:loc><i:title>Cat</i:title></i:image>'
    found = parse(row("/a", image))
    assert urls(found) == ["https://www.a.example/a"]
    assert found.entries[0].title is None


def test_an_index_gives_children_with_their_lastmod() -> None:
    body = (
        b"<sitemapindex><sitemap><loc>https://www.a.example/1.xml.gz</loc><lastmod>2026-03</lastmod></sitemap>"
        b"<sitemap><loc>/2.xml</loc></sitemap></sitemapindex>"
    )
    found = parse_sitemap(body, URL)
    assert [child.url for child in found.children] == ["https://www.a.example/1.xml.gz", "https://www.a.example/2.xml"]
    assert found.children[0].lastmod == datetime(2026, 3, 1, tzinfo=UTC)
    assert not found.entries


def test_urls_of_other_sites_are_left_out_and_counted() -> None:
    foreign = "<url><loc>https://cdn.example/a</loc></url><url><loc>https://b.example/a</loc></url>"
    found = parse(row("/a") + foreign + "<url><loc>https://m.a.example/b</loc></url>")
    assert urls(found) == ["https://www.a.example/a", "https://m.a.example/b"]
    assert found.foreign == 2


def test_a_sitemap_that_lies_elsewhere_may_name_children_beside_it_but_entries_of_the_site_only() -> None:
    body = b"<sitemapindex><sitemap><loc>https://maps.example/1.xml</loc></sitemap></sitemapindex>"
    found = parse_sitemap(body, "https://maps.example/a.xml", home="https://www.a.example/")
    assert len(found.children) == 1
    body = b"<urlset><url><loc>https://maps.example/page</loc></url></urlset>"
    assert not parse_sitemap(body, "https://maps.example/a.xml", home="https://www.a.example/").entries


@pytest.mark.parametrize("loc", ["file:///etc/passwd", "javascript:alert(1)", "ftp://a.example/", "", "http://[::1/"])
def test_only_web_addresses_count(loc: str) -> None:
    assert not parse(f"<url><loc>{loc}</loc></url>").entries


def test_gzip_is_seen_by_its_bytes() -> None:
    body = gzip.compress(f"{HEAD}{row('/a')}</urlset>".encode())
    assert urls(parse_sitemap(body, URL)) == ["https://www.a.example/a"]


def test_a_gzip_file_that_breaks_off_keeps_what_came_before() -> None:
    rows = "".join(row(f"/{zlib.crc32(str(n).encode())}/story-{n}") for n in range(2000))
    whole = gzip.compress(f"{HEAD}{rows}</urlset>".encode())
    found = urls(parse_sitemap(whole[: len(whole) // 2], URL))
    assert 500 < len(found) < 2000
    assert found == urls(parse_sitemap(whole, URL))[: len(found)]


def test_a_bomb_is_read_no_further_than_the_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sitemap, "MAX_BYTES", 1_000_000)
    bomb = gzip.compress(f"{HEAD}{row('/a')}".encode() + b" " * 30_000_000 + row("/b").encode())
    assert urls(parse_sitemap(bomb, URL)) == ["https://www.a.example/a"]


def test_no_more_than_the_limit_of_entries_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sitemap, "MAX_ENTRIES", 10)
    assert len(parse("".join(row(f"/{n}") for n in range(50))).entries) == 10


def test_entities_are_not_expanded() -> None:
    declared = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b SYSTEM "file:///etc/passwd">]>'
    body = f"<?xml version='1.0'?>{declared}<urlset>{row('/x&a;y')}{row('/&b;')}</urlset>".encode()
    assert all("aaaa" not in url and "root" not in url for url in urls(parse_sitemap(body, URL)))


def test_a_billion_laughs_end_at_once() -> None:
    steps = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 12))
    body = f'<!DOCTYPE x [<!ENTITY e0 "ha">{steps}]><urlset>{row("/&e11;")}{row("/b")}</urlset>'.encode()
    assert "https://www.a.example/b" in urls(parse_sitemap(body, URL))


def test_lone_ampersands_are_taken_as_meant() -> None:
    assert urls(parse(row("/a?x=1&y=2"))) == ["https://www.a.example/a?x=1&y=2"]
    assert urls(parse(row("/a?x=1&amp;y=2"))) == ["https://www.a.example/a?x=1&y=2"]
    assert urls(parse("<url><loc><![CDATA[https://www.a.example/a?x=1&y=2]]></loc></url>")) == [
        "https://www.a.example/a?x=1&y=2"
    ]


def test_missing_end_tags_lose_nothing() -> None:
    assert urls(parse("<url><loc>https://www.a.example/a</loc><url><loc>https://www.a.example/b</loc></url>")) == [
        "https://www.a.example/a",
        "https://www.a.example/b",
    ]


def test_a_file_that_breaks_off_within_an_address_drops_that_address() -> None:
    body = f"{HEAD}{row('/a')}<url><loc>https://www.a.example/half".encode()
    assert urls(parse_sitemap(body, URL)) == ["https://www.a.example/a"]


def test_blank_lines_and_warnings_before_the_declaration_do_no_harm() -> None:
    body = f"\n\n  {HEAD}{row('/a')}</urlset>".encode()
    assert urls(parse_sitemap(body, URL)) == ["https://www.a.example/a"]
    assert urls(parse_sitemap(b"Notice: undefined index\n" + body.strip(), URL)) == ["https://www.a.example/a"]


def test_a_text_sitemap_has_an_address_a_line() -> None:
    body = b"\xef\xbb\xbfhttps://www.a.example/a\r\nhttps://www.a.example/b\n\nhttps://b.example/c\nhttps://www.a.example/d"
    found = parse_sitemap(body, "https://www.a.example/sitemap.txt")
    assert urls(found) == ["https://www.a.example/a", "https://www.a.example/b", "https://www.a.example/d"]


def test_a_feed_may_serve_as_sitemap() -> None:
    body = (
        b"<rss version='2.0'><channel><item><title>T</title><link>https://www.a.example/a</link></item></channel></rss>"
    )
    assert urls(parse_sitemap(body, URL)) == ["https://www.a.example/a"]


@pytest.mark.parametrize("body", [b"", b"<html><body>not found</body></html>", b"\x1f\x8b", b"\x1f\x8bxxxx", b"{}"])
def test_what_is_no_sitemap_is_said_to_be_unreadable(body: bytes) -> None:
    assert parse_sitemap(body, URL) == Sitemap(readable=False)


def test_letters_outside_ascii_are_escaped() -> None:
    assert urls(parse(row("/дождь"))) == ["https://www.a.example/%D0%B4%D0%BE%D0%B6%D0%B4%D1%8C"]
