"""`history`: the life of an article."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from archive.cli import screen
from archive.cli.life import FIELDS, Happening, tell
from archive.cli.listing import format_option, show_rows
from archive.cli.screen import Column, local, one_line, safe, styled
from archive.cli.session import Command, Settings, article_argument, pass_settings

if TYPE_CHECKING:
    from archive.queries import FamilyMember


@click.command(cls=Command)
@article_argument
@format_option
@pass_settings
def history(settings: Settings, article: int | str, form: str, pager: bool) -> None:
    """An article's life, oldest first: its versions, and what else befell it; above it, where else the text stands.

    \b
    backissue history 1
    backissue history https://sahel.test/lost --format jsonl
    """
    with settings.open() as archive:
        subject = archive.article(article)
        life = list(tell(archive.history(article)))
        copies = archive.family(subject.id) if form == "table" else []
    if form != "table":
        show_rows(FIELDS, (), life, form)
        return
    lines = [styled(one_line(subject.title or subject.url), bold=True), styled(safe(subject.url), dim=True)]
    lines += [f"also at {safe(url)}" for url in subject.other_urls]
    lines += [f"also on {_copy(member)}" for member in copies if member.article.id != subject.id]
    looks = f"{subject.captures:,} looks, the last at {local(subject.last_captured_at)}"
    text = "\n".join(lines) + "\n\n" + screen.table(_COLUMNS, life) + styled(f"\n{looks} ({screen.zone()})\n", dim=True)
    screen.page(text, pager=pager)


def _copy(member: FamilyMember) -> str:
    site = one_line(member.article.site or "another site")
    seen = f"first seen {local(member.article.first_captured_at)}"
    return f"{site}: {safe(member.article.url)} ({member.similarity:.0%} the same text, {seen})"


_COLUMNS: tuple[Column[Happening], ...] = (
    Column("when", lambda line: line.at, style="dim"),
    Column("what", lambda line: line.text, whole=False),
    Column("seen until", lambda line: line.until if line.until != line.at else None, style="dim"),
)
