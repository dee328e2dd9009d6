"""One address for one page, one key for one article."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.addresses import (
    NotHttp,
    host_key,
    is_believable_canonical,
    normalise_url,
    story_id,
    url_key,
    without_tracking,
)

URL_TEST_DATA = Path(__file__).parents[3] / "shared" / "hostile" / "urltestdata"

SAME_ARTICLE = "https://www.example.com/2026/03/flood-in-the-valley"
VARIANTS = [
    "http://example.com/2026/03/flood-in-the-valley/",
    "https://m.example.com/2026/03/flood-in-the-valley",
    "https://amp.example.com/2026/03/flood-in-the-valley",
    "https://www.example.com/2026/03/flood-in-the-valley/amp/",
    "https://www.example.com/amp/2026/03/flood-in-the-valley",
    "https://www.example.com/2026/03/flood-in-the-valley.amp",
    "https://www.example.com/2026/03/flood-in-the-valley?amp=1",
    "https://www.example.com/2026/03/flood-in-the-valley?outputType=amp",
    "https://www.example.com/2026/03/flood-in-the-valley?page=1",
    "https://www.example.com/2026/03/flood-in-the-valley?page=2",
    "https://www.example.com/2026/03/flood-in-the-valley/page/2/",
    "https://www.example.com/2026/03/flood-in-the-valley/print",
    "https://www.example.com/2026/03/flood-in-the-valley?print=true",
    "https://www.example.com/2026/03/flood-in-the-valley/index.html",
    "https://www.example.com/2026/03/flood-in-the-valley;jsessionid=0A1B2C3D?utm_source=feed&fbclid=x#comments",
    "https://www.example.com/2026/03/flood-in-the-valley?at_medium=RSS&at_campaign=KARANGA",
    "https://www.example.com/2026/03/flood-in-the-valley?sid=9f8e7d6c5b4a39281706",
    "https://www.example.com:443//2026/./03/x/../flood%2Din-the-valley",
    "https://www-example-com.cdn.ampproject.org/c/s/www.example.com/2026/03/flood-in-the-valley",
    "https://www.google.com/amp/s/www.example.com/2026/03/flood-in-the-valley",
]


@pytest.mark.parametrize("url", VARIANTS)
def test_all_addresses_of_an_article_share_one_key(url: str) -> None:
    assert url_key(url) == url_key(SAME_ARTICLE)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("https://example.com/article?id=1", "https://example.com/article?id=2"),
        (
            "https://example.com/modules.php?file=article&sid=123",
            "https://example.com/modules.php?file=article&sid=124",
        ),
        ("https://example.com/index.php?page=12", "https://example.com/index.php?page=13"),
        ("https://sport.example.com/a", "https://example.com/a"),
        ("https://example.com/A", "https://example.com/a"),
        ("https://example.com/?p=12", "https://example.com/?p=13"),
        ("https://example.com/story/1.5", "https://example.com/story/1.6"),
    ],
)
def test_different_articles_keep_different_keys(one: str, other: str) -> None:
    assert url_key(one) != url_key(other)


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("HTTP://EXAMPLE.com", "http://example.com/"),
        ("https://user:secret@example.com:8443/a", "https://example.com:8443/a"),
        ("https://münchen.example/straße", "https://xn--mnchen-3ya.example/stra%C3%9Fe"),
        ("https://example.com/%c3%a9%2fb", "https://example.com/%C3%A9%2Fb"),
        ("https://example.com/100%/a b", "https://example.com/100%25/a%20b"),
        ("https://example.com/?b=1&a=2&b=0", "https://example.com/?a=2&b=1&b=0"),
        ("https:\\\\example.com\\a", "https://example.com/a"),
        (" https://example.com./a\n", "https://example.com/a"),
        ("https://[::1]:80/", "https://[::1]:80/"),
        ("https://example.com/web/http://other.example/x", "https://example.com/web/http://other.example/x"),
    ],
)
def test_the_normal_form_of_an_address(url: str, expected: str) -> None:
    assert normalise_url(url) == expected


@pytest.mark.parametrize(
    "url", ["mailto:a@example.com", "", "example.com/a", "ftp://example.com/", "javascript:void(0)"]
)
def test_what_is_no_web_address_is_refused(url: str) -> None:
    with pytest.raises(NotHttp):
        normalise_url(url)


@given(st.text(max_size=60), st.sampled_from(["http://", "https://", "HTTP:", "https://example.com/", "http://e.com?"]))
def test_the_normal_form_never_fails_and_is_its_own_normal_form(text: str, start: str) -> None:
    once = normalise_url(start + text)
    assert normalise_url(once) == once
    assert url_key(once) == url_key(start + text)


def test_the_normal_form_agrees_with_browsers_on_the_urls_they_are_tested_with() -> None:
    """The Web Platform Tests' URLs; the few that differ are numeric spellings of IPv4 addresses."""
    if not URL_TEST_DATA.is_dir():
        pytest.skip(f"no {URL_TEST_DATA}: the browsers' URL tests were not run")
    agreed = []
    for path in sorted(URL_TEST_DATA.glob("*urltestdata*.json")):
        for case in json.loads(path.read_text(encoding="utf-8")):
            if isinstance(case, dict) and isinstance(case.get("input"), str):
                agreed.append(_agrees(case["input"], case.get("href") or "", case.get("base") or ""))
    assert len(agreed) > 900
    assert agreed.count(False) <= 5


