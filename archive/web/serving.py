"""Runs the application on a port (uvicorn)."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from urllib.parse import urlsplit

import uvicorn

from archive.errors import ArchiveError
from archive.queries.read_only import ReadOnlyArchive
from archive.web.app import create_app
from archive.web.settings import LOOPBACK, WebSettings, is_loopback

_MOST_AT_ONCE = 64


def decide(
    host: str, token: str | None, names: Iterable[str], public_url: str | None, now: Callable[[], datetime]
) -> WebSettings:
    """What the options of `backissue serve` come to. On loopback only known names are answered to; elsewhere any
    (behind the token), unless some are named. Raises ArchiveError."""
    allowed = {name.lower().strip("[]") for name in names}
    if public_url is not None:
        name = urlsplit(public_url).hostname
        if not name or not public_url.startswith(("http://", "https://")):
            raise ArchiveError(f"{public_url!r} is no address; write https://NAME or http://NAME")
        allowed.add(name.lower())
    if is_loopback(host):
        allowed |= LOOPBACK
    elif allowed:
        allowed |= {host.lower()}
    return WebSettings(token, frozenset(allowed), public_url, now)


def run(archive: ReadOnlyArchive, settings: WebSettings, host: str, port: int) -> None:
    """Serves until it is stopped."""
    uvicorn.run(
        create_app(archive, settings),
        host=host.strip("[]"),
        port=port,
        log_level="warning",
        access_log=False,
        server_header=False,
        proxy_headers=False,
        limit_concurrency=_MOST_AT_ONCE,
        timeout_graceful_shutdown=5,
        h11_max_incomplete_event_size=32_768,
    )
