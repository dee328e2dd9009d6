"""Which articles have such an edit, such words? Conditions for a list of articles, each in the quicker of two
spellings: where few have it they are gathered and sorted; where many have it, the list is walked and each is asked."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, TextClause, exists, literal_column, select, text

from archive.model import EditKind
from archive.queries.rare_edits import indexed_by, is_of_kind
from archive.queries.search import Term, spelled
from archive.schema import articles, versions
from archive.store.judging import mask_of

FEW = 2000
"""Edits that are read to learn which articles have one."""
FEW_HITS = 20_000
"""Versions with the words that are gathered."""
_GATHERED = "articles.id IN (SELECT article_id FROM versions WHERE id IN ({hits}))"
_ASKED = "EXISTS (SELECT 1 FROM versions v CROSS JOIN search_index s WHERE v.article_id = articles.id AND {is_hit})"


@dataclass(frozen=True, slots=True)
class Condition:
    """On a list of articles."""

    clause: ColumnElement[bool] | TextClause
    is_few: bool
    """The articles are known, so that sorting them beats walking through all by time."""


def has_edit(connection: Connection, kinds: Collection[EditKind], *, stealth: bool) -> Condition:
    """Of which one edit is of any of the kinds, and stealthy where asked."""
    owners: set[int] = set()
    is_meant = (versions.c.edit_kinds.op("&")(mask_of(kinds)) != 0,) if kinds else ()
    names = ["stealth"] if stealth else [f"is_{kind.value}" for kind in kinds]
    for name in names:
        spelling = literal_column("versions.stealth") if stealth else is_of_kind(EditKind(name.removeprefix("is_")))
        query = indexed_by(select(versions.c.article_id), name).where(spelling, *(is_meant if stealth else ()))
        found = connection.execute(query.limit(FEW + 1)).scalars().all()
        if len(found) > FEW:
            mine = versions.c.article_id == articles.c.id
            stealthy = (versions.c.stealth,) if stealth else ()
            return Condition(exists(select(1).where(mine, versions.c.number > 1, *is_meant, *stealthy)), False)
        owners.update(found)
    return Condition(articles.c.id.in_(owners), True)


def has_words(connection: Connection, terms: Sequence[Term], *, is_sqlite: bool) -> Condition:
    """Of which one version brought all of these words."""
    words: dict[str, Any] = {"words": spelled(terms, is_sqlite=is_sqlite)}
    if is_sqlite:
        hits, is_hit = (
            "SELECT rowid FROM search_index WHERE search_index MATCH :words",
            "s.rowid = v.id AND search_index MATCH :words",
        )
    else:
        query = "CAST(:words AS tsquery)"
        hits, is_hit = (
            f"SELECT version_id FROM search_index WHERE document @@ {query}",
            f"s.version_id = v.id AND s.document @@ {query}",
        )
    count = text(f"SELECT count(*) FROM ({hits} LIMIT {FEW_HITS + 1}) hits").bindparams(**words)
    is_few = connection.execute(count).scalar_one() <= FEW_HITS
    clause = _GATHERED.format(hits=hits) if is_few else _ASKED.format(is_hit=is_hit)
    return Condition(text(clause).bindparams(**words), is_few)
