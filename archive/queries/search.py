"""Who wrote that? Full-text search over all versions, edited-away words included."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import BigInteger, Connection, Float, column, select, text

from archive.errors import ArchiveError
from archive.model import Version
from archive.queries.reader import Reader
from archive.queries.versions import version_query, versions_of
from archive.schema import sites, totals, versions
from archive.store.search import spaced, words_of

SELECTIVE = 500
"""Up to so many hits are ordered truly (by time, by rank); of more, the last recorded come first."""
SMALL_SITE = 20_000
"""A site of so many versions: they are gathered first, and the hits that are among them taken; of a larger one's there
are soon enough among the last hits."""
_SQLITE = "SELECT rowid AS number FROM search_index WHERE search_index MATCH :words ORDER BY rowid DESC LIMIT :limit"
_SQLITE_RANKED = "SELECT rowid AS number, bm25(search_index) AS place FROM search_index WHERE search_index MATCH :words"
_SQLITE_OF_SMALL_SITE = (
    "SELECT rowid AS number FROM search_index WHERE search_index MATCH :words"
    " AND +rowid IN (SELECT id FROM versions WHERE site_id = (SELECT id FROM sites WHERE name = :site))"
    " ORDER BY rowid DESC LIMIT :limit OFFSET :offset"
)
_SQLITE_OF_SITE = (
    "SELECT versions.id AS number FROM search_index CROSS JOIN versions ON versions.id = search_index.rowid"
    " WHERE search_index MATCH :words AND versions.site_id = (SELECT id FROM sites WHERE name = :site)"
    " ORDER BY search_index.rowid DESC LIMIT :limit OFFSET :offset"
)
_POSTGRESQL = (
    "SELECT version_id AS number FROM search_index WHERE document @@ CAST(:words AS tsquery)"
    " ORDER BY version_id DESC LIMIT :limit"
)
_POSTGRESQL_RANKED = (
    "SELECT version_id AS number, -ts_rank(document, q) AS place FROM search_index, CAST(:words AS tsquery) q"
    " WHERE document @@ q"
)
_POSTGRESQL_OF_SITE = (
    "SELECT versions.id AS number FROM search_index JOIN versions ON versions.id = search_index.version_id"
    " WHERE document @@ CAST(:words AS tsquery) AND versions.site_id = (SELECT id FROM sites WHERE name = :site)"
    " ORDER BY versions.id DESC LIMIT :limit OFFSET :offset"
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
        words are rare enough. Of words that stand in many hundreds of versions the last recorded are given, by time.
        """
        terms = parse_words(words)
        with self._database.reading() as connection:
            hits = self._last_hits(connection, terms, site)
            is_frequent = len(hits) > SELECTIVE
            if is_frequent and site is not None:
                page = self._last_of_site(connection, terms, site, limit, offset)
            elif ranked and not is_frequent:
                page = self._ranked(connection, terms, site, limit, offset)
            else:
                mine = sorted(((hit.captured_at, hit.id) for hit in hits if hit.is_mine), reverse=True)
                page = [number for _, number in mine[offset : offset + limit]]
            rows = connection.execute(version_query().where(versions.c.id.in_(page))).all()
            if is_frequent and site is not None:
                place = {row.id: (-row.captured_at.timestamp(), -row.id) for row in rows}
            else:
                place = {number: (index, 0) for index, number in enumerate(page)}
            return versions_of(connection, sorted(rows, key=lambda row: place[row.id]))

    def _last_hits(self, connection: Connection, terms: list[Term], site: str | None) -> Sequence[Any]:
        """The versions that match, with their time and whether the site asked for has them: one more than is
        selective where they are more, and then the last recorded."""
        found = _SQLITE if self._database.is_sqlite else _POSTGRESQL
        known = {"words": self._spelled(terms), "limit": SELECTIVE + 1}
        is_mine = "1 = 1"
        if site is not None:
            is_mine, known["site"] = "versions.site_id = (SELECT id FROM sites WHERE name = :site)", site
        columns = f"versions.id, versions.captured_at, ({is_mine}) AS is_mine"
        joined = f"({found}) hits JOIN versions ON versions.id = hits.number"
        return connection.execute(text(f"SELECT {columns} FROM {joined}"), known).all()

    def _ranked(
        self, connection: Connection, terms: list[Term], site: str | None, limit: int, offset: int
    ) -> list[int]:
        """A page of the selective hits, in order of rank."""
        by_rank = _SQLITE_RANKED if self._database.is_sqlite else _POSTGRESQL_RANKED
        hits = text(by_rank).bindparams(words=self._spelled(terms)).columns(*_HITS).subquery("hits")
        query = select(versions.c.id).join(hits, hits.c.number == versions.c.id)
        if site is not None:
            query = query.where(versions.c.site_id == select(sites.c.id).where(sites.c.name == site).scalar_subquery())
        query = query.order_by(hits.c.place, versions.c.id.desc())
        return list(connection.execute(query.limit(limit).offset(offset)).scalars())

    def _last_of_site(self, connection: Connection, terms: list[Term], site: str, limit: int, offset: int) -> list[int]:
        """A page of a site's last recorded hits, of words so frequent that the last hits of all may hold none."""
        statement = _POSTGRESQL_OF_SITE
        if self._database.is_sqlite:
            size = select(totals.c.versions).join(sites, sites.c.id == totals.c.site_id).where(sites.c.name == site)
            is_small = (connection.execute(size).scalar() or 0) <= SMALL_SITE
            statement = _SQLITE_OF_SMALL_SITE if is_small else _SQLITE_OF_SITE
        known = {"words": self._spelled(terms), "site": site, "limit": limit, "offset": offset}
        return list(connection.execute(text(statement), known).scalars())

    def _spelled(self, terms: list[Term]) -> str:
        return spelled(terms, is_sqlite=self._database.is_sqlite)


_HITS = (column("number", BigInteger), column("place", Float))


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
        words = " <-> ".join(f"'{word}'" for word in words_of(" ".join(term.words))) + (":*" if term.is_prefix else "")
        return f"{'!' if term.is_excluded else ''}({words})"

    return " & ".join(spell(term) for term in terms)
