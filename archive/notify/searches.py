"""Saved searches: read and checked from `notify.toml`, and the edits of the archive that each one finds."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from archive.cli.times import as_since, parse_period
from archive.errors import ArchiveError
from archive.model import COUNTERS, EditKind

if TYPE_CHECKING:
    from archive import Archive
    from archive.queries import Edit

EXAMPLE = """\
# What `backissue notify` watches for, and whom it tells. Run it after each crawl.
# public_url = "https://archive.example"   # where `backissue serve` is reached: messages then carry links

[[search]]
name = "quiet edits of facts"
stealth = true                       # a fact changed, and neither the page's date nor a note says so
kinds = ["number", "quote", "name"]  # any of them; leave it out for all
targets = ["console:"]               # prints; "console:jsonl" prints a JSON object a change

# [[search]]
# name = "rain at sahel"
# site = "sahel"                     # or a list: ["sahel", "meridian"]
# text = "rain"                      # articles with these words in one of their versions
# views = 10000                      # read at least so often by now; likes, dislikes, shares and comments likewise
# since = "2026-03-01"               # where the first run begins; one day back if not said
# targets = ["${SLACK_URL}", "mailto://me:${MAIL_PASSWORD}@mail.example"]   # ${NAME}: from the environment
"""
_FIELDS = {"name", "site", "kinds", "stealth", "text", "since", "targets", *COUNTERS}
_FROM_ENVIRONMENT = re.compile(r"\$\{(\w+)\}")
_PAGE = 200


class BadSearches(ArchiveError):
    """notify.toml cannot be used as it is; the message says where and why. Nothing was sent."""


@dataclass(frozen=True, slots=True)
class SavedSearch:
    """What someone wants to be told of, and where."""

    name: str
    targets: tuple[str, ...]
    """apprise's URLs, console: or console:jsonl. They may hold passwords: never shown."""
    sites: tuple[str, ...] = ()
    kinds: tuple[EditKind, ...] = ()
    stealth: bool = False
    text: str | None = None
    at_least: Mapping[str, int] = field(default_factory=dict)
    """How much each of these counters must be by now."""
    since: datetime | None = None
    """Where the first run begins; None = a day back."""

    def find(self, archive: Archive, since: datetime) -> Iterator[Edit]:
        """The edits that fit, the newest first, a page in memory at a time."""
        having: set[int] | None = None
        if self.text is not None:
            having = {each.id for each in archive.articles(words=self.text, changed_since=since, limit=None)}
        before: tuple[datetime, int] | None = None
        chosen: dict[str, Any] = {"kinds": self.kinds, "stealth": self.stealth or None, "since": since}
        if len(self.sites) == 1:
            chosen["site"] = self.sites[0]
        while page := archive.changes(**chosen, before=before, limit=_PAGE):
            for edit in page:
                is_wanted = (not self.sites or edit.new.site in self.sites) and (
                    having is None or edit.new.article_id in having
                )
                if is_wanted and self._is_counted_enough(archive, edit):
                    yield edit
            before = (page[-1].new.captured_at, page[-1].seq)

    def _is_counted_enough(self, archive: Archive, edit: Edit) -> bool:
        points = archive.engagement(edit.new.article_id) if self.at_least else []
        for name, least in self.at_least.items():
            said = [number for point in points if (number := getattr(point, name)) is not None]
            if not said or said[-1] < least:
                return False
        return True


@dataclass(frozen=True, slots=True)
class Searches:
    """All that notify.toml says."""

    searches: tuple[SavedSearch, ...]
    public_url: str | None = None


