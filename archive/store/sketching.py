"""Keeps the bands by which copies of a text are found: those of each article's newest version."""

from __future__ import annotations

import struct
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, delete, func, select, text

from archive.families import BANDS_VERSION, bands_of
from archive.schema import articles, bands, sketches, versions
from archive.store.bulk import add_rows
from archive.store.contents import Texts
from archive.store.rows import chunks

_BATCH = 500
_ADD_ON_SQLITE = "INSERT INTO bands (band, article_id) VALUES (?, ?) ON CONFLICT DO NOTHING"
_ADD_ON_POSTGRESQL = text(
    "INSERT INTO bands (band, article_id) SELECT * FROM unnest(CAST(:bands AS integer[]), CAST(:numbers AS bigint[]))"
    " ON CONFLICT DO NOTHING"
)
_MOST_ALIKE = 20
"""Articles that are compared with a new one, the newest of those that have its body."""


@dataclass(frozen=True, slots=True)
class Twins:
    """Two articles of one site, the newest versions of which have the same headline and body."""

    old: int
    new: int
    old_address: int
    """The candidate by which the older one is looked at."""
    are_one: bool
    """Both state the same moment of publication too: one article that is reached by two addresses."""


def note(
    connection: Connection,
    texts: Texts,
    article_ids: Collection[int],
    known: Mapping[str | None, tuple[int, ...]] | None = None,
) -> None:
    """Makes the bands of these articles those of their newest versions. `known`: the bands of bodies by digest."""
    rows = [row for some in chunks(sorted(set(article_ids))) for row in connection.execute(_behind(some))]
    texts.load({row.content_id for row in rows if row.body_digest not in (known or {})})
    made = []
    for row in rows:
        found = (known or {}).get(row.body_digest)
        made.append((row, bands_of(texts.content(row.content_id).body) if found is None else found))
    _drop(connection, [row for row, _ in made if row.old is not None])
    rows_made = [
        {"article_id": row.id, "maker": BANDS_VERSION, "body_digest": row.body_digest, "bands": pack(found)}
        for row, found in made
    ]
    add_rows(connection, sketches, rows_made)
    own = sorted((band, row.id) for row, found in made for band in set(found))
    if own and connection.dialect.name == "sqlite":
        connection.exec_driver_sql(_ADD_ON_SQLITE, own)
    elif own:
        columns = zip(*own, strict=True)  # spelt here: the driver looks at each number what it may be
        spelt = ("{" + ",".join(map(str, column)) + "}" for column in columns)
        connection.execute(_ADD_ON_POSTGRESQL, dict(zip(("bands", "numbers"), spelt, strict=True)))


def note_missing(connection: Connection, limit: int = _BATCH) -> int:
    """Makes the bands of articles that have none of this version yet, up to `limit`; how many were done."""
    current = select(sketches.c.article_id).where(
        sketches.c.article_id == articles.c.id, sketches.c.maker == BANDS_VERSION
    )
    query = select(articles.c.id).where(articles.c.version_id.is_not(None), ~current.exists())
    numbers = [row.id for row in connection.execute(query.order_by(articles.c.id).limit(limit))]
    note(connection, Texts(connection), numbers)
    return len(numbers)


def twins(connection: Connection, article_ids: Collection[int]) -> list[Twins]:
    """Where one of these articles says, headline and body, just what an older one of its site says now."""
    shared = _bodies_of_several(connection, article_ids)
    query = select(sketches.c.article_id).order_by(sketches.c.article_id.desc()).limit(_MOST_ALIKE)
    sharing: dict[int, set[int]] = {}
    for number, digest in shared.items():
        older = query.where(sketches.c.body_digest == digest, sketches.c.article_id < number)
        sharing[number] = set(connection.execute(older).scalars())
    states = _states(connection, {number for pair in sharing.items() for number in (pair[0], *pair[1])})
    return [
        Twins(old, new, states[old].candidate_id, _is_one_moment(states[old].published_at, states[new].published_at))
        for new, olds in sharing.items()
        for old in sorted(olds & states.keys())
        if new in states and _words(states[old]) == _words(states[new])
    ]


