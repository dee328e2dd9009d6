"""The Archive: the one door. Writers stand here; readers come from `queries`."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from contextlib import closing
from dataclasses import fields
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from sqlalchemy import Connection, insert, select, update

from archive import migrations
from archive.errors import ArchiveError, NotFound
from archive.learning import Rule
from archive.model import Candidate, Capture, Content, Due, HostState, SourceState
from archive.queries import Queries
from archive.queries.reader import find_article
from archive.schema import candidates, contents, crawls, dictionaries, hosts, sites, sources
from archive.store import frontier, merging, raws, rules, sketching, upkeep
from archive.store.contents import find_contents
from archive.store.engine import Database, must_exist
from archive.store.prepare import LARGEST, Prepared, home_of, key_of, prepare, storable
from archive.store.recording import record
from archive.store.rows import load_candidates

POISON_AFTER = 3
"""Crashes of the extractor on one page before it is left alone."""

LEARN_FROM = 500
"""Keyframes from which the first dictionary is learnt."""


class Archive(Queries):
    """A versioned archive of articles. One object may be used from several threads.

    Everything a writing method was given is on the disk when it returns, or none of it is and it raises.
    """

    def __init__(self, database: Database) -> None:
        super().__init__(database)

    @classmethod
    def open(cls, url: str, *, create: bool = True) -> Self:
        """Opens `sqlite:///FILE` or `postgresql://…`; makes or upgrades its tables. Without `create`, `NotFound`
        where there is no archive yet."""
        database = Database(url)
        if not create:
            must_exist(database)
        try:
            with database.reading() as connection:
                current = migrations.revision(connection)
            if current is None and not create:
                raise NotFound("archive", database.name, "crawl or import something first, or check --database")
            if current != migrations.head():
                database.write(migrations.upgrade)
        except BaseException:
            database.dispose()
            raise
        return cls(database)

    def close(self) -> None:
        """Lets go of the database."""
        self._database.dispose()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    # --- sites and crawls ---

    def add_site(self, name: str, url: str, *, scale: float | None = None) -> None:
        """Makes the site known, or changes its home page or its c of the revisit rule."""

        def work(connection: Connection) -> None:
            known = connection.execute(
                select(sites.c.id, sites.c.url, sites.c.scale).where(sites.c.name == name)
            ).first()
            if known is None:
                connection.execute(insert(sites).values(name=name, url=url, scale=scale, added_at=datetime.now(UTC)))
            elif (known.url, known.scale) != (url, scale):
                connection.execute(update(sites).where(sites.c.id == known.id).values(url=url, scale=scale))

        self._database.write(work)

    def start_crawl(self, names: Iterable[str], now: datetime, command: str | None = None) -> int:
        """Notes that a crawl began; its number goes with its captures."""
        row = {"sites": tuple(names), "started_at": now, "command": command}
        return self._database.write(
            lambda connection: int(connection.execute(insert(crawls).values(row).returning(crawls.c.id)).scalar_one())
        )

    def end_crawl(self, crawl_id: int, now: datetime, exit_code: int, counts: dict[str, int]) -> None:
        """Notes how a crawl ended."""
        values = {"ended_at": now, "exit_code": exit_code, "counts": counts}
        self._database.write(
            lambda connection: connection.execute(update(crawls).where(crawls.c.id == crawl_id).values(values))
        )

    def learn_first_dictionary(self, now: datetime) -> int | None:
        """Learns a dictionary once there is enough to learn from, in a tenth of a second; None where there is not, or
        one was learnt before."""
        return self.train_dictionary(now, slow=False) if self._wants_dictionary() else None

    def _wants_dictionary(self) -> bool:
        """Once there is enough to learn from, and nothing was learnt yet."""
        with self._database.reading() as connection:
            if connection.execute(select(dictionaries.c.id)).first() is not None:
                return False
            enough = select(contents.c.id).where(contents.c.base_id.is_(None)).offset(LEARN_FROM - 1).limit(1)
            return connection.execute(enough).first() is not None

    # --- the frontier ---

    def plan(self, site: str, candidates: Iterable[Candidate], now: datetime) -> int:
        """Makes a row of every address found, due now; pulls known ones forward where a believed lastmod moved.
        How many were new."""
        found = list(candidates)
        if not found:
            return 0

        def work(connection: Connection) -> int:
            number = _site_ids(connection, {site: found[0].url})[site]
            return frontier.plan(connection, number, found, now)

        return self._database.write(work)

    def due(self, site: str, now: datetime, limit: int | None = None) -> list[Due]:
        """What is due at the site: what was never looked at first, newest first, then by due time."""
        with self._database.reading() as connection:
            number = connection.execute(select(sites.c.id).where(sites.c.name == site)).scalar()
            bound = None if limit is None else min(limit, LARGEST)
            return [] if number is None else frontier.due(connection, number, now, bound)

    def record_many(self, captures: Iterable[Capture]) -> list[Capture]:
        """Records looks, in any order, in one transaction: versions, counters, the next look of each address.
        Gives them back in the caller's order with id, outcome, article and version. What was recorded before
        is recorded once. Raises `InvalidRecord`, having stored nothing, where one cannot be recorded."""
        given = list(captures)
        prepared = prepare(self._without_boilerplate(given))
        if not prepared:
            return []
        self._digest_news(prepared)
        return self._database.write(lambda connection: record(connection, prepared, _sites_of(connection, prepared)))

    def _without_boilerplate(self, looks: list[Capture]) -> list[Capture]:
        """What the looks read, without what the applied rules of their sites leave out."""
        with self._database.reading() as connection:
            acting = rules.for_looks(connection, looks, key_of)
        return [rules.without(look, left_out) for look, left_out in zip(looks, acting, strict=True)]

    def _digest_news(self, prepared: list[Prepared]) -> None:
        """Does the costly part of new texts before the database is locked for them."""
        with self._database.reading() as connection:
            known = find_contents(connection, [one.digest for one in prepared if one.digest is not None])
        for one in prepared:
            if one.digest is not None and one.digest not in known:
                _ = one.digests, one.bands

    def note_raw(self, paths: Mapping[int, str]) -> None:
        """Notes where the raw answers of captures are kept (capture's id -> `raw_path`). They must be on the disk."""
        if paths:
            self._database.write(lambda connection: raws.note(connection, paths))

    def forget_raw(self, file: str) -> int:
        """Clears `raw_path` of all captures whose raw answer is in this WARC file, before it is let go; how many."""
        return self._database.write(lambda connection: raws.forget(connection, file))

    def quarantine(self, url: str, reason: str, now: datetime) -> int:
        """Counts one crash of the extractor on this page; at the third the page is left alone. How many it were."""

        def work(connection: Connection) -> int:
            rows = load_candidates(connection, "key", [key_of(url)])
            if not rows:
                raise NotFound("address", url)
            crashes = rows[0].crashes + 1
            values: dict[str, Any] = {"crashes": crashes, "quarantine_reason": reason}
            if crashes >= POISON_AFTER:
                values["quarantined_at"] = now
            connection.execute(update(candidates).where(candidates.c.id == rows[0].id).values(values))
            return crashes

        return self._database.write(work)

    def release(self, url: str, now: datetime) -> None:
        """Lets a quarantined page be looked at again."""
        values = {"crashes": 0, "quarantined_at": None, "quarantine_reason": None, "due_at": now, "due_reason": "retry"}
        change = update(candidates).where(candidates.c.key == key_of(url), candidates.c.quarantined_at.is_not(None))
        self._database.write(lambda connection: connection.execute(change.values(values)))

    # --- what must outlive a process ---

    def save_host(self, state: HostState) -> None:
        """Remembers robots.txt, Retry-After and back-off of a host."""
        values = {field.name: getattr(state, field.name) for field in fields(HostState)}

        def work(connection: Connection) -> None:
            done = connection.execute(update(hosts).where(hosts.c.host == state.host).values(values))
            if done.rowcount == 0:
                connection.execute(insert(hosts).values(values))

        self._database.write(work)

    def save_source(self, state: SourceState) -> None:
        """Remembers the validators of a feed, sitemap or section page."""
        self.save_sources([state])

    def save_sources(self, states: Iterable[SourceState]) -> None:
        """Remembers several in one transaction."""
        rows = list(states)
        if rows:
            self._database.write(lambda connection: _save_sources(connection, rows))

    # --- upkeep ---

    def merge(self, kept: int | str, absorbed: int | str, now: datetime, reason: str | None = None) -> int:
        """Makes two articles one; the number of the absorbed one, by which `split` undoes it."""
        return self._database.write(lambda connection: self._merge(connection, kept, absorbed, now, reason))

    def _merge(
        self, connection: Connection, kept: int | str, absorbed: int | str, now: datetime, reason: str | None
    ) -> int:
        number = find_article(connection, absorbed)
        merging.merge(connection, find_article(connection, kept), number, now, reason)
        return number

    def split(self, absorbed: int, now: datetime, reason: str | None = None) -> None:
        """Undoes the merge that took this article in."""
        self._database.write(lambda connection: merging.split(connection, absorbed, now, reason))

    def rebaseline(self, read_anew: Iterable[tuple[int, Content]], extractor: str, now: datetime) -> int:
        """Takes over what a newer extractor reads in stored captures (id, content), adding no version; how many.
        One event tells of it, in however many batches it is done."""
        given = list(read_anew)
        return self._database.write(lambda connection: upkeep.rebaseline(connection, given, extractor, now))

    def rejudge(self) -> int:
        """Names anew the edits that an older differ named, a batch a transaction; how many they were."""
        total = left = self._database.write(upkeep.rejudge)
        while left > 0:
            left = self._database.write(upkeep.rejudge)
        return total

    def propose_boilerplate(self, site: str) -> list[Rule]:
        """Paragraphs that could be left out of a site's articles, with the reason; nothing is changed."""
        with self._database.reading() as connection:
            return rules.propose(connection, site)

    def apply_boilerplate(self, site: str, found: Sequence[Rule], now: datetime) -> int:
        """Keeps these rules as the next version of the site's and leaves out of stored looks what all of them say,
        adding no version; from how many looks. Can be stopped and run again."""
        self._database.write(lambda connection: rules.keep(connection, site, found, now))
        with self._database.reading() as connection:
            batches = rules.batches(connection, site)
        return sum(self._database.write(partial(rules.apply, site=site, article_ids=b, at=now)) for b in batches)

    def boilerplate(self, site: str | None = None) -> list[Rule]:
        """The rules by which boilerplate is left out, oldest first."""
        with self._database.reading() as connection:
            return rules.kept(connection, site)

    def find_copies(self) -> int:
        """Makes what `family` finds copies by, for articles that were recorded before it was kept; how many."""
        total = done = self._database.write(sketching.note_missing)
        while done > 0:
            done = self._database.write(sketching.note_missing)
            total += done
        return total

    def train_dictionary(self, now: datetime, *, slow: bool = True) -> int | None:
        """Learns a dictionary from the archive's own texts and stores keyframes anew with it; its number, or None
        where there is too little to learn from. Not `slow`: from fewer of them, packed as a crawl packs them."""
        samples = 2000 if slow else LEARN_FROM
        number = self._database.write(lambda connection: upkeep.train_dictionary(connection, now, samples))
        while number is not None and self._database.write(partial(upkeep.recompress, slow=slow)):
            pass
        return number

    def purge(self, article: int | str, now: datetime, reason: str) -> tuple[str, ...]:
        """Removes an article with all that was kept of it, for ever; the raw captures that are left to remove."""
        return self._database.write(
            lambda connection: upkeep.purge(connection, find_article(connection, article), now, reason), alone=True
        )

    def reindex(self) -> int:
        """Makes the search index anew; how many versions are in it."""
        return self._database.write(upkeep.reindex)

    def backup(self, path: Path) -> None:
        """Writes a copy of an SQLite archive as it is now, while others go on reading and writing."""
        if self._database.path is None:
            raise ArchiveError(f"{self._database.name} is a PostgreSQL archive; back it up with pg_dump")
        if path.exists():
            raise ArchiveError(f"{str(path)!r} exists; a backup overwrites nothing, choose another name")
        with self._database.reading() as connection, closing(sqlite3.connect(path)) as copy:
            connection.connection.driver_connection.backup(copy)  # type: ignore[union-attr]


def _save_sources(connection: Connection, states: list[SourceState]) -> None:
    numbers = _site_ids(connection, {state.site: state.url for state in states})
    for state in states:
        said = {field.name: storable(getattr(state, field.name)) for field in fields(SourceState)}
        values = {name: value for name, value in said.items() if name != "site"}
        mine = (sources.c.site_id == numbers[state.site]) & (sources.c.url == state.url)
        if connection.execute(update(sources).where(mine).values(values)).rowcount == 0:
            connection.execute(insert(sources).values(site_id=numbers[state.site], **values))


def _sites_of(connection: Connection, prepared: list[Prepared]) -> dict[str, int]:
    return _site_ids(connection, {one.capture.site: one.capture.url for one in prepared if one.capture.site})


def _site_ids(connection: Connection, wanted: dict[str, str]) -> dict[str, int]:
    """The numbers of sites by name; one that was never declared is made, at home where its page is."""
    if not wanted:
        return {}
    query = select(sites.c.name, sites.c.id).where(sites.c.name.in_(sorted(wanted)))
    known = {row.name: row.id for row in connection.execute(query)}
    for name in sorted(wanted.keys() - known.keys()):
        values = {"name": name, "url": home_of(wanted[name]), "added_at": datetime.now(UTC)}
        known[name] = connection.execute(insert(sites).values(values).returning(sites.c.id)).scalar_one()
    return known
