"""A page goes in, a record with its sources comes out."""

import gc
import pickle

from archive.model import Verdict
from crawler.extraction import VERSION, Extraction, SiteHints, extract
from crawler.extraction.document import Document

PAGE = (
    '<html lang="en"><head><title>River floods town - Town Post</title><meta property="og:type" content="article">'
    '<meta property="article:published_time" content="2026-03-03T10:00:00+01:00"></head><body><article><h1>River floods town</h1>'
    + "".join(f"<p>{text}</p>" for text in (
        "The river rose by two metres on Monday night, and the mayor asked the people of the lower town to leave their homes.",
        "Firefighters carried sandbags to the bridge until the morning, said a spokeswoman, while the rain went on.",
    ))
    + "</article></body></html>"
).encode()  # fmt: skip


def test_an_article_has_a_title_a_body_and_their_sources():
    extraction = extract(PAGE, "http://a.test/river")
    assert extraction.verdict is Verdict.ARTICLE
    assert extraction.article.title == "River floods town"
    assert extraction.article.body.startswith("The river rose")
    assert extraction.provenance["title"]
    assert extraction.provenance["body"] == "blocks"
    assert extraction.reason is None


def test_what_is_no_article_has_a_reason():
    extraction = extract(b"<title>404</title><h1>Page not found</h1>", "http://a.test/x")
    assert extraction.article is None
    assert "404" in extraction.reason


def test_an_extraction_can_be_sent_to_another_process():
    extraction = extract(PAGE, "http://a.test/river", explain=True)
    again: Extraction = pickle.loads(pickle.dumps(extraction))
    assert again == extraction


def test_the_same_page_gives_the_same_extraction():
    assert extract(PAGE, "http://a.test/river") == extract(PAGE, "http://a.test/river")


def test_nothing_of_a_page_is_kept_once_it_is_read():
    extract(PAGE, "http://a.test/read-and-gone")
    assert not [one for one in gc.get_objects() if type(one) is Document and one.url.endswith("/read-and-gone")]


def test_explaining_says_of_each_block_why_it_was_kept():
    notes = extract(PAGE, "http://a.test/river", explain=True).explain
    assert [note.kept for note in notes] == [False, True, True]
    assert notes[1].path == "article.p"
    assert notes[1].score > 0.5
    assert extract(PAGE, "http://a.test/river").explain == ()


def test_a_selector_wins_and_one_that_finds_nothing_says_so():
    hints = SiteHints(selectors={"title": ".none", "body": "article p:first-of-type"})
    extraction = extract(PAGE, "http://a.test/river", hints=hints)
    assert extraction.article.title is None
    assert extraction.provenance["title"] == "selector found nothing"
    assert extraction.provenance["body"] == "selector"
    assert extraction.article.body.endswith("leave their homes.")


def test_the_version_is_a_string_that_captures_remember():
    assert VERSION
