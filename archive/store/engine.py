"""The connection to the database: opening it, transactions for reading and for writing, errors in our words.

Knows SQLite's and PostgreSQL's manners; knows no table.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import Connection, create_engine, event, exc, make_url, text
from sqlalchemy.dialects.sqlite.base import SQLiteCompiler
from sqlalchemy.engine import URL, Engine

from archive.errors import ArchiveError, NotFound, Unavailable, WrongSchema

T = TypeVar("T")
BUSY_TIMEOUT = 30
"""Seconds that a writer of SQLite waits for another; `sqlite:///FILE?timeout=SECONDS` says otherwise."""
_ATTEMPTS = 6
#: PostgreSQL: serialization failure, deadlock, unique violation (somebody else made the same row first).
_RETRIED = frozenset({"40001", "40P01", "23505"})
_WRITING = 0x6261636B77726974
"""PostgreSQL's lock that writers share, and that one has alone who takes away what others might refer to."""
_TAKE_SHARED = text("SELECT pg_advisory_xact_lock_shared(:key)")
_TAKE_ALONE = text("SELECT pg_advisory_xact_lock(:key)")
_PRAGMAS = (
    "PRAGMA journal_mode=WAL",  # readers never wait for the writer
    "PRAGMA synchronous=FULL",  # on the disk when record_many returns, power cuts too; one fsync a batch
    "PRAGMA foreign_keys=ON",
    "PRAGMA cache_size=-65536",
    "PRAGMA temp_store=MEMORY",
    "PRAGMA mmap_size=1073741824",
)


class Database:
    """One database; safe to use from several threads. Writers of one process wait for each other here."""

    def __init__(self, url: str) -> None:
        self.url = _parse(url)
        self.is_sqlite = self.url.get_backend_name() == "sqlite"
        self.engine = _engine(self.url, self.is_sqlite)
        self._writing = threading.RLock()

    @property
    def path(self) -> Path | None:
        """The database file; None for PostgreSQL."""
        return Path(self.url.database or "").absolute() if self.is_sqlite else None

    @property
    def name(self) -> str:
        """The URL without its password, for messages."""
        return self.url.render_as_string(hide_password=True)

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A connection that sees one consistent state until it is left, whatever is written meanwhile."""
        with self.translated("reading"), self.engine.connect() as connection:
            if not self.is_sqlite:  # which of itself sees in each statement what is there by then
                connection.execution_options(isolation_level="REPEATABLE READ")
            yield connection

    def write(self, work: Callable[[Connection], T], *, alone: bool = False) -> T:
        """`work` in one transaction: all of it is stored when this returns, or nothing. May be run again on a clash.
        `alone`: no other writes meanwhile (of SQLite's there is never more than one)."""
        with self.translated("writing"), self._writing:
            for attempt in range(1, _ATTEMPTS + 1):
                try:
                    with self.engine.connect().execution_options(writes=True) as connection, connection.begin():
                        if not self.is_sqlite:
                            # Who clashed once goes alone, lest two writers of the same rows clash for ever.
                            lock = _TAKE_ALONE if alone or attempt > 1 else _TAKE_SHARED
                            connection.execute(lock, {"key": _WRITING})
                        return work(connection)
                except exc.DBAPIError as error:
                    if self.is_sqlite or attempt == _ATTEMPTS or _sqlstate(error) not in _RETRIED:
                        raise
        raise AssertionError("unreachable")

    def dispose(self) -> None:
        self.engine.dispose()

    @contextmanager
    def translated(self, doing: str) -> Iterator[None]:
        """The database's errors in the archive's words; `doing` is what was tried."""
        try:
            yield
        except exc.TimeoutError as error:
            raise Unavailable(f"{doing} {self.name}: no connection was free in time; close what is not used") from error
        except exc.DBAPIError as error:
            raise _in_our_words(error, doing, self.name) from error


def _parse(url: str) -> URL:
    try:
        parsed = make_url(url)
    except exc.ArgumentError as error:
        raise ArchiveError(
            f"{url!r} is no database URL; write sqlite:///FILE or postgresql://USER@HOST/DATABASE"
        ) from error
    backend = parsed.get_backend_name()
    if backend not in ("sqlite", "postgresql"):
        raise ArchiveError(f"an archive cannot live in {backend!r}; use sqlite:///FILE or postgresql://")
    if backend == "sqlite" and parsed.database in (None, "", ":memory:"):
        raise ArchiveError("an archive in memory would be lost with its process; use sqlite:///FILE")
    return parsed.set(drivername="postgresql+psycopg") if backend == "postgresql" else parsed


def must_exist(database: Database) -> None:
    """Raises `NotFound` where an SQLite archive has no file yet."""
    if database.path is not None and not database.path.exists():
        raise NotFound("archive file", str(database.path), "crawl or import something first, or check --database")


def _engine(url: URL, is_sqlite: bool) -> Engine:
    if not is_sqlite:
        return create_engine(url, pool_size=5, max_overflow=20, pool_pre_ping=True, insertmanyvalues_page_size=500)
    patience = {} if "timeout" in url.query else {"timeout": BUSY_TIMEOUT}
    engine = create_engine(
        url,
        pool_size=20,  # a connection is cheap to keep and takes nine statements to prepare
        max_overflow=20,
        connect_args=patience | {"check_same_thread": False, "cached_statements": 256},
    )
    engine.dialect.statement_compiler = _HintedSQLite
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


class _HintedSQLite(SQLiteCompiler):
    """Writes `with_hint(table, "INDEXED BY …", "sqlite")` into the statement; SQLAlchemy's own leaves it out."""

    def get_from_hint_text(self, table: Any, text: str | None) -> str | None:
        return text


def _prepare_sqlite(connection: Any, record: Any) -> None:
    connection.isolation_level = None  # transactions begin where we say, see _begin_sqlite
    for pragma in _PRAGMAS:
        connection.execute(pragma)


def _begin_sqlite(connection: Connection) -> None:
    """A writer takes its lock at once: a deferred one may find, half-way, that somebody else wrote first."""
    writes = connection.get_execution_options().get("writes")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _sqlstate(error: exc.DBAPIError) -> str | None:
    return getattr(error.orig, "sqlstate", None)


def _in_our_words(error: exc.DBAPIError, doing: str, name: str) -> ArchiveError:
    said = " ".join(str(error.orig).split())
    lowered = said.lower()
    for sign, advice in _ADVICE:
        if sign in lowered:
            return Unavailable(f"{doing} {name}: {said}; {advice}")
    if any(sign in lowered for sign in ("no such table", "not a database", "does not exist", "already exists")):
        return WrongSchema(f"{doing} {name}: {said}; this is no archive, or not one of this version")
    if isinstance(error, exc.OperationalError | exc.InterfaceError):
        return Unavailable(f"{doing} {name}: {said}; nothing of this batch was stored, try again")
    return ArchiveError(f"{doing} {name}: {said}")


_ADVICE = (
    ("database is locked", "another process was writing all the while; try again"),
    ("disk is full", "make room; what was recorded is safe"),
    ("no space left", "make room; what was recorded is safe"),
    ("readonly", "give this user the right to write the file and its folder"),
    ("unable to open database file", "check that the folder exists and may be written"),
    ("connection refused", "start the server, or check --database"),
    ("connection failed", "start the server, or check --database"),
    ("server closed the connection", "the server went away; try again"),
    ("terminating connection", "the server is restarting; try again"),
)
