"""The signs by which a URL and a link's words show whether an article lies behind them, in points.

Zero is an even chance; the points are log-odds, fitted by hand on sites of many languages and ages
(`benchmarks/links.py` measures them). Nothing here names a site.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from urllib.parse import parse_qsl, unquote, urlsplit

from crawler.discovery.dates import day_in_url
from crawler.discovery.words import word_list

BASE = -1.5
"""Most links of a page lead to no article."""

_HEX_ID = re.compile(r"(?:[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|(?=[0-9a-f]*\d)[0-9a-f]{16,40})")
_LONG_NUMBER = re.compile(r"\d{5,}")
_MONTH_END = re.compile(r"/(?:199|20[0-3])\d(?:/\d\d?(?:/\d\d?)?)?$|/(?:199|20[0-3])\d-\d\d?(?:-\d\d?)?$")
_MONTH = re.compile(r"/(?:19|20)\d\d[/-]?(?:0?[1-9]|1[0-2])/")
_PAGE_END = re.compile(r"/(?:page|seite|pagina|strana|sida|side|p)[/-]?\d{1,4}$", re.IGNORECASE)
_UNSPACED = re.compile(r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]")


def text_units(text: str) -> float:
    """How many words a text has; two letters count as a word where a script writes no spaces.

    >>> text_units("Rain - falls"), text_units("大雨袭城")
    (2, 2.0)
    """
    unspaced = len(_UNSPACED.findall(text))
    spaced = sum(1 for word in _UNSPACED.sub(" ", text).split() if any(c.isalnum() for c in word))
    return spaced + unspaced / 2 if unspaced else spaced


def text_points(text: str) -> float:
    """Of a link's words: headlines are long, names of sections short."""
    units = text_units(text)
    if units == 0:
        return -0.5
    steps = ((1.5, -2.0), (2.5, -1.3), (3.5, -0.3), (4.5, 0.6), (6.5, 1.3))
    return next((points for limit, points in steps if units < limit), 2.0)


def is_furniture(text: str) -> bool:
    """True for the words of links that every site has ("About us", "Read more").

    >>> is_furniture("Mehr lesen »"), is_furniture("Rain falls")
    (True, False)
    """
    return _bare(text) in word_list("anchor", "never")


def _bare(text: str) -> str:
    return re.sub(r"^[\W_]+|[\W_]+$", "", unicodedata.normalize("NFC", text).lower())


@lru_cache(maxsize=8192)
def excluded(url: str) -> str | None:
    """Why a URL is neither article nor section by its words or file type; None where nothing speaks against it.

    >>> excluded("https://a.example/tag/rain/"), excluded("https://a.example/img/1.jpg"), excluded("https://a.example/1")
    ('path word tag', 'file', None)
    """
    parts = urlsplit(url)
    labels = (parts.hostname or "").split(".")
    if len(labels) > 2 and labels[0] in word_list("host", "never"):
        return f"host {labels[0]}"
    segments = _segments(parts.path)
    if segments and _ending(segments[-1]) in word_list("files", "never"):
        return "file"
    word = _excluding_word(segments)
    return f"path word {word}" if word else None


def _excluding_word(segments: list[str]) -> str | None:
    """The word that forbids. A person's articles may lie two levels below: /authors/jane/her-story-of-a-town."""
    never, person = word_list("path", "never"), word_list("path", "person")
    named = bool(segments) and (_hyphens(segments[-1]) >= 4 or bool(_LONG_NUMBER.search(segments[-1])))
    for place, stem in enumerate(map(_stem, segments)):
        if stem in person and named and len(segments) - place > 2:
            continue
        if (stem in never or stem in person) and (place < 4 or place == len(segments) - 1):
            return stem
    return None


@lru_cache(maxsize=8192)
def url_points(url: str) -> float:
    """Of the address alone."""
    parts = urlsplit(url)
    path = unquote(parts.path).rstrip("/")
    segments = _segments(parts.path)
    if _PAGE_END.search(path):
        return -5.0
    points = _query_points(parts.query)
    if not segments:
        return points - (3.0 if points <= 0 else 0)
    points += _name_points(_without_ending(segments[-1]), bool(parts.query))
    points += _path_points(path, [_stem(segment) for segment in segments])
    return points


def _query_points(query: str) -> float:
    points = 0.0
    for name, value in parse_qsl(query):
        name = name.lower()
        if name in word_list("parameters", "page"):
            points -= 4.0 if (value.isdigit() and name != "p") or len(value) < 3 else 0
        if name in word_list("parameters", "variant") or name in word_list("parameters", "listing"):
            points -= 2.0
        if name in word_list("parameters", "article") or name == "p":
            if any(c.isdigit() for c in value) and len(value) >= 2:
                points += 2.5
            elif value.count("-") >= 2:
                points += 2.0
    return points


