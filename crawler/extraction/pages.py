"""Several pages of one article: where the next part is, and how the parts become one."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from functools import lru_cache
from urllib.parse import parse_qsl, urljoin, urlsplit

from archive.model import Verdict
from crawler.extraction.anchors import anchors_of
from crawler.extraction.canonical import PLAIN_ADDRESS
from crawler.extraction.document import Document
from crawler.extraction.result import Extraction, PageLinks
from crawler.extraction.structured import Structured

MAX_PAGES = 30
_NUMBERED = re.compile(
    r"(?:\.\w{2,5})?[/_,-](?:page|p|seite|pagina|strana)?[/_-]?\d{1,2}\b|[^\"'<>\s]{0,80}[?&;]\w{1,8}=\d", re.I
)
_PAGERS = "a[rel~=next], [class*=pag] a, [id*=pag] a, [class*=seiten] a"
_ADDED = re.compile(
    r"^(?:/?(?:page|p|seite|pagina|página|strana|str)?[/_-]?(\d{1,2})/?|[/_,-](?:p|page|seite)?[_-]?(\d{1,2}))$", re.I
)
_PAGE_KEYS = frozenset({"page", "p", "pg", "pag", "pagina", "seite", "paged", "pageno", "pagenum", "part", "str", "s"})
_PAGED = re.compile(rf"\?(?:{'|'.join(sorted(_PAGE_KEYS))})=(\d{{1,2}})(?!\d)")


def find_links(doc: Document, data: Structured) -> PageLinks:
    """The page's links to itself in other forms, to its next part, to feeds; and its directives to robots."""
    if urlsplit(doc.url).scheme not in ("http", "https"):
        return PageLinks()  # fetched from nowhere
    robots = ",".join(content for name in ("robots", "googlebot") for content in data.meta.get(name, ()))
    return PageLinks(
        canonical=_first(doc, data, "canonical"),
        amphtml=_first(doc, data, "amphtml"),
        next_page=find_next_page(doc, data),
        robots=tuple(dict.fromkeys(part.strip().lower() for part in robots.split(",") if part.strip())),
        feeds=tuple(dict.fromkeys(url for href in data.feeds if (url := absolute(doc.url, href)))),
        tdm_reservation=next((said.strip() for said in data.meta.get("tdm-reservation", ())), None),
    )


def _first(doc: Document, data: Structured, rel: str) -> str | None:
    return next((url for href in data.links.get(rel, ()) if (url := absolute(doc.url, href))), None)


def absolute(base: str, href: str) -> str | None:
    """The full address of a link; None for one that is no web address or cannot be read.

    >>> absolute("http://a.test/x/1", "2"), absolute("http://a.test/", "javascript:void(0)")
    ('http://a.test/x/2', None)
    """
    if PLAIN_ADDRESS.fullmatch(href):
        return href
    try:
        url = urljoin(base, href.strip())
        return url if href.strip() and urlsplit(url).scheme in ("http", "https") else None
    except ValueError:
        return None


def find_next_page(doc: Document, data: Structured) -> str | None:
    """The next part of the same article: its address is this one's with a page number one higher.

    A link "next" alone proves little: it mostly leads to the next article, gallery picture or list page.
    """
    starts = _starts(doc.url)
    wanted = {here + 1 for _, here in starts}
    candidates = list(data.links.get("next", ()))
    pagers = doc.body.css(_PAGERS) if _names_next(doc, wanted) else []
    candidates += sorted((href for node in pagers if (href := node.attributes.get("href"))), key=len)
    urls = [
        url
        for href in dict.fromkeys(candidates)
        if any(str(number) in href for number in wanted)
        and (url := absolute(doc.url, href))
        and "comment" not in url.lower()
    ]
    for base, here in starts:
        if found := next((url for url in urls if page_number(url, base) == here + 1), None):
            return found
    return None


def _names_next(doc: Document, numbers: set[int]) -> bool:
    """Whether any link's address has such a page number; cheaper than a search of the tree."""
    hrefs = "\n".join(anchors_of(doc).hrefs)
    if any(int(match[1]) in numbers for match in _PAGED.finditer(hrefs)):
        return True
    stem = re.sub(r"\.\w{2,5}$", "", urlsplit(first_page(doc.url)).path.rstrip("/"))
    at = hrefs.find(stem) if stem else -1
    while at >= 0:
        if _NUMBERED.match(hrefs, at + len(stem)):
            return True
        at = hrefs.find(stem, at + len(stem))
    return False


