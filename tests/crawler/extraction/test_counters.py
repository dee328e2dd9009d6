"""Counters of the article and of nothing else."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archive.model import COUNTERS, Engagement
from crawler.extraction.counters import find_engagement
from crawler.extraction.document import parse
from crawler.extraction.labels import KINDS, fold_label, read_counters
from crawler.extraction.lexicon import lexicon
from crawler.extraction.result import SiteHints
from crawler.extraction.structured import Structured

PAGES = Path(__file__).with_name("pages")
STORY = "https://a.test/news/rain-again-in-the-hills"


def engagement_of(page: str, url: str = STORY, hints: SiteHints | None = None) -> Engagement:
    doc = parse(page.encode(), url, "text/html; charset=utf-8", None, hints)
    return find_engagement(doc, Structured(doc))


def values(engagement: Engagement) -> dict[str, int]:
    found = {kind: getattr(engagement, kind) for kind in COUNTERS}
    return {kind: counter.value for kind, counter in found.items() if counter is not None}


def story(inside: str, head: str = "") -> str:
    title = "Rain again in the hills"
    text = "<p>It rained all day in the hills, and the river rose by two metres in a night.</p>"
    body = f"<main><article><h1>{title}</h1>{text}{inside}</article></main>"
    return f"<html><head><title>{title}</title>{head}</head><body>{body}</body></html>"


@pytest.mark.parametrize("box", ["ad-slot", "related-posts", "widget"])
def test_a_link_in_a_box_inside_a_short_text_makes_no_teaser_of_the_text(box: str) -> None:
    link = '<a href="/news/hearing-aids">Hearing aids and what the shops do not tell you</a>'
    page = story(f'<div class="entry"><p>It stopped.</p><div class="{box}">{link}</div><p>Views:<br>420</p></div>')
    assert values(engagement_of(page)) == {"views": 420}
    assert values(engagement_of(story(f"<div><p>{link}</p><p>Views:<br>420</p></div>"))) == {}


def test_a_rated_story_gives_its_own_counters_and_none_of_its_neighbours() -> None:
    found = engagement_of((PAGES / "rated_story.html").read_text(), "https://sample.test/2025/harbour-ferry/")
    assert values(found) == {"views": 58, "likes": 0, "dislikes": 0}
    assert found.comments_open is False


def test_a_row_of_labelled_counters_is_read_in_its_own_language() -> None:
    found = engagement_of((PAGES / "counters_row.html").read_text(), "https://muestra.test/ciudad/vuelve-el-tranvia")
    assert values(found) == {"views": 1314, "likes": 35, "shares": 1849, "comments": 11}
    assert found.shares is not None
    assert found.shares.exact
    assert found.comments_open is True


@pytest.mark.parametrize(
    ("markup", "expected"),
    [
        ("<p>Views: 184</p>", {"views": 184}),
        ("<div><span>3.409</span><span> letture</span></div>", {"views": 3409}),
        ("<dl><dt>Aufrufe</dt><dd>492</dd></dl>", {"views": 492}),
        ("<dl><dt>Hits:</dt><dd>492</dd><dt>Comments:</dt><dd>7</dd></dl>", {"views": 492, "comments": 7}),
        ("<div><b>845</b><span>shares</span></div>", {"shares": 845}),
        ('<span title="14267 Article Views">14.2K</span>', {"views": 14267}),
        ('<button aria-label="Like (41)">41</button>', {"likes": 41}),
        ('<figure id="komentarze" data-comments-count="9"></figure>', {"comments": 9}),
        ("<span>3304 views</span> <span>13 mins</span> <span>0 comments</span>", {"views": 3304, "comments": 0}),
        (f'<a class="n" href="{STORY}#comments">18</a>', {"comments": 18}),
        ('<span class="meta-views"><i class="icon-eye"></i> 184</span>', {"views": 184}),
        ("<p>阅读数(15878）</p>", {"views": 15878}),
        ("<p>No comments yet</p>", {"comments": 0}),
        ("<p>Yorum yapılmamış</p>", {"comments": 0}),
        ("<p>Keine Kommentare</p>", {"comments": 0}),
        ("<p>Be the first to comment</p>", {"comments": 0}),
        ("<p>点击数：155</p>", {"views": 155}),
        ("<p>Просмотры:<br>\n13,4 тыс.</p>", {"views": 13400}),
    ],
)
def test_a_counter_is_read_where_pages_put_it(markup: str, expected: dict[str, int]) -> None:
    assert values(engagement_of(story(markup))) == expected


@pytest.mark.parametrize(
    "markup",
    [
        "<p>The film had 3,806 views, 188 likes and 91 comments in a day, they said; 58 shares were sold.</p>",
        '<div class="related-posts"><span>99 views</span></div>',
        '<ul><li><a href="/news/another-story-by-the-sea">Another story by the sea</a> <em>99 views</em></li></ul>',
        '<aside class="widget"><h4>Blog Stats</h4><p>10.423.242 hits</p></aside>',
        '<div id="comments"><ol><li class="comment">So true <span>12 likes</span></li></ol></div>',
        '<a class="facebook share"><span>120</span> shares</a>',
        '<div><span class="views-count">22</span></div>',
        "<!-- Views: 12 --><script>var t = 'Views: 12'</script><template><p>Views: 12</p></template>",
        "<p>12:42 مشاهدات</p>",
        "<h2>6. Like a rolling stone</h2>",
        '<div id="article-like"><div class="like-text"><i class="icon-like"></i></div><div class="like-note">+1</div></div>',
        "<ul><li><b>273</b> Posts</li><li><b>236</b> Tags</li><li><b>1.132</b> Comments</li></ul>",
        "<ul><li>随笔 - 13</li><li>评论 - 260</li><li>阅读 - 9000</li></ul>",
        "<dl><dt>792</dt><dd>积分</dd><dt>27</dt><dd>获赞</dd><dt>26</dt><dd>评论</dd></dl>",
        '<div class="member-profile"><span>Leser</span> <span>27</span></div>',
        '<a class="share-link" href="/ig"><i class="icon-share"></i><span class="share-follows">13.5K</span></a>',
        '<a href="https://www.facebook.com/sample/likes">54.624 likes</a>',
    ],
)
def test_what_is_not_the_articles_counter_is_not_taken(markup: str) -> None:
    assert values(engagement_of(story(markup))) == {}


def test_the_front_of_a_section_has_no_counters_of_its_own() -> None:
    assert values(engagement_of(story("<p>11 comments</p>"), "https://a.test/news/")) == {}
    assert values(engagement_of(story("<p>11 comments</p>"), "https://a.test/rain")) == {"comments": 11}


@pytest.mark.parametrize(
    "markup",
    [
        f'<a href="{STORY}#disqus_thread">0 Comments</a>',
        '<span class="disqus-comment-count">0 comments</span>',
        '<a href="#comments"><i class="icon-comment"></i><span data-coral-url="/x">0</span></a>',
        '<a href="#respond">No comments</a>',
    ],
)
def test_a_zero_where_another_script_counts_or_words_invite_is_unknown(markup: str) -> None:
    found = engagement_of(story(markup))
    assert (found.comments, found.placeholder_suspect) == (None, ("comments",))


def test_a_zero_for_machines_is_doubted_where_the_thread_is_elsewhere() -> None:
    node = json.dumps({"@type": "NewsArticle", "headline": "Rain again in the hills", "commentCount": 0})
    head = f'<script type="application/ld+json">{node}</script>'
    assert values(engagement_of(story("", head))) == {"comments": 0}
    assert values(engagement_of(story('<div id="disqus_thread"></div>', head))) == {}
    many = head.replace(": 0", ": 7")
    assert values(engagement_of(story('<div id="disqus_thread"></div>', many))) == {"comments": 7}


def test_a_plugin_counter_with_another_posts_id_is_refused() -> None:
    box = '<span class="td-nr-views" data-post-id="{}">{}</span>'
    page = story(f"<p>{box.format(77, 65)}{box.format(78, 990)}</p>").replace("<body>", '<body class="postid-77">')
    assert values(engagement_of(page)) == {"views": 65}


def test_structured_counters_are_the_main_articles_only() -> None:
    statistics = [
        {"@type": "InteractionCounter", "interactionType": f"http://schema.org/{action}", "userInteractionCount": count}
        for action, count in (("CommentAction", "15"), ("LikeAction", 129), ("SubscribeAction", 10000))
    ]
    headline = "Rain again in the hills"
    node = json.dumps({"@type": "NewsArticle", "headline": headline, "interactionStatistic": statistics})
    page = story("", head=f'<script type="application/ld+json">{node}</script>')
    assert values(engagement_of(page)) == {"likes": 129, "comments": 15}


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        (STORY, {"comments": 2559}),
        ("/news/rain-again-in-the-hills", {"comments": 2559}),
        ("https://api.a.test/v2/rain-again-in-the-hills", {"comments": 2559}),
        ("https://b.test/another-story-by-the-sea-103800489.html", {}),
    ],
)
def test_a_states_record_with_another_address_is_another_story(address: str, expected: dict[str, int]) -> None:
    record = {"headline": "Rain again in the hills", "url": address, "author": "Ann", "commentCount": 2559}
    state = json.dumps({"props": {"items": [record, {"headline": "Sun", "commentCount": 11}]}})
    page = story("").replace("</body>", f'<script id="__NEXT_DATA__" type="application/json">{state}</script></body>')
    assert values(engagement_of(page)) == expected


def test_a_zero_that_a_script_fills_is_unknown_and_named() -> None:
    found = engagement_of(story('<span class="share-count js-loading"><i class="icon-share"></i>0</span>'))
    assert (found.shares, found.placeholder_suspect) == (None, ("shares",))


def test_two_contradicting_numbers_give_no_answer() -> None:
    assert values(engagement_of(story("<div><p>12 views</p></div><div><p>15 views</p></div>"))) == {}


def test_a_sites_selector_decides_and_gives_none_where_it_finds_nothing() -> None:
    page = story('<b class="x">77</b><p>Views: 12</p>')
    assert values(engagement_of(page, hints=SiteHints(selectors={"views": "b.x"}))) == {"views": 77}
    assert values(engagement_of(page, hints=SiteHints(selectors={"views": "b.gone"}))) == {}


def test_every_label_stands_for_one_kind_of_counter() -> None:
    tables = lexicon("counter_labels")
    seen: dict[str, str] = {}
    for kind in KINDS:
        for phrase in (phrase for phrases in tables[kind].values() for phrase in phrases):
            assert seen.setdefault(fold_label(phrase), kind) == kind, phrase


def test_every_label_is_read_with_a_number_beside_it() -> None:
    for kind in KINDS:
        for language, phrases in lexicon("counter_labels")[kind].items():
            for phrase in phrases:
                text = phrase.replace("#", "61").replace(" ...", " story") if "#" in phrase else f"{phrase}: 61"
                assert [(one.kind, one.value) for one in read_counters(text, language)] == [(kind, 61)], text


@settings(max_examples=50, deadline=None)
@given(st.text(alphabet="<>/=\"' adivspnlikeviews0123456789:#", max_size=300))
def test_no_page_breaks_the_reader(markup: str) -> None:
    engagement_of(f"<h1>Rain</h1>{markup}", "http://[bad")
