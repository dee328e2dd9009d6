"""The link from one page of a listing to the next (older) one."""

from __future__ import annotations

import re
from urllib.parse import parse_qsl, urlencode, urlsplit

from selectolax.lexbor import LexborHTMLParser

from crawler.discovery.anchors import Anchor
from crawler.discovery.limits import trap
from crawler.discovery.urls import resolve, same_site
from crawler.discovery.words import word_list

_PATH_PAGE = re.compile(
    r"^(.*?)/(?:(page|seite|pagina|página|strana|sida|side|pag|p)[/-]?)(\d{1,4})(/?)$", re.IGNORECASE
)
_BARE = re.compile(r"^[\W_]+|[\W_\d]+$")


def find_next_page(tree: LexborHTMLParser, anchors: list[Anchor], url: str) -> str | None:
    """By rel=next, then by words in 25 languages, then by a link whose number is one higher than this page's."""
    declared = (resolve(node.attributes.get("href"), url) for node in tree.css("link[rel~=next][href]"))
    by_rel = (anchor.url for anchor in anchors if "next" in anchor.rel)
    by_words = (anchor.url for anchor in anchors if _says_next(anchor))
    for group in (declared, by_rel, by_words):
        for target in group:
            if target and _is_onward(target, url):
                return target
    return _by_number(anchors, url)


def _says_next(anchor: Anchor) -> bool:
    words = word_list("anchor", "next")
    return any(_BARE.sub("", text).lower() in words for text in (anchor.text, anchor.label) if text)


def _is_onward(target: str, url: str) -> bool:
    """True for another page of the same listing with no lower number."""
    if target == url or not same_site(target, url) or trap(target):
        return False
    (place, number), (place_here, here) = page_number(target), page_number(url)
    return place != place_here or number > here


def _by_number(anchors: list[Anchor], url: str) -> str | None:
    here, number = page_number(url)
    for anchor in anchors:
        if page_number(anchor.url) == (here, number + 1) and not anchor.place.hidden and not trap(anchor.url):
            return anchor.url
    return None


def page_number(url: str) -> tuple[str, int]:
    """A listing's address without its page number, and the number (1 where it states none).

    >>> page_number("https://a.example/africa/page/3/"), page_number("https://a.example/list?r=x&page=2")
    (('a.example/africa?', 3), ('a.example/list?r=x', 2))
    """
    parts = urlsplit(url)
    path, number = parts.path, 1
    match = _PATH_PAGE.match(path)
    if match:
        path, number = match[1], int(match[3])
    rest = []
    for name, value in parse_qsl(parts.query, keep_blank_values=True):
        if name.lower() in word_list("parameters", "page") and value.isdigit() and len(value) <= 4:
            number = int(value)
        else:
            rest.append((name, value))
    return f"{parts.netloc}{path.rstrip('/')}?{urlencode(rest)}", number
