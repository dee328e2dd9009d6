"""The sample archive, served: to a test client, and on a port of this machine for a real browser."""

from __future__ import annotations

import importlib.util
import socket
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

pytest.importorskip("fastapi", reason="the web extra is not installed")
pytest.importorskip("httpx", reason="the test client needs httpx")

import uvicorn
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


class Running:
    """An application on a port of this machine."""

    def __init__(self, app: object) -> None:
        self._socket = socket.socket()
        self._socket.bind(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._socket.getsockname()[1]}"
        config = uvicorn.Config(app, log_level="critical", access_log=False, lifespan="off")  # type: ignore[arg-type]
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(target=self._server.run, kwargs={"sockets": [self._socket]}, daemon=True)

    def __enter__(self) -> Running:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.should_exit = True
        self._thread.join(5)
        self._socket.close()


@pytest.fixture(scope="session")
def served(web_archive: ReadOnlyArchive) -> Iterator[str]:
    """The address of the sample archive on this machine."""
    with Running(create_app(web_archive, WebSettings(now=lambda: sample.NOW, time_limit=20))) as running:
        yield running.url
