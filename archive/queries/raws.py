"""Which raw answers are kept, and which looks and addresses are known already? For what brings captures in."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Select, func, select

from archive.model import Capture
from archive.queries.captures import capture_query, captures_of
from archive.queries.reader import Reader
from archive.schema import candidates, captures, sites
from archive.store.prepare import key_of
from archive.store.rows import chunks


class RawQueries(Reader):
    """Questions about raw answers, and about what need not be brought in again."""

    @property
    def raw_folder(self) -> Path:
        """Where the raw answers are, unless a user chose another place: beside an SQLite archive (`FILE.warc`); for
        PostgreSQL in the current folder, named after the database."""
        path = self._database.path
        if path is not None:
            return path.with_name(f"{path.name}.warc")
        return Path(f"{self._database.url.database or 'backissue'}.warc").absolute()

    def without_raw(self, numbers: Collection[int]) -> set[int]:
        """Those of these captures whose raw answer is not kept."""
        found: set[int] = set()
        with self._database.reading() as connection:
            for some in chunks(sorted(set(numbers))):
                query = select(captures.c.id).where(captures.c.id.in_(some), captures.c.raw_path.is_(None))
                found.update(connection.execute(query).scalars())
        return found

    def raw_captures(
        self,
        *,
        site: str | None = None,
        since: datetime | None = None,
        until: datetime | None = None,
        unread_by: str | None = None,
        after: int = 0,
        limit: int = 100,
    ) -> list[Capture]:
        """Captures whose raw answer is kept, in the order of their ids from `after` on; with `unread_by` only those
        of versions that this extractor has not read."""
        query = capture_query().where(captures.c.raw_path.is_not(None), captures.c.id > after)
        query = query.where(sites.c.name == site) if site is not None else query
        query = query.where(captures.c.captured_at >= since) if since is not None else query
        query = query.where(captures.c.captured_at < until) if until is not None else query
        if unread_by is not None:
            is_unread = captures.c.extractor.is_distinct_from(unread_by)
            query = query.where(captures.c.version_id.is_not(None), captures.c.content_id.is_not(None), is_unread)
        with self._database.reading() as connection:
            rows = connection.execute(query.order_by(captures.c.id).limit(limit)).all()
            return captures_of(connection, rows, texts=False)

    def iter_raw_captures(
        self, *, site: str | None = None, since: datetime | None = None, until: datetime | None = None
    ) -> Iterator[Capture]:
        """All captures whose raw answer is kept, in the order of their ids."""
        after = 0
        while some := self.raw_captures(site=site, since=since, until=until, after=after, limit=500):
            yield from some
            after = some[-1].id or 0

    def known_addresses(self, urls: Collection[str]) -> set[str]:
        """Those of these addresses under which the archive has an article."""
        keys = {url: key_of(url) for url in urls}
        found: set[str] = set()
        with self._database.reading() as connection:
            for some in chunks(sorted(set(keys.values()))):
                is_asked = candidates.c.key.in_(_listed(some) if self._database.is_sqlite else some)
                query = select(candidates.c.key).where(is_asked, candidates.c.article_id.is_not(None))
                found.update(connection.execute(query).scalars().all())
        return {url for url, key in keys.items() if key in found}

    def known_looks(self, looks: Collection[tuple[str, datetime]]) -> set[tuple[str, datetime]]:
        """Those of these (address, moment of capture) that are recorded."""
        keys = {(url, at): key_of(url) for url, at in looks}
        found: set[tuple[str, datetime]] = set()
        with self._database.reading() as connection:
            for some in chunks(sorted(set(keys.values()))):
                moments = sorted({at for (url, at), key in keys.items() if key in set(some)})
                for times in chunks(moments):
                    query = (
                        select(candidates.c.key, captures.c.captured_at)
                        .join(captures, captures.c.candidate_id == candidates.c.id)
                        .where(candidates.c.key.in_(some), captures.c.captured_at.in_(times))
                    )
                    found.update((row.key, row.captured_at) for row in connection.execute(query))
        return {(url, at) for (url, at), key in keys.items() if (key, at) in found}


def _listed(keys: Sequence[str]) -> Select[Any]:
    """Texts as one parameter: hundreds of them take longer to hand to SQLite than to look up."""
    return select(func.json_each(json.dumps(keys)).table_valued("value").c.value)
