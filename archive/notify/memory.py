"""Remembers which edits were sent to whom, in a JSON file that is always whole: each edit is sent once.

An edit counts as sent when its message has left; where the process dies in between, it is sent a second time rather
than never. Targets are named by a digest: their addresses may hold passwords.
"""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from archive.errors import ArchiveError
from archive.export.rows import iso
from archive.model import Version

FIRST_RUN = timedelta(days=1)
"""How far back a search looks when it runs for the first time."""
MARGIN = timedelta(days=7)
"""How far back every run looks again: an edit may be recorded late, or become worth sending (views) days after."""
_FORM = 1


class MemoryDamaged(ArchiveError):
    """The file that says what was sent cannot be read; it is left as it is and nothing was sent."""


class Memory:
    """What was sent; changes are on disk after `save`."""

    def __init__(self, path: Path) -> None:
        """Reads the file, if there is one. Raises MemoryDamaged."""
        self.path = path
        self._said: dict[str, dict[str, dict[str, Any]]] = {}
        try:
            said = json.loads(path.read_text(encoding="utf-8"))
            if said["form"] != _FORM:
                raise ValueError(f"its form is {said['form']!r}")
            self._said = said["searches"]
            for places in self._said.values():
                for place in places.values():
                    datetime.fromisoformat(place["since"])
                    place["sent"].items()
        except FileNotFoundError:
            pass
        except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
            why = "remove it, and the edits of the last day are sent (again)"
            raise MemoryDamaged(f"{path} does not say what was sent ({error}); {why}") from error

    def since(self, search: str, target: str, first: datetime) -> datetime:
        """From when on to look; `first` where nothing was sent yet."""
        place = self._said.get(search, {}).get(_digest(target))
        return datetime.fromisoformat(place["since"]) if place else first

    def was_sent(self, search: str, target: str, version: Version) -> bool:
        """Whether the edit that made the version has left for the target."""
        place = self._said.get(search, {}).get(_digest(target))
        return place is not None and version.id in place["sent"]

    def note(self, search: str, target: str, version: Version, since: datetime) -> None:
        """The edit that made the version was sent; the search looked from `since` on."""
        self._place(search, target, since)["sent"][version.id] = iso(version.captured_at)

    def done(self, search: str, target: str, since: datetime, now: datetime) -> None:
        """All was sent: the next run need not look further back than MARGIN."""
        place = self._place(search, target, since)
        start = max(since, now - MARGIN)
        place["since"] = iso(start)
        place["sent"] = {token: at for token, at in place["sent"].items() if datetime.fromisoformat(at) >= start}

    def save(self) -> None:
        """Puts the file in place in one step; only its owner may read it. Raises ArchiveError."""
        try:
            self._write()
        except OSError as error:
            raise ArchiveError(f"what was sent could not be noted in {self.path}: {error}") from error

    def _write(self) -> None:
        handle, name = tempfile.mkstemp(prefix=f".{self.path.name}.", suffix=".part", dir=self.path.absolute().parent)
        try:
            with os.fdopen(handle, "w", encoding="utf-8") as file:
                json.dump({"form": _FORM, "searches": self._said}, file, ensure_ascii=False, indent=1)
                file.flush()
                os.fsync(file.fileno())
            Path(name).replace(self.path)
        except BaseException:
            with suppress(OSError):
                Path(name).unlink()
            raise

    def _place(self, search: str, target: str, since: datetime) -> dict[str, Any]:
        places = self._said.setdefault(search, {})
        return places.setdefault(_digest(target), {"since": iso(since), "sent": {}})


def _digest(target: str) -> str:
    return hashlib.sha256(target.encode()).hexdigest()[:16]
