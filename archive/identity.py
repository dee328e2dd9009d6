"""Is it the same content? The one place that knows: canonical text, and digests over it.

Pure. Digests depend on the content alone: what a site's boilerplate is, or what an earlier look said, is not
known here. Which addresses are one article's stands in `addresses`; its names are exported here too.
"""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from functools import lru_cache
from hashlib import blake2b

from archive.addresses import (
    NotHttp,
    host_key,
    is_believable_canonical,
    is_later_part,
    is_web_address,
    normalise_url,
    story_id,
    url_key,
)
from archive.boilerplate import is_boilerplate
from archive.model import Content

__all__ = [
    "Digests",
    "NotHttp",
    "canonical_line",
    "canonical_text",
    "digests",
    "fold",
    "host_key",
    "is_believable_canonical",
    "is_later_part",
    "is_same_story",
    "is_web_address",
    "moves_by_itself",
    "normalise_url",
    "paragraphs",
    "readable_paragraphs",
    "same_content",
    "settle",
    "silent_fields",
    "story_id",
    "url_key",
]

_LOOKALIKES: dict[str, str] = (
    dict.fromkeys("“”„‟«»″〝〞〟＂❝❞", '"')
    | dict.fromkeys("‘’‚‛′ʼ`´‹›ʹ＇❛❜", "'")
    | dict.fromkeys("‐‑‒–—―−﹘﹣－⸺⸻", "-")
    | {"…": "..."}
)
_LOOKALIKE = re.compile("[" + "".join(_LOOKALIKES) + "]")
#: Invisible: soft hyphen, joiners, bidi marks, variation selectors, byte-order mark, other controls.
_INVISIBLE = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f"
    "\ufe00-\ufe0f\ufeff\x00-\x08\x0e-\x1b\x7f]"
    # A joiner is seen only between two letters of the scripts that join (Arabic to Sinhala).
    "|[\u200c\u200d](?![\u0600-\u0dff])|(?<![\u0600-\u0dff])[\u200c\u200d]"
)
_MAYBE_INVISIBLE = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f"
    "\ufe00-\ufe0f\ufeff\x00-\x08\x0e-\x1b\x7f]"
)
#: NFKC would make 10² into 102 and 1½ into 11⁄2: these characters stay what they are.
_MEANT = re.compile("([ªº\u00b2\u00b3\u00b9\u00bc-\u00be\u2070-\u209f\u2150-\u215f\u2189\u2460-\u24ff\u3251-\u325f]+)")


def canonical_text(text: str) -> str:
    r"""The text as it is compared: entities undone, look-alikes mapped, white space folded; case and punctuation kept.

    Paragraphs (lines, for that purpose) end up separated by one "\n". Idempotent.

    >>> canonical_text("“Don’t”&nbsp;— he\u200b  said\n\n\nBye…")
    '"Don\'t" - he said\nBye...'
    >>> canonical_text("10² km")
    '10² km'
    """
    return "\n".join(filter(None, map(canonical_line, _undo_entities(text).splitlines())))


def canonical_line(line: str) -> str:
    """One line as it is compared, entities left as they are (`canonical_text` is for whole texts).

    >>> canonical_line("Don’t  —  now")
    "Don't - now"
    """
    if line.isascii() and line.isprintable():
        return " ".join(line.replace("`", "'").split())
    line = _drop_disguises(line)
    if not unicodedata.is_normalized("NFKC", line):
        pieces = _MEANT.split(line)
        pieces[::2] = (unicodedata.normalize("NFKC", piece) for piece in pieces[::2])
        line = _drop_disguises("".join(pieces))
    return " ".join(line.split())


def paragraphs(text: str | None) -> list[str]:
    r"""The paragraphs of a body as they are written: its non-empty lines, white space at the ends taken off.

    >>> paragraphs("One.\n\nTwo.\n")
    ['One.', 'Two.']
    """
    return [line for line in map(str.strip, (text or "").splitlines()) if line]


def readable_paragraphs(text: str | None) -> list[str]:
    r"""The paragraphs of a body as a reader sees them: what is invisible and what moves by itself left out.

    Quotes, dashes and the like stay as they are written; these are the paragraphs that a Change counts.

    >>> readable_paragraphs("“Don’t”&nbsp; he\u200b said\n\nUpdated 14:05")
    ['“Don’t” he said']
    """
    return list(_readable(text or ""))


@lru_cache(maxsize=16)
def _readable(text: str) -> tuple[str, ...]:
    """(Remembered: digests and bands of a text are made one after the other.)"""
    lines = _undo_entities(text).splitlines()
    return tuple(filter(None, map(_tidy, filter(None, lines))))


def moves_by_itself(line: str) -> bool:
    """Whether nothing of one line is left by `readable_paragraphs`: it cannot be seen, or moves without an edit.

    >>> moves_by_itself("Updated 14:05"), moves_by_itself("Update 14:05: two more people died")
    (True, False)
    """
    seen = _undo_entities(line)
    return not seen or not _tidy(seen)


