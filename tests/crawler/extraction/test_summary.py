"""The publisher's own summary."""

from crawler.extraction.document import Document
from crawler.extraction.structured import Structured
from crawler.extraction.summary import find_summary


def summary(html: str) -> str | None:
    doc = Document(html, "https://a.test/2024/rain")
    found = find_summary(doc, Structured(doc))
    return found.value if found else None


def test_the_description_is_taken_without_markup() -> None:
    html = '<h1>Rain</h1><meta property="og:description" content="Rain &amp;amp; wind fell on &lt;b&gt;the town&lt;/b&gt; all day.">'
    assert summary(html) == "Rain & wind fell on the town all day."


def test_the_headline_again_is_no_summary() -> None:
    html = '<h1>Rain falls on the town</h1><meta name="description" content="Rain falls on the town.">'
    assert summary(html) is None


def test_a_word_or_two_are_no_summary() -> None:
    assert summary('<h1>Rain</h1><meta name="description" content="News">') is None


def test_nothing_said_is_none() -> None:
    assert summary("<h1>Rain</h1><p>It rains.</p>") is None