def _name_points(name: str, has_query: bool) -> float:
    """Of the last segment: slugs and numbers name articles, a plain word names a section."""
    hyphens = _hyphens(name)
    points = (0.0, 0.2, 0.7, 1.4)[hyphens] if hyphens < 4 else 2.2
    if _LONG_NUMBER.search(name) or _HEX_ID.search(name):
        points += 1.8
    elif re.search(r"\d{3,}$|^\d{3,}", name) and not re.fullmatch(r"(?:19|20)\d\d", name):
        points += 1.0
    if sum(1 for c in name if ord(c) > 0x2FF) >= 8:
        points += 1.2
    if len(name) >= 25:
        points += 0.5
    if points == 0 and not has_query:
        points -= 1.2
    return points


def _hyphens(name: str) -> int:
    return len(re.findall(r"(?<=\w)[-_+ ](?=\w)", name))


def _path_points(path: str, stems: list[str]) -> float:
    points = 0.0
    if _MONTH_END.search(path):
        points -= 3.0
    elif day_in_url(path):
        points += 2.5
    elif _MONTH.search(path):
        points += 2.0
    if any(stem in word_list("path", "article") for stem in stems[:-1]):
        points += 0.7
    if any(_LONG_NUMBER.search(stem) for stem in stems[:-1]):
        points += 1.0
    if any(stem in word_list("path", "seldom") or stem in word_list("path", "person") for stem in stems[:3]):
        points -= 1.6
    if any(stem in word_list("path", "listing") for stem in stems[:3]):
        points -= 2.0
    if _ending(path) in word_list("files", "page"):
        points += 0.5
    return points + {1: -0.8, 2: 0.0}.get(len(stems), 0.3)


def is_listing_path(url: str) -> bool:
    """True where the address names a section, topic or category."""
    return any(_stem(segment) in word_list("path", "listing") for segment in _segments(urlsplit(url).path)[:3])


def is_seldom_path(url: str) -> bool:
    """True where the address names a page of service (contact, jobs, weather, archive)."""
    segments = _segments(urlsplit(url).path)
    return any(_stem(segment) in word_list("path", "seldom") for segment in segments[:3])


def is_variant(url: str) -> bool:
    """True for a further page of a listing, or another order, filter or print of one.

    >>> is_variant("https://a.example/list?r=x&page=2"), is_variant("https://a.example/list?r=x")
    (True, False)
    """
    parts = urlsplit(url)
    names = {name.lower() for name, _ in parse_qsl(parts.query)}
    unwanted = word_list("parameters", "variant") | word_list("parameters", "page")
    return bool(names & unwanted) or bool(_PAGE_END.search(parts.path.rstrip("/")))


@lru_cache(maxsize=8192)
def url_shape(url: str) -> str:
    """What the addresses of one kind of page have in common: numbers and names are left out.

    >>> url_shape("https://a.example/news/2026/03/05/rain-falls-on-town/"), url_shape("https://a.example/story.php?id=7")
    ('w/9/9/9/S', 'story.php?id=9')
    """
    parts = urlsplit(url)
    shape = "/".join(_kind(segment) for segment in _segments(parts.path))
    values = ("9" if value.isdigit() else "w" for _, value in parse_qsl(parts.query))
    query = "&".join(f"{name}={kind}" for (name, _), kind in zip(parse_qsl(parts.query), values, strict=False))
    return f"{parts.path.rpartition('/')[2]}?{query}" if query else shape


def _kind(segment: str) -> str:
    name, ending = _without_ending(segment), _ending(segment)
    if name.isdigit():
        kind = "9" if len(name) < 5 else "99"
    elif len(re.findall(r"[-_]", name)) >= 2 or len(name) >= 25 or _LONG_NUMBER.search(name):
        kind = "S9" if _LONG_NUMBER.search(name) else "S"
    else:
        kind = "w"
    return f"{kind}.{ending}" if ending in word_list("files", "page") else kind


def _segments(path: str) -> list[str]:
    return [segment for segment in unquote(path).split("/") if segment.strip()]


def _ending(segment: str) -> str:
    stem, dot, ending = segment.rpartition(".")
    return ending.lower() if dot and stem and 1 < len(ending) <= 11 and ending.isalnum() else ""


def _without_ending(segment: str) -> str:
    return segment.rpartition(".")[0] if _ending(segment) in word_list("files", "page") else segment


def _stem(segment: str) -> str:
    return _without_ending(segment.partition(";")[0].partition(",")[0]).lower().lstrip("@")