def _bodies_of_several(connection: Connection, article_ids: Collection[int]) -> dict[int, str]:
    """The digests of these articles' bodies, where they have enough text to tell and another article has the same."""
    found: dict[int, str] = {}
    other = sketches.alias()
    is_shared = select(other.c.article_id).where(
        other.c.body_digest == sketches.c.body_digest, other.c.article_id != sketches.c.article_id
    )
    query = select(sketches.c.article_id, sketches.c.body_digest).order_by(sketches.c.article_id)
    query = query.where(func.length(sketches.c.bands) > 0, is_shared.exists())
    for some in chunks(sorted(article_ids)):
        found |= {row[0]: row[1] for row in connection.execute(query.where(sketches.c.article_id.in_(some)))}
    return found


def _states(connection: Connection, article_ids: Collection[int]) -> dict[int, Any]:
    """Of articles that stand alone: the address they are looked at by, site, headline, body, publication."""
    columns = (articles.c.candidate_id, articles.c.site_id, articles.c.published_at)
    query = select(articles.c.id, *columns, versions.c.title_digest, versions.c.body_digest)
    query = query.join(versions, versions.c.id == articles.c.version_id)
    query = query.where(articles.c.merged_into.is_(None), versions.c.body_digest.is_not(None))
    return {
        row.id: row
        for some in chunks(sorted(article_ids))
        for row in connection.execute(query.where(articles.c.id.in_(some)))
    }


def _words(state: Any) -> tuple[Any, ...]:
    return state.site_id, state.title_digest, state.body_digest


def _is_one_moment(one: datetime | None, other: datetime | None) -> bool:
    return one is not None and one == other


def forget(connection: Connection, article_ids: Iterable[int]) -> None:
    """Removes what was kept of articles that are purged."""
    for some in chunks(sorted(set(article_ids))):
        query = select(sketches.c.article_id.label("id"), sketches.c.bands.label("old"))
        _drop(connection, connection.execute(query.where(sketches.c.article_id.in_(some))).all())


def pack(found: Sequence[int]) -> bytes:
    """Bands as they are kept with their article.

    >>> unpack(pack((1, 2**31 - 1)))
    (1, 2147483647)
    """
    return struct.pack(f">{len(found)}I", *found)


def unpack(packed: bytes) -> tuple[int, ...]:
    """The bands again."""
    return struct.unpack(f">{len(packed) // 4}I", packed)


def _behind(article_ids: Sequence[int]) -> Any:
    """Articles whose newest version's body is not the one that their bands were made from."""
    joined = articles.join(versions, versions.c.id == articles.c.version_id).outerjoin(
        sketches, sketches.c.article_id == articles.c.id
    )
    is_behind = (
        sketches.c.article_id.is_(None)
        | sketches.c.body_digest.is_distinct_from(versions.c.body_digest)
        | (sketches.c.maker != BANDS_VERSION)
    )
    columns = (articles.c.id, versions.c.content_id, versions.c.body_digest, sketches.c.bands.label("old"))
    return select(*columns).select_from(joined).where(articles.c.id.in_(article_ids), is_behind)


def _drop(connection: Connection, rows: Sequence[Any]) -> None:
    """Takes the old bands away. Each is named whole, so that the key finds it."""
    own = [{"row_band": band, "row_article": row.id} for row in rows for band in unpack(bytes(row.old))]
    if own:
        named = (bands.c.band == bindparam("row_band")) & (bands.c.article_id == bindparam("row_article"))
        connection.execute(delete(bands).where(named), own)
    for numbers in chunks([row.id for row in rows]):
        connection.execute(delete(sketches).where(sketches.c.article_id.in_(numbers)))
