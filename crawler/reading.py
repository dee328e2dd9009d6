"""What the spiders ask of an answer: pure functions between a Response and the extractor, some run in a worker."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from archive.identity import host_key, url_key
from archive.model import Due, Outcome, RawCapture
from crawler.extraction import Extraction, SiteHints
from crawler.reservations import forbids_copies

if TYPE_CHECKING:  # workers import this module, and need neither Scrapy nor the declared sites
    from scrapy.http import Response

    from crawler.discovery.links import Listing
    from crawler.sites import Site

#: Statuses that reach a spider besides 2xx; the others are redirects, which the downloader follows.
ANSWERS = [300, 304, *range(400, 600)]
AS_IT_CAME = "as_it_came"
"""Request.meta key of an answer whose body came gzip-coded, one member with nothing behind it: the body, and what came.
(A body that was changed since, as by a browser, is another one.)"""
#: With `conditional = "auto"`, every so many 304 answers in a row one full fetch is made where counters are known.
FULL_FETCH_EVERY = 3


def header(response: Response, name: str) -> str | None:
    """A response header as text; None where it is absent."""
    value = response.headers.get(name)
    return value.decode("latin-1") if value else None


def headers(response: Response) -> tuple[tuple[str, str], ...]:
    """All response headers as text, in their order."""
    rows = dict.items(response.headers)  # its own `items` spells each name anew
    return tuple((name.decode("latin-1"), value.decode("latin-1")) for name, values in rows for value in values)


def raw_answers(
    site: Site, answers: Sequence[Response], outcome: Outcome | None, asked: dict[str, str], at: datetime
) -> tuple[RawCapture, ...]:
    """The answers themselves (one a part of the article), where the site's `raw` and `respect_noarchive` settings may
    want them kept; whether they do, the archive's decision on versions tells. `asked` is as `reservations` has it."""
    if site.raw == "off" or (site.raw == "versions" and outcome is not None) or outcome is Outcome.NOT_MODIFIED:
        return ()
    if site.respect_noarchive and forbids_copies(asked):
        return ()
    return tuple(_raw_answer(each, at) for each in answers)


def _raw_answer(answer: Response, at: datetime) -> RawCapture:
    """As it came over the wire where that was gzip-coded: a fifth of the bytes to hand over, and none to pack again."""
    body, packed = answer.meta.get(AS_IT_CAME) or (None, b"")
    if body is not answer.body:
        return RawCapture(answer.url, at, answer.status, headers(answer), answer.body)
    said = (*headers(answer), ("Content-Encoding", "gzip"))
    return RawCapture(answer.url, at, answer.status, said, packed, is_gzip=True)


def may_be_conditional(site: Site, due: Due) -> bool:
    """Whether a 304 may answer this look. It would hide counters, so "auto" asks fully now and then; of a page that
    scripts complete it tells nothing."""
    if site.render or site.conditional == "off" or not (due.etag or due.last_modified):
        return False
    if site.conditional == "on" or not due.shows_counters:
        return True
    return due.conditional_since_full < FULL_FETCH_EVERY


def read_article(
    body: bytes, url: str, *, content_type: str | None, fetched_at: datetime, hints: SiteHints
) -> Extraction:
    """The extraction of a page (a function of this module, so that a worker process can be sent it by name)."""
    from crawler.extraction import extract  # late: only the workers need it

    return extract(body, url, content_type=content_type, fetched_at=fetched_at, hints=hints)


def read_listing_page(body: bytes, url: str, content_type: str | None, home: str, found_in: str) -> Listing:
    """The links of a listing page, from its bytes (of this module for the same reason)."""
    from crawler.discovery.links import read_listing
    from crawler.extraction.document import decode

    return read_listing(decode(body, content_type)[0], url, home=home, found_in=found_in)


def is_led_home(asked: str, landed: str, home: str) -> bool:
    """Whether who asked for a page was led to the front page instead, as many sites do where a page is no more.

    >>> is_led_home("https://a.example/rain", "https://www.a.example/?from=404", "https://a.example/")
    False
    >>> is_led_home("https://a.example/rain", "https://www.a.example/", "https://a.example/en/")
    True
    >>> is_led_home("https://a.example/rain", "https://a.example/en/", "https://a.example/en")
    True
    """
    here = url_key(landed)
    is_front = here == url_key(home) or here == host_key(landed) == host_key(asked)
    return is_front and url_key(asked) != here


def is_on_another_host(asked: str, landed: str) -> bool:
    """Whether a redirect led to another host, and to another path there than the one that was asked for.

    >>> is_on_another_host("https://a.example/rain", "https://consent.a.example/?to=rain")
    True
    >>> is_on_another_host("https://a.example/rain", "https://b.example/rain")
    False
    """
    return host_key(asked) != host_key(landed) and urlsplit(asked).path != urlsplit(landed).path


def other_address(url: str, extraction: Extraction) -> str | None:
    """The article's own address, where the page at `url` is a variant that names another one; else None."""
    canonical = extraction.article.canonical_url if extraction.article else None
    if canonical is None or url_key(canonical) == url_key(url):
        return None
    return canonical
