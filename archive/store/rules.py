"""The rules that leave a site's boilerplate out: kept, read for new looks, applied to old ones."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, func, insert, select, update

from archive.errors import NotFound
from archive.learning import Rule, learn, leave_out
from archive.model import Capture, Content
from archive.schema import articles, candidates, captures, events, rules, sites, versions
from archive.store import labels, provenance, rebuilding, sketching
from archive.store.contents import Texts
from archive.store.rows import ArticleRow, chunks, load_articles, save_articles
from archive.store.versioning import stored_content

_LEARN_FROM = 2000
"""Articles of a site, the newest: what it says today."""
EXPLAINED = "boilerplate"
"""Under this name a capture's provenance tells which rules acted on it."""
Acting = Mapping[str, int]
"""Canonical paragraph -> the rule's id."""


def kept(connection: Connection, site: str | None = None) -> list[Rule]:
    """The rules that act, oldest first."""
    columns = (rules.c.paragraph, rules.c.reason, sites.c.name, rules.c.id, rules.c.version, rules.c.learned_at)
    query = select(*columns).join(sites, sites.c.id == rules.c.site_id).order_by(rules.c.id)
    query = query.where(sites.c.name == site) if site is not None else query
    return [Rule(*row) for row in connection.execute(query)]


def acting(found: Iterable[Rule]) -> dict[str, dict[str, int]]:
    """By site: what is left out."""
    by_site: dict[str, dict[str, int]] = {}
    for rule in found:
        if rule.site is not None and rule.id is not None:
            by_site.setdefault(rule.site, {})[rule.paragraph] = rule.id
    return by_site


def by_site_id(connection: Connection) -> dict[int, dict[str, int]]:
    """By the site's number: what is left out."""
    found: dict[int, dict[str, int]] = {}
    for row in connection.execute(select(rules.c.site_id, rules.c.paragraph, rules.c.id)):
        found.setdefault(row.site_id, {})[row.paragraph] = row.id
    return found


def for_looks(connection: Connection, looks: Sequence[Capture], key_of: Any) -> list[Acting]:
    """What is left out of each of these looks: by its site, or by its address's where it names none."""
    by_site = acting(kept(connection)) if any(look.content is not None for look in looks) else {}
    if not by_site:
        return [{}] * len(looks)
    keys = {key_of(look.url) for look in looks if look.site is None}
    homes: dict[str, str] = {}
    for some in chunks(sorted(keys)):
        query = select(candidates.c.key, sites.c.name).join(sites, sites.c.id == candidates.c.site_id)
        homes |= {row.key: row.name for row in connection.execute(query.where(candidates.c.key.in_(some)))}
    return [by_site.get(look.site or homes.get(key_of(look.url), ""), {}) for look in looks]


def without(look: Capture, left_out: Acting) -> Capture:
    """The look without the boilerplate of its site; its provenance tells which rules acted."""
    if look.content is None or not left_out:
        return look
    content, acted = leave_out(look.content, left_out)
    return replace(look, content=content, provenance=explained(look.provenance, acted)) if acted else look


def propose(connection: Connection, site: str) -> list[Rule]:
    """What could be left out of the articles of a site, and is not yet."""
    known = {rule.paragraph for rule in kept(connection, site)}
    numbers = list(reversed(_articles(connection, site)))[:_LEARN_FROM]
    return [rule for rule in learn(_lives(connection, numbers)) if rule.paragraph not in known]


def keep(connection: Connection, site: str, found: Sequence[Rule], at: datetime) -> None:
    """Stores rules as the next version of the site's."""
    site_id = connection.execute(select(sites.c.id).where(sites.c.name == site)).scalar()
    if site_id is None:
        raise NotFound("site", site, "see `backissue sites list`")
    newest = connection.execute(select(func.max(rules.c.version)).where(rules.c.site_id == site_id)).scalar() or 0
    values = [
        {"site_id": site_id, "version": newest + 1, "paragraph": r.paragraph, "reason": r.reason, "learned_at": at}
        for r in found
    ]
    if values:
        connection.execute(insert(rules), values)


