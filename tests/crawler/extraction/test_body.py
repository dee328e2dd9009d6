"""The body is the article's text, all of it and nothing else."""

import numpy as np
import pytest
from selectolax.lexbor import LexborHTMLParser

from crawler.extraction import SiteHints, extract
from crawler.extraction.blocks import Walk
from crawler.extraction.body import decide, fill_gaps
from crawler.extraction.document import parse
from crawler.extraction.features import FEATURES, measure

EN = [
    "The river rose by two metres on Monday night, and the mayor asked the people of the lower town to leave their homes.",
    "“We have not seen such water in forty years,” said Ann Lee, who keeps a shop beside the bridge and has lived there since 1970.",
    "Firefighters carried sandbags to the bridge until the morning, said a spokeswoman, while the rain went on without a break.",
    "Nobody was hurt. The school stays closed on Tuesday, and the council meets at noon to talk about the damage to the roads.",
    "The weather service expects more rain on Wednesday, and told farmers in the valley to bring their animals to higher ground.",
]
ZH = [
    "周一晚上河水上涨了两米，市长要求下城区的居民离开家园，前往市政府在学校设立的临时住所过夜。",
    "消防员整夜在桥边搬运沙袋，一位发言人表示，雨一直没有停，救援人员已经从附近城市赶来帮助当地居民。",
    "目前没有人员受伤。学校星期二停课，市议会将在中午开会讨论道路受损的情况，并公布修复计划。",
]
AR = [
    "ارتفع منسوب النهر مترين ليلة الاثنين، وطلب رئيس البلدية من سكان المدينة السفلى مغادرة منازلهم والتوجه إلى المدارس القريبة.",
    "وحمل رجال الإطفاء أكياس الرمل إلى الجسر حتى الصباح، كما قالت متحدثة باسم البلدية، بينما استمر هطول الأمطار دون توقف.",
    "ولم يصب أحد بأذى، وستبقى المدرسة مغلقة يوم الثلاثاء، ويجتمع المجلس ظهرا لمناقشة الأضرار التي لحقت بالطرق في الوادي.",
]


def body_of(page: str, **more) -> str:
    extraction = extract(page.encode(), "http://a.test/news/2026/river-floods-town", **more)
    assert extraction.article is not None, extraction.reason
    return extraction.article.body


def page(inner: str, *, title: str = "River floods town", head: str = "", after: str = "", lang: str = "en") -> str:
    return (
        f'<!doctype html><html lang={lang}><head><meta charset=utf-8><title>{title} - Town Post</title><meta property="og:type" content="article">{head}</head>'
        f'<body><header><a href="/">Town Post</a></header><nav><ul><li><a href="/politics">Politics</a><li><a href="/sport">Sport</a></ul></nav><main><article>'
        f'<h1>{title}</h1><div class="meta">By Ann Lee | <time datetime="2026-03-03T10:00Z">3 March 2026</time></div><div class="entry-content">{inner}</div></article></main>'
        f'{after}<footer class="site-footer"><p>(c) 2026 Town Post. All rights reserved.</p></footer></body></html>'
    )


def paragraphs(texts: list[str]) -> str:
    return "".join(f"<p>{text}</p>" for text in texts)


@pytest.mark.parametrize("texts", [EN, ZH, AR], ids=["English", "Chinese", "Arabic"])
def test_paragraphs_are_kept_in_order_with_a_blank_line_between(texts):
    assert body_of(page(paragraphs(texts), title=texts[0][:20])) == "\n\n".join(texts)


def test_counters_and_categories_inside_the_text_element_are_no_text():
    furniture = (
        '<p>Likes:<br><a href="#"><span>0</span></a> <a href="#"><span>0</span></a></p><p>Views:<br>58</p>'
        '<p>Article Categories:<br><a href="/world" rel="category tag">World</a> · <a href="/x" rel="category tag">Weather</a></p><p class="no-comments">Comments are closed.</p>'
    )
    assert body_of(page(paragraphs(EN) + furniture)) == "\n\n".join(EN)


