"""When did these words appear, and when did they vanish? Follows them through the versions of each article."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from itertools import groupby, islice
from typing import Any

from sqlalchemy import text

from archive.identity import canonical_text, paragraphs
from archive.model import Content, Version
from archive.queries.search import Term, parse_words, spelled
from archive.queries.versions import VersionQueries, version_query, versions_of
from archive.schema import versions
from archive.store.search import folded, spaced

_BLOCK = 5_000
"""Hits that are ordered by time at once; of more, the last recorded come first."""
_AT_ONCE = 10
"""Articles whose versions are read together."""
_HITS = {
    "sqlite": "SELECT v.captured_at, v.id, v.article_id FROM search_index s JOIN versions v ON v.id = s.rowid"
    " WHERE s.search_index MATCH :words{more} ORDER BY s.rowid DESC LIMIT :limit",
    "postgresql": "SELECT v.captured_at, v.id, v.article_id FROM search_index s JOIN versions v ON v.id = s.version_id"
    " WHERE s.document @@ CAST(:words AS tsquery){more} ORDER BY s.version_id DESC LIMIT :limit",
}


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


@dataclass(frozen=True, slots=True)
class Followed:
    """What became of the words in one article."""

    place: tuple[datetime, int]
    """Its newest version that brought the words: where the search goes on after it."""
    passages: tuple[Passage, ...]
    """Oldest first; () where the index was mistaken."""


class PassageQueries(VersionQueries):
    """Questions about what became of words."""

    def passages(self, words: str, *, site: str | None = None) -> Iterator[Passage]:
        """Every coming and going of the words (as `search` reads them), the newest article found first, its
        passages oldest first. Only what was ever archived can be found."""
        for article in self.followed(words, site=site):
            yield from article.passages

    def followed(
        self, words: str, *, site: str | None = None, before: tuple[datetime, int] | None = None
    ) -> Iterator[Followed]:
        """The same, an article at a time; `before` is the place of the last one of the page before."""
        terms = parse_words(words)
        hits = self._hits(spelled(terms, is_sqlite=self._database.is_sqlite), site)
        if before is not None:
            hits = (hit for hit in hits if (hit.captured_at, hit.id) < before)
        while some := list(islice(hits, _AT_ONCE)):
            read = self._read([hit.article_id for hit in some])
            for hit in some:
                passages = tuple(follow(terms, read[hit.article_id]))
                yield Followed((hit.captured_at, hit.id), passages)

    def _hits(self, words: str, site: str | None) -> Iterator[Any]:
        """Each article's newest version that brought the words, the newest first."""
        seen: set[int] = set()
        last: int | None = None
        while True:
            rows = self._block(words, site, last)
            for row in sorted(rows, key=lambda row: (row.captured_at, row.id), reverse=True):
                if row.article_id not in seen:
                    seen.add(row.article_id)
                    yield row
            if len(rows) < _BLOCK:
                return
            last = rows[-1].id

    def _block(self, words: str, site: str | None, below: int | None) -> Sequence[Any]:
        more = ""
        given: dict[str, Any] = {"words": words, "limit": _BLOCK}
        if site is not None:
            more += " AND v.site_id = (SELECT id FROM sites WHERE name = :site)"
            given["site"] = site
        if below is not None:
            more += " AND s.rowid < :below" if self._database.is_sqlite else " AND s.version_id < :below"
            given["below"] = below
        statement = _HITS["sqlite" if self._database.is_sqlite else "postgresql"].format(more=more)
        query = text(statement).columns(captured_at=versions.c.captured_at.type)
        with self._database.reading() as connection:
            return connection.execute(query, given).all()

    def _read(self, article_ids: Sequence[int]) -> dict[int, list[Version]]:
        """All versions of some articles, each one's first one first."""
        query = version_query().where(versions.c.article_id.in_(article_ids))
        with self._database.reading() as connection:
            rows = connection.execute(query.order_by(versions.c.article_id, versions.c.number)).all()
            found = versions_of(connection, rows)
        return {number: list(mine) for number, mine in groupby(found, key=lambda version: version.article_id)}


def follow(terms: Sequence[Term], life: Sequence[Version]) -> Iterator[Passage]:
    """The comings and goings of the words through an article's versions."""
    before: Version | None = None
    was_there = False
    for version in life:
        there = has_words(terms, version.content)
        if there != was_there:
            source = version if there or before is None else before
            yield Passage(version, before, there, _paragraph(terms, source.content))
        before, was_there = version, there


def has_words(terms: Sequence[Term], content: Content) -> bool:
    """Whether headline and text together hold what is searched for.

    >>> has_words(parse_words('rain "the valley" farm*'), Content("Rain", "Farmers of the valley."))
    True
    """
    said = _indexed(f"{content.title or ''}\n{content.body or ''}")
    return all((_pattern(term).search(said) is not None) != term.is_excluded for term in terms)


def _paragraph(terms: Sequence[Term], content: Content) -> str:
    """The first paragraph that has one of the words, for a reader to recognise."""
    wanted = [_pattern(term) for term in terms if not term.is_excluded]
    for paragraph in [content.title or "", *paragraphs(content.body)]:
        said = _indexed(paragraph)
        if any(pattern.search(said) for pattern in wanted):
            return paragraph
    return content.title or ""


@lru_cache(256)
def _pattern(term: Term) -> re.Pattern[str]:
    """Whole words next to each other, whatever punctuation is between."""
    words = r"[\W_]+".join(re.escape(folded(word)) for word in term.words)
    return re.compile(rf"(?<![^\W_]){words}" + ("" if term.is_prefix else r"(?![^\W_])"))


def _indexed(said: str) -> str:
    """A text as the index sees it."""
    return folded(spaced(canonical_text(said)))
