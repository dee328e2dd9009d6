"""An article's versions folded anew from all of its looks: after late, many, moved or purged captures.

Version ids stay: an id was brought into being by one capture and names, for ever, the version of that capture.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, delete, func, or_, select, update

from archive import life, timeline
from archive.identity import digests
from archive.model import COUNTERS, Outcome
from archive.schema import captures, contents, engagements, versions
from archive.store import engagement, search
from archive.store.contents import Texts
from archive.store.judging import judge
from archive.store.prepare import SEEN
from archive.store.rows import ArticleRow, insert_rows
from archive.store.versioning import digest_values, new_token, note_newest, settled_content, take_over, write_back
from archive.timeline import Look, Run

_SEEN = sorted(outcome.value for outcome in SEEN)


@dataclass(slots=True)
class _Seen:
    """A capture that saw the article."""

    id: int
    captured_at: Any
    content_id: int | None
    token: str | None
    extractor: str | None
    outcome: str


def rebuild(connection: Connection, texts: Texts, article: ArticleRow) -> None:
    """Makes versions, outcomes and the article's row what they would be had all captures come in order."""
    seen = _seen(connection, article.id)
    texts.load({one.content_id for one in seen if one.content_id is not None})
    looks = [_look(texts, one) for one in seen]
    runs = timeline.fold(looks)
    tokens = [_token(seen, run) for run in runs]
    rows = _version_rows(texts, article, seen, runs, tokens)
    numbers = _store(connection, texts, article, rows)
    _point_captures(connection, seen, looks, runs, numbers)
    _note(texts, article, seen, runs, rows, numbers)
    _note_looks(connection, article)


def _seen(connection: Connection, article_id: int) -> list[_Seen]:
    query = (
        select(
            captures.c.id,
            captures.c.captured_at,
            captures.c.content_id,
            captures.c.token,
            captures.c.extractor,
            captures.c.outcome,
        )
        .select_from(captures.outerjoin(contents, contents.c.id == captures.c.content_id))
        .where(captures.c.article_id == article_id, captures.c.outcome.in_(_SEEN))
        .order_by(captures.c.captured_at, contents.c.digest.is_(None), contents.c.digest, captures.c.id)
    )
    return [_Seen(*row) for row in connection.execute(query)]


def _look(texts: Texts, one: _Seen) -> Look:
    if one.content_id is None:
        return Look(one.captured_at, None)
    content = texts.content(one.content_id)
    return Look(one.captured_at, digests(content), one.content_id, content.access == "preview")


def _token(seen: list[_Seen], run: Run) -> tuple[str, int]:
    """The run's id (the oldest that one of its captures brought into being, else a new one) and its capture."""
    minted = [(seen[i].id, seen[i].token) for i in run.looks if seen[i].token is not None]
    if minted:
        number, token = min(minted)
        assert token is not None
        return token, number
    first = seen[run.first]
    first.token = new_token()
    return first.token, first.id


def _version_rows(
    texts: Texts, article: ArticleRow, seen: list[_Seen], runs: list[Run], tokens: list[tuple[str, int]]
) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = []
    known: list[tuple[int, Any]] = []
    for number, (run, (token, _)) in enumerate(zip(runs, tokens, strict=True), start=1):
        begun_by = seen[run.first].content_id
        assert begun_by is not None
        content_id = settled_content(texts, article, begun_by, run.standing.sources)
        old = texts.content(rows[-1]["content_id"]) if rows else None
        rows.append(
            {
                "token": token,
                "article_id": article.id,
                "number": number,
                "site_id": article.site_id,
                "captured_at": run.captured_at,
                "last_seen_at": run.last_seen_at,
                "content_id": content_id,
                "extractor": seen[run.first].extractor,
                **digest_values(run.standing.digests),
                **judge(old, texts.content(content_id), timeline.reverts_to(known[:-1], run.standing.digests)),
            }
        )
        known.append((number, run.standing.digests))
    return rows


def _store(connection: Connection, texts: Texts, article: ArticleRow, rows: list[dict[str, Any]]) -> list[int]:
    """Puts the rows in the place of those that were; a version that stays keeps its row."""
    columns = (versions.c.token, versions.c.id, versions.c.article_id, versions.c.content_id)
    query = select(*columns).where(
        (versions.c.article_id == article.id) | versions.c.token.in_([row["token"] for row in rows])
    )
    stored = connection.execute(query.order_by(versions.c.article_id, versions.c.number)).all()
    before = {row.token: row for row in stored}
    indexed = _in_order([(row.token, row.content_id) for row in stored if row.article_id == article.id])
    wanted = {row["token"] for row in rows}
    orphans = [row.id for token, row in before.items() if token not in wanted]
    # Numbers are unique in an article: out of the way first.
    connection.execute(update(versions).where(versions.c.article_id == article.id).values(number=-versions.c.number))
    connection.execute(delete(versions).where(versions.c.id.in_(orphans)))
    search.drop(connection, orphans)
    for row in rows:
        if row["token"] in before:
            row["id"] = before[row["token"]].id
    write_back(connection, [row for row in rows if "id" in row])
    _renumber(connection, [row for row in rows if "id" in row])
    new = [row for row in rows if "id" not in row]
    for row, number in zip(new, insert_rows(connection, versions, new), strict=True):
        row["id"] = number
    now = _in_order([(row["token"], row["content_id"]) for row in rows])
    moved = [row for row in rows if indexed.get(row["token"]) != now[row["token"]]]
    search.add(connection, texts, [(row["id"], *now[row["token"]]) for row in moved])
    return [row["id"] for row in rows]