def test_related_stories_newsletters_and_advertisements_between_paragraphs_are_no_text():
    inner = (
        f"<p>{EN[0]}</p><p>{EN[1]}</p>"
        '<div class="ad-slot"><span>Advertisement</span><a href="http://ads.test/">Buy new boots today</a></div>'
        f"<p>{EN[2]}</p>"
        '<div class="inline-related"><span>Read more</span> <a href="/bridge">The bridge that nobody mended</a></div>'
        f"<p>{EN[3]}</p>"
        '<aside class="newsletter-signup"><h4>Get the morning briefing in your inbox</h4><form><input type=email><button>Subscribe</button></form></aside>'
        f"<p>{EN[4]}</p>"
    )
    assert body_of(page(inner)) == "\n\n".join(EN)


@pytest.mark.parametrize(
    "box",
    [
        "<figure><img src=a.jpg><figcaption><p>{}</p></figcaption></figure>",
        '<div class="wp-caption"><img src=a.jpg><p>{}</p></div>',
    ],
)
def test_what_stands_below_a_picture_is_no_text_however_long(box):
    caption = "Ann Lee, who keeps a shop beside the bridge, looks at the river on Monday night. The water had risen by two metres since noon, and went on rising until the morning."
    assert body_of(page(paragraphs(EN[:2]) + box.format(caption) + paragraphs(EN[2:]))) == "\n\n".join(EN)


@pytest.mark.parametrize("name", ["cookie-message", "gdpr-text", "newsletter-teaser"])
def test_boxes_about_cookies_and_newsletters_are_no_text_however_long(name):
    told = "The town post writes to you every morning at six about the river, the bridge and the council. We and our partners remember on your device what you have read, so that we know what you like."
    assert body_of(
        page(paragraphs(EN) + f"<section class={name}><p>{told}</p><p>{told} You may change that.</p></section>")
    ) == "\n\n".join(EN)


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ('<p class="byline">Ann Lee at the river</p>', "byline"),
        ('<div class="share"><p>Tell your friends about it</p></div>', "share"),
    ],
)
def test_a_short_line_whose_name_says_what_it_is_is_no_text_whatever_the_model_says(line, reason):
    found = extract(page(paragraphs(EN[:3]) + line + paragraphs(EN[3:])).encode(), "http://a.test/x", explain=True)
    assert [note.reason for note in found.explain if note.text in line] == [reason]


def test_a_long_line_of_names_with_two_dates_below_the_headline_is_no_text_however_short_the_article_is():
    notice = "This article was withdrawn because it did not meet the standards of the editors."
    line = "Por Lucía Herrera, Iñigo Sáenz y Álvaro Peña Publicado 2 de marzo de 2026, 09:44 Actualizado 3 de marzo de 2026, 16:28"
    story = f"<title>Retirado</title><article><h1>Retirado: el túnel del puerto</h1><div>{line}</div><p>{notice}</p></article>"
    assert body_of(story) == notice


def test_a_sentence_or_a_subhead_stays_text_whatever_its_name_says():
    inner = '<h2 class="date">Monday</h2><p class="source">So it is told.</p>'
    found = body_of(page(paragraphs(EN[:3]) + inner + paragraphs(EN[3:]))).split("\n\n")
    assert {"Monday", "So it is told."} <= set(found)


def test_a_long_paragraph_that_is_said_twice_stays_twice():
    """An opening line that the text repeats is left out once; a refrain of many lines is none."""
    long = " ".join(EN[:3])
    assert body_of(page(paragraphs([long, EN[3], long, EN[4]]))) == "\n\n".join([long, EN[3], long, EN[4]])
    assert body_of(page(paragraphs([EN[0], EN[0], *EN[1:]]))) == "\n\n".join(EN)


