"""Small questions about the elements around a number: a term before it, a rating, a placeholder."""

from __future__ import annotations

import re
from functools import cache

from selectolax.lexbor import LexborNode

from crawler.extraction.counters.names import names_of
from crawler.extraction.counters.zones import class_and_id
from crawler.extraction.kept import remembered
from crawler.extraction.labels import BREAK, fold_label, kind_of_label
from crawler.extraction.lexicon import lexicon, words
from crawler.extraction.numbers import fold_digits

MAX_TERM = 60
_PIECES = re.compile(rf"[{BREAK}|·•;]|, ")
_WORD = re.compile(r"[^\W\d_]+")
_DIGITS = re.compile(r"\d+(?:[.,]\d+)*")
_HOOKS = words("counter_places", "count_hooks")
_HOOK_ATTRIBUTES = words("counter_places", "count_hook_attributes")
_UP = re.compile(r"(?:^|[\W_])(?:up|plus|positive|likes?|thumbs?up|upvote)(?:[\W_]|$)")
_DOWN = re.compile(r"(?:^|[\W_])(?:down|minus|negative|dislikes?|unlike|thumbs?down|downvote)(?:[\W_]|$)")


def kind_before(element: LexborNode) -> str | None:
    """The kind that a term (dt, th) or a label with a colon right before the element names."""
    before = element.prev
    while before is not None:
        tag = before.tag
        if tag != "-comment":
            text = ((before.text_content if tag == "-text" else before.text(deep=True)) or "").strip()
            if text or tag != "-text":
                is_term = tag in ("dt", "th") or text.endswith((":", "："))
                return kind_of_label(text) if is_term and len(text) <= MAX_TERM else None
        before = before.prev
    return None


def is_rating(element: LexborNode) -> bool:
    """Whether the element holds a child that counts up and one that counts down."""
    names = [class_and_id(one.attributes).lower() for one in element.css("[class], [id]")]
    return any(_UP.search(one) for one in names) and any(_DOWN.search(one) for one in names)


@remembered(4_096)
def counts_totals(row: str) -> bool:
    """Whether a row of counters has a number beside a word such as "posts" or "followers".

    >>> counts_totals(f"792{BREAK}Posts{BREAK}27{BREAK}Likes"), counts_totals(f"Tags:{BREAK}27 Likes")
    (True, False)
    """
    if _total_words().isdisjoint(_WORD.findall(fold_label(row))):
        return False
    pieces = [fold_digits(piece) for piece in _PIECES.split(row)]
    bare = [not fold_label(_DIGITS.sub("", piece)) and piece != "" for piece in pieces]
    for at, piece in enumerate(pieces):
        beside = bare[max(at - 1, 0) : at] + bare[at + 1 : at + 2]
        if (_DIGITS.search(piece) or any(beside)) and fold_label(_DIGITS.sub(" ", piece)) in _totals():
            return True
    return False


@cache
def _totals() -> frozenset[str]:
    return frozenset(map(fold_label, lexicon("counter_places")["totals"]))


@cache
def _total_words() -> frozenset[str]:
    """Of each of those labels the longest word: most rows hold none."""
    return frozenset(max(_WORD.findall(label), key=len) for label in _totals())


def leads_to_network(element: LexborNode) -> bool:
    """Whether the element is a link into a social network."""
    href = (element.attributes.get("href") or "").lower() if element.tag == "a" else ""
    host = href.partition("//")[2].partition("/")[0].removeprefix("www.")
    return any(host == name or f"{name}." in host for name in words("counter_places", "networks"))


def awaits_script(element: LexborNode) -> bool:
    """Whether a zero looks as if a script were to replace it: hidden, or marked so."""
    current: LexborNode | None = element
    for _ in range(3):
        if current is None:
            return False
        if names_of(current).placeholder or _is_hidden(current) or _is_hook(current):
            return True
        current = current.parent
    return False


def _is_hook(element: LexborNode) -> bool:
    """Whether another service's script writes its number here."""
    attributes = element.attributes
    if (attributes.get("href") or "").endswith("#disqus_thread"):
        return True
    classes = (attributes.get("class") or "").lower().split()
    return any(name in attributes for name in _HOOK_ATTRIBUTES) or any(name in _HOOKS for name in classes)


def _is_hidden(element: LexborNode) -> bool:
    attributes = element.attributes
    style = (attributes.get("style") or "").replace(" ", "").lower()
    return "hidden" in attributes or "display:none" in style or "visibility:hidden" in style
