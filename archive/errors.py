"""What can go wrong in the archive: one base, and a child where a caller would act differently.

Expected outcomes of a crawl (unchanged, blocked, no article) are values, never errors. Errors travel between processes.
"""

from __future__ import annotations

from typing import Any


class ArchiveError(Exception):
    """Anything the archive could not do. The message names the thing, what was found and what to do next."""


class NotFound(ArchiveError):
    """The archive has nothing by that name: an id, a URL, a site. Says nothing of the web."""

    def __init__(self, what: str, name: object, hint: str = "") -> None:
        super().__init__(f"no {what} {name!r} in this archive" + (f"; {hint}" if hint else ""))
        self.what, self.name, self._hint = what, name, hint

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (self.what, self.name, self._hint)


class InvalidRecord(ArchiveError):
    """A record that the archive will not take as it is (no outcome, a naive time); nothing of its batch was stored."""


class Busy(ArchiveError):
    """Another process holds what was asked for. Wait, or take another site; nothing is broken."""

    def __init__(self, hosts: tuple[str, ...]) -> None:
        super().__init__(f"another crawl holds {', '.join(hosts)}; it lets go when it ends, or when its process does")
        self.hosts = hosts

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (self.hosts,)


class Unavailable(ArchiveError):
    """The database cannot be used now: locked, unreachable, read-only, disk full. What was recorded is safe."""


class WrongSchema(ArchiveError):
    """The database is no archive, or one that a newer Backissue made. Not repaired by trying again."""


class Damaged(ArchiveError):
    """Stored bytes no longer are what was stored. `verify` lists all of them."""
