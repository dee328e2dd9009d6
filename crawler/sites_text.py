"""Writing about sites: an entry for `sites add`, and the reference of all keys (docs/sites.md)."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence

from crawler.sites import Defaults, Key, Site, keys_of

_INTRO = """\
# sites.toml

Which sites an archive follows, and how. `backissue sites add URL` writes an entry, `backissue sites check` tries
what is declared; a mistake is reported with its line. `sites.example.toml` shows every key.

This page is made from the code: `python -m crawler.sites > docs/sites.md`.
"""


def render_site_entry(
    name: str,
    url: str,
    *,
    feeds: Sequence[str] = (),
    sitemaps: Sequence[str] = (),
    sections: Sequence[str] = (),
    language: str | None = None,
    comments: Iterable[str] = (),
) -> str:
    """The text of a `[[site]]` table, to be appended to the file as it is (it begins with an empty line).

    >>> print(render_site_entry("paper", "https://paper.example/", feeds=["https://paper.example/feed/"]))
    <BLANKLINE>
    [[site]]
    name = "paper"
    url = "https://paper.example/"
    feeds = ["https://paper.example/feed/"]
    <BLANKLINE>
    """
    lines = ["", "[[site]]", f"name = {_toml(name)}", f"url = {_toml(url)}"]
    lines += [f"{key} = {_list(values)}" for key, values in _sources(feeds, sitemaps, sections) if values]
    if language:
        lines.append(f"language = {_toml(language)}")
    lines[2:2] = [f"# {' '.join(comment.split())}" for comment in comments]
    return "\n".join(lines) + "\n"


def _sources(*values: Sequence[str]) -> Iterable[tuple[str, Sequence[str]]]:
    return zip(("feeds", "sitemaps", "sections"), values, strict=True)


def _toml(text: str) -> str:
    """A basic TOML string; JSON's escapes are TOML's too."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def _list(values: Sequence[str]) -> str:
    if len(values) == 1:
        return f"[{_toml(values[0])}]"
    return "[\n" + "".join(f"  {_toml(value)},\n" for value in values) + "]"


def reference() -> str:
    """The page docs/sites.md."""
    parts = [_INTRO, _section("`[defaults]`", Defaults), _section("`[[site]]`, one table a site", Site)]
    return "\n".join(parts)


def _section(title: str, kind: type[Defaults] | type[Site]) -> str:
    rows = [_row(name, key, getattr(kind(), name)) for name, key in keys_of(kind).items()]
    return f"## {title}\n\n| key | default | meaning | example |\n|---|---|---|---|\n" + "".join(rows)


def _row(name: str, key: Key, default: object) -> str:
    cells = (f"`{name}`", _default(name, default), key.doc, f"`{key.example}`")
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |\n"


def _default(name: str, value: object) -> str:
    if isinstance(value, bool):
        return f"`{str(value).lower()}`"
    if value in (None, "", ()) or value == {}:
        return ""
    return f"`{json.dumps(value)}`"