def _agrees(url: str, href: str, base: str) -> bool:
    try:
        once = normalise_url(url)
    except NotHttp:
        return not href.startswith(("http:", "https:")) or base.startswith("http")
    assert once.isascii()
    assert normalise_url(once) == once
    return not href or base.startswith("http") or normalise_url(href) == once


@pytest.mark.parametrize(
    ("page", "canonical", "believed"),
    [
        ("https://example.com/a/flood?utm_source=x", "https://example.com/a/flood", True),
        ("https://m.example.com/a/flood", "https://www.example.com/a/flood", True),
        (
            "https://example.com/news/old-headline-of-story-4711222",
            "https://example.com/news/new-words-here-4711222",
            True,
        ),
        ("https://example.com/node/1234", "https://example.com/news/flood-in-the-valley", True),
        ("https://news.example.co.uk/a-b-c", "https://www.example.co.uk/news/a-b-c", True),
        ("https://example.com/a/flood", "https://example.com/", False),
        ("https://example.com/a/flood", "https://example.com/a", False),
        ("https://example.com/a/flood", "https://other.example.org/a/flood", False),
        ("https://one.co.uk/a/flood", "https://two.co.uk/a/flood", False),
        ("https://example.com/news/story-4711222", "https://example.com/news/story-4711223", False),
        ("https://example.com/2026/03/01/a", "https://example.com/2026/02/01/a", False),
        ("https://example.com/a/flood-in-the-valley", "https://example.com/a/minister-leaves-her-office", False),
        (
            "https://example.com/a/flood-in-the-valley-near-town",
            "https://example.com/a/fire-puts-out-lights-near-town",
            False,
        ),
        ("https://example.com/a/old-bridge-closed-for-repairs", "https://example.com/a/bridge-closed-until-may", True),
        ("https://example.com/a/flood", "not an address", False),
        ("https://example.com/a/flood", "javascript:void(0)", False),
    ],
)
def test_a_canonical_link_is_believed_only_where_it_names_the_same_article(
    page: str, canonical: str, believed: bool
) -> None:
    assert is_believable_canonical(page, canonical) is believed


def test_the_number_a_site_gives_an_article_is_found_and_a_date_is_not_taken_for_it() -> None:
    assert story_id("https://example.com/article/2026-flood-idUSKBN123456") is None
    assert story_id("https://example.com/sport/football/61234567.amp") == "61234567"
    assert story_id("https://example.com/20260314/flood") is None
    assert story_id("https://example.com/a/a-48213377.html?x=1") == "48213377"


def test_hosts_of_one_site_share_their_key() -> None:
    assert host_key("https://www.m.example.com/") == host_key("http://example.com:80/a") == "example.com"
    assert host_key("https://m.co/") == "m.co"


@pytest.mark.parametrize(
    ("url", "plain"),
    [
        ("https://a.example/rain?utm_source=rss&utm_medium=feed", "https://a.example/rain"),
        ("https://a.example/rain?id=7&fbclid=x&b=2", "https://a.example/rain?id=7&b=2"),
        ("https://a.example/rain?amp=1&id=%7e7", "https://a.example/rain?amp=1&id=%7e7"),
        ("https://a.example/rain#a?utm_source=x", "https://a.example/rain#a?utm_source=x"),
    ],
)
def test_tracking_is_taken_off_an_address_and_nothing_else(url: str, plain: str) -> None:
    assert without_tracking(url) == plain
