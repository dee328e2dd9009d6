"""`engagement`: an article's counters over time, as a table and a chart."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import click

from archive.cli import chart, screen
from archive.cli.listing import format_option, show_rows
from archive.cli.screen import Column, one_line, styled
from archive.cli.session import Command, Settings, article_argument, pass_settings
from archive.export import ENGAGEMENT
from archive.model import COUNTERS, EngagementPoint


@click.command(cls=Command)
@article_argument
@format_option
@pass_settings
def engagement(settings: Settings, article: int | str, form: str, pager: bool) -> None:
    """An article's counters over time: views, likes, dislikes, shares, comments.

    The table has the looks at which something moved, the other formats have every look. Empty means that the page
    did not say, 0 that it said 0. The chart marks the edits.

    \b
    backissue engagement 1
    backissue engagement https://sahel.test/rain --format csv
    """
    with settings.open() as archive:
        points = archive.engagement(article)
        if form != "table":
            show_rows(ENGAGEMENT, (), points, form)
            return
        subject = archive.article(article)
        edits = [version.captured_at for version in archive.versions(article) if version.number > 1]
    heading = styled(one_line(subject.title or subject.url), bold=True) + "\n"
    if not points:
        screen.page(heading + "its page never showed a counter\n")
        return
    drawing = chart.draw(points, edits, width=min(60, max(10, screen.width() - 40)))
    table = screen.table(_columns(points), list(_moved(points)))
    screen.page(heading + table + "\n" + "".join(line + "\n" for line in drawing), pager=pager)


def _columns(points: Sequence[EngagementPoint]) -> list[Column[EngagementPoint]]:
    """Only the counters that were ever seen."""
    columns: list[Column[EngagementPoint]] = [Column("seen", lambda point: point.observed_at)]
    for name in (*COUNTERS, "comments_open"):
        if any(getattr(point, name) is not None for point in points):
            head = name.replace("_", " ")
            columns.append(Column(head, lambda point, name=name: getattr(point, name), right=True))  # type: ignore[misc]
    return columns


def _moved(points: Sequence[EngagementPoint]) -> Iterator[EngagementPoint]:
    """The first, those that differ from the one before, and the last."""
    before: tuple[object, ...] | None = None
    for place, point in enumerate(points):
        seen = tuple(getattr(point, name) for name in (*COUNTERS, "comments_open"))
        if seen != before or place == len(points) - 1:
            yield point
        before = seen