def batches(connection: Connection, site: str) -> list[Sequence[int]]:
    """The articles of a site, some at a time, a transaction each."""
    return list(chunks(_articles(connection, site), 100))


def apply(connection: Connection, site: str, article_ids: Sequence[int], at: datetime) -> int:
    """Leaves a site's boilerplate out of stored looks, adding no version; from how many. Each article's history tells
    of it once, naming the looks."""
    left_out = acting(kept(connection, site)).get(site, {})
    texts = Texts(connection)
    found = load_articles(connection, article_ids)
    touched: dict[int, dict[int, tuple[int, ...]]] = {}
    for row in _looks(connection, article_ids):
        content, acted = leave_out(texts.content(row.content_id), left_out)
        if acted:
            _say_without(connection, texts, found[row.article_id], row, content, acted)
            touched.setdefault(row.article_id, {})[row.id] = acted
    changed = [found[number] for number in sorted(touched)]
    for article in changed:
        rebuilding.rebuild(connection, texts, article)
        detail = _told(touched[article.id])
        connection.execute(insert(events).values(article_id=article.id, at=at, kind="rebaselined", detail=detail))
    save_articles(connection, changed)
    labels.refresh(connection, changed)
    sketching.note(connection, texts, list(touched))
    return sum(map(len, touched.values()))


def explained(said: dict[str, str] | None, acted: Sequence[int]) -> dict[str, str]:
    """A capture's provenance with the rules that acted on it.

    >>> explained({"title": "meta"}, (3, 4))
    {'title': 'meta', 'boilerplate': 'left out by rules 3, 4'}
    """
    return (said or {}) | {EXPLAINED: f"left out by {_named(acted)}"}


def _named(acted: Iterable[int]) -> str:
    numbers = sorted(set(acted))
    return f"rule{'s' * (len(numbers) != 1)} {', '.join(map(str, numbers))}"


def _told(looks: dict[int, tuple[int, ...]]) -> str:
    named = _named(number for acted in looks.values() for number in acted)
    return f"boilerplate {named} left out of captures {', '.join(map(str, sorted(looks)))}; no version was added"


def _articles(connection: Connection, site: str) -> list[int]:
    query = select(articles.c.id).join(sites, sites.c.id == articles.c.site_id).order_by(articles.c.id)
    return [row.id for row in connection.execute(query.where(sites.c.name == site, articles.c.merged_into.is_(None)))]


def _lives(connection: Connection, article_ids: Sequence[int]) -> Iterator[list[Content]]:
    for some in chunks(article_ids, 100):
        query = select(versions.c.article_id, versions.c.content_id).where(versions.c.article_id.in_(some))
        rows = connection.execute(query.order_by(versions.c.article_id, versions.c.number)).all()
        texts = Texts(connection)
        texts.load({row.content_id for row in rows})
        lives: dict[int, list[Content]] = {}
        for row in rows:
            lives.setdefault(row.article_id, []).append(texts.content(row.content_id))
        yield from lives.values()


def _looks(connection: Connection, article_ids: Sequence[int]) -> Sequence[Any]:
    columns = (captures.c.id, captures.c.article_id, captures.c.content_id, captures.c.provenance_id)
    read = captures.c.content_id.is_not(None) & captures.c.article_id.in_(article_ids)
    return connection.execute(select(*columns).where(read).order_by(captures.c.id)).all()


def _say_without(
    connection: Connection, texts: Texts, article: ArticleRow, row: Any, content: Content, acted: tuple[int, ...]
) -> None:
    said = explained(provenance.said(connection, row.provenance_id), acted)
    values = {
        "content_id": stored_content(texts, article, content),
        "provenance_id": provenance.number_of(connection, said),
    }
    connection.execute(update(captures).where(captures.c.id == row.id).values(values))
