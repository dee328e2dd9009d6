"""Raw labels of the article, in page order, whatever rotates around it."""

from __future__ import annotations

from pathlib import Path

import pytest

from crawler.extraction.categories import find_categories, find_tags
from crawler.extraction.document import Document, parse
from crawler.extraction.lexicon import words
from crawler.extraction.result import SiteHints
from crawler.extraction.structured import Structured

PAGES = Path(__file__).with_name("pages")


def read(
    page: str, url: str = "https://a.test/2025/rain-again", hints: SiteHints | None = None
) -> tuple[Document, Structured]:
    doc = parse(page.encode(), url, "text/html; charset=utf-8", None, hints)
    return doc, Structured(doc)


def categories_of(body: str, head: str = "", url: str = "https://a.test/2025/rain-again") -> tuple[str, ...] | None:
    page = f"<html><head><title>Rain again in the hills</title>{head}</head><body>{body}</body></html>"
    found = find_categories(*read(page, url))
    return found.value if found else None


H1 = "<h1>Rain again in the hills</h1><p>It rained all day in the hills, and the river rose by two metres.</p>"


@pytest.mark.parametrize(
    ("body", "head", "expected"),
    [
        (
            H1,
            '<meta property="article:section" content="Health"><meta property="article:section" content="World">',
            ("Health", "World"),
        ),
        (
            H1 + '<p><a rel="category tag" href="/c/s/">Sport</a> <a rel="category tag" href="/c/l/">Local</a></p>',
            "",
            ("Sport", "Local"),
        ),
        (H1 + '<p>Filed under: <a href="/x/a">Economy</a>, <a href="/x/b">Africa</a></p>', "", ("Economy", "Africa")),
        (H1 + '<div><b>カテゴリー</b> <a href="/x">社会</a></div>', "", ("社会",)),
        (
            '<div class="breadcrumbs"><a href="/">Home</a> <a href="/n">News</a> <a href="/n/u">UK</a></div>' + H1,
            "",
            ("News", "UK"),
        ),
        ('<p class="kicker"><a href="/section/politics">Politics</a></p>' + H1, "", ("Politics",)),
        (H1, '<meta property="article:section" content="Uncategorized">', None),
        (H1, '<meta property="article:section" content="Issue of 26.04.2024">', None),
        (
            '<div><a href="/category/blog">Back to Blog</a> <a href="/category/ann">Ann Example</a></div>' + H1,
            '<meta name="author" content="Ann Example">',
            None,
        ),
        (H1, "", None),
    ],
)
def test_labels_are_found_where_pages_put_them(body: str, head: str, expected: tuple[str, ...] | None) -> None:
    assert categories_of(body, head) == expected


def test_json_ld_sections_come_first_and_are_split_at_commas() -> None:
    node = '{"@type": "NewsArticle", "headline": "Rain again in the hills", "articleSection": "Health, Science"}'
    assert categories_of(H1, f'<script type="application/ld+json">{node}</script>') == ("Health", "Science")


def test_a_breadcrumb_begins_at_the_front_page_whatever_that_is_called_there() -> None:
    path = '<div class="breadcrumbs"><a href="https://www.a.test/">Example Times</a> <a href="/n">News</a></div>'
    assert categories_of(path + H1) == ("News",)
    node = (
        '{"@type": "BreadcrumbList", "itemListElement": [{"name": "Example Times", "item": "https://a.test"},'
        ' {"name": "News", "item": {"@id": "https://a.test/n"}}]}'
    )
    assert categories_of(H1, f'<script type="application/ld+json">{node}</script>') == ("News",)


def test_the_front_page_of_a_part_of_the_site_is_a_section() -> None:
    path = '<div class="breadcrumbs"><a href="https://sport.a.test/">Sports desk</a> <a href="/n">Tennis</a></div>'
    assert categories_of(path + H1) == ("Sports desk", "Tennis")


