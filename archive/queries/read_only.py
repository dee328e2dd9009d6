"""An archive that can only be read, and not for long: what a server opens. Writes fail in the database itself.

`time_limit` bounds what the database may do in one context; a question that takes longer is interrupted there.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from types import TracebackType
from typing import Any, Self

from sqlalchemy import event

from archive import migrations
from archive.errors import NotFound, Unavailable, WrongSchema
from archive.queries import Queries
from archive.store.engine import Database, must_exist

_STEPS = 2000
"""Instructions of SQLite's machine between two glances at the clock (some tens of microseconds)."""
_NEVER = float("inf")
_deadline: ContextVar[float] = ContextVar("deadline", default=_NEVER)


class TooSlow(Unavailable):
    """The question took longer than it was given. Not a fault of the archive: ask for less."""


@contextmanager
def time_limit(seconds: float) -> Iterator[None]:
    """What is asked of a ReadOnlyArchive within this context must be answered in so many seconds, all in all."""
    token = _deadline.set(time.monotonic() + seconds)
    try:
        yield
    finally:
        _deadline.reset(token)


def time_left() -> float:
    """Seconds left of the limit; infinite where there is none."""
    return _deadline.get() - time.monotonic()


class ReadOnlyArchive(Queries):
    """All readers of an archive and none of its writers."""

    @classmethod
    def open(cls, url: str) -> Self:
        """Opens an archive that exists. Raises `NotFound` where there is none, `WrongSchema` where its tables are
        not this program's (nothing is upgraded from here)."""
        database = _TimedDatabase(url)
        must_exist(database)
        _make_read_only(database)
        try:
            with database.reading() as connection:
                current = migrations.revision(connection)
        except BaseException:
            database.dispose()
            raise
        if current != migrations.head():
            database.dispose()
            if current is None:
                raise NotFound("archive", database.name, "crawl or import something first, or check --database")
            raise WrongSchema(f"the tables of {database.name} are of another version; run `backissue upgrade` first")
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


class _TimedDatabase(Database):
    """A database that tells a question cut short from a database that cannot be used."""

    @contextmanager
    def reading(self) -> Iterator[Any]:
        """As the base class's; `TooSlow` where the limit was what ended it."""
        if time_left() <= 0:
            raise TooSlow("the time for this question is used up; ask for less")
        try:
            with super().reading() as connection:
                yield connection
        except Unavailable as error:
            if time_left() <= 0 or "statement timeout" in str(error):
                raise TooSlow("the question took too long and was stopped; ask for less") from error
            raise


def _make_read_only(database: Database) -> None:
    if database.is_sqlite:
        event.listen(database.engine, "connect", _prepare_sqlite)
        event.listen(database.engine, "checkout", _wind_sqlite)
    else:
        event.listen(database.engine, "connect", _prepare_postgresql)
        event.listen(database.engine, "checkout", _wind_postgresql)


def _prepare_sqlite(connection: Any, record: Any) -> None:
    connection.execute("PRAGMA query_only=ON")

    def is_late() -> bool:
        return time.monotonic() > float(record.info.get("deadline", _NEVER))

    connection.set_progress_handler(is_late, _STEPS)


def _wind_sqlite(connection: Any, record: Any, proxy: Any) -> None:
    record.info["deadline"] = _deadline.get()


def _prepare_postgresql(connection: Any, record: Any) -> None:
    connection.execute("SET default_transaction_read_only = on")
    connection.commit()


def _wind_postgresql(connection: Any, record: Any, proxy: Any) -> None:
    left = time_left()
    limit = 0 if left == _NEVER else max(1, int(left * 1000))
    connection.execute(f"SET statement_timeout = {limit:d}")
    connection.commit()
