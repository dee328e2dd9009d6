"""Where else does this text stand, and which copies got the correction?"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, func, select

from archive.diff.notices import notice_kind
from archive.families import SAME_TEXT, bands, runs, similarity
from archive.identity import readable_paragraphs
from archive.model import Article, Content, EditKind
from archive.queries.reader import Reader, article_query, articles_of, find_article
from archive.schema import articles, versions
from archive.schema import bands as band_table
from archive.store.contents import Texts
from archive.store.judging import mask_of

if TYPE_CHECKING:
    from archive.families import Runs

_MOST_COMPARED = 200
"""Texts that are read to tell copies from chance; those that share the most bands."""


@dataclass(frozen=True, slots=True)
class FamilyMember:
    """One of the articles that have the same text."""

    article: Article
    similarity: float
    """Share of the newest versions' word runs that it has in common with the article asked for, from 0 to 1."""
    corrected_at: datetime | None = None
    """When a correction or retraction was first seen in it; None where none ever was."""
    correction: str | None = None
    """The note, as its newest version has it; None where there is none, or it was taken out again."""


class FamilyQueries(Reader):
    """Questions about copies of a text."""

    def family(self, article: int | str) -> list[FamilyMember]:
        """The articles whose newest versions have the text of this one's, itself among them, the first seen first;
        [] where it has no copy, or too little text to tell."""
        with self._database.reading() as connection:
            number = find_article(connection, article)
            texts = Texts(connection)
            mine = _newest_runs(connection, texts, [number]).get(number)
            if mine is None:
                return []
            theirs = _newest_runs(connection, texts, _candidates(connection, number, bands(mine)))
            shares = {other: similarity(mine, found) for other, found in theirs.items()}
            copies = {other: share for other, share in shares.items() if share >= SAME_TEXT}
            if not copies:
                return []
            return _members(connection, texts, copies | {number: 1.0})


def _candidates(connection: Connection, number: int, wanted: Iterable[int]) -> list[int]:
    """Articles that share a band, those that share the most first."""
    query = select(band_table.c.article_id).where(band_table.c.band.in_(set(wanted)), band_table.c.article_id != number)
    query = query.group_by(band_table.c.article_id).order_by(func.count().desc(), band_table.c.article_id)
    return [row.article_id for row in connection.execute(query.limit(_MOST_COMPARED))]


def _newest_runs(connection: Connection, texts: Texts, numbers: Sequence[int]) -> dict[int, Runs]:
    """What the newest versions of these articles are compared by; those merged into another are left out."""
    joined = articles.join(versions, versions.c.id == articles.c.version_id)
    query = select(articles.c.id, versions.c.content_id).select_from(joined)
    rows = connection.execute(query.where(articles.c.id.in_(numbers), articles.c.merged_into.is_(None))).all()
    texts.load({row.content_id for row in rows})
    found = {row.id: runs(texts.content(row.content_id).body or "") for row in rows}
    return {number: each for number, each in found.items() if each is not None}


def _members(connection: Connection, texts: Texts, shares: dict[int, float]) -> list[FamilyMember]:
    rows = connection.execute(article_query().where(articles.c.id.in_(shares))).all()
    own = versions.c.article_id.in_(shares)
    columns = (versions.c.article_id, versions.c.captured_at, versions.c.edit_kinds, versions.c.content_id)
    lives: dict[int, list[Any]] = {}
    for row in connection.execute(select(*columns).where(own).order_by(versions.c.article_id, versions.c.number)):
        lives.setdefault(row.article_id, []).append(row)
    found = []
    for article in articles_of(connection, rows):
        life = lives[article.id]
        at, note = _correction(life, texts.content(life[-1].content_id))
        found.append(FamilyMember(article, shares[article.id], at, note))
    return sorted(found, key=lambda member: (member.article.first_captured_at, member.article.id))


def _correction(life: Sequence[Any], newest: Content) -> tuple[datetime | None, str | None]:
    """When a correction came, and how it reads now. One that stood there from the start came with the first look."""
    corrections, others = mask_of([EditKind.CORRECTION]), mask_of([EditKind.UPDATE_NOTE])
    brought = [row.captured_at for row in life if row.edit_kinds & corrections]
    notes = [
        paragraph
        for paragraph in readable_paragraphs(newest.body)
        if notice_kind(paragraph, newest.language) in ("correction", "retraction")
    ]
    if notes and not brought:  # a retraction is an update note among the kinds
        brought = [row.captured_at for row in life if row.edit_kinds & others] or [life[0].captured_at]
    return brought[0] if brought else None, notes[-1] if notes else None