def test_the_address_speaks_last_and_only_with_a_link_of_the_navigation() -> None:
    url = "https://a.test/sport/rain-again"
    assert categories_of('<nav><a href="/sport">Sports desk</a></nav>' + H1, url=url) == ("Sports desk",)
    assert categories_of(H1, url=url) is None


def test_related_stories_give_no_label_and_the_set_does_not_rotate() -> None:
    page = (PAGES / "rated_story.html").read_text()
    other = page.replace("Economy", "Fashion").replace(
        "Night market opens again in the old town", "A long walk through the old town"
    )
    found = [find_categories(*read(one, "https://sample.test/2025/harbour-ferry/")) for one in (page, other, page)]
    assert [one.value if one else None for one in found] == [("Africa",)] * 3


def test_a_sites_selector_decides() -> None:
    page = f'<body>{H1}<i class="x">Region</i><a rel="category">Other</a></body>'
    found = find_categories(*read(page, hints=SiteHints(selectors={"categories": ".x"})))
    assert found is not None
    assert (found.value, found.source) == (("Region",), "selector")


def test_links_that_are_both_category_and_tag_count_once() -> None:
    labels = "".join(
        f'<a rel="category tag" href="/c/{name}/">{name}</a>' for name in ("Sport", "Food", "Film", "Art", "Law")
    )
    text = "<p>The rain went on for a day, and the river stayed where it was.</p>" * 3
    found = find_categories(*read(f"<body>{H1}{text}<p>{labels}</p></body>"))
    assert found is not None
    assert found.value == ("Sport", "Food", "Film", "Art", "Law")


def test_tags_stand_apart_from_categories() -> None:
    labels = '<a rel="category tag" href="/category/a">Sport</a> <a rel="tag" href="/tag/b">#Ferry</a>'
    page = f'<body>{H1}<p>{labels} <a rel="tag" href="/tag/c">Port (12)</a></p></body>'
    tags = find_tags(*read(page))
    assert tags is not None
    assert tags.value == ("Ferry", "Port")


def test_keywords_of_the_whole_site_are_no_tags() -> None:
    head = '<title>Rain again in the hills</title><meta name="keywords" content="news, video, sport, chat">'
    assert find_tags(*read(f"<head>{head}</head><body>{H1}</body>")) is None


def tags_of(body: str) -> tuple[str, ...] | None:
    page = f"<html><head><title>Rain again in the hills</title></head><body>{body}</body></html>"
    found = find_tags(*read(page))
    return found.value if found else None


def test_topic_links_that_stand_each_in_its_own_item_are_one_list() -> None:
    items = "".join(
        f'<li class="tag"><div><a href="/t/{n}">{n}</a></div></li>' for n in ("River", "Flood", "Town hall")
    )
    assert tags_of(f"<article>{H1}<ul>{items}</ul></article>") == ("River", "Flood", "Town hall")


def test_a_lone_link_in_the_clothes_of_a_tag_is_no_tag() -> None:
    assert tags_of(f'<article>{H1}<div class="tag"><a href="/club">Reader club</a></div></article>') is None


def test_a_list_called_topics_in_the_navigation_is_no_list_of_tags() -> None:
    links = '<span>Topics:</span> <a href="/a">Politics</a> <a href="/b">Culture</a>'
    menu = f'<div class="main-navigation">{links}</div>'
    assert tags_of(f"{menu}<article>{H1}</article>") is None
    assert tags_of(f'<article>{H1}<p>Tags: <a href="/a">River</a>, <a href="/b">Flood</a></p></article>') == (
        "River",
        "Flood",
    )


def test_a_link_in_a_drawing_stands_in_no_way() -> None:
    drawing = '<svg><a xlink:href="/map"><path d="M0 0"/></a></svg>'
    assert categories_of(H1 + drawing + '<a rel="category" href="/uk">UK</a>') == ("UK",)


def test_every_word_of_a_tag_holds_one_of_the_stems_by_which_they_are_looked_for() -> None:
    stems = words("categories", "tag_stems")
    assert [word for word in words("categories", "tag_words") if not any(stem in word for stem in stems)] == []
