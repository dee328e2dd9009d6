"""What the links of a home, section or article page lead to: articles, sections, the next page, feeds.

An article-link classifier for sites it has never seen: signs of the address and of the words (`signs`), of the
place on the page (`anchors`), and the company a link keeps: links of one list, and addresses of one build, are mostly
of one kind. Doubtful links come with a low likelihood; the extractor's verdict on the page decides.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from urllib.parse import parse_qsl, urlencode, urlsplit

from selectolax.lexbor import LexborHTMLParser

from archive.model import Candidate
from crawler.discovery.anchors import Anchor, read_anchors
from crawler.discovery.beside import dates_beside
from crawler.discovery.limits import trap
from crawler.discovery.paging import find_next_page
from crawler.discovery.signs import (
    BASE,
    excluded,
    is_furniture,
    is_listing_path,
    is_seldom_path,
    is_variant,
    text_points,
    text_units,
    url_points,
    url_shape,
)
from crawler.discovery.urls import resolve, same_site
from crawler.discovery.words import word_list
from crawler.extraction.guard import refusal

LIKELY = 0.5
DOUBTFUL = 0.15
"""Below this a link is not reported at all."""
MAX_SECTIONS = 60
MIN_COMPANY = 4
"""Fewer addresses of one list or one build say nothing of each other."""

_REGION_POINTS = {"": 0.0, "menu": -1.8, "foot": -2.2, "page": -1.2, "noise": -1.8}
_FEED_TYPES = ("rss+xml", "atom+xml", "feed+json", "rdf+xml")


@dataclass(frozen=True, slots=True)
class Link:
    """A candidate with the chance (0 to 1) that an article lies behind it."""

    candidate: Candidate
    likelihood: float


@dataclass(frozen=True, slots=True)
class Listing:
    """What a page leads to, each URL once."""

    links: tuple[Link, ...] = ()
    """Article links in page order (which is newest first on most sites)."""
    sections: tuple[str, ...] = ()
    """Section pages, those of menus first."""
    next_page: str | None = None
    """The page with older entries."""
    feeds: tuple[str, ...] = ()

    @property
    def articles(self) -> tuple[Candidate, ...]:
        """The likely ones, in page order."""
        return tuple(link.candidate for link in self.links if link.likelihood >= LIKELY)

    @property
    def doubtful(self) -> tuple[Candidate, ...]:
        """Worth a look where there is room, likelier ones first."""
        links = sorted(self.links, key=lambda link: -link.likelihood)
        return tuple(link.candidate for link in links if link.likelihood < LIKELY)


def read_listing(
    html: str | LexborHTMLParser, url: str, *, home: str | None = None, found_in: str = "section"
) -> Listing:
    """Judge the links of a page fetched from `url`; only those of the site of `home` (default: of `url`) count.

    A text that is built to exhaust the parser (`extraction.guard`) lists nothing; a tree is taken as it is.
    """
    if isinstance(html, str):
        if refusal(html.encode("utf-8", "replace"), "text/html"):
            return Listing()
        html = LexborHTMLParser(html)
    tree, home = html, home or url
    anchors = [anchor for anchor in read_anchors(tree, url) if same_site(anchor.url, home)]
    followable = [anchor for anchor in anchors if _is_followable(anchor)]
    scores = _scores(followable, url)
    return Listing(
        links=_links(followable, scores, found_in, _language(tree)),
        sections=(*_frames(tree, url, home), *_sections(followable, scores)),
        next_page=find_next_page(tree, anchors, url),
        feeds=_feeds(tree, url),
    )


def _is_followable(anchor: Anchor) -> bool:
    if anchor.rel & {"sponsored", "ugc"} or ("nofollow" in anchor.rel and anchor.place.hidden):
        return False
    return excluded(anchor.url) is None and trap(anchor.url) is None


def _scores(anchors: list[Anchor], url: str) -> dict[str, float]:
    """Log-odds of each address, company included."""
    here, addresses = address_key(url), _merge(anchors)
    own = {key: max(_own_points(anchor) for anchor in group) for key, group in addresses.items() if key != here}
    parents = _parents(group[0].url for group in addresses.values())
    for key in own:
        own[key] -= 1.5 if parents.get(_path_of(key), 0) >= 2 else 0.0
    lists = _company(own, addresses, lambda anchor: (anchor.place.region, anchor.place.shape))
    shapes = _company(own, addresses, lambda anchor: url_shape(anchor.url))
    return {key: own[key] + 0.4 * lists[key] + 0.4 * shapes[key] for key in own}


def _merge(anchors: Iterable[Anchor]) -> dict[str, list[Anchor]]:
    """Anchors by address: a teaser's picture, headline and "read more" lead to one place."""
    addresses: dict[str, list[Anchor]] = defaultdict(list)
    for anchor in anchors:
        addresses[address_key(anchor.url)].append(anchor)
    return addresses


@lru_cache(maxsize=8192)
def address_key(url: str) -> str:
    """An address without what does not matter for telling two links of one page apart."""
    parts = urlsplit(url)
    tracking = word_list("parameters", "tracking")
    pairs = [(name, value) for name, value in parse_qsl(parts.query, keep_blank_values=True) if name not in tracking]
    host = (parts.hostname or "").removeprefix("www.").removeprefix("m.").removeprefix("amp.")
    return f"{host}{parts.path.rstrip('/')}?{urlencode(sorted(pairs))}"


def _path_of(key: str) -> str:
    return key.partition("?")[0]


def _parents(urls: Iterable[str]) -> dict[str, int]:
    """Path -> how many other addresses lie directly or deeper below it."""
    counts: dict[str, int] = defaultdict(int)
    for url in urls:
        path = _path_of(address_key(url))
        while "/" in path:
            path = path.rpartition("/")[0]
            counts[path] += 1
    return counts


