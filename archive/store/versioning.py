"""Versions of looks that arrive in order, one an article: each is compared with the newest version.

The rule is `timeline`'s; what arrives late, or in numbers, is folded anew by `rebuilding` with the same rule.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, bindparam, select, update

from archive import storage, timeline
from archive.identity import Digests
from archive.model import Content, Outcome
from archive.schema import versions
from archive.store import search
from archive.store.contents import Record, Texts
from archive.store.judging import judge
from archive.store.rows import ArticleRow, chunks, insert_rows
from archive.timeline import EMPTY, FIELDS, Standing

if TYPE_CHECKING:
    from archive.store.looks import Look

DIGEST_COLUMNS = tuple(f"{name}_digest" for name in FIELDS)
_JUDGED = ("title", "edit_kinds", "stealth", "differ", "reverts_to", "words_added", "words_removed")
_WRITTEN = ("last_seen_at", "content_id", *DIGEST_COLUMNS, *_JUDGED)
_HEAD = select(versions.c.id, versions.c.token, versions.c.number, *(versions.c[name] for name in _WRITTEN))
_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
_LETTERS_IN_TOKEN = 12

Past = list[tuple[int, int, Digests]]
"""Number, content and digests of an article's versions, oldest first."""


@dataclass(slots=True)
class Begun:
    """A version that a look of this batch begins."""

    look: Look
    values: dict[str, Any]
    before: int | None
    """The content of the version before it."""


