"""When did these words appear, and when did they vanish? Follows them through the versions of each article."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from archive.identity import canonical_text, paragraphs
from archive.model import Content, Version
from archive.queries.search import SearchQueries, Term, parse_words
from archive.queries.versions import VersionQueries
from archive.store.search import spaced

_PAGE = 200


@dataclass(frozen=True, slots=True)
class Passage:
    """One coming or going of the words in one article."""

    version: Version
    """The version that first has them, or first lacks them."""
    before: Version | None
    """The version before; None where the words stood in the article from the start."""
    is_there: bool
    """True where they came, False where they went."""
    words: str
    """The paragraph (or headline) that has the words: now, or before they went."""


class PassageQueries(VersionQueries, SearchQueries):
    """Questions about what became of words."""

    def passages(self, words: str, *, site: str | None = None) -> Iterator[Passage]:
        """Every coming and going of the words (as `search` reads them), the newest article found first, its
        passages oldest first. Only what was ever archived can be found."""
        terms = parse_words(words)
        seen: set[int] = set()
        offset = 0
        while found := self.search(words, site=site, limit=_PAGE, offset=offset):
            offset += _PAGE
            for article in dict.fromkeys(version.article_id for version in found):
                if article not in seen:
                    seen.add(article)
                    yield from follow(terms, self.versions(article))


def follow(terms: list[Term], versions: list[Version]) -> Iterator[Passage]:
    """The comings and goings of the words through an article's versions."""
    before: Version | None = None
    for version in versions:
        there, was_there = has_words(terms, version.content), before is not None and has_words(terms, before.content)
        if there != was_there:
            source = version if there or before is None else before
            yield Passage(version, before, there, _paragraph(terms, source.content))
        before = version


def has_words(terms: list[Term], content: Content) -> bool:
    """Whether headline and text together hold what is searched for.

    >>> has_words(parse_words('rain "the valley" farm*'), Content("Rain", "Farmers of the valley."))
    True
    """
    tokens = _tokens(f"{content.title or ''}\n{content.body or ''}")
    return all((_spelled(term) in tokens) != term.is_excluded for term in terms)


def _paragraph(terms: list[Term], content: Content) -> str:
    """The first paragraph that has one of the words, for a reader to recognise."""
    wanted = [_spelled(term) for term in terms if not term.is_excluded]
    for paragraph in [content.title or "", *paragraphs(content.body)]:
        tokens = _tokens(paragraph)
        if any(words in tokens for words in wanted):
            return paragraph
    return content.title or ""


def _spelled(term: Term) -> str:
    words = _fold(" ".join(term.words))
    return f" {words}" if term.is_prefix else f" {words} "


def _tokens(text: str) -> str:
    """The words between single spaces, as the index sees them."""
    return " " + " ".join(re.findall(r"[^\W_]+", _fold(spaced(canonical_text(text))))) + " "


def _fold(text: str) -> str:
    """Without case and accents."""
    return "".join(mark for mark in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(mark))
