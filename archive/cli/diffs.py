"""`diff`: what lies between two versions of an article, in colour, as text, JSON or a page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from html import escape
from typing import TYPE_CHECKING

import click

from archive.cli import screen
from archive.cli.screen import local, one_line, safe, styled
from archive.cli.session import Command, Mistake, Settings, Story, article_argument, pass_settings
from archive.export.rows import iso, plain, to_json
from archive.model import Content, Version

if TYPE_CHECKING:
    from archive.diff import Change

_INLINE_WIDTH = 99
_SIDE_WIDTH = 100
_PAGE = """<!doctype html>
<html lang="{language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>{title}</title>
<style>
body {{ font: 1.05rem/1.6 Georgia, serif; max-width: 42rem; margin: 2rem auto; padding: 0 1rem }}
:root {{ color-scheme: light dark }}
ins {{ background: #2a84; text-decoration: none }}
del {{ background: #d334 }}
.summary {{ font-family: sans-serif; font-size: .9rem }}
</style>
</head>
<body>
<p class="summary">{versions}</p>
{change}
</body>
</html>
"""


@click.command(cls=Command)
@article_argument
@click.argument("old", required=False)
@click.argument("new", required=False)
@click.option(
    "--format",
    "form",
    type=click.Choice(("terminal", "unified", "json", "html")),
    default="terminal",
    show_default=True,
    help="Unified marks words as git does: [-old-]{+new+}.",
)
@click.option(
    "--with",
    "other",
    type=Story(),
    metavar="ARTICLE",
    help="Compare with another article, such as a copy on another site: OLD is then a version of the first, NEW of"
    " the other, each the newest where not named.",
)
@click.option("--side", is_flag=True, help="Before and after side by side.")
@click.option("--no-pager", "pager", flag_value=False, default=True, help="Print long texts straight out.")
@pass_settings
def diff(
    settings: Settings,
    article: int | str,
    old: str | None,
    new: str | None,
    other: int | str | None,
    form: str,
    side: bool,
    pager: bool,
) -> None:
    """What changed between two versions, OLD and NEW: by number or id; the last two where none is named, OLD and the
    newest where one is.

    \b
    backissue diff 1
    backissue diff 1 1 3 --side
    backissue diff https://sahel.test/rain 1 2 --format unified
    backissue diff 1 --with https://meridian.test/strike
    """
    with settings.open() as archive:
        versions = archive.versions(article)
        others = archive.versions(other) if other is not None else None
    if others is not None:
        before, after = _newest_or_named(versions, article, old), _newest_or_named(others, other, new)
        versions = [_undated(before), _undated(after)]
    elif len(versions) < 2 and not old:
        count = "one version" if versions else "no version"
        raise Mistake(f"article {article!r} has {count}; there is nothing to compare")
    else:
        before, after = _pair(versions, old, new)
    if form == "json":
        click.echo(to_json(_record(before, after, _change(versions, before, after)), indent=2))
    elif form == "html":
        click.echo(_html(before, after, _change(versions, before, after)))
    else:
        cleaned = [replace(version, content=_clean(version.content)) for version in versions]
        text = _text(_change(cleaned, before, after), form, side)
        heading = _heading(before, after)
        if form == "unified":
            heading = "".join(f"# {line}\n" for line in heading.splitlines()).rstrip("\n")
        screen.page(styled(heading, dim=True) + "\n" + text + "\n", pager=pager)


def _pair(versions: Sequence[Version], old: str | None, new: str | None) -> tuple[Version, Version]:
    if old is None:
        return versions[-2], versions[-1]
    return _named(versions, old), versions[-1] if new is None else _named(versions, new)


def _newest_or_named(versions: Sequence[Version], article: int | str | None, name: str | None) -> Version:
    if not versions:
        raise Mistake(f"article {article!r} has no version; there is nothing to compare")
    return versions[-1] if name is None else _named(versions, name)


def _undated(version: Version) -> Version:
    """Of two articles none can be told to have been changed unannounced: their own dates say nothing of each other."""
    return replace(version, content=replace(version.content, modified_at=None))


def _named(versions: Sequence[Version], name: str) -> Version:
    for version in versions:
        if name in (str(version.number), version.id):
            return version
    numbers = "only number 1" if len(versions) == 1 else f"1 to {len(versions)}"
    raise Mistake(f"the article has no version {name!r}; it has {numbers}" if versions else "it has no version")


def _change(versions: Sequence[Version], before: Version, after: Version) -> Change:
    from archive.diff import diff as compare

    said = {version.id: version.content for version in versions}
    same = (version for version in versions if version.article_id == after.article_id == before.article_id)
    earlier = [version.content for version in same if version.number < before.number]
    return compare(said[before.id], said[after.id], earlier=earlier)


def _clean(content: Content) -> Content:
    """Without what could steer a terminal."""
    names = {
        field: tuple(one_line(name) for name in value)
        for field in ("authors", "categories")
        if (value := getattr(content, field)) is not None
    }
    title, body = content.title and safe(content.title), content.body and safe(content.body)
    return replace(content, title=title, body=body, **names)  # type: ignore[arg-type]


def _text(change: Change, form: str, side: bool) -> str:
    if form == "unified":
        from archive.diff.render import to_unified

        return to_unified(change)
    from archive.diff.terminal import to_terminal

    wanted = min(screen.width(), 2 * _SIDE_WIDTH)
    width = max(wanted, _SIDE_WIDTH) if side else min(wanted, _INLINE_WIDTH)
    return to_terminal(change, width=width, colour=screen.colour_wanted())


def _heading(before: Version, after: Version) -> str:
    if before.article_id != after.article_id:
        old, new = (f"{safe(v.url)}, version {v.number}, seen from {local(v.captured_at)}" for v in (before, after))
        return f"{old} →\n{new} ({screen.zone()})"
    return (
        f"{safe(after.url)}\nversion {before.number}, seen until {local(before.last_seen_at)}"
        f" → version {after.number}, seen from {local(after.captured_at)} ({screen.zone()})"
    )


def _record(before: Version, after: Version, change: Change) -> dict[str, object]:
    from archive.diff.render import to_json as to_record

    sides = {
        side: {
            "url": version.url,
            "article_id": version.article_id,
            "number": version.number,
            "version_id": version.id,
            "captured_at": plain(version.captured_at),
            "last_seen_at": plain(version.last_seen_at),
        }
        for side, version in (("old", before), ("new", after))
    }
    return {"url": after.url, "article_id": after.article_id, **sides, "change": to_record(change)}


def _html(before: Version, after: Version, change: Change) -> str:
    from archive.diff.render import to_html

    address = "" if before.article_id == after.article_id else f"{before.url}, "
    return _PAGE.format(
        language=escape(after.content.language or "und"),
        title=escape(after.content.title or after.url),
        versions=escape(
            f"{address or after.url + ': '}version {before.number}, seen until {iso(before.last_seen_at)},"
            f" and {address and after.url + ', '}version {after.number}, seen from {iso(after.captured_at)}"
        ),
        change=to_html(change),
    )