def _starts(url: str) -> list[tuple[str, int]]:
    """First pages that the address may be a part of, with its number: itself as page 1, or what a number leads back to.

    >>> _starts("http://a.test/rain/page/2/"), _starts("http://a.test/rain?page=2")
    ([('http://a.test/rain', 2), ('http://a.test/rain/page/2/', 1)], [('http://a.test/rain', 2)])
    """
    base = first_page(url)
    number = page_number(url, base)
    if not number or not 1 < number <= MAX_PAGES:
        return [(url, 1)]
    return [(base, number)] if urlsplit(base).path == urlsplit(url).path else [(base, number), (url, 1)]


@lru_cache(maxsize=64)
def first_page(url: str) -> str:
    """The address without its page number, as far as one is recognised.

    >>> first_page("http://a.test/rain/page/2/"), first_page("http://a.test/rain?page=3&x=1")
    ('http://a.test/rain', 'http://a.test/rain?x=1')
    """
    parts = urlsplit(url.partition("#")[0])
    query = "&".join(
        f"{k}={v}" for k, v in parse_qsl(parts.query) if not (k.lower() in _PAGE_KEYS and v.isdecimal() and len(v) < 3)
    )
    path = re.sub(r"/(?:page|p|seite|pagina|strana)?[/_-]?\d{1,2}/?$", "", parts.path, flags=re.I).rstrip("/")
    return parts._replace(query=query, path=path, fragment="").geturl()


def page_number(url: str, base: str) -> int | None:
    """The number of the part that an address names, where it is `base` with a number added; else None.

    >>> page_number("http://a.test/rain/2", "http://a.test/rain"), page_number("http://a.test/rain?page=3", "http://a.test/rain")
    (2, 3)
    >>> page_number("http://a.test/other?page=3", "http://a.test/rain") is None
    True
    """
    parts, start = urlsplit(url), urlsplit(base)
    if parts.netloc.lower() != start.netloc.lower():
        return None
    stem, path = start.path.rstrip("/"), parts.path.rstrip("/")
    stem_bare = re.sub(r"\.\w{2,5}$", "", stem)
    if path == stem or path == start.path:
        numbers = [
            int(v) for k, v in parse_qsl(parts.query) if k.lower() in _PAGE_KEYS and v.isdecimal() and len(v) < 3
        ]
        return numbers[0] if len(numbers) == 1 else None
    for root in (stem, stem_bare):
        if root and path.startswith(root):
            match = _ADDED.match(re.sub(r"\.\w{2,5}$", "", path[len(root) :]))
            if match:
                return int(match[1] or match[2])
    return None


def join(extractions: Sequence[Extraction]) -> Extraction:
    """One of a multi-page article's parts, in page order: the first part's fields with all parts' texts.

    A part that is no article makes the whole `truncated`: an incomplete text must not be versioned as an edit.
    """
    if not extractions:
        return Extraction(Verdict.EMPTY, reason="no pages to join")
    first = extractions[0]
    if first.article is None:
        return first
    for number, part in enumerate(extractions[1:], 2):
        if part.article is None or not part.article.body:
            return replace(
                first, verdict=Verdict.TRUNCATED, article=None, reason=f"page {number}: {part.reason or part.verdict}"
            )
    if extractions[-1].links.next_page and len(extractions) > 1:
        return replace(first, verdict=Verdict.TRUNCATED, article=None, reason=f"page {len(extractions) + 1} is missing")
    body = _joined_text([part.article.body or "" for part in extractions if part.article])
    article = replace(first.article, body=body, modified_at=_latest(extractions))
    explain = tuple(note for part in extractions for note in part.explain)
    return replace(first, article=article, links=replace(first.links, next_page=None), explain=explain)


def _joined_text(bodies: list[str]) -> str:
    """All paragraphs; those that later pages repeat from the first one's beginning (a summary) are left out."""
    seen: set[str] = set()
    paragraphs: list[str] = []
    for page, body in enumerate(bodies):
        for paragraph in body.split("\n\n"):
            if page and len(paragraph) > 40 and paragraph in seen:
                continue
            seen.add(paragraph)
            paragraphs.append(paragraph)
    return "\n\n".join(paragraphs)


def _latest(extractions: Sequence[Extraction]) -> datetime | None:
    times = [part.article.modified_at for part in extractions if part.article and part.article.modified_at]
    return max(times, default=None)
