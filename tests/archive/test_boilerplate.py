"""Lines that move without an edit, and lines that only look like it."""

from __future__ import annotations

import pytest

from archive.boilerplate import is_boilerplate


@pytest.mark.parametrize(
    "line",
    [
        "Updated 14:05",
        "Last updated on 3 March 2026 at 14:05 GMT",
        "Published: March 3, 2026, 2:05 p.m.",
        "3 hours ago",
        "5 min read",
        "1,204 comments",
        "Share 34",
        "Advertisement",
        "Hace 2 horas",
        "Publié le 3 mars 2026 à 14h05, mis à jour à 16h10",
        "Il y a 3 heures",
        "vor 2 Stunden",
        "Stand: 03.03.2026, 14:05 Uhr",
        "Обновлено: 3 марта 2026 г. в 14:05",
        "2 часа назад",
        "قبل 3 ساعات",
        "更新时间：2026年3月3日 14:05",
        "3小时前",
        "更新日時:2026年3月3日",
        "広告",
    ],
)
def test_a_line_that_moves_by_itself_is_boilerplate(line: str) -> None:
    assert is_boilerplate(line)


@pytest.mark.parametrize(
    "line",
    [
        "Update 14:05: two more people died",
        "3 March 2026",
        "14:05",
        "2026",
        "Read more about the 12 dead",
        "Two hours ago the dam broke",
        "Updated figures show 24 dead",
        "At 2 minutes past 3, the bomb went off",
        "Comments",
        "Shares of 3 banks fell",
        "Il y a 3 morts",
        "",
    ],
)
def test_a_line_that_says_something_is_none(line: str) -> None:
    assert not is_boilerplate(line)
