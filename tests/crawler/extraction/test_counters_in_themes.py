"""Fragments in the manner of many themes, systems and languages: what each says of its article, and nothing more.

Written by us. `open` stands for the state of the comments, asked for only where the fragment is about it.
"""

from __future__ import annotations

import pytest

from archive.model import COUNTERS
from crawler.extraction.counters import find_engagement
from crawler.extraction.document import parse
from crawler.extraction.structured import Structured

STORY = "https://a.test/news/rain-again-in-the-hills"
TITLE = "Rain again in the hills"
TEXT = "<p>It rained all day in the hills, and the river rose by two metres in a night.</p>"


def told(markup: str, language: str) -> dict[str, int | bool]:
    """What a page of the post 12 with this under its text says."""
    page = (
        f'<html lang="{language}"><head><title>{TITLE}</title></head><body class="single postid-12">'
        f"<main><article><h1>{TITLE}</h1>{TEXT}{markup}</article></main></body></html>"
    )
    doc = parse(page.encode(), STORY, "text/html; charset=utf-8")
    found = find_engagement(doc, Structured(doc))
    counters = {kind: counter.value for kind in COUNTERS if (counter := getattr(found, kind)) is not None}
    return counters if found.comments_open is None else {**counters, "open": found.comments_open}


CASES: list[tuple[str, str, dict[str, int | bool]]] = [
    ("en", '<div class="kicker"><a href="/section/views">Views</a> | 24</div>', {}),
    ("en", '<div class="kicker"><a href="/opinion">Comment</a> <time>2024</time></div>', {}),
    ("en", "<div><span>Views</span> <time>2024</time></div>", {}),
    ("zh", f'<p><a href="{STORY}#comments">留言</a>(42)</p>', {"comments": 42}),
    ("en", '<span class="post-views"><i class="fa fa-eye"></i> 1,204</span>', {"views": 1204}),
    (
        "en",
        f'<div class="entry-meta"><span class="views"><span class="dashicons dashicons-visibility"></span>88 Views</span><span class="comments-link"><a href="{STORY}#respond">Leave a comment</a></span></div>',
        {"views": 88},
    ),
    ("en", f'<span class="comments-link"><a href="{STORY}#comments">3 Comments</a></span>', {"comments": 3}),
    (
        "en",
        f'<span class="comments-link"><a href="{STORY}#respond"><span class="dsq-postid" data-dsqidentifier="12 http://a.test/?p=12">0 Comments</span></a></span>',
        {},
    ),
    (
        "en",
        '<div class="wpulike"><button class="wp_ulike_btn"></button><span class="count-box wp_ulike_counter_up" data-ulike-counter-value="+7"></span></div>',
        {"likes": 7},
    ),
    (
        "en",
        '<div class="thumbs-rating-container" data-content-id="12"><span class="thumbs-rating-up">4</span> <span class="thumbs-rating-down">1</span></div>',
        {"likes": 4, "dislikes": 1},
    ),
    (
        "en",
        '<div class="thumbs-rating-container" data-content-id="13"><span class="thumbs-rating-up">4</span> <span class="thumbs-rating-down">1</span></div>',
        {},
    ),
    (
        "en",
        '<div class="tptn_counter" id="tptn_counter_12">Visited 1,234 times, 5 visit(s) today</div>',
        {"views": 1234},
    ),
    ("en", "<p>(Visited 1,234 times, 5 visits today)</p>", {"views": 1234}),
    ("en", '<span class="rt-reading-time">3 min read</span><span class="rt-views">12 views</span>', {"views": 12}),
    (
        "en",
        '<div class="sharedaddy"><a class="share-facebook"><span class="share-count">9</span></a><a class="share-twitter"><span class="share-count">4</span></a></div>',
        {},
    ),
    (
        "en",
        '<div class="addtoany_share_save_container"><a class="a2a_counter"><span class="a2a_count">3</span></a></div>',
        {},
    ),
    ("en", '<div class="essb_totalcount"><span class="essb_t_nb">120</span></div>', {"shares": 120}),
    (
        "en",
        '<div class="swp_social_panel"><span class="total_shares">55 <span>Shares</span></span></div>',
        {"shares": 55},
    ),
    (
        "en",
        f'<ul class="links inline"><li class="statistics_counter"><span>4433 reads</span></li><li class="comment-add"><a href="{STORY}#comment-form">Add new comment</a></li></ul>',
        {"views": 4433},
    ),
    (
        "en",
        f'<ul class="links"><li class="comment-comments"><a href="{STORY}#comments">7 comments</a></li><li class="statistics-counter">12 views</li></ul>',
        {"comments": 7, "views": 12},
    ),
    (
        "en",
        '<dl class="article-info"><dd class="hits"><meta itemprop="interactionCount" content="UserPageVisits:812" />Hits: 812</dd></dl>',
        {"views": 812},
    ),
    (
        "de",
        '<dl class="article-info"><dt>Details</dt><dd class="hits"><span class="icon-eye"></span> Zugriffe: 1.812</dd></dl>',
        {"views": 1812},
    ),
    ("en", f'<div class="jcomments-links"><a href="{STORY}#comments">Add comment</a></div>', {}),
    ("en", '<div class="k2"><span class="itemHits">Read <b>1234</b> times</span></div>', {"views": 1234}),
    (
        "en",
        f'<a class="disqus-comment-count" data-disqus-url="x" href="{STORY}#disqus_thread">12 Comments</a>',
        {"comments": 12},
    ),
    ("en", f'<a href="{STORY}#disqus_thread">0</a>', {}),
    ("en", f'<span class="fb-comments-count" data-href="{STORY}">0</span> comments', {}),
    ("en", '<div id="coral-count"><span class="coral-count">0</span> Comments</div>', {}),
    (
        "en",
        '<iframe src="https://www.facebook.com/plugins/like.php"></iframe><div class="fb-like">1.2K people like this</div>',
        {},
    ),
    (
        "en",
        '<div class="postbody"><div class="userinfo"><dl><dt>Posts</dt><dd>1,234</dd><dt>Likes</dt><dd>55</dd></dl></div></div>',
        {},
    ),
    ("en", '<dl class="pairs"><dt>Messages</dt><dd>1,234</dd><dt>Reaction score</dt><dd>55</dd></dl>', {}),
    (
        "en",
        '<div class="author-card"><span>124 posts</span> <span>3,400 followers</span> <span>12K views</span></div>',
        {},
    ),
    ("en", '<div class="bio"><b>Ann</b> 124 articles · 12K views</div>', {}),
    (
        "zh",
        '<div class="info"><span>2024-05-20 10:12</span> <span>浏览：1205次</span> <span>评论(3)</span></div>',
        {"views": 1205, "comments": 3},
    ),
    ("zh", "<div><span>阅读 1.2万</span><span>点赞 33</span><span>收藏 8</span></div>", {"views": 12000, "likes": 33}),
    ("zh", "<div><span>播放量 1.2亿</span></div>", {"views": 120000000}),
    ("zh", '<div class="u">粉丝 1205 · 文章 33 · 阅读 9.9万</div>', {}),
    ("ja", '<p class="l"><span>コメント</span><b>12</b>件</p>', {"comments": 12}),
    ("ja", "<div><span>いいね！</span><span>1,204</span></div>", {"likes": 1204}),
    ("ja", "<div>閲覧数 3,204</div><div>コメント数：0</div>", {"views": 3204, "comments": 0}),
    (
        "ko",
        '<div><button>좋아요 <em>12</em></button><button>싫어요 <em>3</em></button><a href="#comment">댓글 <span>45</span></a></div>',
        {"likes": 12, "dislikes": 3, "comments": 45},
    ),
    ("ko", "<span>조회수 1.2만회</span>", {"views": 12000}),
    ("ar", "<span>عدد المشاهدات: ٣٬٢١٠</span>", {"views": 3210}),
    (
        "ar",
        '<div><i class="fa fa-eye"></i> <span>١٢٣</span> مشاهدة</div><div><i class="fa fa-comment"></i> لا توجد تعليقات</div>',
        {"views": 123, "comments": 0},
    ),
    ("fa", "<ul><li>تعداد بازدید : ۱۲۳۴</li><li>تعداد نظرات: ۵</li></ul>", {"views": 1234, "comments": 5}),
    ("fa", "<div>کد خبر: 1234567</div><div>بازدید : 842</div>", {"views": 842}),
    ("he", "<span>צפיות: 1,204</span><span>3 תגובות</span>", {"views": 1204, "comments": 3}),
    ("hi", "<span>१.२ लाख व्यूज</span>", {"views": 120000}),
    ("bn", "<span>১,২৩৪ বার পঠিত</span>", {"views": 1234}),
    ("ru", "<div>Просмотров: 1 204</div><div>Комментариев: 3</div>", {"views": 1204, "comments": 3}),
    ("ru", "<div>1 204 просмотра</div><div>3 комментария</div>", {"views": 1204, "comments": 3}),
    ("uk", "<div>Переглядів: 1204</div><div>Коментарів: 0</div>", {"views": 1204, "comments": 0}),
    ("tr", "<div>Bu haber 1.204 kez okundu.</div><div>Yorumlar (3)</div>", {"views": 1204, "comments": 3}),
    ("tr", "<div>Okunma: 8,6 B</div>", {"views": 8600}),
    ("fr", "<p>Lu 1 204 fois</p><p>3 réactions</p>", {"views": 1204, "comments": 3}),
    ("es", "<p>Visto 1.204 veces</p><p>3 comentarios</p>", {"views": 1204, "comments": 3}),
    ("pt", "<p>1,2 mil visualizações</p>", {"views": 1200}),
    ("pl", "<p>Przeczytano 1204 razy</p><p>Komentarze (3)</p>", {"views": 1204, "comments": 3}),
    ("vi", "<p>1,204 lượt xem</p><p>3 bình luận</p>", {"views": 1204, "comments": 3}),
    ("id", "<p>Dibaca 1.204 kali</p>", {"views": 1204}),
    ("th", "<p>อ่าน 1,204 ครั้ง</p>", {"views": 1204}),
    ("hu", "<p>1 204 megtekintés</p>", {"views": 1204}),
    (
        "en",
        "<p>The video has 12,000 views and 300 comments, and was liked 900 times since Monday, the police said.</p>",
        {},
    ),
    ("en", "<blockquote><p>12K views · 300 likes</p></blockquote>", {}),
    ("en", "<figure><img src=x><figcaption>12 views of the river</figcaption></figure>", {}),
    ("en", "<table><tr><td>Team</td><td>Likes</td></tr><tr><td>A</td><td>12</td></tr></table>", {}),
    ("en", '<div class="poll"><span>Yes</span><span>120 votes</span></div>', {}),
    ("en", '<div class="rating">4.9 <span>(120 reviews)</span></div>', {}),
    (
        "en",
        '<div class="trending"><ol><li><a href="/a/another-story-about-rain">Another story about the rain</a><span>12 comments</span></li></ol></div>',
        {},
    ),
    ("en", '<div class="newsletter">Join 12,000 readers</div>', {}),
    ("en", "<p>Read 12 more stories</p>", {}),
    ("en", '<a href="/page/2">2</a> <span>Views</span>', {}),
    ("en", '<div class="gallery"><span>1/12</span> Views</div>', {}),
    (
        "en",
        '<div class="widget_views"><ul><li><a href="/b/rain-again-in-the-hills-part-two">Rain again in the hills, part two</a> - 45 views</li></ul></div>',
        {},
    ),
    (
        "en",
        '<h3>3 Comments</h3><ol class="comment-list"><li class="comment">x<span class="likes">12 likes</span></li></ol><p>Comments are closed.</p>',
        {"comments": 3, "open": False},
    ),
    (
        "en",
        '<div id="respond"><h3>Leave a Reply</h3><form action="/wp-comments-post.php" id="commentform"><textarea name="comment"></textarea></form></div>',
        {"open": True},
    ),
    ("en", '<p>Comments Off<span class="screen-reader-text"> on Rain again in the hills</span></p>', {"open": False}),
    ("de", "<p>Kommentare sind deaktiviert.</p>", {"open": False}),
    ("fr", "<p>Les commentaires sont fermés.</p>", {"open": False}),
    ("it", "<p>I commenti sono chiusi.</p>", {"open": False}),
    ("ja", "<p>コメントは受け付けていません。</p>", {"open": False}),
    ("ko", "<p>댓글이 닫혔습니다.</p>", {"open": False}),
    ("fa", "<p>نظرات بسته شده است.</p>", {"open": False}),
    ("hi", "<p>टिप्पणियाँ बंद हैं</p>", {"open": False}),
    ("ru", "<p>Комментирование запрещено</p>", {"open": False}),
]


@pytest.mark.parametrize(("language", "markup", "expected"), CASES)
def test_a_fragment_says_what_a_reader_would_say(language: str, markup: str, expected: dict[str, int | bool]) -> None:
    found = told(markup, language)
    if "open" not in expected:
        found.pop("open", None)
    assert found == expected
