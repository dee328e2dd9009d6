"""What the one who serves an archive decides: to whom it answers, and under which name."""

from __future__ import annotations

import ipaddress
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
SHORTEST_TOKEN = 16


def utc_now() -> datetime:
    """Our clock."""
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class WebSettings:
    """Decided once, when the server starts."""

    token: str | None = None
    """What a visitor must know; None = nothing, on this machine only."""
    hosts: frozenset[str] = LOOPBACK
    """Names under which it answers, without port, in lower case; empty = any (only with a token)."""
    public_url: str | None = None
    """How the world reaches it ("https://archive.example"), for links that travel; None = as it was asked."""
    now: Callable[[], datetime] = utc_now
    time_limit: float = 1.0
    """Seconds the database may work for one page."""


def is_loopback(host: str) -> bool:
    """Whether an address to listen on is reached from this machine alone.

    >>> is_loopback("127.0.0.1"), is_loopback("localhost"), is_loopback("::1"), is_loopback("0.0.0.0")
    (True, True, True, False)
    """
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host.lower() == "localhost"


def weakness(host: str, token: str | None) -> str | None:
    """Why it would be unsafe to listen there, in words; None where it is safe.

    >>> weakness("127.0.0.1", None) is None, weakness("0.0.0.0", None) is None
    (True, False)
    """
    if token is not None and len(token) < SHORTEST_TOKEN:
        return (
            f"the token has {len(token)} characters; give it at least {SHORTEST_TOKEN}, "
            "such as `openssl rand -hex 16` prints"
        )
    if token is None and not is_loopback(host):
        return (
            f"{host} can be reached from other machines and no --token is given; "
            "anyone could read the archive, so give --token, or listen on 127.0.0.1"
        )
    return None
