"""Who wrote that? Full-text search over all versions, edited-away words included."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, select, text

from archive.errors import ArchiveError
from archive.model import Version
from archive.queries.reader import Reader
from archive.queries.versions import version_query, versions_of
from archive.schema import sites, versions
from archive.store.search import spaced

SELECTIVE = 2000
"""Up to so many hits are ordered truly (by time, by rank); of more, the last recorded are given."""
_SQLITE = "SELECT rowid FROM search_index WHERE search_index MATCH :words ORDER BY rowid DESC LIMIT :limit"
_SQLITE_RANKED = (
    "SELECT rowid FROM search_index WHERE search_index MATCH :words ORDER BY bm25(search_index) LIMIT :limit"
)
_POSTGRESQL = (
    "SELECT version_id FROM search_index WHERE document @@ to_tsquery('simple', :words)"
    " ORDER BY version_id DESC LIMIT :limit"
)
_POSTGRESQL_RANKED = (
    "SELECT version_id FROM search_index, to_tsquery('simple', :words) q WHERE document @@ q"
    " ORDER BY ts_rank(document, q) DESC, version_id DESC LIMIT :limit"
)


@dataclass(frozen=True, slots=True)
class Term:
    """Words that must stand next to each other."""

    words: tuple[str, ...]
    is_excluded: bool = False
    is_prefix: bool = False


class SearchQueries(Reader):
    """Questions about words."""

    def search(
        self, words: str, *, site: str | None = None, ranked: bool = False, limit: int = 50, offset: int = 0
    ) -> list[Version]:
        """The versions that brought all of these words, newest first: `word`, `"a phrase"`, `-not`, `begin*`.

        A version is found by its title and by the paragraphs it brought; `ranked` orders by relevance where the
        words are rare enough.
        """
        terms = parse_words(words)
        with self._database.reading() as connection:
            numbers = self._matching(connection, terms, ranked)
            query = select(versions.c.id, versions.c.captured_at).where(versions.c.id.in_(numbers))
            if site is not None:
                owner = select(sites.c.id).where(sites.c.name == site).scalar_subquery()
                query = query.where(versions.c.site_id == owner)
            is_ranked = ranked and len(numbers) <= SELECTIVE
            place = {number: index for index, number in enumerate(numbers)}
            rows = list(connection.execute(query))
            if is_ranked:
                rows.sort(key=lambda row: place[row.id])
            else:
                rows.sort(key=lambda row: (row.captured_at, row.id), reverse=True)
            page = [row.id for row in rows[offset : offset + limit]]
            found = connection.execute(version_query().where(versions.c.id.in_(page))).all()
            return versions_of(connection, sorted(found, key=lambda row: page.index(row.id)))

    def _matching(self, connection: Connection, terms: list[Term], ranked: bool) -> list[int]:
        is_sqlite = self._database.is_sqlite
        words = spelled(terms, is_sqlite=is_sqlite)
        newest = self._numbers(connection, _SQLITE if is_sqlite else _POSTGRESQL, words)
        if ranked and len(newest) <= SELECTIVE:
            return self._numbers(connection, _SQLITE_RANKED if is_sqlite else _POSTGRESQL_RANKED, words)
        return newest

    def _numbers(self, connection: Connection, statement: str, words: str) -> list[int]:
        rows: Any = connection.execute(text(statement), {"words": words, "limit": SELECTIVE + 1})
        return [row[0] for row in rows]


def parse_words(words: str) -> list[Term]:
    """What is searched for. Raises `ArchiveError` where nothing is left to look for.

    >>> parse_words('flood "prime minister" -sport reg*')[1:]
    [Term(words=('prime', 'minister'), is_excluded=False, is_prefix=False), \
Term(words=('sport',), is_excluded=True, is_prefix=False), Term(words=('reg',), is_excluded=False, is_prefix=True)]
    """
    found = []
    for minus, phrase, word, star in re.findall(r'(-?)(?:"([^"]*)"|([^\s"*]+)(\*?))', words):
        parts = tuple(re.findall(r"[^\W_]+", spaced(phrase or word)))
        if parts:
            found.append(Term(parts, bool(minus), bool(star)))
    if not any(not term.is_excluded for term in found):
        raise ArchiveError(f"nothing to search for in {words!r}; give at least one word")
    return found


def spelled(terms: Sequence[Term], *, is_sqlite: bool) -> str:
    """What is searched for, as the database's index is asked for it."""
    return _fts5(terms) if is_sqlite else _tsquery(terms)


def _fts5(terms: Sequence[Term]) -> str:
    def spell(term: Term) -> str:
        return '"' + " ".join(term.words) + '"' + ("*" if term.is_prefix else "")

    wanted = " AND ".join(spell(term) for term in terms if not term.is_excluded)
    return " NOT ".join([f"({wanted})", *(spell(term) for term in terms if term.is_excluded)])


def _tsquery(terms: Sequence[Term]) -> str:
    def spell(term: Term) -> str:
        words = " <-> ".join(f"'{word}'" for word in term.words) + (":*" if term.is_prefix else "")
        return f"{'!' if term.is_excluded else ''}({words})"

    return " & ".join(spell(term) for term in terms)