def load_searches(path: Path, environment: Mapping[str, str], now: datetime) -> Searches:
    """Reads and checks the file. Raises BadSearches."""
    try:
        said = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        hint = "`backissue notify --example` prints one to begin with, and --searches names another"
        raise BadSearches(f"there is no {str(path)!r}; {hint}") from error
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise BadSearches(f"{path}: {error}") from error
    if unknown := set(said) - {"search", "public_url"}:
        raise BadSearches(f"{path}: {_listed(unknown)} means nothing here; there are [[search]] and public_url")
    tables = said.get("search", [])
    if not isinstance(tables, list) or not all(isinstance(table, dict) for table in tables):
        raise BadSearches(f"{path}: searches are written as [[search]], in double brackets")
    found = tuple(_Reader(path, place, table, environment, now).search() for place, table in enumerate(tables, 1))
    names = [search.name for search in found]
    if twice := {name for name in names if names.count(name) > 1}:
        raise BadSearches(f"{path}: two searches are named {_listed(twice)}; what was sent is remembered by name")
    return Searches(found, _public_url(path, said.get("public_url")))


def _public_url(path: Path, url: object) -> str | None:
    if url is None:
        return None
    if not isinstance(url, str) or urlsplit(url).scheme not in ("http", "https"):
        raise BadSearches(f"{path}: public_url is {url!r}, and should be an address that begins with https://")
    return url.rstrip("/")


@dataclass(frozen=True, slots=True)
class _Reader:
    """One [[search]] table on its way to a SavedSearch."""

    path: Path
    place: int
    said: dict[str, Any]
    environment: Mapping[str, str]
    now: datetime

    def search(self) -> SavedSearch:
        name = self._text("name")
        if not name:
            raise self._wrong("it has no name")
        if unknown := set(self.said) - _FIELDS:
            raise self._wrong(f"{_listed(unknown)} is no filter; there are {_listed(_FIELDS)}")
        targets = tuple(self._filled(target) for target in self._texts("targets"))
        if not targets:
            raise self._wrong('it has no targets; try targets = ["console:"]')
        stealth = self.said.get("stealth", False)
        if not isinstance(stealth, bool):
            raise self._wrong(f"stealth is {stealth!r}, and should be true or false")
        return SavedSearch(
            name=name,
            targets=targets,
            sites=self._texts("site"),
            kinds=self._kinds(),
            stealth=stealth,
            text=self._text("text"),
            at_least={name: self._count(name) for name in COUNTERS if name in self.said},
            since=self._since(),
        )

    def _wrong(self, why: str) -> BadSearches:
        name = self.said.get("name")
        return BadSearches(f"{self.path}: search {name if isinstance(name, str) else self.place!r}: {why}")

    def _text(self, field: str) -> str | None:
        value = self.said.get(field)
        if value is not None and not isinstance(value, str):
            raise self._wrong(f"{field} is {value!r}, and should be a text")
        return value.strip() or None if value else None

    def _texts(self, field: str) -> tuple[str, ...]:
        value = self.said.get(field, [])
        values = [value] if isinstance(value, str) else value
        if not isinstance(values, list) or not all(isinstance(each, str) and each.strip() for each in values):
            raise self._wrong(f"{field} should be a text, or a list of texts")
        return tuple(each.strip() for each in values)

    def _count(self, field: str) -> int:
        value = self.said[field]
        if isinstance(value, bool) or not isinstance(value, int) or value < 0:
            raise self._wrong(f"{field} is {value!r}, and should be a whole number")
        return value

    def _kinds(self) -> tuple[EditKind, ...]:
        try:
            return tuple(EditKind(kind) for kind in self._texts("kinds"))
        except ValueError as error:
            raise self._wrong(f"{error}; the kinds are {_listed(EditKind)}") from error

    def _since(self) -> datetime | None:
        value = self.said.get("since")
        if value is None:
            return None
        try:
            typed = value.isoformat() if isinstance(value, date) else str(value)
            return as_since(parse_period(typed, self.now))
        except ValueError as error:
            raise self._wrong(str(error)) from error

    def _filled(self, target: str) -> str:
        def value(found: re.Match[str]) -> str:
            if found[1] not in self.environment:
                raise self._wrong(f"a target wants the environment variable {found[1]}, which is not set")
            return self.environment[found[1]]

        return _FROM_ENVIRONMENT.sub(value, target)


def _listed(names: Any) -> str:
    return ", ".join(sorted(str(name) for name in names))
