"""The sample archive, served: to a test client, and on a port of this machine for a real browser."""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

pytest.importorskip("fastapi", reason="the web extra is not installed")
pytest.importorskip("httpx", reason="the test client needs httpx")

from starlette.testclient import TestClient

from archive.queries.read_only import ReadOnlyArchive
from archive.web import WebSettings, create_app


def _load(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(f"web_{name}", Path(__file__).with_name(f"{name}.py"))
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


sample = _load("sample")
browser = _load("browser")
hostile = _load("hostile")
month = _load("showcase")


@pytest.fixture(scope="session")
def sample_url(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The database of the sample archive."""
    url: str = sample.make(tmp_path_factory.mktemp("web") / "sample.db")
    return url


@pytest.fixture(scope="session")
def web_archive(sample_url: str) -> Iterator[ReadOnlyArchive]:
    """The sample archive, opened for reading."""
    with ReadOnlyArchive.open(sample_url) as archive:
        yield archive


@pytest.fixture(scope="session")
def client(web_archive: ReadOnlyArchive) -> TestClient:
    """Asks the application, guard and all, at noon on 6 March 2026."""
    app = create_app(web_archive, WebSettings(now=lambda: sample.NOW, time_limit=20))
    return TestClient(app, base_url="http://localhost", follow_redirects=False)


@pytest.fixture(scope="session")
def newest(web_archive: ReadOnlyArchive) -> dict[str, list[str]]:
    """The ids of the versions of each address, the first one first."""
    return {
        article.url: [version.id for version in web_archive.versions(article.id)] for article in web_archive.articles()
    }


@pytest.fixture(scope="session")
def served(web_archive: ReadOnlyArchive) -> Iterator[str]:
    """The address of the sample archive on this machine."""
    with browser.Running(create_app(web_archive, WebSettings(now=lambda: sample.NOW, time_limit=20))) as running:
        yield running.url


@pytest.fixture(scope="session")
def urls() -> ModuleType:
    """The addresses of the sample's articles, by name."""
    return sample


@pytest.fixture(scope="session")
def showcase() -> ModuleType:
    """A larger archive, for pictures."""
    return month


@pytest.fixture(scope="session")
def attack() -> ModuleType:
    """Payloads, an archive full of them, and a judge of pages."""
    return hostile


@pytest.fixture(scope="module")
def chromium() -> Iterator[Any]:
    """A headless browser, closed with its module: while Playwright runs, no other event loop may."""
    with browser.chromium() as found:
        yield found


@pytest.fixture(scope="session")
def watch() -> Any:
    """`watch(page, home)`: a list that fills with what a page should not have done."""
    return browser.watch


@pytest.fixture(scope="session")
def running() -> Any:
    """Serves an application on a port of this machine: `with running(app) as it: it.url`."""
    return browser.Running
