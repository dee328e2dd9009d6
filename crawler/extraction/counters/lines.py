"""Is this text part of a sentence? Looks along the line that a number stands in, between two breaks of the layout."""

from __future__ import annotations

import re

from selectolax.lexbor import LexborNode

from crawler.extraction.lexicon import words

INLINE = words("counter_places", "inline_tags")
MAX_OTHER_WORDS = 14
_SENTENCE = re.compile(r"[.!?。！？।؟](?:\s|$)")
_WORD = re.compile(r"[^\W\d_]{2,}")
_CJK = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]")


def is_prose(node: LexborNode, text: str) -> bool:
    """Whether the text around the node, in its line, is a sentence rather than a row of facts."""
    top = node
    for _ in range(8):
        parent = top.parent
        if parent is None or parent.tag not in INLINE:
            break
        top = parent
    if top.is_element_node and top.tag not in INLINE:
        return False
    other = f"{_along(top, forward=False)} {_along(top, forward=True)}"
    count = len(_WORD.findall(other)) + len(_CJK.findall(other)) // 2
    if count > MAX_OTHER_WORDS:
        return True
    return count > 5 and bool(_SENTENCE.search(other))


def _along(node: LexborNode, *, forward: bool) -> str:
    """The text beside the node up to a line break or a block."""
    parts: list[str] = []
    size = 0
    current = node.next if forward else node.prev
    while current is not None and size < 600:
        tag = current.tag or ""
        if tag == "-text":
            piece = current.text_content or ""
        elif tag in INLINE:
            piece = current.text(deep=True)
        elif tag in ("-comment", "script", "style"):
            piece = ""
        else:
            break
        parts.append(piece)
        size += len(piece)
        current = current.next if forward else current.prev
    return " ".join(parts if forward else parts[::-1])
