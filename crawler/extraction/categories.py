"""The categories and tags that a page gives its article: raw labels as written, in page order.

The same page gives the same labels whatever rotates around the article: only what the page says of this article
counts, never links of related stories or of the navigation. What a label means is the business of `topics`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from typing import Any

from crawler.extraction.canonical import host_of
from crawler.extraction.category_links import label_links, leads_home
from crawler.extraction.document import Document
from crawler.extraction.labels import fold_label
from crawler.extraction.lexicon import words
from crawler.extraction.result import Found
from crawler.extraction.structured import Structured, types_of
from crawler.extraction.text import as_text, plain, skeleton
from crawler.extraction.topics import map_labels

MAX_LABELS = 12
MAX_TAGS = 40
MAX_MARKED = 8
"""More links marked as categories than this are the site's list."""
MAX_LETTERS = 60
_COMMA = re.compile(r"\s*[,;|、，؛،]\s*")
_COUNT = re.compile(r"\s*\(\d[\d.,]*(?:\s\w+)?\)$")
_MACHINE = re.compile(
    r"[0-9a-f]{8}-[0-9a-f]{4}-|^\w+(?: \w+)?:\s?\S|^[\w-]+\.(?:com|org|net|[a-z]{2})$|_[A-Z]|^\d+$", re.I
)
_ISSUE = re.compile(r"\d{1,4}[./-]\d{1,2}[./-]\d{2,4}|\bedition$", re.I)
_CJK = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
_SLUG = re.compile(r"[a-z0-9]+(?:[-_][a-z0-9]+)*")


_STATE_SECTIONS = (
    "sections",
    "section",
    "categories",
    "category",
    "channel",
    "channels",
    "primarySection",
    "primaryCategory",
)


def find_categories(doc: Document, data: Structured) -> Found[tuple[str, ...]] | None:
    """The page's own labels for the article's section; None where it names none.

    A site's selector decides alone. Else the first of: what is stated for machines, with the links that the page
    marks as the article's categories; a breadcrumb; a section link beside the headline; the address.
    """
    if doc.has_selector("categories"):
        return _found(_clean(doc.selected_texts("categories"), data), "selector")
    stated = _clean(_split_all(data.claims("articleSection")), data)
    meta = _clean(_split_all(data.meta_values("article:section", "og:article:section")), data)
    links = label_links(doc, data)
    marked = _clean(links.marked, data) if len(links.marked) <= MAX_MARKED else ()
    explicit = _merge(stated, meta, marked)
    crumbs = _clean(_structured_crumbs(data), data) or _clean(links.crumbs, data) if len(explicit) < 2 else ()
    if explicit:
        source = "json-ld articleSection" if stated else "meta article:section" if meta else links.source
        if len(crumbs) > 1 and _folded(explicit) <= _folded(crumbs):
            return _found(crumbs, source)
        return _found(explicit, source)
    if crumbs:
        return _found(crumbs, "breadcrumb")
    readers: tuple[tuple[str, Callable[[], Iterable[str]]], ...] = (
        ("state", lambda: _state_labels(data, _STATE_SECTIONS)),
        ("section link", lambda: _without_authors(links.beside_heading, data)),
        ("category class", lambda: links.by_class),
        ("meta", lambda: _meta_sections(data)),
        ("address", lambda: links.of_path),
    )
    for source, read in readers:
        if labels := _clean(read(), data):
            return _found(labels, source)
    return _found(_filed_nowhere([*_split_all(data.claims("articleSection")), *links.marked]), "stated")


def _filed_nowhere(labels: Iterable[str]) -> tuple[str, ...]:
    """ "Uncategorized", where the page says that of its article and nothing else."""
    return tuple(label for label in _tidy(labels) if fold_label(label) in _folded_words("nowhere"))


def find_tags(doc: Document, data: Structured) -> Found[tuple[str, ...]] | None:
    """The page's keywords for the article, in page order; None where it names none."""
    if doc.has_selector("tags"):
        return _found(_tidy(doc.selected_texts("tags"), MAX_TAGS), "selector")
    links = label_links(doc, data)
    readers: tuple[tuple[str, Callable[[], Iterable[str]]], ...] = (
        ("meta article:tag", lambda: _keywords(data.meta_values("article:tag", "og:article:tag"))),
        ("json-ld keywords", lambda: _keywords(data.claims("keywords"))),
        ("meta news_keywords", lambda: _keywords(data.meta_values("news_keywords", "sailthru.tags", "parsely-tags"))),
        ("tag links", lambda: links.tags),
        ("meta keywords", lambda: _of_this_story(_keywords(data.meta_values("keywords")), data)),
        ("state", lambda: _state_labels(data, ("tags", "topics", "keywords"))),
        ("topic links", lambda: links.topics),
    )
    for source, read in readers:
        if tidy := _tidy(_without_machine_words(read()), MAX_TAGS):
            return _found(tidy, source)
    return None


def _found(labels: tuple[str, ...], source: str) -> Found[tuple[str, ...]] | None:
    return Found(labels, source) if labels else None


def _split_all(claims: Iterable[Found[Any]]) -> Iterator[str]:
    """Labels of stated values: strings, lists, objects with a name; a comma separates labels, a slash does not."""
    for claim in claims:
        for one in _as_list(claim.value):
            text = plain(as_text(one))
            yield from _COMMA.split(text) if len(text.split(",")) < 8 else [text]


def _keywords(claims: Iterable[Found[Any]]) -> list[str]:
    labels: list[str] = []
    for claim in claims:
        for one in _as_list(claim.value):
            text = plain(as_text(one))
            parts = _COMMA.split(text)
            labels += text.split() if len(parts) == 1 and len(text) > 12 and _CJK.search(text) else parts
    return labels