def test_comments_are_no_text():
    comments = '<section id="comments" class="comments-area"><h3>2 comments</h3><ol class="comment-list">' + "".join(
        f'<li class="comment"><cite>Bob</cite><p>{text}</p></li>' for text in EN[2:4]
    )
    assert body_of(page(paragraphs(EN[:2] + EN[4:]), after=comments)) == "\n\n".join(EN[:2] + EN[4:])


def test_a_correction_below_the_text_is_text():
    note = "Correction: an earlier version of this article gave the wrong height of the river. It rose by two metres, not by three."
    assert body_of(page(paragraphs(EN) + f'<p class="correction">{note}</p>')).endswith(note)


def test_lists_subheads_and_quotes_are_paragraphs_of_their_own():
    inner = (
        f"<p>{EN[0]}</p><p>{EN[1]}</p><h2>What to do when the water comes</h2><ul><li>Bring warm clothes and water for two days.</li>"
        f"<li>Leave the car at home, because the bridge is closed.</li></ul><p>{EN[2]}</p><blockquote><p>{EN[3]}</p></blockquote><p>{EN[4]}</p>"
    )
    found = body_of(page(inner)).split("\n\n")
    assert "What to do when the water comes" in found
    assert "Leave the car at home, because the bridge is closed." in found
    assert EN[3] in found


def test_old_pages_of_tables_and_line_breaks_have_paragraphs():
    old = (
        "<HTML><HEAD><TITLE>Town Post: River floods town</TITLE></HEAD><BODY><TABLE><TR><TD COLSPAN=2><A HREF=/a>Politics</A> | <A HREF=/b>Sport</A></TD></TR><TR>"
        "<TD><B>Most read</B><BR><A HREF=/c>Council meets again</A> (120)<BR><A HREF=/d>School wins prize</A> (80)<BR></TD>"
        "<TD><FONT SIZE=5><B>River floods town</B></FONT><BR><FONT SIZE=1>March 3, 2026</FONT><BR><BR>"
        + "".join(f"{text}<BR><BR>\n" for text in EN)
        + "<FONT SIZE=1>Views: 58</FONT><HR><B>Related articles</B><UL><LI><A HREF=/e>The bridge that nobody mended</A></UL></TD></TR></TABLE></BODY></HTML>"
    )
    assert body_of(old) == "\n\n".join(EN)


@pytest.mark.parametrize("read", ["", '<A HREF=/c>"We will rebuild it"</A> (120)<BR>'], ids=["none yet", "one"])
@pytest.mark.parametrize(
    "advert", ["Advertisement: This lamp changed how I read", "Anzeige: Welcher Tarif passt zu Ihnen?"]
)
def test_what_rotates_beside_the_text_of_an_old_page_is_no_text(read, advert):
    old = (
        f"<HTML><HEAD><TITLE>Town Post: River floods town</TITLE></HEAD><BODY><TABLE><TR><TD><B>Most read</B><BR>{read}<HR>{advert}</TD>"
        "<TD><FONT SIZE=5><B>River floods town</B></FONT><BR><FONT SIZE=1>March 3, 2026</FONT><BR><BR>"
        + "".join(f"{text}<BR><BR>\n" for text in EN)
        + "<B>Related articles</B><UL><LI><A HREF=/e>“The bridge has much to do with the mayor”</A><LI><A HREF=/f>School wins prize</A></UL></TD></TR></TABLE></BODY></HTML>"
    )
    assert body_of(old) == "\n\n".join(EN)


def test_posts_of_a_live_blog_stand_in_page_order():
    posts = "".join(
        f'<article class="live-entry"><time datetime="2026-03-03T1{n}:00">1{n}:00</time><p>{text}</p></article>'
        for n, text in enumerate(EN)
    )
    assert body_of(page(posts)) == "\n\n".join(EN)


