"""Which article a capture belongs to, for a batch: by canonical URL, then where it landed, then what was asked."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from sqlalchemy import Connection

from archive.identity import is_same_story
from archive.model import Content
from archive.schema import articles, candidates
from archive.store.contents import Texts
from archive.store.merging import were_split
from archive.store.prepare import Prepared, host_of, story_of
from archive.store.rows import (
    ArticleRow,
    CandidateRow,
    insert_new,
    load_articles,
    load_candidates,
)


class Identities:
    """The candidates and articles of a batch of captures; makes those that are missing."""

    def __init__(self, connection: Connection, prepared: list[Prepared], site_ids: dict[str, int]) -> None:
        self._connection = connection
        self._site_ids = site_ids
        self._candidates = self._load(connection, prepared)
        self.by_id = load_articles(
            connection, {row.article_id for row in self._candidates.values() if row.article_id is not None}
        )
        self.created: set[int] = set()
        self.clashes: list[tuple[Prepared, ArticleRow, ArticleRow]] = []
        """Captures whose addresses were two articles': the capture, its article, the other one."""
        self.adopted: dict[int, ArticleRow] = {}
        """Addresses looked at before, without finding anything, that turn out to be an article's."""
        self._articles = self._resolve(connection, prepared)

    def candidate_of(self, one: Prepared) -> CandidateRow:
        """The address that was asked."""
        return self._candidates[one.key]

    def article_of(self, one: Prepared) -> ArticleRow | None:
        """The article; None where the look found none and none was known by that address."""
        return self._articles[one.place]

    def candidate(self, number: int | None) -> CandidateRow | None:
        """An address by its number, of this batch or fetched for it."""
        if number is None:
            return None
        known = {row.id: row for row in self._candidates.values()}
        if number not in known:
            for row in load_candidates(self._connection, "id", [number]):
                self._candidates[row.key] = known[row.id] = row
        return known.get(number)

    def of_article(self, number: int) -> list[CandidateRow]:
        """All addresses of an article, as this batch has left them."""
        for row in load_candidates(self._connection, "article_id", [number]):
            self._candidates.setdefault(row.key, row)
        return [row for row in self._candidates.values() if row.article_id == number]

    def candidates(self) -> Iterable[CandidateRow]:
        """All rows of the batch."""
        return self._candidates.values()

    def articles(self) -> list[ArticleRow]:
        """All articles that the batch touches."""
        touched = {row.id: row for row in self._articles.values() if row is not None}
        return [touched[number] for number in sorted(touched)]

    def _load(self, connection: Connection, prepared: list[Prepared]) -> dict[str, CandidateRow]:
        """The rows of every address the captures name; made where unknown."""
        wanted: dict[str, tuple[str, Prepared]] = {}
        for one in prepared:
            wanted.setdefault(one.key, (one.capture.url, one))
            if one.data is not None:
                for key, url in one.others.items():
                    wanted.setdefault(key, (url, one))
        rows = {row.key: row for row in load_candidates(connection, "key", wanted)}
        new = [self._new_candidate(key, url, one) for key, (url, one) in wanted.items() if key not in rows]
        insert_new(connection, candidates, new)
        return rows | {row.key: row for row in new}

    def _new_candidate(self, key: str, url: str, one: Prepared) -> CandidateRow:
        asked = key == one.key
        return CandidateRow(
            id=0,
            key=key,
            url=url,
            host=host_of(url),
            story=story_of(url),
            site_id=self._site_ids.get(one.capture.site or ""),
            article_id=None,
            found_in="seed" if asked else "page",
            found_at=one.at,
        )

    def _resolve(self, connection: Connection, prepared: list[Prepared]) -> dict[int, ArticleRow | None]:
        """An article for every capture with content; an address's own article for the others."""
        owner: dict[str, ArticleRow] = {}
        for key, row in self._candidates.items():
            if row.article_id is not None:
                owner[key] = self.by_id[row.article_id]
        new: list[ArticleRow] = []
        stories = Stories(
            connection, [one for one in prepared if one.data is not None and self._is_unowned(one, owner)]
        )
        found: dict[int, ArticleRow | None] = {}
        for one in prepared:
            if one.data is not None:
                owners = self._owners(one, owner)
                article = next(iter(owners), None) or stories.find(one)
                self.clashes += [(one, article, other) for other in owners if article and other is not article]
                if article is None:
                    article = self._new_article(one)
                    new.append(article)
                    stories.add(one, article)
                for key in (one.key, *one.others):
                    owner.setdefault(key, article)
                found[one.place] = article
        for one in prepared:
            if one.data is None:
                found[one.place] = owner.get(one.key)
        insert_new(connection, articles, new)
        self.by_id |= {article.id: article for article in new}
        self.created |= {article.id for article in new}
        self.by_id |= {article.id: article for article in owner.values()}
        for key, article in owner.items():
            row = self._candidates[key]
            if row.article_id is None and row.looks:
                self.adopted[row.id] = article
            row.article_id = article.id
        return found

    def _owners(self, one: Prepared, owner: dict[str, ArticleRow]) -> list[ArticleRow]:
        """The articles that a capture's addresses belong to, the likeliest first; of what somebody split only the one
        whose address was asked."""
        found = list({id(owner[key]): owner[key] for key in (*one.others, one.key) if key in owner}.values())
        asked = owner.get(one.key)
        if asked is None or len(found) < 2:
            return found
        return [each for each in found if each is asked or not were_split(self._connection, each.id, asked.id)]

    def _is_unowned(self, one: Prepared, owner: dict[str, ArticleRow]) -> bool:
        return not any(key in owner for key in (one.key, *one.others))

    def _new_article(self, one: Prepared) -> ArticleRow:
        return ArticleRow(
            id=0,
            url=one.home,
            site_id=self._site_ids.get(one.capture.site or "") or self._candidates[one.key].site_id,
            candidate_id=self._candidates[one.key].id,
            first_captured_at=one.at,
        )


class Stories:
    """Articles by the story number in their address: it stays when a site rewrites the headline there.

    Sections and pages have numbers too, so the texts must agree.
    """

    def __init__(self, connection: Connection, unowned: list[Prepared]) -> None:
        self._known: dict[str, list[tuple[ArticleRow, Content]]] = defaultdict(list)
        wanted = {story for one in unowned if (story := story_of(one.home)) is not None}
        rows = [row for row in load_candidates(connection, "story", wanted) if row.article_id is not None]
        owners = load_articles(connection, {row.article_id for row in rows if row.article_id is not None})
        texts = Texts(connection)
        for row in rows:
            article = owners[row.article_id or 0]
            if row.story is not None and article.content_id is not None:
                self._known[row.story].append((article, texts.content(article.content_id)))

    def find(self, one: Prepared) -> ArticleRow | None:
        """The article that this capture is another headline of."""
        story, content = story_of(one.home), one.content
        if story is None or content is None:
            return None
        return next((a for a, known in self._known.get(story, []) if is_same_story(known, content)), None)

    def add(self, one: Prepared, article: ArticleRow) -> None:
        """An article of this batch."""
        story = story_of(one.home)
        if story is not None and one.content is not None:
            self._known[story].append((article, one.content))
