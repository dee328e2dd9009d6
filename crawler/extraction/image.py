"""The lead image: the one that the page itself names for the article."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from crawler.extraction.canonical import absolute
from crawler.extraction.document import Document
from crawler.extraction.result import Found
from crawler.extraction.structured import Structured

_PLACEHOLDER = re.compile(
    r"(?:^|[/_.-])(?:logo|placeholder|default|blank|pixel|spacer|sprite|favicon|icon|avatar|no-?image|dummy|transparent|"
    r"share-?image|og-?default|social-?default|site-?image)(?:[/_.-]|\d|$)",
    re.I,
)
MAX_LENGTH = 2_000


def find_image(doc: Document, data: Structured) -> Found[str] | None:
    """The absolute address of the lead image; logos and placeholders are no lead image.

    >>> from crawler.extraction.document import parse
    >>> page = parse(b'<meta property="og:image" content="/i/rain.jpg">', "https://a.test/rain")
    >>> find_image(page, Structured(page))
    Found(value='https://a.test/i/rain.jpg', source='meta og:image')
    """
    for found in _claims(data):
        if found.value.startswith("data:") or not 0 < len(found.value) <= MAX_LENGTH:
            continue
        address = absolute(doc.url, found.value)
        if address and not is_placeholder(address):
            return Found(address, found.source)
    return None


def is_placeholder(address: str) -> bool:
    """Whether an address speaks of a logo or a stand-in rather than of a picture.

    >>> is_placeholder("https://a.test/img/logo.png"), is_placeholder("https://a.test/2024/logologist-rain.jpg")
    (True, False)
    """
    return bool(_PLACEHOLDER.search(address.split("?", 1)[0].split("//", 1)[-1].partition("/")[2]))


def _claims(data: Structured) -> Iterator[Found[str]]:
    yield from data.meta_values("og:image:secure_url", "og:image", "og:image:url", "twitter:image", "twitter:image:src")
    for claim in data.claims("image", "thumbnailUrl", "primaryImageOfPage"):
        for address in _addresses(data, claim.value):
            yield Found(address, claim.source)
    yield from (Found(href, "link image_src") for href in data.links.get("image_src", ()))
    yield from data.meta_values("parsely-image-url", "sailthru.image.full", "thumbnail", "msapplication-tileimage")


def _addresses(data: Structured, value: Any, depth: int = 0) -> Iterator[str]:
    value = data.follow(value)
    if isinstance(value, list) and depth < 3:
        for one in value[:10]:
            yield from _addresses(data, one, depth + 1)
    elif isinstance(value, dict) and depth < 3:
        for key in ("url", "contentUrl", "@id"):
            if value.get(key):
                yield from _addresses(data, value[key], depth + 1)
                return
    elif isinstance(value, str):
        yield value.strip()