@pytest.mark.parametrize("count", range(3, 12))
def test_a_post_of_a_few_words_stays_however_long_the_live_blog_gets(count):
    told = [text for n in range(count) for text in (f"{EN[n % 5]} {n}", f"Ann Lee and the Bobs - 'Rain', part {n}")]
    posts = "".join(
        f'<article class="live-entry" id="entry-{n}"><time datetime="2026-03-03T10:{n:02}">10:{n:02}</time><p>{text}</p></article>'
        for n, text in enumerate(told)
    )
    assert body_of(page(posts)) == "\n\n".join(told)


ROUND = """
6:00 a.m. - Morning
The house is quiet, and the mill stands where it stood.
A. The mill: wheel, stones, sluice, roof
1. Better bread
Bread from the old mill keeps for a week, and the miller says that he would sell twice as much of it if the wheel turned at night.
Map: where the water goes
[Read: what the miller said of the last flood]
Stones are cut by hand in the valley. A pair of them lasts for thirty years, and costs as much as a small car.
Budget of a mill
What is a mill?
It was not known at first who had opened the sluice.
""".strip().splitlines()


def live_page(count: int, start: str, kind: str = "NewsArticle", comments: int = 0) -> str:
    import json

    posts = "".join(
        f'{start}<time datetime="2026-03-03T{n // 4:02}:{n % 4 * 15:02}">{n // 4:02}:{n % 4 * 15:02}</time><p>{ROUND[n % len(ROUND)]}</p></{start[1:].split()[0]}>'
        + (
            '<div class="ad-slot">Advertisement <a href="/x">One trick for softer bread</a></div>'
            if n in (1, 6)
            else ""
        )
        for n in reversed(range(count))
    )
    node = json.dumps({"@type": kind, "headline": "A day at the mill", "datePublished": "2026-03-03T00:00:00Z"})
    latest = "".join(
        f'<li><time datetime="2026-03-02T10:{n:02}">10:{n:02}</time> <p>In short, item {n}</p></li>' for n in range(50)
    )
    talk = "".join(f'<li class="comment"><p>I was there, says reader {n}.</p></li>' for n in range(comments))
    return (
        f'<html lang=en><head><title>A day at the mill</title><script type="application/ld+json">{node}</script></head><body>'
        f'<main><article><h1>A day at the mill</h1><div class="story">{posts}</div></article>'
        f'<section class="comments-area"><ol class="comment-list">{talk}</ol></section></main>'
        f'<aside class="latest-news"><ul>{latest}</ul></aside></body></html>'
    )


@pytest.mark.parametrize("count", [5, 11, 24, 60])
@pytest.mark.parametrize(
    ("start", "kind"),
    [('<article class="live-entry">', "NewsArticle"), ('<section class="card">', "LiveBlogPosting")],
    ids=["posts with telling names", "a page that calls itself a live blog"],
)
def test_all_posts_of_a_live_blog_are_text_if_any_is(start, kind, count):
    told = [ROUND[n % len(ROUND)] for n in reversed(range(count))]
    assert body_of(live_page(count, start, kind, comments=count % 7)) == "\n\n".join(told)


def test_what_belongs_to_a_post_but_is_marked_as_furniture_is_no_text():
    posts = "".join(
        f'<article class="live-entry"><time datetime="2026-03-03T1{n}:00">1{n}:00</time><p class="byline">Ann Lee</p><p>{text}</p>'
        f'<div class="share"><p>Tell your friends about it</p></div></article>'
        for n, text in enumerate(EN)
    )
    assert body_of(page(posts)) == "\n\n".join(EN)


@pytest.mark.parametrize("line", ["96 views", "1.1K views", "Updated 14:05", "3 min read"])
def test_a_line_that_moves_by_itself_is_no_text_whatever_the_model_says(line):
    extraction = extract(page(f"<p>{line}</p>" + paragraphs(EN)).encode(), "http://a.test/river", explain=True)
    note = next(note for note in extraction.explain if note.text == line)
    assert (note.kept, note.reason) == (False, "moves by itself")


