"""Pictures of the pages for the documentation: `make screenshots` sets BACKISSUE_SCREENSHOTS to the folder they go to."""

from __future__ import annotations

import os
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from archive.queries.read_only import ReadOnlyArchive
from archive.web import WebSettings, create_app

FOLDER = os.environ.get("BACKISSUE_SCREENSHOTS")
SCREEN = {"viewport": {"width": 1200, "height": 900}}
PHONE = {"viewport": {"width": 390, "height": 844}, "device_scale_factor": 2}
PAPER = {"viewport": {"width": 780, "height": 1100}}
PICTURES = {
    "front": ("/", SCREEN, "light"),
    "front-dark": ("/", SCREEN, "dark"),
    "front-phone": ("/", PHONE, "light"),
    "article": ("{dam}", SCREEN, "light"),
    "article-dark": ("{dam}", SCREEN, "dark"),
    "article-phone": ("{dam}", PHONE, "light"),
    "article-print": ("{dam}", PAPER, "print"),
    "diff": ("{dam_diff}", SCREEN, "light"),
    "diff-dark": ("{dam_diff}", SCREEN, "dark"),
    "diff-inline": ("{dam_diff}?view=inline", SCREEN, "light"),
    "diff-phone": ("{dam_diff}", PHONE, "dark"),
    "diff-print": ("{dam_diff}", PAPER, "print"),
    "diff-arabic": ("{arabic_diff}", SCREEN, "light"),
    "diff-chinese": ("{chinese_diff}", SCREEN, "light"),
    "version-arabic": ("{arabic}", PHONE, "light"),
    "search": ("/search?q=hairline+harmless", SCREEN, "light"),
    "site": ("/sites/lantern", SCREEN, "light"),
    "site-dark": ("/sites/lantern", SCREEN, "dark"),
    "site-phone": ("/sites/lantern", PHONE, "light"),
    "as-of": ("/as-of?at=2026-03-02+noon&site=lantern", SCREEN, "light"),
    "articles": ("/articles?views=10000&kind=number", SCREEN, "light"),
    "categories": ("/categories", SCREEN, "light"),
    "sites": ("/sites", SCREEN, "light"),
}
SHOWN = {
    *("front", "front-phone", "article", "article-dark", "diff", "diff-phone", "diff-print", "diff-arabic"),
    *("search", "site", "as-of"),
}
"""Those that stand in the documentation; BACKISSUE_ALL_PICTURES=1 takes all."""


@pytest.mark.skipif(not FOLDER, reason="pictures are taken by `make screenshots`")
def test_pictures_are_taken(
    chromium: Any, running: Any, showcase: ModuleType, urls: ModuleType, tmp_path: Path
) -> None:
    with ReadOnlyArchive.open(showcase.make(tmp_path / "showcase.db", urls)) as archive:
        places = _places(archive, urls)
        with running(create_app(archive, WebSettings(now=lambda: urls.NOW, time_limit=20))) as it:
            for name, (path, frame, scheme) in PICTURES.items():
                if name in SHOWN or os.environ.get("BACKISSUE_ALL_PICTURES"):
                    _take(chromium, it.url + path.format(**places), frame, scheme, Path(str(FOLDER)) / f"{name}.png")


def _take(chromium: Any, address: str, frame: dict[str, Any], scheme: str, target: Path) -> None:
    context = chromium.new_context(**frame, color_scheme="dark" if scheme == "dark" else "light")
    page = context.new_page()
    if scheme == "print":
        page.emulate_media(media="print")
    page.goto(address)
    target.parent.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=target, full_page=True)
    context.close()


def _places(archive: ReadOnlyArchive, urls: ModuleType) -> dict[str, str]:
    dam, arabic, chinese = (archive.versions(url) for url in (urls.DAM, urls.ARABIC, urls.CHINESE))
    return {
        "dam": f"/articles/{dam[0].article_id}",
        "dam_diff": f"/diff/{dam[1].id}/{dam[2].id}",
        "arabic": f"/versions/{arabic[1].id}",
        "arabic_diff": f"/diff/{arabic[0].id}/{arabic[1].id}",
        "chinese_diff": f"/diff/{chinese[0].id}/{chinese[1].id}",
    }
