"""ETags for every answer: what has not changed is not sent again (RFC 9110, section 13). Also turns HEAD into GET."""

from __future__ import annotations

import hashlib
from typing import Any

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send


class Conditional:
    """ASGI middleware; answers here are short enough to be held whole."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Adds a weak ETag to answers of status 200; 304 where the asker has that already."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        answer = _Answer()
        try:
            await self.app({**scope, "method": "GET"}, receive, answer.take)
        finally:
            await answer.give(send, Headers(scope=scope).get("if-none-match"), is_head=scope["method"] == "HEAD")


class _Answer:
    """One answer, held back until it is whole."""

    def __init__(self) -> None:
        self.start: Message | None = None
        self.body = bytearray()

    async def take(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.start = message
        elif message["type"] == "http.response.body":
            self.body += message.get("body", b"")

    async def give(self, send: Send, known: str | None, *, is_head: bool) -> None:
        if self.start is None:
            return
        headers: Any = MutableHeaders(scope=self.start)
        body = bytes(self.body)
        if self.start["status"] == 200:
            tag = 'W/"' + hashlib.blake2b(body, digest_size=12).hexdigest() + '"'
            headers["etag"] = tag
            if known is not None and _matches(known, tag):
                self.start["status"], body = 304, b""
                del headers["content-length"]
        await send(self.start)
        await send({"type": "http.response.body", "body": b"" if is_head else body})


def _matches(known: str, tag: str) -> bool:
    """Weak comparison of `If-None-Match` with our tag.

    >>> _matches('"x", W/"abc"', 'W/"abc"'), _matches("*", 'W/"abc"'), _matches('"abd"', 'W/"abc"')
    (True, True, False)
    """
    names = [name.strip().removeprefix("W/") for name in known.split(",")]
    return "*" in names or tag.removeprefix("W/") in names