@pytest.mark.parametrize("chance", [0.36, 0.5, 0.9])
def test_a_short_paragraph_stays_between_others_and_behind_the_last_whatever_its_chance(chance):
    walk = Walk(
        LexborHTMLParser(
            f"<div><p>{EN[0]}</p><p>Some wrote:</p><p>{EN[1]}</p><p>Others wrote:</p></div><p>Town Post</p>"
        ).body
    )
    chances = np.array([0.97, chance, 0.97, chance, chance], dtype=np.float32)
    keep = np.array([True, False, True, False, False])
    fill_gaps(walk.blocks, keep, chances)
    assert keep.tolist() == [True, True, True, True, False]


def test_text_that_only_the_embedded_state_carries_is_found():
    import json

    state = {
        "props": {
            "pageProps": {
                "story": {
                    "headline": "River floods town",
                    "blocks": [{"type": "paragraph", "text": text} for text in EN],
                }
            }
        }
    }
    shell = (
        "<html><head><title>River floods town - Town Post</title></head><body><main><h1>River floods town</h1><div class=skeleton></div></main>"
        f'<script id="__NEXT_DATA__" type="application/json">{json.dumps(state)}</script></body></html>'
    )
    extraction = extract(shell.encode(), "http://a.test/river")
    assert extraction.article.body == "\n\n".join(EN)
    assert extraction.provenance["body"] == "state"


def test_text_that_only_json_ld_carries_is_found():
    import json

    node = json.dumps(
        {
            "@context": "https://schema.org",
            "@type": "NewsArticle",
            "headline": "River floods town",
            "articleBody": "\n\n".join(EN),
        }
    )
    shell = f'<html><head><title>River floods town</title><script type="application/ld+json">{node}</script></head><body><h1>River floods town</h1></body></html>'
    assert body_of(shell) == "\n\n".join(EN)


def test_a_json_ld_text_that_repeats_what_the_page_shows_beside_the_article_is_not_believed():
    import json

    posts = [
        f"Reader {n} wrote at {n} o'clock that the water stood in the cellar of house number {n}." for n in range(30)
    ]
    node = json.dumps({"@type": "NewsArticle", "headline": "River floods town", "articleBody": " ".join(EN + posts)})
    replies = "".join(f'<li class="comment">{text}</li>' for text in posts)
    html = page(
        paragraphs(EN),
        head=f'<script type="application/ld+json">{node}</script>',
        after=f'<ol class="commentlist">{replies}</ol>',
    )
    assert body_of(html) == "\n\n".join(EN)


def test_rotating_boxes_move_no_paragraph():
    def variant(number: int) -> str:
        related = "".join(
            f'<li><a href="/s{number + n}">Story number {number * 7 + n} of the week</a> <span>{number * n} views</span></li>'
            for n in range(number + 2)
        )
        return body_of(
            page(
                paragraphs(EN),
                after=f'<section class="related-posts"><h3>Related articles</h3><ul>{related}</ul></section>',
            )
        )

    assert {variant(number) for number in range(6)} == {"\n\n".join(EN)}


def test_the_site_may_name_the_body_and_what_to_leave_out():
    hints = SiteHints(selectors={"body": ".x", "remove": ".ad"})
    inner = f"<div class=x><p>{EN[0]}</p><p class=ad>Buy boots.</p><p>{EN[1]}</p></div><p>{EN[2]}</p>"
    assert body_of(page(inner), hints=hints) == f"{EN[0]}\n\n{EN[1]}"


def test_the_cut_keeps_what_is_likely_and_drops_what_is_not():
    chances = np.array([0.95, 0.9, 0.05, 0.85], dtype=np.float32)
    assert decide(chances, np.full(4, 100, dtype=np.float32)).tolist() == [True, True, False, True]