def _in_order(own: list[tuple[str, int]]) -> dict[str, tuple[int, int | None]]:
    """By version id: what each is indexed by, its content and that of the version before."""
    contents_before = [None, *(content for _, content in own)]
    return {token: (content, old) for (token, content), old in zip(own, contents_before, strict=False)}


def _renumber(connection: Connection, rows: list[dict[str, Any]]) -> None:
    if rows:
        statement = (
            update(versions)
            .where(versions.c.id == bindparam("row_id"))
            .values(
                number=bindparam("new_number"),
                captured_at=bindparam("new_at"),
                extractor=bindparam("new_extractor"),
                article_id=bindparam("new_article"),
                site_id=bindparam("new_site"),
            )
        )
        values = [
            {
                "row_id": r["id"],
                "new_number": r["number"],
                "new_at": r["captured_at"],
                "new_extractor": r["extractor"],
                "new_article": r["article_id"],
                "new_site": r["site_id"],
            }
            for r in rows
        ]
        connection.execute(statement, values)


def _point_captures(
    connection: Connection, seen: list[_Seen], looks: list[Look], runs: list[Run], numbers: list[int]
) -> None:
    """Every capture to its version, with the outcome that its place in the order gives it."""
    values = []
    for run, number in zip(runs, numbers, strict=True):
        for index in run.looks:
            outcome = Outcome.UNCHANGED if index != run.first else Outcome.NEW if run is runs[0] else Outcome.CHANGED
            is_read = looks[index].digests is not None
            values.append(
                {
                    "row_id": seen[index].id,
                    "new_version": number,
                    "new_outcome": outcome.value if is_read else seen[index].outcome,
                    "new_token": seen[index].token,
                }
            )
    if values:
        statement = (
            update(captures)
            .where(captures.c.id == bindparam("row_id"))
            .values(version_id=bindparam("new_version"), outcome=bindparam("new_outcome"), token=bindparam("new_token"))
        )
        connection.execute(statement, values)


def _note(
    texts: Texts,
    article: ArticleRow,
    seen: list[_Seen],
    runs: list[Run],
    rows: list[dict[str, Any]],
    numbers: list[int],
) -> None:
    """The article's row, as after its newest look."""
    article.versions = len(rows)
    article.version_id = numbers[-1] if numbers else None
    article.changed_at = rows[-1]["captured_at"] if len(rows) > 1 else None
    article.first_edited_at = rows[1]["captured_at"] if len(rows) > 1 else None
    if not runs:
        return
    article.first_captured_at = seen[0].captured_at
    last = runs[-1].standing
    article.silent, article.partial = ",".join(last.silent), last.partial
    article.language = article.published_at = article.modified_at = article.topics = article.access = None
    for one in seen:
        note_newest(article, one.content_id, texts.content(one.content_id) if one.content_id is not None else None)
    take_over(article, texts.content(rows[-1]["content_id"]))


def _note_looks(connection: Connection, article: ArticleRow) -> None:
    """What the article's row tells of all looks, whether they saw it or not."""
    own = captures.c.article_id == article.id
    query = select(func.count(), func.max(captures.c.captured_at)).where(own)
    article.captures, article.last_captured_at = connection.execute(query).one()
    counters = (
        select(captures.c.engagement_id, *(engagements.c[name] for name in COUNTERS))
        .join(engagements, engagements.c.id == captures.c.engagement_id)
        .where(own)
        .order_by(captures.c.captured_at.desc(), captures.c.id.desc())
    )
    newest = connection.execute(counters.limit(1)).first()
    article.engagement_id = newest.engagement_id if newest is not None else None
    engagement.show(article, dict(newest._mapping) if newest is not None else {})
    said = or_(*(engagements.c[name].is_not(None) for name in (*COUNTERS, "comments_open")))
    article.shows_counters = connection.execute(counters.where(said).limit(1)).first() is not None
    article.gone_at = gone_at_of(connection, article.id)


def gone_at_of(connection: Connection, article_id: int) -> datetime | None:
    """When the article went, told from all of its looks."""
    query = select(captures.c.captured_at, captures.c.outcome).where(captures.c.article_id == article_id)
    rows = connection.execute(query.order_by(captures.c.captured_at, captures.c.id))
    return life.gone_at((row.captured_at, Outcome(row.outcome)) for row in rows)
