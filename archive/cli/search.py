"""`search`: where do these words stand, when did they come, when did they go?"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from itertools import islice
from typing import TYPE_CHECKING

import click

from archive.cli.listing import format_option, limit_option, row_limit, show_rows
from archive.cli.screen import Column
from archive.cli.session import SINCE, TIME_HELP, UNTIL, Command, Settings, known_site, pass_settings
from archive.export import Field

if TYPE_CHECKING:
    from archive import Archive
    from archive.queries import Passage


@click.command(cls=Command, epilog=TIME_HELP)
@click.argument("words", nargs=-1, required=True, metavar="TEXT...")
@click.option("--added", "only", flag_value="added", help="Only where an edit brought them.")
@click.option("--removed", "only", flag_value="removed", help="Only where an edit took them away.")
@click.option("--site", metavar="NAME")
@click.option("--since", type=SINCE, metavar="TIME", help="That happened since.")
@click.option("--until", type=UNTIL, metavar="TIME", help="A day named is included.")
@limit_option
@format_option
@pass_settings
def search(
    settings: Settings,
    words: tuple[str, ...],
    only: str | None,
    site: str | None,
    since: datetime | None,
    until: datetime | None,
    limit: int | None,
    form: str,
    pager: bool,
) -> None:
    """Where words stood in any version of any article: when they came, and when they went.

    All words must be there. Quotation marks hold a phrase together, -word leaves out, begin* finds beginnings (put --
    before a first -word).

    \b
    backissue search farmers valley
    backissue search '"12 centimetres"' --removed
    backissue search correction --added --since 2026-03-04
    """
    count = row_limit(limit, form)
    with settings.open() as archive:
        found = _passages(archive, " ".join(words), known_site(archive, site), only)
        wanted = (
            passage
            for passage in found
            if (since is None or passage.version.captured_at >= since)
            and (until is None or passage.version.captured_at < until)
        )
        shown = islice(wanted, None if count is None else count + 1)
        show_rows(FIELDS, _COLUMNS, shown, form, limit=count, pager=pager, empty="these words stand nowhere")


def _passages(archive: Archive, words: str, site: str | None, only: str | None) -> Iterator[Passage]:
    for passage in archive.passages(words, site=site):
        is_edit = passage.before is not None
        if only is None or (is_edit and passage.is_there == (only == "added")):
            yield passage


def _what(passage: Passage) -> str:
    if not passage.is_there:
        return "removed"
    return "added" if passage.before else "published"


FIELDS: tuple[Field[Passage], ...] = (
    Field("captured_at", "time", "when it was first seen so", lambda p: p.version.captured_at),
    Field("what", "text", "published (from the start), added or removed", _what),
    Field("site", "text", "the name of its site", lambda p: p.version.site),
    Field("article_id", "integer", "the article's number in this archive", lambda p: p.version.article_id),
    Field("url", "text", "the article's canonical address", lambda p: p.version.url),
    Field("title", "text", "the headline then", lambda p: p.version.content.title),
    Field("number", "integer", "the version that first has them, or first lacks them", lambda p: p.version.number),
    Field("version_id", "text", "that version's id, which never changes", lambda p: p.version.id),
    Field("text", "text", "the paragraph that has them, or had them", lambda p: p.words),
)

_COLUMNS: tuple[Column[Passage], ...] = (
    Column("seen", lambda passage: passage.version.captured_at, style="dim"),
    Column("what", _what, style="yellow"),
    Column("site", lambda passage: passage.version.site, style="cyan"),
    Column("id", lambda passage: str(passage.version.article_id), right=True),
    Column("version", lambda passage: passage.version.number, right=True),
    Column("text", lambda passage: passage.words, whole=False),
)
