"""`changes`: what changed lately; the reporter's morning query."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from itertools import islice
from typing import TYPE_CHECKING, Any

import click

from archive.cli.life import kinds_in_words
from archive.cli.listing import format_option, limit_option, row_limit, show_rows
from archive.cli.screen import Column
from archive.cli.session import (
    SINCE,
    TIME_HELP,
    UNTIL,
    Command,
    Settings,
    Story,
    known_site,
    pass_settings,
)
from archive.export import Field
from archive.model import EditKind

if TYPE_CHECKING:
    from archive import Archive
    from archive.queries import EditHead

_PAGE = 200


@click.command(cls=Command, epilog=TIME_HELP)
@click.option("--site", metavar="NAME")
@click.option("--article", type=Story(), metavar="ARTICLE", help="An id or a URL.")
@click.option(
    "--kind", "kinds", multiple=True, type=click.Choice([str(kind) for kind in EditKind]), help="Any of them."
)
@click.option("--stealth", is_flag=True, help="A fact changed, and neither the page's date nor a note says so.")
@click.option("--flips", is_flag=True, help="A headline that goes back and forth between a few texts (an A/B test).")
@click.option("--since", type=SINCE, metavar="TIME", help="Seen since.")
@click.option("--until", type=UNTIL, metavar="TIME", help="A day named is included.")
@limit_option
@format_option
@pass_settings
def changes(
    settings: Settings,
    /,
    site: str | None,
    kinds: tuple[str, ...],
    stealth: bool,
    flips: bool,
    limit: int | None,
    form: str,
    pager: bool,
    **chosen: Any,
) -> None:
    """What changed, newest first: who, what, when, how much.

    \b
    backissue changes --since yesterday
    backissue changes --stealth --kind number --kind quote
    backissue changes --flips
    backissue changes --site sahel --since 2026-03-03 --format jsonl
    """
    count = row_limit(limit, form)
    if flips and kinds:
        raise click.UsageError("--flips is about headlines; it takes no --kind")
    wanted = [EditKind.HEADLINE] if flips else [EditKind(kind) for kind in kinds]
    chosen |= {"kinds": wanted, "stealth": stealth or None}
    with settings.open() as archive:
        found = _changes(archive, chosen | {"site": known_site(archive, site)}, flips)
        found = islice(found, None if count is None else count + 1)
        show_rows(FIELDS, _COLUMNS, found, form, limit=count, pager=pager, empty="no such change")


def _changes(archive: Archive, chosen: dict[str, Any], flips: bool) -> Iterator[EditHead]:
    """All edits that fit, read a page at a time."""
    before: tuple[datetime, int] | None = None
    while page := archive.edit_heads(**chosen, before=before, limit=_PAGE):
        yield from (edit for edit in page if edit.flips is not None or not flips)
        before = (page[-1].new.captured_at, page[-1].seq)


def _what(edit: EditHead) -> str:
    flips = f"headline flips between {len(edit.flips.texts)} texts" if edit.flips else ""
    return ", ".join(filter(None, (kinds_in_words(edit.new), flips)))


FIELDS: tuple[Field[EditHead], ...] = (
    Field("captured_at", "time", "when the edit was first seen", lambda c: c.new.captured_at),
    Field("after", "time", "when the text before it was last seen", lambda c: c.old.last_seen_at),
    Field("site", "text", "the name of its site", lambda c: c.new.site),
    Field("article_id", "integer", "the article's number in this archive", lambda c: c.new.article_id),
    Field("url", "text", "the article's canonical address", lambda c: c.new.url),
    Field("title", "text", "the headline after it", lambda c: c.new.title),
    Field("title_before", "text", "the headline before it", lambda c: c.old.title),
    Field("number", "integer", "the version that it made", lambda c: c.new.number),
    Field("version_id", "text", "that version's id, which never changes", lambda c: c.new.id),
    Field("edit_kinds", "list", "what changed", lambda c: c.new.edit_kinds),
    Field("stealth", "yes/no", "a fact changed and nothing says so", lambda c: c.new.stealth),
    Field("reverts_to", "integer", "the earlier version that it went back to", lambda c: c.new.reverts_to),
    Field("words_added", "integer", "words of the body that came", lambda c: c.words_added),
    Field("words_removed", "integer", "words of the body that went", lambda c: c.words_removed),
    Field(
        "headline_flips",
        "integer",
        "between how many texts the headline goes back and forth, where it does",
        lambda c: len(c.flips.texts) if c.flips else None,
    ),
)

_COLUMNS: tuple[Column[EditHead], ...] = (
    Column("seen", lambda edit: edit.new.captured_at, style="dim"),
    Column("site", lambda edit: edit.new.site, style="cyan"),
    Column("id", lambda edit: str(edit.new.article_id), right=True),
    Column("version", lambda edit: edit.new.number, right=True),
    Column("words", lambda edit: f"+{edit.words_added} −{edit.words_removed}", right=True),
    Column("what", _what, style="yellow", whole=False),
    Column("title", lambda edit: edit.new.title, whole=False),
)
