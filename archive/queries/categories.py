"""Which labels do sites use, and which topic do they come to?"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from sqlalchemy import func, select

from archive.queries.reader import Reader
from archive.schema import articles, labels, sites


@dataclass(frozen=True, slots=True)
class CategoryCount:
    """A section label as pages write it."""

    label: str
    articles: int
    """Whose newest version carries it."""
    topics: tuple[str, ...]
    """IPTC codes that more than half of these articles are filed under; () where the label is not mapped."""


class CategoryQueries(Reader):
    """Questions about section labels."""

    def category_topics(self, *, site: str | None = None) -> list[CategoryCount]:
        """Every label with its topics: those that no topic was found for first, then by how often they are used."""
        topic = labels.alias("topic")
        counted = select(labels.c.folded, func.min(labels.c.label), func.count()).where(labels.c.kind == "category")
        shared = (
            select(labels.c.folded, topic.c.label, func.count())
            .join(topic, (topic.c.article_id == labels.c.article_id) & (topic.c.kind == "topic"))
            .where(labels.c.kind == "category")
        )
        if site is not None:
            mine = select(articles.c.id).join(sites, sites.c.id == articles.c.site_id).where(sites.c.name == site)
            counted, shared = (query.where(labels.c.article_id.in_(mine)) for query in (counted, shared))
        topics: dict[str, list[tuple[str, int]]] = defaultdict(list)
        with self._database.reading() as connection:
            for folded, code, count in connection.execute(shared.group_by(labels.c.folded, topic.c.label)):
                topics[folded].append((code, count))
            found = [
                CategoryCount(label, count, tuple(sorted(code for code, many in topics[folded] if 2 * many > count)))
                for folded, label, count in connection.execute(counted.group_by(labels.c.folded))
            ]
        return sorted(found, key=lambda each: (bool(each.topics), -each.articles, each.label))
