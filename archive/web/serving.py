"""Runs the application on a port (uvicorn)."""

from __future__ import annotations

import errno
import socket
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


def listen(host: str, port: int) -> socket.socket:
    """Takes the port (0 = any that is free), so that a server says where it is only once it is there. Raises
    ArchiveError."""
    name = host.strip("[]")
    try:
        taken = socket.create_server((name, port), family=socket.AF_INET6 if ":" in name else socket.AF_INET)
    except OSError as error:
        hint = (
            "another program listens there; try another --port" if error.errno == errno.EADDRINUSE else error.strerror
        )
        raise ArchiveError(f"{host} cannot be listened on at port {port}: {hint}") from error
    # asyncio does so only for sockets that it made: a head and a body sent apart would wait 40 ms for each other.
    taken.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return taken


def run(archive: ReadOnlyArchive, settings: WebSettings, taken: socket.socket) -> None:
    """Serves on a port that was taken until it is stopped."""
    config = uvicorn.Config(
        create_app(archive, settings),
        log_level="warning",
        access_log=False,
        server_header=False,
        proxy_headers=False,
        limit_concurrency=_MOST_AT_ONCE,
        timeout_graceful_shutdown=5,
        h11_max_incomplete_event_size=32_768,
    )
    uvicorn.Server(config).run(sockets=[taken])
