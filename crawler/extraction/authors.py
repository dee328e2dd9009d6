"""Who wrote the article: people, in the order of the page; an agency only where the page names it and no person.

Structured data and the visible byline check each other: what a reader sees corrects what a template fills in.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from crawler.extraction.bylines import (
    Shown,
    read_author_elements,
    read_bylines,
    read_chinese_byline,
    read_marked,
    stands_near,
)
from crawler.extraction.document import Document
from crawler.extraction.lexicon import lexicon
from crawler.extraction.names import is_handle, match_by, read_names, read_organisation
from crawler.extraction.result import Found
from crawler.extraction.structured import Structured
from crawler.extraction.text import as_text, skeleton
from crawler.extraction.title import site_names

_META: tuple[str, ...] = tuple(lexicon("bylines")["meta"])
_STATE: tuple[str, ...] = tuple(lexicon("bylines")["state"])
_ADDRESS = re.compile(r"^\s*(?:https?:)?//|^/|^@|^\d+$|\S+@\S+\.\w+")
_IN_SMALL_LETTERS = re.compile(r"[^\W\d_A-Z]{2,20}(?: [^\W\d_A-Z]{2,20}){1,2}")
_CHINESE_AUTHOR = tuple(word.encode() for word in ("记者", "作者", "执笔"))
Names = tuple[str, ...]


def find_authors(doc: Document, data: Structured) -> Found[Names] | None:
    """The authors, or None where the page names none.

    >>> from crawler.extraction.document import parse
    >>> page = parse(b"<h1>Rain</h1><p>By Ann Smith and Bob Lee, Staff Writers | March 3, 2026</p>", "http://a.test/")
    >>> find_authors(page, Structured(page)).value
    ('Ann Smith', 'Bob Lee')
    """
    selected = tuple(dict.fromkeys(name for text in doc.selected_texts("authors") for name in read_names(text)))
    if selected:
        return Found(selected, "selector")
    shown = read_bylines(doc, data)
    own = site_names(doc, data)
    claimed = _claimed_people(data, own)
    if claimed:
        return _reconcile(doc, data, claimed, shown)
    if shown.plain:
        return Found(shown.plain, "byline")
    if names := read_marked(shown.rows):
        return Found(names, "byline element")
    if names := read_author_elements(doc, data):
        return Found(names, "author element")
    return _from_state(data) or _from_chinese_text(doc) or _organisation(data, shown)


def _reconcile(doc: Document, data: Structured, claimed: Found[Names], shown: Shown) -> Found[Names]:
    """What structured data claims, put right by a plain byline: one that names all of them and more, or others.

    Photographers and translators, whom templates list among the authors, go.
    """
    told, seen = {skeleton(name) for name in claimed.value}, {skeleton(name) for name in shown.plain}
    if seen and (told < seen or (not told & seen and not stands_near(doc, data, told))):
        return Found(shown.plain, "byline")
    others = {skeleton(name) for name in shown.others} - seen
    kept = tuple(name for name in claimed.value if skeleton(name) not in others)
    return Found(kept or claimed.value, claimed.source)


def _claimed_people(data: Structured, own: frozenset[str]) -> Found[Names] | None:
    """People in the main article's author property, else in the page's meta elements."""
    for claim in data.claims("author", "creator"):
        people = _others_than(own, _people(data, claim.value))
        if people:
            return Found(people, claim.source)
    for name in [name for name in _META if name in data.meta]:
        people = _others_than(own, tuple(person for text in data.meta[name] for person in _read(text)))
        if people:
            return Found(people, f"meta {name}")
    label = next(iter(data.meta.get("twitter:label1", ())), "")
    if match_by(label + " "):
        people = _read(next(iter(data.meta.get("twitter:data1", ())), ""))
        return Found(people, "meta twitter:data1") if people else None
    return None


def _others_than(own: frozenset[str], people: Names) -> Names:
    """The names that are not the site's own."""
    return tuple(dict.fromkeys(name for name in people if skeleton(name) not in own))


def _people(data: Structured, value: Any) -> Names:
    people: dict[str, None] = {}
    for text in _author_texts(data, value):
        people.update(dict.fromkeys(_read(text)))
    return tuple(people)


def _read(text: str) -> Names:
    """The people that a value written for machines names; one may be written without any capital there."""
    if _ADDRESS.search(text) and " " not in text.strip():
        return ()
    if (names := read_names(text)) or not _IN_SMALL_LETTERS.fullmatch(text):
        return names
    return (text,) if read_names(text.title()) else ()


def _author_texts(data: Structured, value: Any, depth: int = 0) -> Iterator[str]:
    """The written names in an author value: strings, objects, references to objects, lists of any of them."""
    if depth > 4:
        return
    value = data.follow(value)
    if isinstance(value, list):
        for one in value[:20]:
            yield from _author_texts(data, one, depth + 1)
    elif isinstance(value, dict):
        inner = value.get("name") or value.get("fullName") or value.get("displayName") or value.get("title")
        if inner is None and (value.get("givenName") or value.get("firstName")):
            first, last = (
                value.get("givenName") or value.get("firstName"),
                value.get("familyName") or value.get("lastName"),
            )
            inner = f"{as_text(first)} {as_text(last)}"
        if isinstance(inner, list | dict):
            yield from _author_texts(data, inner, depth + 1)
        elif inner:
            yield as_text(inner)
        elif isinstance(value.get("author"), list | dict | str):
            yield from _author_texts(data, value["author"], depth + 1)
    elif isinstance(value, str):
        yield as_text(value)


def _from_state(data: Structured) -> Found[Names] | None:
    for claim in _claims_of_state(data):
        people = _people(data, claim.value)
        if people:
            return Found(people, claim.source)
    return None


def _claims_of_state(data: Structured) -> Iterator[Found[Any]]:
    """What the embedded state's record of the article says of its authors."""
    story = {key.lower(): value for key, value in (data.story or {}).items()}
    return (Found(story[key], f"state {key}") for key in _STATE if story.get(key))


def _from_chinese_text(doc: Document) -> Found[Names] | None:
    # One byte of each word first: one that is looked for alone is found at once, or not, and few scripts hold it.
    if not any(word[:1] in doc.utf8 and word in doc.utf8 for word in _CHINESE_AUTHOR):
        return None
    names = read_chinese_byline(doc.body.text(deep=True)[:60_000])
    return Found(names, "text") if names else None


def _organisation(data: Structured, shown: Shown) -> Found[Names] | None:
    """An agency, a paper or a team that the page names as the author, where it names no person."""
    if shown.alone:
        return Found((shown.alone,), "byline")
    named = [
        Found(text, claim.source)
        for claim in (*data.claims("author", "creator"), *_claims_of_state(data))
        for text in _author_texts(data, claim.value)
    ]
    for claim in (*named, *data.meta_values(*_META)):
        name = "" if _ADDRESS.search(claim.value) else read_organisation(claim.value)
        if name:
            return Found((name,), claim.source)
    handle = next((claim for claim in named if is_handle(claim.value)), None)
    return Found((handle.value,), handle.source) if handle else None
