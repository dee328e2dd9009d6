"""Whether comments are open is one fact, how many there are another."""

from __future__ import annotations

import pytest

from archive.model import Engagement
from crawler.extraction.counters import find_engagement
from crawler.extraction.document import parse
from crawler.extraction.structured import Structured


def engagement_of(markup: str) -> Engagement:
    title = "Rain again in the hills"
    page = f"<html><head><title>{title}</title></head><body><h1>{title}</h1>{markup}</body></html>"
    doc = parse(page.encode(), "https://a.test/rain", "text/html; charset=utf-8")
    return find_engagement(doc, Structured(doc))


def test_a_closed_thread_keeps_its_number() -> None:
    found = engagement_of('<div id="comments"><h3>863 Comments</h3><p>Comments are closed.</p></div>')
    assert found.comments is not None
    assert (found.comments.value, found.comments_open) == (863, False)


@pytest.mark.parametrize(
    "notice",
    [
        "Comments are closed for this entry",
        "Comments Off on Rain again",
        "Los comentarios están cerrados.",
        "Die Kommentarfunktion ist geschlossen",
        "Комментарии закрыты",
        "评论已关闭。",
        "التعليقات مغلقة.",
        "Yorumlar kapalı",
    ],
)
def test_a_notice_in_any_language_closes(notice: str) -> None:
    found = engagement_of(f'<p class="nocomments">{notice}</p>')
    assert (found.comments, found.comments_open) == (None, False)


def test_a_form_to_write_in_opens() -> None:
    assert engagement_of('<form id="commentform"><textarea name="comment"></textarea></form>').comments_open is True
    assert engagement_of('<textarea placeholder="Schreibe einen Kommentar"></textarea>').comments_open is True


@pytest.mark.parametrize(
    "markup",
    [
        '<form id="search"><input name="q"></form>',
        '<form class="feedback"><textarea name="comments" id="feedback-message"></textarea></form>',
        '<form action="/modules/ReportComment"><textarea name="why"></textarea></form>',
        '<form id="commentRewardForm"><input name="comment"></form>',
        '<div class="contact-form"><form class="contact-form commentsblock"><textarea name="g9"></textarea></form></div>',
        '<textarea id="nein_kommentar" placeholder="What did you miss?"></textarea>',
        '<div style="display: none"><p>Comments are closed.</p></div>',
        "<p>He said: comments are closed for good in this town, and nobody will open them again before the summer.</p>",
        "<p>Leave a comment</p>",
    ],
)
def test_what_does_not_tell_leaves_it_unknown(markup: str) -> None:
    assert engagement_of(markup).comments_open is None
