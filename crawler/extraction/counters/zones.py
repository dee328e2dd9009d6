"""What class names and ids say about a part of a page: other stories, the site, a reader's comment."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache

from crawler.extraction.kept import remembered
from crawler.extraction.lexicon import words

_WORD = re.compile(r"[A-Z]*[a-z]+|[A-Z]+|\d+")
_COMMENT_ID = re.compile(r"(?:^|[\s-])comment[-_]\d+(?:\s|$)")


def class_and_id(attributes: Mapping[str, str | None]) -> str:
    """An element's class names and id, by which zones and counters are told.

    >>> class_and_id({"class": "post views", "id": "p-1"}), class_and_id({})
    ('post views p-1', ' ')
    """
    return f"{attributes.get('class') or ''} {attributes.get('id') or ''}"


@remembered(16_384)
def name_words(names: str) -> tuple[str, ...]:
    """The lower-case words of class names and ids: "post-viewsCount" -> post, views, count."""
    return tuple(map(str.lower, _WORD.findall(names[:400])))


@remembered(16_384)
def zone_of(names: str) -> str | None:
    """The zone that class names and ids declare: "elsewhere" (other stories, the site), "perhaps", "comment" or None.

    >>> zone_of("related-posts col-4"), zone_of("comment-body"), zone_of("comments-title")
    ('elsewhere', 'comment', None)
    """
    parts = name_words(names)
    if _telling_words().isdisjoint(parts):
        return None
    joined = f" {' '.join(parts)} "
    if _COMMENT_ID.search(names) or _holds("comment", parts, joined):
        return "comment"
    if parts[0] in ("comment", "comments"):
        return None
    if _holds("elsewhere", parts, joined) or not names_in("elsewhere_tokens").isdisjoint(names.lower().split()):
        return "elsewhere"
    return "perhaps" if _holds("perhaps_elsewhere", parts, joined) else None


@cache
def _telling_words() -> frozenset[str]:
    """Of each phrase that declares a zone its longest word: most names hold none of them."""
    lists = ("comment", "elsewhere", "elsewhere_tokens", "perhaps_elsewhere")
    return frozenset(max(name_words(phrase), key=len) for name in lists for phrase in names_in(name)) | {"comment"}


def _holds(name: str, parts: tuple[str, ...], joined: str) -> bool:
    """Whether one of the phrases of that name stands among the words (`joined`: the same, a space around each)."""
    alone, phrases = _phrases(name)
    return not alone.isdisjoint(parts) or any(phrase in joined for phrase in phrases)


@cache
def _phrases(name: str) -> tuple[frozenset[str], tuple[str, ...]]:
    """Phrases of one word, and the others with a space around them."""
    phrases = names_in(name)
    return (
        frozenset(phrase for phrase in phrases if " " not in phrase),
        tuple(f" {phrase} " for phrase in sorted(phrases) if " " in phrase),
    )


def names_in(name: str) -> frozenset[str]:
    return words("counter_places", name)
