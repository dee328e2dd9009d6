"""JSON-LD in its damaged forms, microdata, meta, embedded state, and which node is the page's article."""

import json
import random
import time

import pytest

from crawler.extraction.document import Document
from crawler.extraction.loose_json import read_json, read_literal
from crawler.extraction.state import read_states
from crawler.extraction.structured import Structured


def read(html: str, url: str = "https://a.test/2024/rain") -> Structured:
    return Structured(Document(html, url))


def ld(*texts: str) -> str:
    return "".join(f'<script type="application/ld+json">{text}</script>' for text in texts)


@pytest.mark.parametrize(
    "text",
    [
        '{"@type": "NewsArticle", "headline": "Rain",}',
        '<!-- {"@type": "NewsArticle", "headline": "Rain"} -->',
        '//<![CDATA[\n{"@type": "NewsArticle", "headline": "Rain"}\n//]]>',
        '{"@type": "NewsArticle", /* a comment */ "headline": "Rain" // another\n}',
        '{"@type": "NewsArticle", "description": "two\nlines\tand a tab", "headline": "Rain"}',
        "{&quot;@type&quot;: &quot;NewsArticle&quot;, &quot;headline&quot;: &quot;Rain&quot;}",
        '{"@type": "NewsArticle", "headline": "Rain"}{"@type": "WebSite"}',
        '{"@type": "NewsArticle", "headline": "Rain"};',
        '[{"@type": "WebSite"}, {"@type": "NewsArticle", "headline": "Rain"}',
        '{"@type": "NewsArticle", "description": "he said "no" twice", "headline": "Rain"}',
        '{"@type": "NewsArticle" "headline": "Rain"}',
        "{'@type': 'NewsArticle', headline: 'Rain'}",
        '{"@context": "x", "@graph": [{"@type": "WebPage"}, {"@type": "NewsArticle", "headline": "Rain"}]}',
        '{"@type": "WebPage", "mainEntity": {"@type": "NewsArticle", "headline": "Rain"}}',
        '{"@type": ["http://schema.org/NewsArticle"], "headline": "Rain", "articleBody": "cut off in the midd',
    ],
)
def test_the_article_is_read_from_damaged_json_ld(text: str) -> None:
    main = read(ld(text)).main
    assert main is not None
    assert main["headline"] == "Rain"


def test_a_well_formed_node_survives_a_broken_neighbour() -> None:
    data = read(ld("{{{ not json", '{"@type": "NewsArticle", "headline": "Rain"}'))
    assert [found.value for found in data.claims("headline")] == ["Rain"]


def test_a_teaser_in_a_list_is_not_the_main_article() -> None:
    items = [{"@type": "ListItem", "item": {"@type": "NewsArticle", "headline": f"Story {n}"}} for n in range(3)]
    assert read(ld(json.dumps({"@type": "ItemList", "itemListElement": items}))).main is None


def test_several_articles_without_a_match_give_no_main_article() -> None:
    nodes = [{"@type": "NewsArticle", "headline": f"Story {n}", "url": f"https://a.test/{n}"} for n in range(3)]
    assert read("<h1>News</h1>" + ld(json.dumps(nodes))).main is None


def test_of_several_articles_the_one_with_the_page_address_is_chosen() -> None:
    nodes = [{"@type": "NewsArticle", "headline": n, "url": f"https://www.a.test/2024/{n}/"} for n in ("sun", "rain")]
    main = read(ld(json.dumps(nodes))).main
    assert main is not None
    assert main["headline"] == "rain"


def test_of_several_articles_the_one_with_the_shown_headline_is_chosen() -> None:
    nodes = [{"@type": "NewsArticle", "headline": n} for n in ("Sun shines on town", "Rain falls on town")]
    main = read("<h1>Rain falls on town</h1>" + ld(json.dumps(nodes))).main
    assert main is not None
    assert main["headline"] == "Rain falls on town"


def test_a_reference_by_id_is_followed() -> None:
    graph = [{"@type": "NewsArticle", "headline": "Rain", "author": {"@id": "#ann"}}]
    data = read(ld(json.dumps({"@graph": [*graph, {"@type": "Person", "@id": "#ann", "name": "Ann"}]})))
    assert data.follow(next(data.claims("author")).value)["name"] == "Ann"


