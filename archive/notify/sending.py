"""Sends what saved searches find: some edits a message, each edit once to each target, nothing lost that failed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import TYPE_CHECKING

from archive.notify.memory import FIRST_RUN, Memory
from archive.notify.message import compose
from archive.notify.searches import SavedSearch, Searches
from archive.notify.targets import Target, open_target

if TYPE_CHECKING:
    from archive import Archive
    from archive.queries import Edit

EDITS_A_MESSAGE = 20


@dataclass(frozen=True, slots=True)
class Delivery:
    """What one target was sent of one search."""

    search: str
    target: str
    edits: int
    """That have left."""
    failure: str | None = None
    """Why the rest has not, in words; it is tried again next time."""


def opened(searches: Searches, wrap: Callable[[Target], Target] = lambda target: target) -> list[list[Target]]:
    """The targets of each search, all of them checked before anything is sent."""
    return [
        [
            wrap(open_target(url, f"target {place} of {search.name!r}"))
            for place, url in enumerate(search.targets, start=1)
        ]
        for search in searches.searches
    ]


def deliver(
    archive: Archive, searches: Searches, targets: list[list[Target]], memory: Memory, now: datetime, *, keep: bool
) -> Iterator[Delivery]:
    """Sends to one target after the other; what has left is noted on disk after each message, where `keep`."""
    for search, mine in zip(searches.searches, targets, strict=True):
        for url, target in zip(search.targets, mine, strict=True):
            yield _deliver(_Errand(archive, search, url, searches.public_url, memory, now, keep), target)


@dataclass(frozen=True, slots=True)
class _Errand:
    """One search's edits on their way to one target."""

    archive: Archive
    search: SavedSearch
    url: str
    public_url: str | None
    memory: Memory
    now: datetime
    keep: bool

    @property
    def since(self) -> datetime:
        """From when on to look."""
        return self.memory.since(self.search.name, self.url, self.search.since or self.now - FIRST_RUN)

    def unsent(self) -> Iterator[Edit]:
        """What this target was not sent yet, the newest first."""
        for edit in self.search.find(self.archive, self.since):
            if not self.memory.was_sent(self.search.name, self.url, edit.new):
                yield edit


def _deliver(errand: _Errand, target: Target) -> Delivery:
    name, since = errand.search.name, errand.since
    count = 0
    edits = errand.unsent()
    while some := tuple(islice(edits, EDITS_A_MESSAGE)):
        failure = target.send(compose(name, some, errand.public_url))
        if failure is not None:
            return Delivery(name, target.name, count, failure)
        count += len(some)
        if errand.keep:
            for edit in some:
                errand.memory.note(name, errand.url, edit.new, since)
            errand.memory.save()
    if errand.keep:
        errand.memory.done(name, errand.url, since, errand.now)
        errand.memory.save()
    return Delivery(name, target.name, count)
