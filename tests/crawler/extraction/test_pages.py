"""The parts of a multi-page article become one."""

from archive.model import Content, Verdict
from crawler.extraction import Extraction, PageLinks, join
from crawler.extraction.document import parse
from crawler.extraction.pages import find_links
from crawler.extraction.structured import Structured


def links(page: str, url: str = "http://a.test/rain") -> PageLinks:
    document = parse(page.encode(), url)
    return find_links(document, Structured(document))


def part(body: str, next_page: str | None = None) -> Extraction:
    return Extraction(Verdict.ARTICLE, Content(title="Rain", body=body), links=PageLinks(next_page=next_page))


def test_the_next_part_has_this_address_and_a_number_one_higher():
    pager = '<div class="page-links"><span>1</span> <a href="/rain?page=2">2</a> <a href="/rain?page=3">3</a></div>'
    assert links(pager).next_page == "http://a.test/rain?page=2"
    assert links(pager, "http://a.test/rain?page=2").next_page == "http://a.test/rain?page=3"
    assert links(pager, "http://a.test/rain?page=3").next_page is None


def test_numbered_paths_are_parts():
    assert (
        links('<div class=pagination><a href="/rain/page/2/">Next</a></div>', "http://a.test/rain/").next_page
        == "http://a.test/rain/page/2/"
    )


def test_a_link_to_the_next_article_is_no_part():
    assert links('<a rel="next" href="/sun">Next story</a>').next_page is None


def test_a_next_page_of_comments_is_no_part():
    assert links('<div class=pagination><a href="/rain?page=2#comments">2</a></div>').next_page is None


def test_other_links_and_directives_are_read():
    found = links(
        '<link rel=canonical href="/r"><link rel=amphtml href="/amp/r"><meta name=robots content="NoIndex, follow">'
        '<link rel=alternate type="application/rss+xml" href="/feed">'
    )
    assert (found.canonical, found.amphtml) == ("http://a.test/r", "http://a.test/amp/r")
    assert found.robots == ("noindex", "follow")
    assert found.feeds == ("http://a.test/feed",)


def test_feeds_behind_an_element_that_ends_the_head_are_found():
    found = links('<img src="/pixel"><link rel=alternate type="application/atom+xml" href="/atom">')
    assert found.feeds == ("http://a.test/atom",)


def test_parts_are_joined_in_order():
    joined = join([part("One.", "http://a.test/2"), part("Two.")])
    assert joined.verdict is Verdict.ARTICLE
    assert joined.article.body == "One.\n\nTwo."
    assert joined.links.next_page is None


def test_a_part_that_fails_makes_the_whole_truncated():
    joined = join([part("One.", "http://a.test/2"), Extraction(Verdict.CAPTCHA, reason="says 'ray id'")])
    assert joined.verdict is Verdict.TRUNCATED
    assert joined.article is None
    assert "page 2" in joined.reason


def test_a_missing_last_part_makes_the_whole_truncated():
    assert join([part("One.", "http://a.test/2"), part("Two.", "http://a.test/3")]).verdict is Verdict.TRUNCATED


def test_a_summary_repeated_on_every_part_stands_once():
    summary = "What happened in the rain, told in two parts by our reporter in the town."
    assert join([part(f"{summary}\n\nOne."), part(f"{summary}\n\nTwo.")]).article.body == f"{summary}\n\nOne.\n\nTwo."


def test_nothing_joins_to_empty():
    assert join([]).verdict is Verdict.EMPTY
