"""The labels that articles are listed by: categories, topics, authors, of the newest version; and how many articles
carry each, counted as it is written, by site and everywhere."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping
from itertools import groupby
from typing import Any

from sqlalchemy import Connection, Table, and_, bindparam, delete, select, update

from archive.identity import fold
from archive.schema import articles, category_topics, label_totals, labels
from archive.store.bulk import add_rows, count_rows
from archive.store.rows import ArticleRow, chunks
from archive.store.totals import EVERYWHERE, NO_SITE

_LONGEST = 1000
"""Bytes of a label; a longer one is none, and no index of PostgreSQL takes 2,704."""
Labels = tuple[tuple[str, ...] | None, ...]
Key = tuple[Any, ...]


def of(article: ArticleRow) -> Labels:
    """What the rows of an article are made from; compare to know whether they must be made again."""
    return article.categories, article.topics, article.authors


def refresh(connection: Connection, changed: Iterable[ArticleRow]) -> None:
    """Makes the label rows of these articles anew. One that was merged into another has none."""
    now = {article.id: article for article in changed}
    rows = [row for article in now.values() if article.merged_into is None for row in _rows(article)]
    _replace(connection, {number: article.site_id for number, article in now.items()}, rows)


def forget(connection: Connection, article_ids: Collection[int]) -> None:
    """Removes the labels of articles that are purged. Call it while their rows are there."""
    query = select(articles.c.id, articles.c.site_id).where(articles.c.id.in_(article_ids))
    _replace(connection, {row.id: row.site_id for row in connection.execute(query)}, [])


def _rows(article: ArticleRow) -> Iterable[dict[str, Any]]:
    for kind, names in zip(("category", "topic", "author"), of(article), strict=True):
        for folded, label in {fold(name): name for name in reversed(names or ())}.items():
            if len(folded.encode()) <= _LONGEST:
                yield {"kind": kind, "folded": folded, "article_id": article.id, "label": label}


def _replace(connection: Connection, site_ids: Mapping[int, int | None], rows: list[dict[str, Any]]) -> None:
    before: list[dict[str, Any]] = []
    for some in chunks(site_ids):
        found = connection.execute(_OF_ARTICLES, {"some": some}).mappings().all()
        if found:
            before += map(dict, found)
            connection.execute(_WITHOUT_ARTICLES, {"some": some})
    add_rows(connection, labels, rows)
    _count(connection, site_ids, before, rows)


def _count(
    connection: Connection,
    site_ids: Mapping[int, int | None],
    before: list[dict[str, Any]],
    now: list[dict[str, Any]],
) -> None:
    counts: Counter[Key] = Counter()
    pairs: Counter[Key] = Counter()
    for rows, sign in ((before, -1), (now, 1)):
        owned: dict[int, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
        for row in rows:
            owned[row["article_id"]][row["kind"]].append(row["folded"])
        for number, kinds in owned.items():
            for site in (EVERYWHERE, site_ids[number] or NO_SITE):
                counts.update({(kind, site, name): sign for kind, names in kinds.items() for name in names})
                both = [(site, name, topic) for name in kinds["category"] for topic in kinds["topic"]]
                pairs.update(dict.fromkeys(both, sign))
    spelled = {(row["kind"], row["folded"]): {"label": row["label"]} for row in reversed(now)}
    moved = {key: count for key, count in counts.items() if count}
    _add(connection, label_totals, moved, {key: spelled.get((key[0], key[2]), {}) for key in moved})
    _add(connection, category_topics, {key: count for key, count in pairs.items() if count}, {})


def _add(connection: Connection, table: Table, counts: Mapping[Key, int], more: Mapping[Key, dict[str, str]]) -> None:
    """Adds to the counts, in the order of their keys, so that two writers never wait for each other crosswise."""
    names = [column.name for column in table.primary_key.columns]
    for is_more, some in groupby(sorted(counts), key=lambda one: counts[one] > 0):
        if is_more:
            rows = [dict(zip(names, one, strict=True)) | {"articles": counts[one]} | more.get(one, {}) for one in some]
            count_rows(connection, table, "articles", rows)
        else:
            keys = [{f"row_{name}": value for name, value in zip(names, one, strict=True)} for one in some]
            fewer = [{"fewer": -counts[tuple(key.values())]} for key in keys]
            mine = and_(*(table.c[name] == bindparam(f"row_{name}") for name in names))
            less = update(table).where(mine).values(articles=table.c.articles - bindparam("fewer"))
            connection.execute(less, [k | n for k, n in zip(keys, fewer, strict=True)])
            connection.execute(delete(table).where(mine, table.c.articles <= 0), keys)


_MINE = labels.c.article_id.in_(bindparam("some", expanding=True))
_OF_ARTICLES, _WITHOUT_ARTICLES = select(labels).where(_MINE), delete(labels).where(_MINE)
