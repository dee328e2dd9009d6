"""Stands before every page: who may ask, what may be asked, and the headers without which no answer leaves.

Wraps the whole application, error pages and static files too, so that no route can be forgotten.
"""

from __future__ import annotations

import base64
import binascii
import hmac
import re
from collections.abc import Iterable
from typing import Any
from urllib.parse import parse_qsl

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from archive.queries.read_only import time_limit
from archive.web.settings import WebSettings

LONGEST_PARAMETER = 256
LONGEST_URL = 2048
#: Parameters that hold an address.
_ADDRESSES = frozenset({"url"})
_HOST = re.compile(r"(\[[0-9a-fA-F:.]+\]|[A-Za-z0-9.-]+)(?::\d{1,5})?")

SAFE_HEADERS = {
    "content-security-policy": (
        "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; form-action 'self'; "
        "base-uri 'none'; frame-ancestors 'none'"
    ),
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=()",
    "x-robots-tag": "noindex",
}


class Guard:
    """ASGI middleware around everything."""

    def __init__(self, app: ASGIApp, settings: WebSettings) -> None:
        self.app, self.settings = app, settings

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Refuses, or lets through for a limited time."""
        if scope["type"] == "lifespan":
            await self.app(scope, receive, send)
        elif scope["type"] == "http":
            refused = self._refusal(scope)
            with time_limit(self.settings.time_limit):
                await (refused or self.app)(scope, receive, _with_headers(send))
        else:
            await send({"type": "websocket.close", "code": 1008})

    def _refusal(self, scope: Scope) -> Response | None:
        headers = Headers(scope=scope)
        if not _is_known_host(headers.getlist("host"), self.settings.hosts):
            return _plain(421, "this archive does not answer under that name; see `backissue serve --allow-host`")
        if scope["method"] not in ("GET", "HEAD"):
            return _plain(405, "an archive is only read here", {"Allow": "GET, HEAD"})
        if self.settings.token is not None and not _knows(headers.get("authorization", ""), self.settings.token):
            return _plain(401, "this archive asks for its token", {"WWW-Authenticate": 'Basic realm="Backissue"'})
        if not _is_short(scope):
            return _plain(414, f"the question is too long; {LONGEST_PARAMETER} characters is the limit")
        return None


def _plain(status: int, text: str, headers: dict[str, str] | None = None) -> Response:
    return PlainTextResponse(text + "\n", status, headers)


def _is_known_host(given: list[str], known: Iterable[str]) -> bool:
    """Exactly one Host, of a name we answer to: another name for loopback is how a page elsewhere would read us."""
    match = _HOST.fullmatch(given[0]) if len(given) == 1 else None
    return match is not None and (not known or match[1].strip("[]").lower().rstrip(".") in known)


def _knows(authorization: str, token: str) -> bool:
    """`Bearer TOKEN`, or (what browsers ask for) `Basic` with any user and the token for a password."""
    scheme, _, value = authorization.partition(" ")
    if scheme.lower() == "basic":
        try:
            value = base64.b64decode(value, validate=True).decode("utf-8", "replace").partition(":")[2]
        except (binascii.Error, ValueError):
            return False
    elif scheme.lower() != "bearer":
        return False
    return hmac.compare_digest(value.encode("utf-8", "replace"), token.encode("utf-8"))


def _is_short(scope: Scope) -> bool:
    query: bytes = scope["query_string"]
    if len(query) + len(scope["path"]) > 3 * LONGEST_URL:
        return False
    pairs = parse_qsl(query.decode("latin-1"), keep_blank_values=True)
    if scope["path"].startswith(("/timegate/", "/timemap/")):
        return True  # the query belongs to the address asked for
    return all(len(value) <= (LONGEST_URL if name in _ADDRESSES else LONGEST_PARAMETER) for name, value in pairs)


def _with_headers(send: Send) -> Send:
    async def guarded(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers: Any = MutableHeaders(scope=message)
            for name, value in SAFE_HEADERS.items():
                headers[name] = value
            headers.setdefault("cache-control", "private, no-cache")
        await send(message)

    return guarded
