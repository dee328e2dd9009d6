"""Work on what is stored already: a newer extractor or differ, a dictionary, a removal, a fresh search index."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, bindparam, case, delete, func, insert, select, text, update

from archive import storage
from archive.diff import VERSION
from archive.errors import NotFound
from archive.learning import leave_out
from archive.model import Content
from archive.schema import (
    articles,
    candidates,
    captures,
    contents,
    dictionaries,
    events,
    merges,
    versions,
)
from archive.store import labels as label_rows
from archive.store import rebuilding, rules, search, sketching, totals
from archive.store.contents import Texts
from archive.store.judging import judge
from archive.store.rows import chunks, load_articles, retire, save_articles
from archive.store.versioning import stored_contents

_BATCH = 200


def rebaseline(connection: Connection, read_anew: Iterable[tuple[int, Content]], extractor: str, at: datetime) -> int:
    """Puts what a newer extractor reads in stored captures in the place of what the older one read; how many.

    A version's looks that were not kept raw are taken to say what its others say now, so no version is added; two
    that the newer extractor cannot tell apart become one, found by both their ids.
    """
    wanted = dict(read_anew)
    columns = (captures.c.id, captures.c.article_id, captures.c.version_id)
    rows = [
        row
        for some in chunks(sorted(wanted))
        for row in connection.execute(
            select(*columns).where(captures.c.id.in_(some), captures.c.version_id.is_not(None))
        )
    ]
    found = load_articles(connection, {row.article_id for row in rows})
    texts = Texts(connection)
    left_out = rules.by_site_id(connection)
    rows.sort(key=lambda row: row.id)
    owners = [found[row.article_id] for row in rows]
    said = [
        (owner, leave_out(wanted[row.id], left_out.get(owner.site_id or 0, {}))[0])
        for row, owner in zip(rows, owners, strict=True)
    ]
    for row, number in zip(rows, stored_contents(texts, said), strict=True):
        _say_anew(connection, row.id, row.version_id, number, extractor)
    for article in found.values():
        rebuilding.rebuild(connection, texts, article)
    save_articles(connection, found.values())
    label_rows.refresh(connection, found.values())
    sketching.note(connection, texts, found)
    if rows:
        _note_once(connection, at, f"read anew by extractor {extractor}: no version was added")
    return len(rows)


def rejudge(connection: Connection, limit: int = _BATCH) -> int:
    """Names the edits anew that an older differ named, up to `limit`; how many were left before."""
    is_old = (versions.c.number > 1) & (versions.c.differ.is_distinct_from(str(VERSION)))
    left: int = connection.execute(select(func.count()).where(is_old)).scalar_one()
    before = versions.alias("before")
    query = (
        select(versions.c.id, versions.c.content_id, before.c.content_id.label("old"), versions.c.reverts_to)
        .join(before, (before.c.article_id == versions.c.article_id) & (before.c.number == versions.c.number - 1))
        .where(is_old)
        .order_by(versions.c.id)
        .limit(limit)
    )
    rows = connection.execute(query).all()
    texts = Texts(connection)
    texts.load({row.content_id for row in rows} | {row.old for row in rows})
    for row in rows:
        said = judge(texts.content(row.old), texts.content(row.content_id), row.reverts_to)
        connection.execute(update(versions).where(versions.c.id == row.id).values(said))
    return left


def train_dictionary(connection: Connection, at: datetime, samples: int) -> int | None:
    """A dictionary learnt from the newest keyframes, for texts stored from now on; None where there are too few."""
    query = select(contents.c.id).where(contents.c.base_id.is_(None)).order_by(contents.c.id.desc()).limit(samples)
    numbers = [row.id for row in connection.execute(query)]
    texts = Texts(connection)
    texts.load(numbers)
    data = storage.train([texts.plain(number) for number in numbers])
    if data is None:
        return None
    row = {"data": data, "trained_at": at}
    return int(connection.execute(insert(dictionaries).values(row).returning(dictionaries.c.id)).scalar_one())


def recompress(connection: Connection, limit: int = _BATCH, *, slow: bool = True) -> int:
    """Stores keyframes anew with the newest dictionary, up to `limit`; how many were done. Patches stay. `slow`: at
    seven times the price, a sixth smaller."""
    newest = connection.execute(select(func.max(dictionaries.c.id))).scalar()
    if newest is None:
        return 0
    dictionary = bytes(connection.execute(select(dictionaries.c.data).where(dictionaries.c.id == newest)).scalar_one())
    older = contents.c.base_id.is_(None) & contents.c.dictionary_id.is_distinct_from(newest)
    numbers = [
        row.id for row in connection.execute(select(contents.c.id).where(older).order_by(contents.c.id).limit(limit))
    ]
    texts = Texts(connection)
    texts.load(numbers)
    rows = [{"row": n, "new": storage.encode(texts.plain(n), dictionary=dictionary, slow=slow).data} for n in numbers]
    if rows:
        before = _sizes(connection, contents.c.id.in_(numbers))
        change = update(contents).where(contents.c.id == bindparam("row"))
        connection.execute(change.values(data=bindparam("new"), dictionary_id=newest), rows)
        totals.note_texts(connection, [*_less(before), *_sizes(connection, contents.c.id.in_(numbers))])
    return len(rows)


def purge(connection: Connection, article_id: int, at: datetime, reason: str) -> tuple[str, ...]:
    """Removes an article with all its texts and looks; its addresses are never looked at again. The raw captures
    that belonged to it, for the caller to remove."""
    row = connection.execute(select(articles.c.url).where(articles.c.id == article_id)).first()
    if row is None:
        raise NotFound("article", article_id)
    numbers = _with_absorbed(connection, article_id)
    query = select(captures.c.raw_path).where(captures.c.article_id.in_(numbers), captures.c.raw_path.is_not(None))
    raw = tuple(sorted({path for (path,) in connection.execute(query)}))
    retire(connection, articles, max(numbers))
    retire(connection, captures, connection.execute(select(func.coalesce(func.max(captures.c.id), 0))).scalar_one())
    connection.execute(delete(captures).where(captures.c.article_id.in_(numbers)))
    dropped = [
        n
        for (n,) in connection.execute(
            delete(versions).where(versions.c.article_id.in_(numbers)).returning(versions.c.id)
        )
    ]
    search.drop(connection, dropped)
    sketching.forget(connection, numbers)
    _drop_texts(connection, numbers)
    closed = {
        "article_id": None,
        "due_at": None,
        "title": None,
        "quarantined_at": at,
        "quarantine_reason": f"purged: {reason}",
    }
    connection.execute(update(candidates).where(candidates.c.article_id.in_(numbers)).values(closed))
    label_rows.forget(connection, numbers)
    connection.execute(delete(events).where(events.c.article_id.in_(numbers)))
    connection.execute(delete(merges).where(merges.c.kept_id.in_(numbers) | merges.c.absorbed_id.in_(numbers)))
    gone = connection.execute(select(articles).where(articles.c.id.in_(numbers))).mappings().all()
    connection.execute(delete(articles).where(articles.c.id.in_(numbers)))
    totals.forget(connection, [dict(row) for row in gone])
    connection.execute(insert(events).values(at=at, kind="purged", detail=f"{row.url}: {reason}"))
    return raw


def _with_absorbed(connection: Connection, article_id: int) -> list[int]:
    """The article, what was merged into it, what had been merged into that, and so on."""
    numbers, newest = [article_id], [article_id]
    while newest:
        query = select(articles.c.id).where(articles.c.merged_into.in_(newest))
        newest = list(connection.execute(query).scalars())
        numbers += newest
    return numbers


def _drop_texts(connection: Connection, article_ids: list[int]) -> None:
    """Removes the texts of articles whose looks and versions are gone. Those that another article has too, to the
    letter, or that its own are patches of, go over to it."""
    own = contents.c.article_id.in_(article_ids)
    bases = {row.id: row.base_id for row in connection.execute(select(contents.c.id, contents.c.base_id).where(own))}
    heirs: dict[int, int] = {}
    for some in chunks(sorted(bases)):
        for column in (captures.c.content_id, versions.c.content_id, contents.c.base_id):
            owner = column.table.c.article_id
            query = select(column, func.min(owner)).where(column.in_(some), owner.not_in(article_ids)).group_by(column)
            heirs.update((row[0], row[1]) for row in connection.execute(query))
    heirs |= {bases[text]: heir for text, heir in heirs.items() if bases[text] in bases}
    before = _sizes(connection, contents.c.id.in_(bases))
    for number, heir in heirs.items():
        connection.execute(update(contents).where(contents.c.id == number).values(article_id=heir))
    connection.execute(delete(contents).where(own, contents.c.base_id.is_not(None)))
    connection.execute(delete(contents).where(own))
    totals.note_texts(connection, [*_less(before), *_sizes(connection, contents.c.id.in_(bases))])


def _sizes(connection: Connection, which: ColumnElement[bool]) -> list[tuple[int | None, int, int, int]]:
    """What these texts add up to, by site, as `totals.note_texts` takes it."""
    is_keyframe = case((contents.c.base_id.is_(None), 1), else_=0)
    query = (
        select(articles.c.site_id, func.count(), func.sum(is_keyframe), func.sum(func.length(contents.c.data)))
        .join(articles, articles.c.id == contents.c.article_id)
        .where(which)
        .group_by(articles.c.site_id)
    )
    return [(row[0], row[1], int(row[2]), int(row[3])) for row in connection.execute(query)]


def _less(sizes: list[tuple[int | None, int, int, int]]) -> list[tuple[int | None, int, int, int]]:
    return [(site_id, -count, -keyframes, -size) for site_id, count, keyframes, size in sizes]


def reindex(connection: Connection) -> int:
    """Makes the search index anew from all versions; how many are in it."""
    is_sqlite = connection.dialect.name == "sqlite"
    clear = "INSERT INTO search_index (search_index) VALUES ('delete-all')" if is_sqlite else "DELETE FROM search_index"
    connection.execute(text(clear))
    before = versions.alias("before")
    done = last = 0
    while True:
        query = (
            select(versions.c.id, versions.c.content_id, before.c.content_id.label("old"))
            .outerjoin(
                before, (before.c.article_id == versions.c.article_id) & (before.c.number == versions.c.number - 1)
            )
            .where(versions.c.id > last)
            .order_by(versions.c.id)
            .limit(_BATCH)
        )
        rows = connection.execute(query).all()
        if not rows:
            return done
        texts = Texts(connection)
        texts.load({row.content_id for row in rows} | {row.old for row in rows if row.old is not None})
        search.add(connection, texts, [(row.id, row.content_id, row.old) for row in rows])
        done, last = done + len(rows), rows[-1].id


def _say_anew(connection: Connection, capture_id: int, version_id: int, content_id: int, extractor: str) -> None:
    """The capture says it, and with it those looks of its version that no newer extractor read."""
    others = (captures.c.version_id == version_id) & captures.c.content_id.is_not(None)
    unread = others & captures.c.extractor.is_distinct_from(extractor)
    for which in (captures.c.id == capture_id, unread):
        connection.execute(update(captures).where(which).values(content_id=content_id, extractor=extractor))


def _note_once(connection: Connection, at: datetime, detail: str) -> None:
    """One event for the whole archive, in however many batches the work is done."""
    known = select(events.c.id).where(events.c.article_id.is_(None), events.c.detail == detail)
    if connection.execute(known).first() is None:
        connection.execute(insert(events).values(at=at, kind="rebaselined", detail=detail))
