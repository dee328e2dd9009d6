"""One crawl per site: whoever crawls holds the locks of the site's hosts, and no other process can.

The locks are the operating system's (files beside an SQLite archive) or PostgreSQL's (advisory locks of a
session), so they vanish with the process that held them: nothing to expire, nothing to clean up. Hosts are taken
in sorted order, so two crawls never wait for each other; `www.` and `m.` variants share one lock.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from hashlib import blake2b
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

from filelock import FileLock, Timeout
from sqlalchemy import text

from archive.errors import Busy, Unavailable
from archive.identity import NotHttp, host_key
from archive.store.engine import Database

if TYPE_CHECKING:
    from archive.store.archive import Archive


@contextmanager
def site_locks(archive: Archive, hosts: Iterable[str]) -> Iterator[tuple[str, ...]]:
    """Holds the locks of these hosts until it is left. Raises `Busy` at once, holding none, where one is taken."""
    names = tuple(sorted({lock_name(host) for host in hosts}))
    database = archive.database
    with ExitStack() as stack:
        if database.path is not None:
            _lock_files(stack, database.path.with_name(database.path.name + ".locks"), names)
        else:
            _lock_advisory(stack, database, names)
        yield names


def lock_name(host: str) -> str:
    """What the hosts of one site are locked by.

    >>> lock_name("WWW.Example.com"), lock_name("m.example.com:8080")
    ('example.com', 'example.com:8080')
    """
    try:
        return host_key(f"http://{host}/")
    except NotHttp:
        return host.lower()


def _lock_files(stack: ExitStack, folder: Path, names: tuple[str, ...]) -> None:
    try:
        folder.mkdir(exist_ok=True)
        for name in names:
            # is_singleton off and thread_local off: a second crawl in this process is another crawl.
            lock = FileLock(folder / quote(name, safe="")[:200], timeout=0, thread_local=False)
            stack.enter_context(lock.acquire(timeout=0))
    except Timeout as error:
        raise Busy((name,)) from error
    except OSError as error:
        raise Unavailable(f"cannot make lock files in {str(folder)!r}: {error}; give this user the right to") from error


def _lock_advisory(stack: ExitStack, database: Database, names: tuple[str, ...]) -> None:
    connection = stack.enter_context(database.reading())
    connection = connection.execution_options(isolation_level="AUTOCOMMIT")
    stack.callback(connection.invalidate)  # the session ends with the crawl, and its locks with it
    connection.execute(text("SET idle_session_timeout = 0"))
    for name in names:
        if not connection.execute(text("SELECT pg_try_advisory_lock(:key)"), {"key": _advisory_key(name)}).scalar():
            raise Busy((name,))


def _advisory_key(name: str) -> int:
    """A host as PostgreSQL's 64-bit number."""
    return int.from_bytes(blake2b(f"backissue {name}".encode(), digest_size=8).digest(), signed=True)
