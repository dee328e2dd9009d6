"""Records captures and keeps their raw answers: which ones, in what order so that a crash leaves nothing half done, and
for how long."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

from dateutil.relativedelta import relativedelta

from archive import Archive
from archive.model import Capture, Outcome
from archive.warc import DAILY, MONTHLY, RawStore
from crawler.sites import Sites

#: Raw files of archives that keep them for less than this are begun anew each day, so that they can go in time.
_SHORT = timedelta(days=92)


class Keeper:
    """The one way into the archive for captures that may bring their raw answer with them."""

    def __init__(
        self, archive: Archive, sites: Sites, folder: Path | None = None, *, now: Callable[[], datetime]
    ) -> None:
        self.archive = archive
        self._sites, self._now = sites, now
        is_short = (oldest := keep_since(sites.defaults.keep_raw, now())) is not None and now() - oldest < _SHORT
        self.store = RawStore(folder or archive.raw_folder, now=now, period=DAILY if is_short else MONTHLY)

    def record(self, captures: Sequence[Capture]) -> list[Capture]:
        """As `Archive.record_many`, then the raw answers that the sites' `raw` setting wants kept.

        The captures come first, since they decide what is a version; then the answers are brought to the disk; only
        then do the captures name them. A crash in between loses a raw copy, never makes a name that leads nowhere.
        """
        stored = self.archive.record_many(captures)
        wanted = {each.id: each for each in stored if each.id is not None and each.raw and self._is_wanted(each)}
        missing = self.archive.without_raw(wanted.keys()) if wanted else set()
        paths = {number: " ".join(map(self.store.write, wanted[number].raw)) for number in sorted(missing)}
        if paths:
            self.store.sync()
            self.archive.note_raw(paths)
        return [replace(each, raw=(), raw_path=paths.get(each.id or 0, each.raw_path)) for each in stored]

    def expire(self) -> list[str]:
        """Lets go of the raw files that are older than `keep_raw`; their names. Captures stop naming them first."""
        before = keep_since(self._sites.defaults.keep_raw, self._now())
        old = self.store.ended_before(before) if before is not None else []
        for name in old:
            self.archive.forget_raw(name)
            self.store.remove(name)
        return old

    def close(self) -> None:
        """Ends the WARC file that is being written."""
        self.store.close()

    def _is_wanted(self, capture: Capture) -> bool:
        is_declared = capture.site is not None and capture.site in self._sites
        raw = self._sites[capture.site or ""].raw if is_declared else self._sites.defaults.raw
        return raw == "all" or (raw == "versions" and capture.outcome in (Outcome.NEW, Outcome.CHANGED))


def keep_since(keep_raw: str, now: datetime) -> datetime | None:
    """The moment from which on raw answers are kept, by a `keep_raw` of sites.toml; None = all of them.

    >>> print(keep_since("3 months", datetime(2026, 5, 31)), keep_since("forever", datetime(2026, 5, 31)))
    2026-02-28 00:00:00 None
    """
    match = re.fullmatch(r"(\d+) (day|month|year)s?", keep_raw)
    if match is None:
        return None
    number = int(match[1])
    try:
        match match[2]:
            case "day":
                return now - timedelta(days=number)
            case "month":
                return now - relativedelta(months=number)
        return now - relativedelta(years=number)
    except (OverflowError, ValueError):  # before the first year
        return None
