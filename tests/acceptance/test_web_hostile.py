"""Public lists of attacks (cure53's H5SC, payloadbox, PayloadsAllTheThings) as titles, texts, authors, categories and
addresses: in a real browser nothing runs and nobody else is asked.

All of them take a minute and a half of processor time; BACKISSUE_EVERY=10 takes each tenth.
"""

from __future__ import annotations

import importlib.util
import json
import os
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from starlette.testclient import TestClient

from archive.queries.read_only import ReadOnlyArchive
from archive.web import WebSettings, create_app

FOLDER = Path(__file__).parents[3] / "shared" / "hostile" / "xss"
EVERY = int(os.environ.get("BACKISSUE_EVERY", "1"))
HELPERS = Path(__file__).parents[1] / "archive" / "web"


def load(name: str) -> ModuleType:
    """A helper of the web tests."""
    spec = importlib.util.spec_from_file_location(f"acceptance_{name}", HELPERS / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


def payloads() -> list[str]:
    """Every line of every list, once."""
    found: dict[str, None] = {}
    for path in sorted((FOLDER / "h5sc").glob("*.json")):
        for item in json.loads(path.read_text(encoding="utf-8")):
            found[str(item["data"])] = None
    for path in sorted([*FOLDER.glob("payloadbox-xss/**/*"), *FOLDER.glob("patt/XSS Injection/**/*.txt")]):
        if path.is_file() and path.name != "LICENSE":
            lines = path.read_text(encoding="utf-8", errors="replace").splitlines()
            found |= dict.fromkeys(line for line in lines if line.strip())
    return list(found)


@pytest.mark.slow
def test_every_payload_in_every_field_is_text(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    if not FOLDER.is_dir():
        pytest.skip(f"NOT TESTED: {FOLDER} is missing (lists of attacks)")
    hostile, browser = load("hostile"), load("browser")
    attacks = payloads()
    assert len(attacks) > 5000
    for module in ("front", "articles", "as_of"):
        monkeypatch.setattr(f"archive.web.pages.{module}._ON_A_PAGE", 200)
    monkeypatch.setattr("archive.web.pages.categories._MOST", 20_000)
    with ReadOnlyArchive.open(hostile.make(tmp_path / "hostile.db", attacks[::EVERY], edited=False)) as archive:
        app = create_app(archive, WebSettings(time_limit=60))
        paths = list(_paths(TestClient(app, base_url="http://localhost"), archive, hostile.problems))
        with browser.chromium() as found, browser.Running(app) as it:
            seen = _visit(found, browser.watch, it.url, paths)
    assert seen == []
    assert len(paths) * EVERY > 200


def _paths(client: TestClient, archive: ReadOnlyArchive, problems: Any) -> Any:
    """The pages on which payloads stand; each is judged as text on the way."""
    lists = ["/?all=true", "/articles", "/as-of", "/categories", "/sites/hostile", "/search?q=alert"]
    bundles = [article for article in archive.articles(limit=None) if "/many/" in article.url]
    assert len(bundles) == -(-len(payloads()[::EVERY]) // 100)
    for article in bundles:
        versions = archive.versions(article.id)
        here = f"/diff/{versions[0].id}/{versions[-1].id}"
        lists += [f"/articles/{article.id}", f"/versions/{versions[-1].id}", here, f"{here}?view=inline"]
    for path in lists:
        following: str | None = path
        while following is not None:
            text = client.get(following).text
            assert problems(text) == [], following
            yield following
            place = text.find('rel="next" href="/')
            is_list = path in ("/?all=true", "/articles", "/as-of") and place >= 0
            following = text[place + 16 :].split('"', 1)[0].replace("&amp;", "&") if is_list else None


def _visit(chromium: Any, watch: Any, home: str, paths: list[str]) -> list[str]:
    page = chromium.new_page()
    seen: list[str] = watch(page, home)
    for path in paths:
        page.goto(home + path, wait_until="load", timeout=120_000)
    page.close()
    return seen
