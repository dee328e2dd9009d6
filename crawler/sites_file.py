"""`sites.toml` as a file: its tables, the line on which each key stands, and the error that points there.

Knows TOML, not what the keys mean.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any

_HEADER = re.compile(r"\s*(\[\[?)\s*([\w.\"' -]+?)\s*\]\]?\s*(?:#.*)?$")
_ASSIGNMENT = re.compile(r"""\s*(?:"([^"]+)"|'([^']+)'|([\w-]+(?:\s*\.\s*[\w-]+)*))\s*=""")
_TABLES = ("defaults", "site")


class SiteError(Exception):
    """The declaration of sites is wrong. One line: file, line, what was found, what to do next."""

    def __init__(self, found: str, *, path: Path | None = None, line: int | None = None) -> None:
        place = ":".join(str(part) for part in (path, line) if part is not None)
        super().__init__(" ".join((f"{place}: {found}" if place else found).split()))
        self.found = found
        self.path = path
        self.line = line


@dataclass(frozen=True, slots=True)
class Table:
    """One table of the file, with the lines of its keys."""

    title: str
    """As messages name it: "[defaults]" or "[[site]]"."""
    values: dict[str, Any]
    lines: dict[str, int]
    """Key (dotted below the table) -> line; "" -> the table's own."""
    path: Path

    def error(self, key: str, found: str) -> SiteError:
        """The error that points at a key (or the nearest thing to it that has a line)."""
        while key and key not in self.lines:
            key = key.rpartition(".")[0]
        return SiteError(found, path=self.path, line=self.lines.get(key))

    def refuse_unknown(self, known: Iterable[str]) -> None:
        """Raise SiteError for the first key that is none of `known`."""
        known = tuple(known)
        for key in self.values:
            if key not in known:
                raise self.error(key, f"unknown key {key!r} in {self.title}{nearest(key, known)}")


def nearest(word: str, known: Iterable[str]) -> str:
    """The end of a message on an unknown word.

    >>> nearest("dealy", ["delay", "name"]), nearest("x", ["delay", "name"])
    ('; did you mean "delay"?', '; known are delay, name')
    """
    known = tuple(known)
    close = get_close_matches(word, known, n=1, cutoff=0.6)
    if close:
        return f'; did you mean "{close[0]}"?'
    return f"; known are {', '.join(known)}" if known else ""


def read_tables(path: Path) -> tuple[Table, list[Table]]:
    """The `[defaults]` table (empty where there is none) and the `[[site]]` tables. Raises SiteError."""
    text = _read(path)
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise _syntax_error(str(error), text, path) from error
    lines = _lines(text)
    top = Table("the file", data, lines.get(("", 0), {}) | {name: rows[""] for (name, _), rows in lines.items()}, path)
    top.refuse_unknown(_TABLES)
    defaults, sites = data.get("defaults", {}), data.get("site", [])
    if not isinstance(defaults, dict):
        raise top.error("defaults", "defaults is no table; write [defaults] on a line of its own")
    if not isinstance(sites, list) or not all(isinstance(site, dict) for site in sites):
        raise top.error("site", "site is no list of tables; begin each site with [[site]], in double brackets")
    first = Table("[defaults]", defaults, lines.get(("defaults", 0), {}), path)
    rest = [Table("[[site]]", site, lines.get(("site", n), {}), path) for n, site in enumerate(sites)]
    return first, rest


def _read(path: Path) -> str:
    try:
        return path.read_text("utf-8-sig")
    except FileNotFoundError:
        raise SiteError(
            "no such file; `backissue sites add URL` writes one, --sites names another", path=path
        ) from None
    except UnicodeDecodeError as error:
        raise SiteError(f"byte {error.start} is not UTF-8; save the file as UTF-8", path=path) from error
    except OSError as error:
        raise SiteError(f"cannot be read ({error.strerror}); check its permissions", path=path) from error


def _syntax_error(message: str, text: str, path: Path) -> SiteError:
    match = re.search(r"\(at line (\d+), column \d+\)|\(at end of document\)", message)
    line = int(match[1]) if match and match[1] else len(text.splitlines())
    reason = message[: match.start()].strip() if match else message
    return SiteError(f"not valid TOML: {reason}; texts stand in quotes, lists in [ ]", path=path, line=line)


def _lines(text: str) -> dict[tuple[str, int], dict[str, int]]:
    """(table, its place among those of that name) -> key -> line, found by reading the lines again."""
    found: dict[tuple[str, int], dict[str, int]] = {}
    table, prefix, counts = ("", 0), "", dict.fromkeys(_TABLES, -1)
    for number, line in enumerate(text.splitlines(), 1):
        if match := _HEADER.match(line):
            name, _, below = match[2].replace('"', "").replace(" ", "").partition(".")
            if not below:
                counts[name] = counts.get(name, -1) + 1
            table, prefix = (name, max(counts.get(name, 0), 0)), f"{below}." if below else ""
            found.setdefault(table, {}).setdefault(below, number)
            found[table].setdefault("", number)
        elif match := _ASSIGNMENT.match(line):
            key = re.sub(r"\s", "", match[1] or match[2] or match[3])
            rows = found.setdefault(table, {"": number})
            rows.setdefault(prefix + key, number)
            rows.setdefault(key.partition(".")[0] if not prefix else prefix[:-1], number)
    return found
