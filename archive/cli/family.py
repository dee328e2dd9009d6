"""`family`: where else a text stands, and which copies got the correction."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from archive.cli.listing import format_option, show_rows
from archive.cli.screen import Column, local
from archive.cli.session import Command, Settings, article_argument, pass_settings
from archive.export import Field

if TYPE_CHECKING:
    from archive.queries import FamilyMember


@click.command(cls=Command)
@article_argument
@format_option
@pass_settings
def family(settings: Settings, article: int | str, form: str, pager: bool) -> None:
    """The same text on other sites: the first seen first, and which copies got the correction.

    `backissue diff ARTICLE --with COPY` compares two of them.

    \b
    backissue family 1
    backissue family https://sahel.test/rain --format csv
    """
    with settings.open() as archive:
        found = archive.family(article)
    show_rows(FIELDS, _COLUMNS, found, form, pager=pager, empty="no other article has this text")


def _corrected(member: FamilyMember) -> str:
    if member.corrected_at is None:
        return "none"
    seen = local(member.corrected_at)
    return f"{seen} {member.correction}" if member.correction else f"{seen}, taken out again"


FIELDS: tuple[Field[FamilyMember], ...] = (
    Field("article_id", "integer", "the article's number in this archive", lambda m: m.article.id),
    Field("site", "text", "the name of its site", lambda m: m.article.site),
    Field("url", "text", "the article's canonical address", lambda m: m.article.url),
    Field("title", "text", "the headline of its newest version", lambda m: m.article.title),
    Field("first_captured_at", "time", "when it was first seen", lambda m: m.article.first_captured_at),
    Field("similarity", "number", "share of the text that is the same, 0 to 1", lambda m: round(m.similarity, 3)),
    Field("versions", "integer", "how many versions it has", lambda m: m.article.versions),
    Field("corrected_at", "time", "when a correction was first seen in it", lambda m: m.corrected_at),
    Field("correction", "text", "the note, as its newest version has it", lambda m: m.correction),
)

_COLUMNS: tuple[Column[FamilyMember], ...] = (
    Column("id", lambda member: str(member.article.id), right=True),
    Column("first seen", lambda member: member.article.first_captured_at, style="dim"),
    Column("site", lambda member: member.article.site, style="cyan"),
    Column("same", lambda member: f"{member.similarity:.0%}", right=True),
    Column("versions", lambda member: member.article.versions, right=True),
    Column("address", lambda member: member.article.url, whole=False),
    Column("correction", _corrected, style="yellow", whole=False),
)
