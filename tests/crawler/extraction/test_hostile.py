"""No page, whatever its bytes, raises, takes long or fills the memory."""

import random
import resource
import time

import pytest

from crawler.extraction import Verdict, extract

MANY = 400_000
PAGES = {
    "nested elements": b"<div>" * MANY + b"x",
    "nested elements with odd closing tags": (b"<div></p>" * (MANY // 8)) + b"x",
    "nested tables": b"<table><tr><td>" * 60_000,
    "open formatting elements": b"".join(b"<font a%d=1><p>" % n for n in range(10_000)) + b"x",
    "many attributes": b"<p " + b" ".join(b"a%d=1" % n for n in range(50_000)) + b">x",
    "a long attribute": b'<p title="' + b"x" * 2_000_000 + b'">Rain</p>',
    "a long attribute with spaces": b'<p title="' + b"x y=z " * 400_000 + b'">Rain</p>',
    "thirty megabytes": b"<p>Rain falls on the town.</p>\n" * 1_000_000,
    "a table of fifty thousand rows": b"<table>" + b"<tr><td>a<td>b</tr>" * 50_000 + b"</table>",
    "many paragraphs": b"<p>Rain falls on the town, says the mayor.</p>" * 50_000,
    "one paragraph of nine megabytes": b"<p>" + b"Rain falls. " * 750_000,
    "entities": b"&amp;&lt;&#0;&#x110000;&notanentity;" * 100_000,
    "NULs": b"<p>Ra\0in</p>" * 1_000,
    "only NULs": b"\0" * 100_000,
    "closing tags": b"</p></div>" * 100_000,
    "a comment that never ends": b"<!--" + b"x" * 1_000_000,
    "line breaks": b"a<br>" * 100_000,
    "links": b'<a href="javascript:x">Rain on the town</a> ' * 30_000,
    "broken json": b'<script type="application/ld+json">' + b'{"a":[' * 50_000 + b"</script><p>Rain</p>",
    "open script": b"<script>" + b"<p>" * 100_000,
    "a heading without end": b"<h1>" + b"Rain " * 200_000,
    "select": b"<select><option>" * 50_000,
    "svg": b"<svg><g>" * 50_000,
    "templates": b"<template>" * 5_000 + b"x",
    "misnested": b"<a>" * 1_000 + b"<div>" * 1_000 + b"</a>" * 1_000 + b"x",
}


@pytest.mark.parametrize("name", PAGES)
def test_hostile_pages_end_soon_and_have_a_verdict(name):
    started = time.process_time()
    extraction = extract(PAGES[name], "http://a.test/rain")
    assert extraction.verdict in Verdict
    assert not (extraction.reason or "").startswith("the extractor failed"), extraction.reason
    assert time.process_time() - started < 3  # one second on a quiet machine


def test_memory_stays_bounded():
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    for page in PAGES.values():
        extract(page, "http://a.test/rain")
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 300 * 1024


def test_random_bytes_never_raise():
    chance = random.Random(7)
    for _ in range(200):
        page = bytes(chance.randrange(256) for _ in range(chance.randrange(400)))
        assert extract(b"<html><p>" + page, "http://a.test/").verdict in Verdict


def test_random_tags_never_raise():
    chance = random.Random(8)
    parts = ["<p>", "</p>", "<table>", "<td>", "<a href=x>", "</a>", "<h1>", "Rain falls on the town. ", "<br>", "<!--", "-->", "<script>", "</script>", "<svg>", "<li>", "<b>", "</div>", "<div class=comments>", "\ud7ff", "&#0;"]  # fmt: skip
    for _ in range(150):
        page = "".join(chance.choices(parts, k=60)).encode()
        extraction = extract(page, "http://a.test/")
        assert not (extraction.reason or "").startswith("the extractor failed"), extraction.reason


@pytest.mark.parametrize("url", ["", "not a url", "http://[::1", "http://a.test/\ud800", "javascript:x"])
def test_odd_addresses_never_raise(url):
    page = (
        b"<h1>Rain falls on town</h1><a href='http://[bad'>x</a><link rel=canonical href='//['>"
        + b"<p>It rained, said the mayor of the town.</p>" * 4
    )
    extraction = extract(page, url)
    assert not (extraction.reason or "").startswith("the extractor failed"), extraction.reason


def test_odd_content_types_never_raise():
    for kind in ("", ";;;", "text/html; charset=\x00", "application/pdf", "text/html; charset=utf-16"):
        assert extract(b"<p>Rain</p>", "http://a.test/", content_type=kind).verdict in Verdict


@pytest.mark.parametrize(
    ("body", "verdict"),
    [(b"", Verdict.EMPTY), (b"  \n", Verdict.EMPTY), (b"%PDF-1.7 x", Verdict.NOT_HTML), (b'{"a": 1}', Verdict.NOT_HTML),
     (b"<?xml version='1.0'?><rss></rss>", Verdict.NOT_HTML), (b"x" * 11_000_000, Verdict.TOO_LARGE), (b"<div>" * 20_000, Verdict.TOO_DEEP)],
)  # fmt: skip
def test_what_is_not_parsed_has_its_own_verdict(body, verdict):
    assert extract(body, "http://a.test/x").verdict is verdict
