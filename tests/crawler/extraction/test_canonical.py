"""Which claimed addresses are believed, and why others are not."""

import pytest

from crawler.extraction.canonical import find_canonical, refused_canonical
from crawler.extraction.document import Document
from crawler.extraction.structured import Structured


def canonical(href: str, url: str) -> tuple[str | None, str | None]:
    doc = Document(f'<link rel="canonical" href="{href}">', url)
    data = Structured(doc)
    found = find_canonical(doc, data)
    return (found.value if found else None), refused_canonical(doc, data)


@pytest.mark.parametrize(
    ("href", "url", "believed"),
    [
        ("https://a.test/2024/rain", "https://a.test/2024/rain?utm_source=x", "https://a.test/2024/rain"),
        ("/2024/rain", "http://a.test/2024/rain/", "http://a.test/2024/rain"),
        ("https://www.a.test/2024/rain", "https://amp.a.test/2024/rain", "https://www.a.test/2024/rain"),
        ("https://www.a.test/2024/rain", "https://m.a.test/2024/rain", "https://www.a.test/2024/rain"),
        ("https://a.test/2024/rain", "https://a.test/2024/rain/amp", "https://a.test/2024/rain"),
        (
            "https://a.test/weather/rain-falls-123456",
            "https://a.test/123456",
            "https://a.test/weather/rain-falls-123456",
        ),
        ("https://a.test/2024/rain-falls", "https://a.test/?p=123", "https://a.test/2024/rain-falls"),
        ("https://a.test/rain-falls#top", "https://a.test/rain-falls", "https://a.test/rain-falls"),
        (
            "https://a.test/new-section/rain-falls-on-town",
            "https://a.test/old/rain-falls-on-town",
            "https://a.test/new-section/rain-falls-on-town",
        ),
    ],
)
def test_a_claim_about_the_same_story_is_believed(href: str, url: str, believed: str) -> None:
    assert canonical(href, url) == (believed, None)


@pytest.mark.parametrize(
    ("href", "url", "reason"),
    [
        ("https://a.test/", "https://a.test/2024/rain", "names the home page"),
        ("/index.html", "https://a.test/2024/rain", "names the home page"),
        ("https://b.test/2024/rain", "https://a.test/2024/rain", "names another host"),
        ("https://a.test/2024/sun-shines", "https://a.test/2024/rain-falls", "names another article"),
        ("https://a.test/story-654321", "https://a.test/story-123456", "names another article"),
        ("https://a.test/show.php?id=654", "https://a.test/show.php?id=321", "names another article"),
        ("javascript:alert(1)", "https://a.test/2024/rain", "is no web address"),
        ("http://[::1", "https://a.test/2024/rain", "is no web address"),
    ],
)
def test_other_claims_are_refused_with_a_reason(href: str, url: str, reason: str) -> None:
    value, why = canonical(href, url)
    assert value is None
    assert why == f"link canonical: {reason}"


def test_no_claim_gives_neither_value_nor_reason() -> None:
    doc = Document("<p>Rain</p>", "https://a.test/rain")
    assert find_canonical(doc, Structured(doc)) is None
    assert refused_canonical(doc, Structured(doc)) is None
