"""`backissue demo`: what a newcomer reads within a minute."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from archive import Archive


def test_the_demonstration_shows_two_versions_a_quiet_edit_a_wall_and_a_deletion(
    local_site: Any, project: Callable[..., Any]
) -> None:
    folder = project(paper=local_site).folder
    done = project(paper=local_site).run("demo", "--keep", str(folder / "kept"), COLUMNS="120")
    assert done.returncode == 0, done.stderr
    for said in (
        "5 pages, 5 new",
        "2 changed, 1 unchanged, 1 blocked, 1 gone",
        "quote, unannounced",
        "121",
        "a correction note was added",
        "1,440",
        "gone: HTTP 404",
    ):
        assert said in done.stdout, said
    with Archive.open(f"sqlite:///{folder / 'kept' / 'backissue.db'}", create=False) as archive:
        articles = list(archive.iter_articles())
        assert sorted(article.versions for article in articles) == [1, 1, 1, 2, 2]
        assert sum(article.gone_at is not None for article in articles) == 1
