"""A server on a port of this machine, and a headless Chromium that notes whatever it should not have done."""

from __future__ import annotations

import shutil
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
import uvicorn

FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


class Running:
    """An application on a port of this machine."""

    def __init__(self, app: Any) -> None:
        self._socket = socket.socket()
        self._socket.bind(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._socket.getsockname()[1]}"
        self._server = uvicorn.Server(uvicorn.Config(app, log_level="critical", access_log=False, lifespan="off"))
        self._thread = threading.Thread(target=self._server.run, kwargs={"sockets": [self._socket]}, daemon=True)

    def __enter__(self) -> Running:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.should_exit = True
        self._thread.join(5)
        self._socket.close()


@contextmanager
def chromium() -> Iterator[Any]:
    """A browser; the test is skipped, loudly, where there is none."""
    playwright = pytest.importorskip("playwright.sync_api", reason="NOT TESTED IN A BROWSER: no playwright")
    path = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if path is None:
        pytest.skip("NOT TESTED IN A BROWSER: no Chromium on this machine")
    with playwright.sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=path, args=list(FLAGS))
        yield browser
        browser.close()


def watch(page: Any, home: str) -> list[str]:
    """A list that fills with dialogs, requests to elsewhere, errors, and what the policy had to stop."""
    seen: list[str] = []

    def dialog(given: Any) -> None:
        seen.append(f"dialog: {given.message} on {page.url}")
        given.dismiss()

    page.on("dialog", dialog)
    page.on("request", lambda given: given.url.startswith(home) or seen.append(f"request: {given.url}"))
    page.on("pageerror", lambda given: seen.append(f"error: {given} on {page.url}"))
    page.on(
        "console",
        lambda given: given.type in ("error", "warning") and seen.append(f"console: {given.text} on {page.url}"),
    )
    page.on("popup", lambda given: seen.append(f"popup: {given.url}"))
    return seen
