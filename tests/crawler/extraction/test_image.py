"""The lead image that the page names."""

import json

from crawler.extraction.document import Document
from crawler.extraction.image import find_image
from crawler.extraction.structured import Structured


def image(html: str) -> str | None:
    doc = Document(html, "https://a.test/2024/rain")
    found = find_image(doc, Structured(doc))
    return found.value if found else None


def test_the_open_graph_image_is_made_absolute() -> None:
    assert image('<meta property="og:image" content="/i/rain.jpg">') == "https://a.test/i/rain.jpg"


def test_logos_and_placeholders_are_passed_over() -> None:
    html = '<meta property="og:image" content="/img/logo.png"><meta name="twitter:image" content="/i/rain.jpg">'
    assert image(html) == "https://a.test/i/rain.jpg"


def test_an_image_object_of_the_article_serves() -> None:
    node = {
        "@type": "NewsArticle",
        "headline": "Rain",
        "image": [{"@type": "ImageObject", "url": "https://i.test/rain.jpg"}],
    }
    assert (
        image(f'<h1>Rain</h1><script type="application/ld+json">{json.dumps(node)}</script>')
        == "https://i.test/rain.jpg"
    )


def test_no_image_and_strange_images_are_none() -> None:
    assert image("<img src='/x.jpg'>") is None
    assert image('<meta property="og:image" content="data:image/png;base64,AAAA">') is None
    assert image('<meta property="og:image" content="javascript:alert(1)">') is None