def test_microdata_items_nest_and_repeat() -> None:
    data = read(
        '<div itemscope itemtype="https://schema.org/NewsArticle"><h1 itemprop="headline">Rain</h1>'
        '<span itemprop="author">Ann</span><span itemprop="author">Bob</span>'
        '<meta itemprop="datePublished" content="2024-03-01"></div>'
    )
    assert data.main == {
        "@type": ["NewsArticle"],
        "headline": "Rain",
        "author": ["Ann", "Bob"],
        "datePublished": "2024-03-01",
    }


def test_meta_and_link_elements_are_gathered_in_order() -> None:
    data = read(
        '<meta property="OG:Title" content="Rain"><meta name="author" content="Ann"><meta name="author" content="Bob"><link rel="alternate amphtml" href="/amp">'
    )
    assert data.meta["og:title"] == ["Rain"]
    assert data.meta["author"] == ["Ann", "Bob"]
    assert data.links["amphtml"] == ["/amp"]


@pytest.mark.parametrize(
    "script",
    [
        '<script id="__NEXT_DATA__" type="application/json">{"props": {"story": {"headline": "Rain falls", "byline": ["Ann"]}}}</script>',
        '<script>window.__PRELOADED_STATE__ = {"story": {"headline": "Rain falls", "byline": ["Ann"]}, "padding": "'
        + "x" * 60
        + '"};</script>',
        "<script>window.__X__ = {story: {headline: 'Rain falls', byline: ['Ann'], flag: !0, none: undefined}, padding: '"
        + "x" * 60
        + "'}</script>",
        '<script>window["__X__"] = JSON.parse("{\\"story\\": {\\"headline\\": \\"Rain falls\\", \\"byline\\": [\\"Ann\\"]}, \\"p\\": \\"'
        + "x" * 60
        + '\\"}")</script>',
    ],
)
def test_the_story_is_found_in_embedded_state(script: str) -> None:
    story = read("<h1>Rain falls</h1>" + script).story
    assert story is not None
    assert story["byline"] == ["Ann"]


@pytest.mark.parametrize(
    "text",
    [
        '{"a":' * 50_000,
        "[" * 200_000,
        '{"@type":"' + '"' * 50_000,
        "/*" * 100_000,
        '{"a":' + "9" * 100_000 + "}",
        '{"@graph": [' + '{"@type": "Thing"},' * 20_000 + "]}",
        "\\" * 50_000,
        "{:[,}" * 20_000,
        "{a:1," + '"b":{"c":x},' * 20_000,
        "{a:" + '{"b":' * 20_000 + "x",
    ],
)
def test_hostile_json_ends_soon_and_never_raises(text: str) -> None:
    started = time.process_time()
    data = read("<h1>Rain</h1>" + ld(text) + f"<script>window.__X__ = {text}</script>")
    assert data.main is None or isinstance(data.main, dict)
    assert isinstance(read_states([("", "", f"window.__X__ = {text}")]), list)
    assert time.process_time() - started < 5


def test_what_is_json_in_a_program_s_literal_is_read_to_the_letter() -> None:
    inner = {"said": ["rain", 'it\'s, "wet", today', "a: {b}"], "at": {"x": [1, -2.5, True, None]}}
    assert read_literal(f"{{flag: !0, inner: {json.dumps(inner)}, last: 'x'}}", 0) == {
        "flag": True,
        "inner": inner,
        "last": "x",
    }


def test_random_damage_never_raises() -> None:
    source = json.dumps({"@type": "NewsArticle", "author": [{"name": "Ann"}, None, 3], "x": {"y": ['"', "\\u00e9"]}})
    rng = random.Random(7)
    for _ in range(400):
        letters = list(source)
        for _ in range(rng.randint(1, 6)):
            letters[rng.randrange(len(letters))] = rng.choice('{}[]",:\\/\x00e1 ')
        assert isinstance(read_json("".join(letters)), list)


def test_half_pairs_of_surrogates_do_not_survive() -> None:
    data = read(ld('{"@type": "NewsArticle", "headline": "Rain \\ud800"}') + "<h1>Rain</h1>")
    assert data.titles == ("Rain",)
    from crawler.extraction.text import as_text

    assert as_text(next(data.claims("headline")).value).encode("utf-8")