def test_a_second_story_behind_a_list_of_links_is_no_text():
    second = [
        "A bakery in the upper town has won the national prize for the best bread, the jury said in the capital on Friday.",
        "Its owner, who learnt the trade from his mother, said that the secret was nothing but time, and sleeping little.",
        "The prize is given every year, and brings the winner a new oven; about three hundred bakeries had taken part in it.",
    ]
    links = "".join(
        f'<li><a href="/s{n}">The council talks about the road number {n} again</a></li>' for n in range(12)
    )
    after = f"<div><h3>More news</h3><ul>{links}</ul></div><div><h2>Bread of the year</h2>{paragraphs(second)}</div>"
    assert body_of(page(paragraphs(EN), after=after)) == "\n\n".join(EN)


def test_the_letters_of_links_between_paragraphs_are_counted():
    links = "".join(f"<li><a href='/s{n}'>Story {n}</a></li>" for n in range(5))
    html = f"<h1>River floods town</h1><p>{EN[0]}</p><p>{EN[1]}</p><ul>{links}</ul><p>{EN[2]}</p><p>{EN[3]}</p>"
    walk = Walk(parse(html.encode(), "http://a.test/").body)
    columns = measure(walk, "River floods town").columns(range(len(walk.blocks)))
    at = {block.text: column for block, column in zip(walk.blocks, columns.T, strict=True)}
    widest, before = FEATURES.index("widest_gap"), FEATURES.index("long_before")
    assert [at[text][widest] for text in EN[:4]] == [0, 0, 35, 35]
    assert [at[text][before] for text in EN[:4]] == [1, 2, 3, 4]


def test_a_line_that_is_nothing_but_a_link_is_no_text_unless_it_is_a_paragraph_of_its_own():
    """Menus, buttons and lists of stories inside a story are such lines; a paragraph may well be one."""
    texts = [f"<p>{text}</p>" for text in EN]
    menu = "<ul><li><a href='/a'>Floods of 1970</a></li><li><a href='/b'>Roads that are closed</a></li></ul>"
    paragraph = "<p><a href='/map'>A map of the closed roads.</a></p>"
    article = extract(
        f"<html lang=en><h1>River rises</h1><article>{''.join(texts[:3])}{menu}{paragraph}{texts[3]}{texts[4]}</article>".encode(),
        "http://a.test/2026/03/03/river",
    ).article
    assert article is not None
    assert article.body is not None
    assert "Floods of 1970" not in article.body
    assert "A map of the closed roads." in article.body


@pytest.mark.parametrize(
    "notice",
    [
        "If you buy something through a link on our site, we may earn a commission that helps us to pay for our journalism.",
        "This article contains affiliate links. We may receive a share of what you pay, at no extra cost to you.",
        "Mit Sternchen markierte Links sind Affiliate-Links: Kaufen Sie darüber ein, erhalten wir eine Provision vom Händler.",
    ],
)
def test_what_a_site_says_of_its_earnings_from_links_is_no_text(notice):
    body = body_of(page(paragraphs([EN[0], notice, *EN[1:], notice])))
    assert body == "\n\n".join(EN)


def test_a_paragraph_about_commissions_is_text():
    told = "The bank said that it had received a commission of two million for the sale, more than the town was told."
    assert told in body_of(page(paragraphs([*EN, told])))


@pytest.mark.parametrize(
    ("address", "kept"), [("/news/{}", False), ("#post-{}", True), ("https://inn-{}.example/", True)]
)
def test_a_list_of_teasers_is_left_out_with_its_summaries_but_no_posts_and_no_list_of_places(
    address: str, kept: bool
) -> None:
    item = "The council of the town meets again on Monday, when the bridge number {} is on its list."
    items = "".join(
        f'<article class="item"><h3><a href="{address.format(n)}">Bridge number {n}</a></h3><p>{item.format(n)}</p>'
        "</article>"
        for n in range(1, 5)
    )
    html = page(paragraphs(EN), after=f"<div>{items}</div>")
    notes = extract(html.encode(), "https://a.test/news/river", explain=True).explain
    assert ("teaser" not in {note.reason for note in notes}) is kept