def new_token() -> str:
    """An opaque version id: 12 letters and digits, without those that look alike."""
    number = secrets.randbelow(len(_LETTERS) ** _LETTERS_IN_TOKEN)
    return "".join(_LETTERS[number // len(_LETTERS) ** place % len(_LETTERS)] for place in range(_LETTERS_IN_TOKEN))


def decide(connection: Connection, texts: Texts, looks: list[Look]) -> None:
    """Decides looks that are newer than all of their articles' others; stores the versions they begin."""
    heads = _heads(connection, {look.article.version_id for look in looks if look.article and look.article.version_id})
    pasts = _pasts(connection, texts, [look for look in looks if _is_news(look)], heads)
    begun: list[Begun] = []
    kept: list[dict[str, Any]] = []
    for look in looks:
        assert look.article is not None
        head = heads.get(look.article.version_id or 0)
        new = _decide(texts, pasts, head, look)
        if new is not None:
            begun.append(new)
        elif head is not None:
            kept.append(head)
    numbers = insert_rows(connection, versions, [new.values for new in begun])
    for new, number in zip(begun, numbers, strict=True):
        assert new.look.article is not None
        new.look.version_id = new.look.article.version_id = number
    search.add(
        connection, texts, [(n, new.values["content_id"], new.before) for n, new in zip(numbers, begun, strict=True)]
    )
    _note_seen(connection, [head for head in kept if not head.get("is_filled")])
    filled = [head for head in kept if head.get("is_filled")]
    write_back(connection, filled)
    search.add(connection, texts, [(head["id"], head["content_id"], head["before"]) for head in filled])


def write_back(connection: Connection, rows: list[dict[str, Any]]) -> None:
    """Writes what may change of stored versions."""
    if rows:
        values: dict[str, Any] = {name: bindparam(f"new_{name}") for name in _WRITTEN}
        statement = update(versions).where(versions.c.id == bindparam("row_id")).values(values)
        connection.execute(statement, [{"row_id": r["id"]} | {f"new_{n}": r[n] for n in _WRITTEN} for r in rows])


def _note_seen(connection: Connection, rows: list[dict[str, Any]]) -> None:
    """Moves the last look at versions that stay as they are."""
    if rows:
        statement = update(versions).where(versions.c.id == bindparam("row_id"))
        values = [{"row_id": row["id"], "seen_at": row["last_seen_at"]} for row in rows]
        connection.execute(statement.values(last_seen_at=bindparam("seen_at")), values)


def digest_values(digests: Digests) -> dict[str, str | None]:
    """The digest columns."""
    return {column: getattr(digests, name) for column, name in zip(DIGEST_COLUMNS, FIELDS, strict=True)}


def digests_of(row: Mapping[str, Any]) -> Digests:
    """The digests of a row of `versions`."""
    title, body, categories, authors = (row[column] for column in DIGEST_COLUMNS)
    return Digests(title, body, categories, authors, "")


def settled_content(texts: Texts, article: ArticleRow, begun_by: int, sources: Mapping[str, int]) -> int:
    """The stored content of a version: the look's that began it, with the fields that other looks told."""
    if all(source == begun_by for source in sources.values()):
        return begun_by
    said = texts.content(begun_by)
    told: dict[str, Any] = {}
    for name, source in sources.items():
        if source == EMPTY and name in ("categories", "authors"):
            told[name] = ()
        elif source not in (EMPTY, begun_by):
            told[name] = getattr(texts.content(source), name)
    settled = replace(said, **told)
    return begun_by if settled == said else stored_content(texts, article, settled)


def stored_content(texts: Texts, article: ArticleRow, content: Content) -> int:
    """The number of this exact content, stored where it was not."""
    return stored_contents(texts, [(article, content)])[0]


def stored_contents(texts: Texts, said: Sequence[tuple[ArticleRow, Content]]) -> list[int]:
    """The same of many, in their order."""
    packed = [storage.pack(content) for _, content in said]
    digests = [storage.digest(data) for data in packed]
    known = texts.find(digests)
    new = {
        digest: Record(article, data, digest, content)
        for (article, content), data, digest in zip(said, packed, digests, strict=True)
        if digest not in known
    }
    known |= texts.add(list(new.values())) if new else {}
    return [known[digest] for digest in digests]


def take_over(article: ArticleRow, content: Content) -> None:
    """What an article's row shows of its newest version."""
    article.title, article.categories, article.authors = content.title, content.categories, content.authors


def note_newest(article: ArticleRow, content_id: int | None, content: Content | None) -> None:
    """What the newest look tells besides the version: language, dates, topics, access."""
    if content is None or content_id is None:
        return
    article.content_id = content_id
    article.language = content.language or article.language
    article.published_at = content.published_at or article.published_at
    article.modified_at = content.modified_at or article.modified_at
    article.topics = content.topics if content.topics is not None else article.topics
    article.access = content.access or article.access


def _is_news(look: Look) -> bool:
    """False where the look read the very words of the look before: nothing to compare."""
    article = look.article
    return (
        article is not None
        and look.content_id is not None
        and (look.content_id != article.content_id or bool(article.silent))
    )


def _pasts(
    connection: Connection, texts: Texts, looks: list[Look], heads: dict[int, dict[str, Any]]
) -> dict[int, Past]:
    """The earlier versions of the articles that may have changed, and the texts to compare, read at once."""
    changed = [look.article for look in looks if look.article is not None and look.article.version_id is not None]
    texts.load({heads[article.version_id]["content_id"] for article in changed if article.version_id is not None})
    texts.load({look.content_id for look in looks if look.content_id is not None})
    pasts: dict[int, Past] = {article.id: [] for article in changed}
    for some in chunks(sorted(pasts)):
        query = select(
            versions.c.article_id, versions.c.number, versions.c.content_id, *(versions.c[c] for c in DIGEST_COLUMNS)
        ).where(versions.c.article_id.in_(some))
        for row in connection.execute(query.order_by(versions.c.article_id, versions.c.number)).mappings():
            pasts[row["article_id"]].append((row["number"], row["content_id"], digests_of(dict(row))))
    return pasts


def _decide(texts: Texts, pasts: dict[int, Past], head: dict[str, Any] | None, look: Look) -> Begun | None:
    """Notes on the look what it came to; the version that it begins."""
    one, article = look.prepared, look.article
    assert article is not None
    if head is not None:
        head["last_seen_at"], look.version_id, look.version_token = one.at, head["id"], head["token"]
    if one.content is None or look.content_id is None:
        look.outcome = one.capture.outcome
        return None
    if head is not None and not _is_news(look):
        look.outcome = Outcome.UNCHANGED
        return None
    seen = timeline.Look(one.at, one.digests, look.content_id, one.content.access == "preview")
    past = pasts.get(article.id, [])
    if head is None:
        now, is_changed = timeline.begin(seen), True
    else:
        before = _standing(head, article)
        now, is_changed = timeline.step(before, seen)
        if not is_changed and now.digests != before.digests:
            _fill_in(texts, past, head, article, now)
    article.silent, article.partial = ",".join(now.silent), now.partial
    look.outcome = Outcome.UNCHANGED if not is_changed else Outcome.NEW if head is None else Outcome.CHANGED
    return _begin(texts, past, look, now) if is_changed else None


def _begin(texts: Texts, past: Past, look: Look, now: Standing) -> Begun:
    article, at = look.article, look.prepared.at
    assert article is not None
    assert look.content_id is not None
    content_id = settled_content(texts, article, look.content_id, now.sources)
    look.version_token = look.token = new_token()
    values = {
        "token": look.token,
        "article_id": article.id,
        "number": len(past) + 1,
        "site_id": article.site_id,
        "captured_at": at,
        "last_seen_at": at,
        "content_id": content_id,
        "extractor": look.prepared.capture.extractor,
        **digest_values(now.digests),
        **_judge(texts, past, content_id, now.digests),
    }
    article.versions, article.changed_at = len(past) + 1, at if past else None
    article.first_edited_at = article.first_edited_at if len(past) > 1 else article.changed_at
    take_over(article, texts.content(content_id))
    return Begun(look, values, past[-1][1] if past else None)


def _fill_in(texts: Texts, past: Past, head: dict[str, Any], article: ArticleRow, now: Standing) -> None:
    """The newest version is told more of: a field it did not state, the whole text after a preview."""
    content_id = settled_content(texts, article, head["content_id"], now.sources)
    judged = _judge(texts, past[:-1], content_id, now.digests)
    before = past[-2][1] if len(past) > 1 else None
    head.update(content_id=content_id, **digest_values(now.digests), **judged, is_filled=True, before=before)
    take_over(article, texts.content(content_id))


def _judge(texts: Texts, past: Past, content_id: int, now: Digests) -> dict[str, Any]:
    """What the edit is that leads from the past (oldest first) to this content."""
    if not past:
        return judge(None, texts.content(content_id), None)
    back_to = timeline.reverts_to([(number, digests) for number, _, digests in past[:-1]], now)
    return judge(texts.content(past[-1][1]), texts.content(content_id), back_to)


def _standing(head: dict[str, Any], article: ArticleRow) -> Standing:
    silent = tuple(filter(None, article.silent.split(",")))
    return timeline.standing(digests_of(head), head["content_id"], partial=article.partial, silent=silent)


def _heads(connection: Connection, numbers: set[int]) -> dict[int, dict[str, Any]]:
    found: dict[int, dict[str, Any]] = {}
    for some in chunks(numbers):
        for row in connection.execute(_HEAD.where(versions.c.id.in_(some))).mappings():
            found[row["id"]] = dict(row)
    return found