def fold(name: str) -> str:
    """A name (author, category) as it is compared in a set: canonical and without regard to case."""
    return canonical_text(name).casefold()


@dataclass(frozen=True, slots=True)
class Digests:
    """What a Content comes to; each over its own field alone. None = the page does not say."""

    title: str | None
    """32 hex digits over the canonical title."""
    body: str | None
    """Over the canonical paragraphs, without the lines that move by themselves (`boilerplate`)."""
    categories: str | None
    """Over the set of folded labels, whatever their order."""
    authors: str | None
    content: str
    """Over the four; tells None from a value, so equal content may have two of these: compare by `same_content`."""


def digests(content: Content) -> Digests:
    """The digests of title, body, categories and authors; nothing else of a Content makes a Version."""
    title = _digest_text(content.title)
    body = _digest_paragraphs(readable_paragraphs(content.body))
    categories = _digest_set(content.categories)
    authors = _digest_set(content.authors)
    whole = _hash("\0".join(part or "-" for part in (title, body, categories, authors)))
    return Digests(title, body, categories, authors, whole)


def is_same_story(one: Content, other: Content) -> bool:
    """Whether two texts are states of one article: they share half of the shorter one's paragraphs.

    >>> is_same_story(Content(body="A one.\\n\\nB two."), Content(body="A one.\\n\\nC three.\\n\\nD four."))
    True
    >>> is_same_story(Content(body="A one."), Content(body="B two."))
    False
    """
    mine, theirs = ({canonical_text(p) for p in paragraphs(content.body)} for content in (one, other))
    shorter = min(len(mine), len(theirs))
    return shorter > 0 and 2 * len(mine & theirs) >= shorter


def same_content(a: Digests, b: Digests) -> bool:
    """True unless a field that both state differs: None, "the page does not say", never differs from a value."""
    pairs = ((a.title, b.title), (a.body, b.body), (a.categories, b.categories), (a.authors, b.authors))
    return all(one is None or other is None or one == other for one, other in pairs)


def silent_fields(content: Content) -> tuple[str, ...]:
    """Which of the four fields that make a Version the page does not state."""
    return tuple(name for name in ("title", "body", "categories", "authors") if getattr(content, name) is None)


def settle(known: Content, look: Content, *, silent_before: Collection[str] = ()) -> Content:
    """What a complete look at an article comes to, given its newest Version: the rule of vanished fields.

    A byline or category that the look does not state is carried over from `known`: one template hiccup is no
    edit. Where the complete look before it was silent too (`silent_before`, as `silent_fields` told of it), it
    has vanished: it becomes `()`, which differs. A title or body is only ever carried.

    >>> known, look = Content(title="T", authors=("A",)), Content(title="T")
    >>> settle(known, look).authors, settle(known, look, silent_before=("authors",)).authors
    (('A',), ())
    """
    return replace(
        look,
        title=known.title if look.title is None else look.title,
        body=known.body if look.body is None else look.body,
        categories=_settle_set(known.categories, look.categories, "categories" in silent_before),
        authors=_settle_set(known.authors, look.authors, "authors" in silent_before),
    )


def _settle_set(
    known: tuple[str, ...] | None, stated: tuple[str, ...] | None, was_silent: bool
) -> tuple[str, ...] | None:
    if stated is not None or known is None:
        return stated
    return () if was_silent else known


def _tidy(line: str) -> str:
    """What can be seen of a line; "" where it is boilerplate."""
    if line.isascii() and line.isprintable():  # told at once, where the pattern looks at every letter
        if "  " in line or line[0] == " " or line[-1] == " ":  # of white space it can have nothing else
            line = " ".join(line.split())
    else:
        if _MAYBE_INVISIBLE.search(line):
            line = _INVISIBLE.sub("", line)
        line = " ".join(line.split())
    return "" if len(line) < 100 and is_boilerplate(line) else line


def _undo_entities(text: str) -> str:
    for _ in range(4):
        if "&" not in text or (undone := html.unescape(text)) == text:
            break
        text = undone
    return text


def _drop_disguises(text: str) -> str:
    if _MAYBE_INVISIBLE.search(text):
        text = _INVISIBLE.sub("", text)
    return _LOOKALIKE.sub(lambda match: _LOOKALIKES[match.group()], text)


def _digest_text(text: str | None) -> str | None:
    canonical = canonical_text(text) if text is not None else ""
    return _hash(canonical) if canonical else None


def _digest_paragraphs(readable: list[str]) -> str | None:
    """The digest of canonical paragraphs; tidy ones of plain letters are nearly so already."""
    text = "\n".join(readable)
    if "&" in text:  # an entity that was escaped again and again
        return _digest_text(text)
    lines = (line.replace("`", "'") if line.isascii() else canonical_line(line) for line in readable)
    canonical = "\n".join(filter(None, lines))
    return _hash(canonical) if canonical else None


def _digest_set(names: Iterable[str] | None) -> str | None:
    if names is None:
        return None
    return _hash("\n".join(sorted({folded for folded in map(fold, names) if folded})))


def _hash(text: str) -> str:
    return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()
