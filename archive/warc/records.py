"""Records of WARC and ARC files of anybody's: the answers in them, and what could not be read, one by one.

A broken record costs one record, with rare exceptions: the next one is looked for by its first bytes. (Bytes that
happen to be unpacked up to the end of the file hide what stands there.)
"""

from __future__ import annotations

import gzip
import logging
import re
import sys
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import Any, BinaryIO

from warcio.archiveiterator import ArchiveIterator
from warcio.bufferedreaders import BufferedReader
from warcio.exceptions import ArchiveLoadFailed

from archive.model import RawCapture

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

MAX_BODY = 10 << 20
"""Bytes of a body that are read, on the wire and decoded alike: the crawler's own limit."""
_GZIP = b"\x1f\x8b\x08"
#: Where a record of an uncompressed file begins: WARC, or an ARC line (URL, address, 14 digits, type, length).
_PLAIN = re.compile(rb"^(?:WARC/\d|https?://\S+ [\d.]+ \d{14} \S+ \d+\r?$)", re.M)
_WINDOW = 1 << 20
UNREADABLE = (
    *(ArchiveLoadFailed, EOFError, OSError, ValueError, ArithmeticError, AttributeError, TypeError, IndexError),
    zlib.error,
)
"""What warcio raises on damaged bytes; beyond its own exception it is whatever its parsers stumble over."""


class _Decoder:
    """A decoder of what warcio has none for, as it wants one (its own for brotli no longer goes with it)."""

    unused_data = b""

    def __init__(self, take: Callable[[bytes], bytes], is_ended: Callable[[], bool]) -> None:
        self._take, self._is_ended = take, is_ended

    @property
    def eof(self) -> bool:
        return self._is_ended()

    def decompress(self, data: bytes) -> bytes:
        return b"" if self.eof else self._take(data)


def _brotli() -> _Decoder:
    decoder = brotli.Decompressor()
    return _Decoder(lambda data: decoder.process(data, output_buffer_limit=MAX_BODY + 1), decoder.is_finished)


def _zstd() -> _Decoder:
    decoder = zstd.ZstdDecompressor()
    return _Decoder(lambda data: decoder.decompress(data, MAX_BODY + 1), lambda: decoder.eof)


BufferedReader.DECOMPRESSORS["zstd"] = _zstd
try:
    import brotli  # type: ignore[import-untyped]

    BufferedReader.DECOMPRESSORS["br"] = _brotli
except ImportError:  # it comes with what fetches pages
    BufferedReader.DECOMPRESSORS.pop("br", None)


@dataclass(frozen=True, slots=True)
class Unread:
    """A record with an answer in it that was not read."""

    offset: int
    kind: str
    """"broken", "too large" or "revisit" (it names an answer that stands elsewhere)."""
    reason: str


logging.getLogger("warcio").addHandler(logging.NullHandler())  # what is wrong with a record is told by Unread


class _Records(ArchiveIterator):  # type: ignore[misc]
    """warcio's, without what it writes to standard error."""

    INC_RECORD = ""


def read_warc(path: Path, max_body: int = MAX_BODY) -> Iterator[RawCapture | Unread]:
    """Every answer of a file, WARC or ARC, gzipped or not, in the order of the file. Raises OSError where there is
    no file; nothing in the file raises."""
    with path.open("rb") as stream:
        yield from _records(stream, max_body)


def is_warc(path: Path) -> bool:
    """Whether a file begins as WARC and ARC files do, gzipped or not. Raises OSError where there is no file."""
    with path.open("rb") as stream:
        start = stream.read(4096)
    if start.startswith(_GZIP):
        try:
            start = zlib.decompressobj(zlib.MAX_WBITS + 16).decompress(start, 64)
        except zlib.error:
            return False
    return start.lstrip().startswith((b"WARC/", b"filedesc:", b"http://", b"https://"))


