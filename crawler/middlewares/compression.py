"""Decompression that notices a broken stream. Scrapy's returns what it could read, which would pass for a shorter page.

A stream that ends early or does not check out raises `BrokenBody`; one that unpacks to more than DOWNLOAD_MAXSIZE
raises `TooLarge`. Stands in for Scrapy's HttpCompressionMiddleware in DOWNLOADER_MIDDLEWARES.
"""

from __future__ import annotations

import sys
import zlib
from collections.abc import Callable
from types import ModuleType
from typing import TYPE_CHECKING

import brotli  # type: ignore[import-untyped]
from scrapy.downloadermiddlewares.httpcompression import HttpCompressionMiddleware
from scrapy.exceptions import IgnoreRequest, ResponseDataLossError
from scrapy.http import Response
from scrapy.utils._compression import _DecompressionMaxSizeExceeded

from crawler.reading import AS_IT_CAME

inflate: ModuleType  # half of zlib's time, and checks as strictly
try:
    from isal import isal_zlib as inflate
except ImportError:  # no wheel for this machine
    inflate = zlib

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

if TYPE_CHECKING:
    from scrapy import Request

_CHUNK = 64 * 1024
_GZIP_MAGIC = b"\x1f\x8b"


class BrokenBody(ResponseDataLossError):
    """A compressed body ended early or is damaged. As with any loss of data, the page may be whole next time."""

    def __init__(self, url: str, encoding: str, reason: str) -> None:
        super().__init__(f"broken {encoding} body from {url!r}: {reason}")
        self.url = url
        self.encoding = encoding
        self.reason = reason


class TooLarge(IgnoreRequest):
    """A body unpacks to more than DOWNLOAD_MAXSIZE. Trying again is no use."""

    def __init__(self, url: str, reason: str) -> None:
        super().__init__(f"too large {url!r}: {reason}")
        self.url = url
        self.reason = reason


class _Broken(Exception):
    pass


class StrictCompressionMiddleware(HttpCompressionMiddleware):
    """Scrapy's middleware, with decoders that take nothing for granted."""

    def process_response(self, request: Request, response: Response) -> Request | Response:  # type: ignore[override]
        encoding = b", ".join(response.headers.getlist("Content-Encoding")).decode("latin-1")
        try:
            decoded = super().process_response(request, response)
        except _Broken as error:
            raise BrokenBody(response.url, encoding, str(error)) from error
        except IgnoreRequest as error:
            raise TooLarge(response.url, str(error.__cause__ or error)) from error
        if encoding == "gzip" and isinstance(decoded, Response) and _is_one_member(response.body, len(decoded.body)):
            request.meta[AS_IT_CAME] = (decoded.body, response.body)
        return decoded

    @staticmethod
    def _decode(body: bytes, encoding: bytes, max_size: int) -> bytes:
        return unpack(body, encoding.decode("latin-1"), max_size) if body else body


def _is_one_member(body: bytes, size: int) -> bool:
    """Whether a gzip-coded body that unpacks to so many bytes is one stream: its first member is not empty, and what
    the last four bytes tell, the size of the last member, is that of all."""
    first = inflate.decompressobj(zlib.MAX_WBITS | 16)
    return int.from_bytes(body[-4:], "little") == size and first.decompress(body[:4096], 1) != b""


def unpack(body: bytes, encoding: str, max_size: int) -> bytes:
    """The whole content of a compressed body, of at most `max_size` bytes (0 = any number).

    >>> import gzip
    >>> unpack(gzip.compress(b"news"), "gzip", 0)
    b'news'
    >>> unpack(gzip.compress(b"news")[:-1], "gzip", 0)
    Traceback (most recent call last):
    ...
    crawler.middlewares.compression._Broken: the stream ends early
    """
    pieces: list[bytes] = []
    size = 0

    def keep(piece: bytes) -> None:
        nonlocal size
        size += len(piece)
        if max_size and size > max_size:
            raise _DecompressionMaxSizeExceeded(size, max_size)
        pieces.append(piece)

    try:
        _UNPACKERS[encoding](body, keep)
    except (inflate.error, brotli.error, zstd.ZstdError) as error:
        raise _Broken(str(error)) from error
    return b"".join(pieces)


def _gunzip(body: bytes, keep: Callable[[bytes], None]) -> None:
    rest = _inflate_member(body, keep, zlib.MAX_WBITS | 16)
    while rest.startswith(_GZIP_MAGIC):  # members may follow each other; padding after the last one is ignored
        rest = _inflate_member(rest, keep, zlib.MAX_WBITS | 16)


def _inflate(body: bytes, keep: Callable[[bytes], None]) -> None:
    has_header = body[0] & 0x0F == 8 and int.from_bytes(body[:2], "big") % 31 == 0  # RFC 1950; old servers leave it out
    _inflate_member(body, keep, zlib.MAX_WBITS if has_header else -zlib.MAX_WBITS)


def _inflate_member(body: bytes, keep: Callable[[bytes], None], wbits: int) -> bytes:
    """Unpacks one stream; what follows it is returned."""
    unpacker = inflate.decompressobj(wbits)
    rest = body
    while not unpacker.eof:
        before, piece = len(rest), unpacker.decompress(rest, _CHUNK)
        rest = unpacker.unconsumed_tail
        if not piece and not unpacker.eof and len(rest) in (0, before):
            raise _Broken("the stream ends early")
        keep(piece)
    return bytes(unpacker.unused_data)


def _unbrotli(body: bytes, keep: Callable[[bytes], None]) -> None:
    unpacker = brotli.Decompressor()
    piece = unpacker.process(body, output_buffer_limit=_CHUNK)
    keep(piece)
    while not unpacker.is_finished():
        piece = unpacker.process(b"", output_buffer_limit=_CHUNK)
        if not piece and not unpacker.is_finished():
            raise _Broken("the stream ends early")
        keep(piece)


def _unzstd(body: bytes, keep: Callable[[bytes], None]) -> None:
    rest = body
    while rest:
        unpacker = zstd.ZstdDecompressor()
        keep(unpacker.decompress(rest, _CHUNK))
        while not unpacker.eof:
            if unpacker.needs_input:
                raise _Broken("the stream ends early")
            keep(unpacker.decompress(b"", _CHUNK))
        rest = unpacker.unused_data


_UNPACKERS: dict[str, Callable[[bytes, Callable[[bytes], None]], None]] = {
    "gzip": _gunzip,
    "x-gzip": _gunzip,
    "deflate": _inflate,
    "br": _unbrotli,
    "zstd": _unzstd,
}