def _own_points(anchor: Anchor) -> float:
    points = BASE + url_points(anchor.url) + text_points(anchor.text) + _region_points(anchor)
    points += 1.0 if anchor.place.heading else 0.0
    points += 0.5 if anchor.place.article else 0.0
    points += 0.5 if anchor.stamp else 0.0
    points -= 1.5 if "nofollow" in anchor.rel else 0.0
    if is_furniture(anchor.text):
        points -= 1.0
    return points


def _region_points(anchor: Anchor) -> float:
    """Of the place on the page. A whole headline in a menu is a teaser that the menu unfolds."""
    points = _REGION_POINTS[anchor.place.region]
    return points / 2 if anchor.place.region == "menu" and text_units(anchor.text) >= 6 else points


def _company(
    own: dict[str, float], addresses: dict[str, list[Anchor]], group_of: Callable[[Anchor], Hashable]
) -> dict[str, float]:
    """For each address the mean of the others in its group (held within ±3), or 0 where it stands nearly alone."""
    held = {key: max(-3.0, min(3.0, points)) for key, points in own.items()}
    groups_of = {key: {group_of(anchor) for anchor in addresses[key]} for key in own}
    sizes: dict[Hashable, int] = defaultdict(int)
    sums: dict[Hashable, float] = defaultdict(float)
    for key, groups in groups_of.items():
        for group in groups:
            sizes[group] += 1
            sums[group] += held[key]

    def mean(key: str) -> float:
        groups = (group for group in groups_of[key] if sizes[group] >= MIN_COMPANY)
        return max(((sums[group] - held[key]) / (sizes[group] - 1) for group in groups), default=0.0)

    return {key: mean(key) for key in own}


def _links(anchors: list[Anchor], scores: dict[str, float], found_in: str, language: str | None) -> tuple[Link, ...]:
    chances = {key: 1 / (1 + math.exp(-points)) for key, points in scores.items()}
    groups = {key: group for key, group in _merge(anchors).items() if chances.get(key, 0.0) >= DOUBTFUL}
    dates = dates_beside({key: group for key, group in groups.items() if chances[key] >= LIKELY}, language)
    return tuple(
        Link(_candidate(group, found_in, dates.get(key)), round(chances[key], 3)) for key, group in groups.items()
    )


def _candidate(group: list[Anchor], found_in: str, published_at: datetime | None) -> Candidate:
    best = max(group, key=lambda anchor: (anchor.place.heading, min(text_units(anchor.text), 30)))
    usable = text_units(best.text) >= 2 and not is_furniture(best.text) and not _is_in_prose(best)
    title = best.text if usable else None
    plainest = min(group, key=lambda anchor: ("utm_" in anchor.url, len(anchor.url)))
    return Candidate(plainest.url, found_in, title=title, published_at=published_at)


def _is_in_prose(anchor: Anchor) -> bool:
    """True for a link on some words of a paragraph: they say something, but not what the article is called."""
    parent = anchor.node.parent
    if anchor.place.heading or parent is None or parent.tag != "p":
        return False
    return len(parent.text(deep=True)) > 2 * len(anchor.text) + 40


def _sections(anchors: list[Anchor], scores: dict[str, float]) -> tuple[str, ...]:
    found: dict[str, tuple[bool, str]] = {}
    for anchor in anchors:
        key = address_key(anchor.url)
        if scores.get(key, 0.0) < 0 and key in scores and _is_section(anchor):
            in_menu, first = found.get(key, (False, anchor.url))
            found[key] = (in_menu or anchor.place.region == "menu", first)
    menu_first = sorted(found.values(), key=lambda row: not row[0])
    return tuple(address for _, address in menu_first[:MAX_SECTIONS])


def _is_section(anchor: Anchor) -> bool:
    """A short name, and an address that is a short path or says that it is a listing."""
    parts = urlsplit(anchor.url)
    depth = len([segment for segment in parts.path.split("/") if segment])
    if depth == 0 and not parts.query:
        return False
    if not 0 < text_units(anchor.text) <= 5 or len(anchor.text) > 40 or is_furniture(anchor.text):
        return False
    if anchor.place.region in ("page", "noise") or is_seldom_path(anchor.url) or is_variant(anchor.url):
        return False
    return is_listing_path(anchor.url) or (anchor.place.region != "foot" and depth <= 3)


def _frames(tree: LexborHTMLParser, url: str, home: str) -> tuple[str, ...]:
    """The pages of a frameset: what such a page lists stands in them."""
    targets = (resolve(node.attributes.get("src"), url) for node in tree.css("frameset frame[src]"))
    return tuple(dict.fromkeys(target for target in targets if target and same_site(target, home)))


def _language(tree: LexborHTMLParser) -> str | None:
    declared = tree.root.attributes.get("lang") if tree.root is not None else None
    return (declared or "").strip().lower().replace("_", "-").partition("-")[0] or None


def _feeds(tree: LexborHTMLParser, url: str) -> tuple[str, ...]:
    found: dict[str, None] = {}
    for node in tree.css("link[rel~=alternate][href]"):
        kind = (node.attributes.get("type") or "").lower()
        target = resolve(node.attributes.get("href"), url)
        if target and kind.endswith(_FEED_TYPES) and not _is_comment_feed(target, node.attributes.get("title")):
            found.setdefault(target)
    return tuple(found)


def _is_comment_feed(url: str, title: str | None) -> bool:
    return "comment" in urlsplit(url).path.lower() or "comment" in (title or "").lower().replace("commentary", "")