def _records(stream: BinaryIO, max_body: int) -> Iterator[RawCapture | Unread]:
    start: int | None = 0
    told = False  # of the damage that is being skipped
    while start is not None:
        stream.seek(start)
        read = start  # where the last record began that was read whole
        records = _Records(stream, arc2warc=True)
        try:
            for record in records:
                if record.length is None:  # it would take the rest of the file for its own
                    raise ArchiveLoadFailed("a record that does not say how long it is")
                answer = read_record(record, records.offset, max_body)
                if answer is None:  # of another kind, or damaged so that it seems to be
                    continue
                told = isinstance(answer, Unread) and answer.kind == "broken"
                read = read if told else records.offset
                yield answer
            return
        except UNREADABLE as error:
            # The whole file as one gzip member: read it as what is inside. (Behind a whole record it is mere damage.)
            if "non-chunked gzip" in str(error) and read == 0:
                stream.seek(0)
                with gzip.open(stream) as inside:
                    yield from _records(inside, max_body)  # type: ignore[arg-type]
                return
            if not told:
                yield Unread(max(start, records.offset), "broken", _first_line(error))
            told = True
            # Not from where warcio is: damaged bytes may have been unpacked into those of the records behind them.
            try:
                start = _next_record(stream, max(start, read) + 1)
            except UNREADABLE:  # a file in one gzip member is no longer one from here on
                return


def read_record(record: Any, offset: int, max_body: int = MAX_BODY) -> RawCapture | Unread | None:
    """The answer in a record of warcio's; None for a record of another kind. Raises what warcio does on damage."""
    if record.rec_type == "revisit":
        return Unread(offset, "revisit", "names an answer that stands elsewhere")
    if record.rec_type != "response" or record.http_headers is None:
        return None
    if record.payload_length > max_body:
        return Unread(offset, "too large", f"a body of {record.payload_length:,} bytes")
    payload = record.raw_stream.read()
    if len(payload) < record.payload_length and len(payload) < _length_said(record):
        return Unread(offset, "broken", f"ends after {len(payload):,} of {record.payload_length:,} bytes")
    record.raw_stream = BytesIO(payload)
    stream = record.content_stream()
    body = stream.read(max_body + 1)
    if len(body) > max_body:
        return Unread(offset, "too large", f"a body of over {max_body:,} bytes when decoded")
    decoder = getattr(stream, "decompressor", None)  # none where what was said of a coding was not true
    return _answer(record, body, is_decoded=decoder is None or decoder.eof)


def _length_said(record: Any) -> float:
    """What the server said of the body's length; in some ARC files it is right where the record's own is not."""
    said = record.http_headers.get_header("content-length") or ""
    return int(said) if said.isdecimal() else float("inf")


def _answer(record: Any, body: bytes, *, is_decoded: bool) -> RawCapture:
    """`is_decoded`: the compressed body came to its end."""
    status = record.http_headers.get_statuscode()
    moment = datetime.fromisoformat(record.rec_headers.get_header("WARC-Date"))
    headers = tuple((name, value) for name, value in record.http_headers.headers)
    return RawCapture(
        url=record.rec_headers.get_header("WARC-Target-URI"),
        captured_at=moment.astimezone(UTC) if moment.tzinfo is not None else moment.replace(tzinfo=UTC),
        status=int(status) if status and status.isdecimal() else 0,
        headers=headers,
        body=body,
        is_whole=is_decoded
        and record.rec_headers.get_header("WARC-Truncated") is None
        and not _is_cut_off(headers, body),
    )


def _is_cut_off(headers: tuple[tuple[str, str], ...], body: bytes) -> bool:
    """Whether an uncompressed body is shorter than its server said.

    >>> _is_cut_off((("Content-Length", "5"),), b"abc"), _is_cut_off((("content-encoding", "gzip"),), b"abc")
    (True, False)
    """
    named = {name.lower(): value for name, value in headers}
    said = named.get("content-length", "")
    is_plain = not named.keys() & {"content-encoding", "transfer-encoding"}
    return is_plain and said.isdecimal() and len(body) < int(said)


def _next_record(stream: BinaryIO, start: int) -> int | None:
    """Where, from here on, a record could begin; None where none does."""
    stream.seek(0)
    is_gzip = stream.read(3) == _GZIP
    overlap = 2 if is_gzip else 4096
    stream.seek(start)
    window, base = stream.read(_WINDOW), start
    while window:
        if is_gzip:
            found = window.find(_GZIP)
        else:
            match = _PLAIN.search(window)
            found = match.start() if match and (match.start() or base != start) else -1
        if found >= 0:
            return base + found
        more = stream.read(_WINDOW)
        if not more:
            return None
        kept = window[-overlap:]
        base += len(window) - len(kept)
        window = kept + more
    return None


def _first_line(error: BaseException) -> str:
    return next((line.strip() for line in str(error).splitlines() if line.strip()), type(error).__name__)