def _of_this_story(labels: list[str], data: Structured) -> list[str]:
    """Page keywords are often the whole site's: they are believed where one stands in the title or the summary."""
    told = [*data.titles, *(found.value for found in data.meta_values("description", "og:description"))]
    text = f" {fold_label(' '.join(told))} "
    folded = [fold_label(label) for label in labels]
    site = _site_names(data)
    spoken = [
        key
        for key in folded
        if key and skeleton(key) not in site and (f" {key} " in text or (_CJK.search(key) and key in text))
    ]
    return labels if spoken else []


def _without_machine_words(labels: Iterable[str]) -> Iterator[str]:
    """Without what is written for programs: identifiers, "key:value", host names; counts behind a label are cut."""
    for label in labels:
        if not _MACHINE.search(label):
            yield _COUNT.sub("", label)


def _tidy(labels: Iterable[str], most: int | None = None) -> tuple[str, ...]:
    """The first without empty, endless and repeated ones; a "#" before a tag and a colon behind it are decoration.

    At most `most` of them: some pages have thousands of keywords.
    """
    seen: dict[str, str] = {}
    for label in labels:
        text = " ".join(label.split()).strip(" #:·•|/,›»>«<-–—")
        if text and len(text) <= MAX_LETTERS and (key := fold_label(text)):
            seen.setdefault(key, text)
            if len(seen) == most:
                break
    return tuple(seen.values())


def _clean(labels: Iterable[str], data: Structured) -> tuple[str, ...]:
    """Tidy labels without noise ("Home", "Uncategorized") and without the article's own title."""
    tidy = _tidy(labels)
    if not tidy:
        return ()
    noise = _folded_words("noise", "nowhere")
    titles = data.title_skeletons
    site = _site_names(data)
    kept = []
    for label in tidy:
        if fold_label(label) in noise or label.isdigit() or label.startswith(("http:", "https:", "//", "www.", "@")):
            continue
        if _ISSUE.search(label):
            continue
        shape = skeleton(label)
        if shape in titles or (len(shape) > 12 and any(title.startswith(shape) for title in titles)):
            continue
        if _is_site_name(shape, site) and map_labels([label]).unmapped:
            continue
        kept.append(label)
    return tuple(kept[:MAX_LABELS])


def _site_names(data: Structured) -> set[str]:
    """The site's own name, with which breadcrumbs begin."""
    if "category site names" not in data.notes:
        data.notes["category site names"] = _read_site_names(data)
    names: set[str] = data.notes["category site names"]
    return names


def _read_site_names(data: Structured) -> set[str]:
    host = host_of(data.url)
    names = [*data.meta.get("og:site_name", ()), *data.meta.get("application-name", ()), host, host.rpartition(".")[0]]
    return {skeleton(name) for name in names} - {""}


def _is_site_name(shape: str, site: set[str]) -> bool:
    """Equal, or one begins the other ("Daily Sample" and "Daily Sample Online")."""
    if shape in site:
        return True
    return len(shape) > 5 and any(len(name) > 5 and (name.startswith(shape) or shape.startswith(name)) for name in site)


@cache
def _folded_words(*groups: str) -> frozenset[str]:
    return frozenset(fold_label(word) for group in groups for word in words("categories", group))


def _without_authors(labels: Iterable[str], data: Structured) -> Iterator[str]:
    """Without the links beside the headline that lead to who wrote it."""
    labels = list(labels)
    if not labels:
        return
    stated = [*data.claims("author"), *data.meta_values("author", "article:author")]
    names = {skeleton(as_text(one)) for claim in stated for one in _as_list(claim.value)}
    yield from (label for label in labels if skeleton(label) not in names)


def _folded(labels: Iterable[str]) -> set[str]:
    return {skeleton(label) for label in labels}


def _merge(*groups: tuple[str, ...]) -> tuple[str, ...]:
    """All labels, each once; a written-out one stands for its slug ("Business News" for "business-news")."""
    merged: dict[str, str] = {}
    for label in (label for group in groups for label in group):
        key = skeleton(label)
        if key not in merged or (_SLUG.fullmatch(merged[key]) and not _SLUG.fullmatch(label)):
            merged[key] = label
    return tuple(merged.values())


def _structured_crumbs(data: Structured) -> list[str]:
    """Names of the breadcrumb list that leads to this page."""
    for node in (*data.nodes, *data.microdata):
        if "BreadcrumbList" in types_of(node):
            items = node.get("itemListElement")
            crumbs = items if isinstance(items, list) else [items]
            names = [_crumb_name(item) for item in crumbs]
            if len(names) > 1:
                return names[1:] if leads_home(_crumb_address(crumbs[0]), data.url) else names
    return []


def _crumb_name(item: Any) -> str:
    if not isinstance(item, dict):
        return ""
    inner = item.get("item")
    return plain(as_text(item.get("name") or (inner if isinstance(inner, dict) else "")))


def _crumb_address(item: Any) -> str:
    inner = item.get("item") if isinstance(item, dict) else None
    address = inner.get("@id") or inner.get("url") if isinstance(inner, dict) else inner
    return address if isinstance(address, str) else ""


def _state_labels(data: Structured, keys: tuple[str, ...]) -> list[str]:
    story = data.story or {}
    for key in keys:
        if value := story.get(key):
            labels = [
                plain(as_text(one if not isinstance(one, dict) else one.get("name") or one.get("title")))
                for one in _as_list(value)
            ]
            return [label for label in labels if label]
    return []


def _as_list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _meta_sections(data: Structured) -> list[str]:
    names = (
        "section",
        "category",
        "parsely-section",
        "sailthru.section",
        "dc.subject",
        "cxenseparse:category",
        "article.section",
        "page-category",
        "analytics-section",
    )
    return list(_split_all(data.meta_values(*names)))
