"""The article's text where only scripts carry it: JSON-LD `articleBody`, and records of embedded state as paragraphs.

Newsrooms' systems write a text as one string, as HTML, as a list of paragraphs, or as a tree of typed nodes; the shape
tells, the key names stand in `data/stories.toml`.
"""

from __future__ import annotations

import re
from typing import Any

from selectolax.lexbor import LexborHTMLParser

from crawler.extraction.blocks import Walk
from crawler.extraction.lexicon import lexicon, words
from crawler.extraction.text import fold_space

MAX_DEPTH = 12
MAX_NODES = 20_000
_TEXT_KEYS = tuple(lexicon("stories")["text_keys"])
_INNER_KEYS = tuple(lexicon("stories")["inner_keys"])
_INLINE_TYPES = words("stories", "inline_types")
_OTHER_TYPES = words("stories", "other_types")
_MARKUP = re.compile(r"<(?:p|br|div|h[1-6]|ul|ol|li|blockquote|a|b|i|em|strong|span)\b[^<>]*>", re.I)


def story_paragraphs(record: dict[str, Any]) -> list[str]:
    """The paragraphs of a record's longest text; [] where it has none.

    >>> story_paragraphs({"blocks": [{"type": "paragraph", "text": "It fell."}, {"type": "ad", "text": "Buy"}]})
    ['It fell.']
    >>> story_paragraphs({"body": "<p>It fell.</p><p>It <b>stopped</b>.</p>"})
    ['It fell.', 'It stopped.']
    """
    texts = [_paragraphs(record[key], 0, [MAX_NODES]) for key in record if key in _TEXT_KEYS]
    return max(texts, key=lambda paragraphs: sum(map(len, paragraphs)), default=[])


def split_paragraphs(text: str) -> list[str]:
    """A string as paragraphs: its HTML blocks where it holds markup, else its lines."""
    if "<" in text and _MARKUP.search(text):
        body = LexborHTMLParser(text).body
        return [block.text for block in Walk(body).blocks] if body is not None else []
    return [folded for line in text.split("\n") if (folded := fold_space(line))]


def _paragraphs(value: Any, depth: int, left: list[int]) -> list[str]:
    left[0] -= 1
    if depth > MAX_DEPTH or left[0] < 0:
        return []
    if isinstance(value, str):
        return split_paragraphs(value)
    if isinstance(value, list):
        if any(_is_inline(item) for item in value):
            line = fold_space("".join(_inline(item, depth + 1, left) for item in value))
            return [line] if line else []
        return [text for item in value for text in _paragraphs(item, depth + 1, left)]
    if not isinstance(value, dict) or str(value.get("type") or value.get("__typename") or "").lower() in _OTHER_TYPES:
        return []
    for key in _INNER_KEYS:
        if value.get(key) and (found := _paragraphs(value[key], depth + 1, left)):
            return found
    return []


def _is_inline(item: Any) -> bool:
    return isinstance(item, dict) and str(item.get("type") or item.get("nodeType") or "").lower() in _INLINE_TYPES


def _inline(item: Any, depth: int, left: list[int]) -> str:
    """The text of a run of letters, links and emphasis, white space kept."""
    left[0] -= 1
    if depth > MAX_DEPTH or left[0] < 0:
        return ""
    if isinstance(item, str):
        return item
    if isinstance(item, list):
        return "".join(_inline(one, depth + 1, left) for one in item)
    if isinstance(item, dict):
        return next(
            (text for key in _INNER_KEYS if item.get(key) and (text := _inline(item[key], depth + 1, left))), ""
        )
    return ""
