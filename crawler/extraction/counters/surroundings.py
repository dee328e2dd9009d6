"""Small questions about the elements around a number: a term before it, a rating, a placeholder."""

from __future__ import annotations

import re

from selectolax.lexbor import LexborNode

from crawler.extraction.counters.names import names_of
from crawler.extraction.labels import kind_of_label

MAX_TERM = 60
_UP = re.compile(r"(?:^|[\W_])(?:up|plus|positive|likes?|thumbs?up|upvote)(?:[\W_]|$)")
_DOWN = re.compile(r"(?:^|[\W_])(?:down|minus|negative|dislikes?|unlike|thumbs?down|downvote)(?:[\W_]|$)")


def kind_before(element: LexborNode) -> str | None:
    """The kind that a term (dt, th) or a label with a colon right before the element names."""
    before = element.prev
    while before is not None and (
        before.tag == "-comment" or (before.tag == "-text" and not (before.text_content or "").strip())
    ):
        before = before.prev
    if before is None:
        return None
    text = ((before.text_content if before.tag == "-text" else before.text(deep=True)) or "").strip()
    if len(text) > MAX_TERM or not (before.tag in ("dt", "th") or text.endswith((":", "："))):
        return None
    return kind_of_label(text)


def is_rating(element: LexborNode) -> bool:
    """Whether the element holds a child that counts up and one that counts down."""
    names = [
        f"{one.attributes.get('class') or ''} {one.attributes.get('id') or ''}".lower()
        for one in element.css("[class], [id]")
    ]
    return any(_UP.search(one) for one in names) and any(_DOWN.search(one) for one in names)


def awaits_script(element: LexborNode) -> bool:
    """Whether a zero looks as if a script were to replace it: hidden, or marked so."""
    current: LexborNode | None = element
    for _ in range(3):
        if current is None:
            return False
        if names_of(current).placeholder or _is_hidden(current):
            return True
        current = current.parent
    return False


def _is_hidden(element: LexborNode) -> bool:
    attributes = element.attributes
    style = (attributes.get("style") or "").replace(" ", "").lower()
    return "hidden" in attributes or "display:none" in style or "visibility:hidden" in style
