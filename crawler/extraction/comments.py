"""Whether a page's comments are open, and zeros in words ("No comments yet"). Count and state are two facts.

A closed thread can have 863 comments, and an open one none: neither is concluded from the other.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from selectolax.lexbor import LexborNode

from crawler.extraction.counters.evidence import STRONG, Evidence
from crawler.extraction.counters.lines import is_prose
from crawler.extraction.counters.scope import Scope
from crawler.extraction.counters.zones import name_words
from crawler.extraction.document import Document
from crawler.extraction.labels import roles
from crawler.extraction.lexicon import lexicon, words
from crawler.extraction.searches import search
from crawler.extraction.short_texts import ShortTexts

_fields = search("form, textarea, #respond")
_COMMENT = re.compile(r"comment|komment|coment|respond|reply|yorum|discuss|postcomment|saypl", re.I)
_OTHER_PURPOSE = re.compile(
    r"search|login|signin|newsletter|subscribe|feedback|contact|report|email|modal|correction|poll", re.I
)
_TO_FORM = re.compile(r"#(?:respond|reply|comment|kommentar|coment)", re.I)
_OTHER_FORM = re.compile(
    r"report-?comment|reward|carousel|contact[-_]form|newsletter|request[-_]form|nein_|helpful", re.I
)
"""Forms about a comment that is there, or about the page, as names and actions tell."""
_NAMING = ("id", "class", "name", "action")
_ASKING = ("placeholder", "aria-label", "title")
MAX_FIELDS = 60


def read_worded_zeros(texts: ShortTexts, scope: Scope) -> Iterator[Evidence]:
    """Evidence that the article has no comments, where the page says so in words."""
    for node, text, found in texts.words:
        if "zero" in found and _is_notice(node, text, scope) and (standing := scope.judge(node)):
            suspect = _is_prompt(node) or _leads_to_form(node)
            yield Evidence("comments", 0, True, text, "label", STRONG, suspect=suspect, **standing.as_fields())


def has_thread_elsewhere(doc: Document) -> bool:
    """Whether another service's script brings the comments (Disqus, Facebook, OpenWeb, ...).

    The site's own system then says 0 for machines, however many comments the readers see.
    """
    return doc.body.css_first(", ".join(lexicon("counter_places")["threads_elsewhere"])) is not None


def comments_are_open(texts: ShortTexts, doc: Document, scope: Scope) -> bool | None:
    """True with a form to write in, False where the page says that they are closed; None where it says nothing."""
    for node, text, found in texts.words:
        if "closed" in found and _is_notice(node, text, scope) and not _is_prompt(node):
            return False
    for element in _fields(doc)[:MAX_FIELDS]:
        if _asks_for_comment(element) and not _is_template(element) and scope.judge_form(element):
            return True
    return None


def _asks_for_comment(element: LexborNode) -> bool:
    """Whether a form or text field is there to write a comment in, by its names or by what it asks for."""
    attributes = element.attributes
    asked = [attributes.get(name) or "" for name in _ASKING]
    if element.tag == "textarea" and any("invitation" in roles(text) for text in asked if text):
        return True
    named = " ".join(attributes.get(name) or "" for name in _NAMING)
    if (
        not _COMMENT.search(named)
        or _OTHER_FORM.search(named)
        or _OTHER_PURPOSE.search(" ".join((*asked, attributes.get("id") or "")))
    ):
        return False
    if element.tag == "textarea":
        return True
    return element.css_first("textarea, input[type=text], input:not([type]), iframe, [contenteditable]") is not None


def _is_notice(node: LexborNode, text: str, scope: Scope) -> bool:
    parent = node.parent
    return (
        parent is not None
        and not _is_template(parent, hidden=True)
        and not is_prose(node, text)
        and scope.judge(node) is not None
    )


def _is_prompt(node: LexborNode) -> bool:
    """Whether the words are what a comment program shows before it has loaded ("empty prompt")."""
    current = node.parent
    for _ in range(3):
        if current is None:
            return False
        if words("counter_places", "empty_words") & set(name_words(current.attributes.get("class") or "")):
            return True
        current = current.parent
    return False


def _leads_to_form(node: LexborNode) -> bool:
    """Whether the words are a link to the form: an invitation, as themes print it whoever keeps the comments."""
    parent = node.parent
    link = parent if parent is None or parent.tag == "a" else parent.parent
    return link is not None and link.tag == "a" and _TO_FORM.search(link.attributes.get("href") or "") is not None


def _is_template(element: LexborNode, *, hidden: bool = False) -> bool:
    """Whether the element stands in a template or script (or, if asked, in what is hidden): no reader sees it."""
    current: LexborNode | None = element
    for _ in range(12):
        if current is None or current.tag == "body":
            return False
        attributes = current.attributes
        style = (attributes.get("style") or "").replace(" ", "").lower()
        if current.tag in ("script", "template", "noscript"):
            return True
        if hidden and ("hidden" in attributes or "display:none" in style):
            return True
        current = current.parent
    return False
