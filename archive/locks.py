"""One crawl per site: whoever crawls holds the locks of the site's hosts, and no other process can.

The locks are the operating system's (files beside an SQLite archive) or PostgreSQL's (advisory locks of a
session), so they vanish with the process that held them: nothing to expire, nothing to clean up. Hosts are taken
in sorted order, so two crawls never wait for each other; `www.` and `m.` variants share one lock.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from hashlib import blake2b
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING
from urllib.parse import quote

from filelock import FileLock, Timeout
from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError

from archive.errors import Busy, Unavailable
from archive.identity import NotHttp, host_key
from archive.store.engine import Database

if TYPE_CHECKING:
    from archive.store.archive import Archive


class HostLocks:
    """The locks of one crawl. More hosts may be taken while it runs (a redirect leads to one); all go with `close`.

    May be used from several threads.
    """

    def __init__(self, archive: Archive) -> None:
        path = archive.database.path
        self._keeper: _Files | _Advisory = (
            _Files(path.with_name(path.name + ".locks")) if path is not None else _Advisory(archive.database)
        )
        self._taking = Lock()
        self._held: set[str] = set()

    @property
    def names(self) -> tuple[str, ...]:
        """What is held, sorted."""
        return tuple(sorted(self._held))

    def holds(self, host: str) -> bool:
        return lock_name(host) in self._held

    def take(self, hosts: Iterable[str]) -> None:
        """Take the locks of these hosts too. Raises `Busy` at once, and takes none of them, where another has one;
        raises Unavailable where locks cannot be had at all."""
        with self._taking:
            taken: list[str] = []
            try:
                for name in sorted({lock_name(host) for host in hosts} - self._held):
                    if not self._keeper.take(name):
                        raise Busy((name,))
                    taken.append(name)
            except BaseException:
                for name in taken:
                    self._keeper.release(name)
                raise
            self._held.update(taken)

    def close(self) -> None:
        with self._taking:
            self._held.clear()
            self._keeper.close()


@contextmanager
def site_locks(archive: Archive, hosts: Iterable[str]) -> Iterator[tuple[str, ...]]:
    """Holds the locks of these hosts until it is left. Raises `Busy` at once, holding none, where one is taken."""
    locks = HostLocks(archive)
    try:
        locks.take(hosts)
        yield locks.names
    finally:
        locks.close()


def lock_name(host: str) -> str:
    """What the hosts of one site are locked by.

    >>> lock_name("WWW.Example.com"), lock_name("m.example.com:8080")
    ('example.com', 'example.com:8080')
    """
    try:
        return host_key(f"http://{host}/")
    except NotHttp:
        return host.lower()


class _Files:
    """A file a host, locked by the operating system."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._locks: dict[str, FileLock] = {}

    def take(self, name: str) -> bool:
        try:
            self._folder.mkdir(exist_ok=True)
            # thread_local off: whoever closes the crawl may be another thread.
            lock = FileLock(self._folder / quote(name, safe="")[:200], timeout=0, thread_local=False)
            lock.acquire()
        except Timeout:
            return False
        except OSError as error:
            folder = str(self._folder)
            raise Unavailable(f"cannot make lock files in {folder!r}: {error}; give this user the right to") from error
        self._locks[name] = lock
        return True

    def release(self, name: str) -> None:
        self._locks.pop(name).release()

    def close(self) -> None:
        for name in list(self._locks):
            self.release(name)


class _Advisory:
    """PostgreSQL's advisory locks, all of one session."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._session: Connection | None = None
        self._names: set[str] = set()

    def take(self, name: str) -> bool:
        with self._database.translated("locking hosts in"):
            try:
                return self._ask(name)
            except DBAPIError:
                if not self._names:
                    raise
                # The server restarted, and what was held is free: hold it again, unless somebody else was quicker.
                names, self._names = self._names, set()
                self._end_session()
                return all(self._ask(each) for each in sorted({*names, name}))

    def _ask(self, name: str) -> bool:
        if self._session is None:
            self._session = self._database.engine.connect().execution_options(isolation_level="AUTOCOMMIT")
            self._session.execute(text("SET idle_session_timeout = 0"))
        query = text("SELECT pg_try_advisory_lock(:key)")
        if self._session.execute(query, {"key": _advisory_key(name)}).scalar():
            self._names.add(name)
            return True
        return False

    def release(self, name: str) -> None:
        self._names.discard(name)
        if self._session is not None:
            with suppress(DBAPIError):
                self._session.execute(text("SELECT pg_advisory_unlock(:key)"), {"key": _advisory_key(name)})

    def close(self) -> None:
        self._names.clear()
        self._end_session()

    def _end_session(self) -> None:
        """The session ends with the crawl, and its locks with it."""
        session, self._session = self._session, None
        if session is not None:
            with suppress(DBAPIError):
                session.invalidate()
                session.close()


def _advisory_key(name: str) -> int:
    """A host as PostgreSQL's 64-bit number."""
    return int.from_bytes(blake2b(f"backissue {name}".encode(), digest_size=8).digest(), signed=True)
