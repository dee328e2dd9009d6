"""Which labels do sites use, and which topic do they come to?"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from sqlalchemy import select

from archive.queries.reader import Reader
from archive.queries.stats import counted_for
from archive.schema import category_topics, label_totals


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
        counted, shared = label_totals, category_topics
        mine = counted.c.site_id == counted_for(site)
        query = select(counted.c.folded, counted.c.label, counted.c.articles).where(mine, counted.c.kind == "category")
        both = (shared.c.site_id == counted.c.site_id) & (shared.c.category == counted.c.folded)
        most = select(counted.c.folded, shared.c.topic).join(shared, both).where(mine, counted.c.kind == "category")
        topics: dict[str, list[str]] = defaultdict(list)
        with self._database.reading() as connection:
            for folded, code in connection.execute(most.where(2 * shared.c.articles > counted.c.articles)).all():
                topics[folded].append(code)
            rows = connection.execute(query).all()
        found = [CategoryCount(label, count, tuple(sorted(topics.get(folded, ())))) for folded, label, count in rows]
        return sorted(found, key=lambda each: (bool(each.topics), -each.articles, each.label))
