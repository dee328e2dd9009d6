"""What class names and ids say about a part of a page: other stories, the site, a reader's comment."""

from __future__ import annotations

import re
from functools import lru_cache

from crawler.extraction.lexicon import words

_WORD = re.compile(r"[a-z]+|\d+")
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
_COMMENT_ID = re.compile(r"(?:^|[\s-])comment[-_]\d+(?:\s|$)")


@lru_cache(maxsize=16_384)
def name_words(names: str) -> tuple[str, ...]:
    """The lower-case words of class names and ids: "post-viewsCount" -> post, views, count."""
    return tuple(_WORD.findall(_CAMEL.sub(" ", names[:400]).lower()))


@lru_cache(maxsize=16_384)
def zone_of(names: str) -> str | None:
    """The zone that class names and ids declare: "elsewhere" (other stories, the site), "perhaps", "comment" or None.

    >>> zone_of("related-posts col-4"), zone_of("comment-body"), zone_of("comments-title")
    ('elsewhere', 'comment', None)
    """
    parts = name_words(names)
    joined = f" {' '.join(parts)} "
    tokens = names.lower().split()
    if _COMMENT_ID.search(names) or any(f" {phrase} " in joined for phrase in names_in("comment")):
        return "comment"
    if parts and parts[0] in ("comment", "comments"):
        return None
    if any(f" {phrase} " in joined for phrase in names_in("elsewhere")):
        return "elsewhere"
    if any(token in names_in("elsewhere_tokens") for token in tokens):
        return "elsewhere"
    return "perhaps" if any(f" {phrase} " in joined for phrase in names_in("perhaps_elsewhere")) else None


def names_in(name: str) -> frozenset[str]:
    return words("counter_places", name)
