"""`history`: the life of an article."""

from __future__ import annotations

import click

from archive.cli import screen
from archive.cli.life import FIELDS, Happening, tell
from archive.cli.listing import format_option, show_rows
from archive.cli.screen import Column, local, one_line, safe, styled
from archive.cli.session import Command, Settings, article_argument, pass_settings


@click.command(cls=Command)
@article_argument
@format_option
@pass_settings
def history(settings: Settings, article: int | str, form: str, pager: bool) -> None:
    """An article's life, oldest first: its versions, and what else befell it.

    \b
    backissue history 1
    backissue history https://sahel.test/lost --format jsonl
    """
    with settings.open() as archive:
        subject = archive.article(article)
        life = list(tell(archive.history(article)))
    if form != "table":
        show_rows(FIELDS, (), life, form)
        return
    lines = [styled(one_line(subject.title or subject.url), bold=True), styled(safe(subject.url), dim=True)]
    lines += [f"also at {safe(url)}" for url in subject.other_urls]
    looks = f"{subject.captures:,} looks, the last at {local(subject.last_captured_at)}"
    text = "\n".join(lines) + "\n\n" + screen.table(_COLUMNS, life) + styled(f"\n{looks} ({screen.zone()})\n", dim=True)
    screen.page(text, pager=pager)


_COLUMNS: tuple[Column[Happening], ...] = (
    Column("when", lambda line: line.at, style="dim"),
    Column("what", lambda line: line.text, whole=False),
    Column("seen until", lambda line: line.until if line.until != line.at else None, style="dim"),
)
