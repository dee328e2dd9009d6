"""The folder of WARC files that an archive keeps its raw captures in: written, read by name, rotated, let go.

A file is named after the month (or day) in which it was begun and ends in `.open` while a process writes it; renaming
it is taking it, so that no two processes write to one file. What a process that was killed had open stays so, is read
like any other, and is never written to again.
"""

from __future__ import annotations

import os
import re
import secrets
import threading
import zlib
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from io import BytesIO
from pathlib import Path
from types import ModuleType, TracebackType
from typing import BinaryIO, Literal, Self

from warcio.archiveiterator import ArchiveIterator
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from archive.errors import ArchiveError, Damaged, NotFound, Unavailable
from archive.model import RawCapture
from archive.warc.records import UNREADABLE, Unread, read_record

deflate: ModuleType
try:
    from isal import isal_zlib as deflate
except ImportError:  # no wheel for this machine
    deflate = zlib

ROTATE_AT = 1 << 30
"""Bytes at which a new file is begun (what the WARC standard recommends)."""
MONTHLY, DAILY = "%Y-%m", "%Y-%m-%d"
_OPEN = ".open"
_NAME = re.compile(r"(\d{4})-(\d{2})(?:-(\d{2}))?-[0-9a-f]{8}\.warc\.gz")
#: What was true of the body on the wire, and would now be false: chunks are undone, and other codings than gzip.
_OF_THE_WIRE = frozenset({"content-encoding", "transfer-encoding", "content-length"})
_ABOUT = (
    "bodies are gzip-coded as they came, or as they were after decompression (X-Body-Coding: decoded); what else their"
    " servers said of coding and length is in X-Crawler-…"
)


def _utc_now() -> datetime:
    return datetime.now(UTC)


class RawStore:
    """A folder of WARC files. One object may be used from several threads, and several processes may use one folder."""

    def __init__(
        self,
        folder: Path,
        *,
        now: Callable[[], datetime] = _utc_now,
        period: str = MONTHLY,
        rotate_at: int = ROTATE_AT,
        software: str = "Backissue",
    ) -> None:
        self.folder = folder
        self._now, self._period, self._rotate_at, self._software = now, period, rotate_at, software
        self._file: BinaryIO | None = None
        self._writing = threading.Lock()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def write(self, capture: RawCapture) -> str:
        """Stores the answer; its name, for `Capture.raw_path`. On the disk after `sync` or `close`. Raises
        Unavailable, with nothing of it left, where it cannot be written."""
        with self._writing:
            try:
                file = self._current()
                offset = file.tell()
                try:
                    file.write(_packed(capture))
                    file.flush()
                except BaseException:
                    self._cut(file, offset)
                    raise
            except OSError as error:
                raise Unavailable(f"cannot write raw captures in {str(self.folder)!r}: {error}") from error
            return f"{_plain_name(file)}:{offset}"

    def sync(self) -> None:
        """Waits until all that was written is on the disk: before a capture that names it is recorded."""
        with self._writing:
            if self._file is not None:
                os.fsync(self._file.fileno())

    def close(self) -> None:
        """Ends the file that is being written."""
        with self._writing:
            self._end_file()

    def read(self, raw_path: str) -> tuple[RawCapture, ...]:
        """The answers of that name, one a part. `NotFound` where a file was let go, `Damaged` where one cannot be
        read."""
        return tuple(self._read(name) for name in raw_path.split(" "))

    def copy(self, raw_path: str) -> bytes:
        """The records of that name as they stand here, for another WARC file. Raises as `read` does."""
        members = []
        for name in raw_path.split(" "):
            path, offset = self._place(name)
            with self._opened(path, name) as stream:
                members.append(_member(stream, offset, name))
        return b"".join(members)

    def erase(self, raw_path: str) -> None:
        """Overwrites the records of that name, for ever; the others of their files stay where they are and readable.
        Raises as `read` does."""
        for name in raw_path.split(" "):
            path, offset = self._place(name)
            with self._opened(path, name, "r+b") as stream:
                hole = _hole(len(_member(stream, offset, name)))
                stream.seek(offset)
                stream.write(hole)
                stream.flush()
                os.fsync(stream.fileno())

    def files(self) -> list[Path]:
        """The WARC files, by name."""
        return sorted([*self.folder.glob("*.warc.gz"), *self.folder.glob(f"*.warc.gz{_OPEN}")])

    def states(self) -> list[os.stat_result]:
        """Size and time of each file; not of one that another process renames or lets go just now."""
        found = []
        for path in self.files():
            with suppress(FileNotFoundError):
                found.append(path.stat())
        return found

    def ended_before(self, moment: datetime) -> list[str]:
        """Names of the files whose month (or day) was over by then: nothing in them was written later."""
        names = [path.name.removesuffix(_OPEN) for path in self.files()]
        return [name for name in names if (end := end_of(name)) is not None and end <= moment]

    def remove(self, name: str) -> None:
        """Lets a file go, whatever captures still name it. Raises Unavailable where it cannot be removed."""
        for path in (self.folder / name, self.folder / f"{name}{_OPEN}"):
            try:
                path.unlink(missing_ok=True)
            except OSError as error:
                raise Unavailable(f"cannot remove the expired {str(path)!r}: {error}") from error

    def _read(self, name: str) -> RawCapture:
        path, offset = self._place(name)
        try:
            with self._opened(path, name) as stream:
                member = _member(stream, offset, name)  # alone, so that no other record is taken for it
                record = next(iter(ArchiveIterator(BytesIO(member))), None)
                found = read_record(record, offset) if record is not None else None
        except UNREADABLE as error:
            raise Damaged(f"the raw capture {name!r} cannot be read: {error}") from error
        if not isinstance(found, RawCapture) or not found.is_whole:
            why = found.reason if isinstance(found, Unread) else "no whole answer stands there"
            raise Damaged(f"the raw capture {name!r} cannot be read: {why}")
        return found

    def _place(self, name: str) -> tuple[Path, int]:
        file, _, offset = name.rpartition(":")
        if not (offset.isdecimal() and offset.isascii()) or not file or Path(file).name != file:
            raise ArchiveError(f"{name!r} names no raw capture; it should read FILE.warc.gz:OFFSET")
        return self.folder / file, int(offset)

    def _opened(self, path: Path, name: str, mode: Literal["rb", "r+b"] = "rb") -> BinaryIO:
        """The file, under whichever of its two names it has just now."""
        for each in (path, path.with_name(path.name + _OPEN), path):
            with suppress(FileNotFoundError):
                return each.open(mode)
        raise NotFound("raw capture", name, f"its file is not in {str(self.folder)!r}; it may have expired (keep_raw)")

    # --- the file that is being written ---

    def _current(self) -> BinaryIO:
        """The file to write to: the one at hand, else one of this month that has room, else a new one."""
        prefix = f"{self._now().astimezone(UTC):{self._period}}-"
        if self._file is not None:
            name = _plain_name(self._file)
            if self._file.tell() < self._rotate_at and name.startswith(prefix) and _NAME.fullmatch(name):
                return self._file
            self._end_file()
        self.folder.mkdir(parents=True, exist_ok=True)
        self._file = self._taken(prefix) or self._begun(prefix)
        return self._file

    def _taken(self, prefix: str) -> BinaryIO | None:
        """A file of this month that no process writes to and that has room."""
        for path in sorted(self.folder.glob(f"{prefix}????????.warc.gz")):
            with suppress(FileNotFoundError):  # another process was quicker
                if path.stat().st_size < self._rotate_at:
                    return path.rename(path.with_name(path.name + _OPEN)).open("ab")
        return None

    def _begun(self, prefix: str) -> BinaryIO:
        name = f"{prefix}{secrets.token_hex(4)}.warc.gz"
        file = (self.folder / f"{name}{_OPEN}").open("xb")
        writer = WARCWriter(file, gzip=True, warc_version="WARC/1.1")
        info = {"software": self._software, "format": "WARC File Format 1.1", "description": _ABOUT}
        writer.write_record(writer.create_warcinfo_record(name, info))
        return file

    def _end_file(self) -> None:
        if self._file is None:
            return
        file, self._file = self._file, None
        with file:
            file.flush()
            os.fsync(file.fileno())
        path = Path(file.name)
        with suppress(FileNotFoundError):  # the folder was removed under us
            path.rename(path.with_name(_plain_name(file)))

    def _cut(self, file: BinaryIO, offset: int) -> None:
        """Takes back a record that was begun; the file is left `.open`, and alone, where not even that can be done."""
        self._file = None
        with suppress(OSError), file:
            file.truncate(offset)
            Path(file.name).rename(Path(file.name).with_name(_plain_name(file)))


def _packed(capture: RawCapture) -> bytes:
    """The record of an answer, a gzip member of its own."""
    undone = _OF_THE_WIRE - {"content-encoding"} if capture.is_gzip else _OF_THE_WIRE
    headers = [(f"X-Crawler-{name}" if name.lower() in undone else name, value) for name, value in capture.headers]
    headers.append(("Content-Length", str(len(capture.body))))
    plain = BytesIO()
    writer = WARCWriter(plain, gzip=False, warc_version="WARC/1.1")  # its own gzip takes twice the time for 1 % less
    record = writer.create_warc_record(
        capture.url,
        "response",
        payload=BytesIO(capture.body),
        length=len(capture.body),
        http_headers=StatusAndHeaders(_status_line(capture.status), headers, protocol="HTTP/1.1"),
        warc_headers_dict={"WARC-Date": f"{capture.captured_at.astimezone(UTC):%Y-%m-%dT%H:%M:%S.%fZ}"}
        | ({} if capture.is_gzip else {"X-Body-Coding": "decoded"}),
    )
    writer.write_record(record)
    if capture.is_gzip:  # packed again it would be no smaller
        coder = zlib.compressobj(0, zlib.DEFLATED, zlib.MAX_WBITS + 16)
    else:
        coder = deflate.compressobj(2, zlib.DEFLATED, zlib.MAX_WBITS + 16)
    return bytes(coder.compress(plain.getbuffer()) + coder.flush())


def end_of(name: str) -> datetime | None:
    """When the month or day in a file's name is over; None where it is no name of ours.

    >>> end_of("2026-12-0a1b2c3d.warc.gz").isoformat(), end_of("2026-03-31-0a1b2c3d.warc.gz").isoformat()
    ('2027-01-01T00:00:00+00:00', '2026-04-01T00:00:00+00:00')
    """
    match = _NAME.fullmatch(name)
    if match is None:
        return None
    year, month = int(match[1]), int(match[2])
    if match[3] is not None:
        return datetime(year, month, int(match[3]), tzinfo=UTC) + timedelta(days=1)
    return datetime(year + month // 12, month % 12 + 1, 1, tzinfo=UTC)


def _plain_name(file: BinaryIO) -> str:
    return Path(file.name).name.removesuffix(_OPEN)


def _status_line(status: int) -> str:
    try:
        return f"{status} {HTTPStatus(status).phrase}"
    except ValueError:
        return f"{status} "


def _member(stream: BinaryIO, offset: int, name: str) -> bytes:
    """The bytes of the gzip member that begins there. Raises `Damaged`."""
    stream.seek(offset)
    decoder, parts = zlib.decompressobj(zlib.MAX_WBITS + 16), []
    try:
        while not decoder.eof:
            part = stream.read(1 << 16)
            if not part:
                raise Damaged(f"the raw capture {name!r} cannot be read: its file ends within it")
            decoder.decompress(part)
            parts.append(part)
    except zlib.error as error:
        raise Damaged(f"the raw capture {name!r} cannot be read: {error}") from error
    data = b"".join(parts)
    return data[: len(data) - len(decoder.unused_data)]


def _hole(length: int) -> bytes:
    """A gzip member of that length with nothing in it but a comment of spaces (RFC 1952, FCOMMENT): readers pass over.

    >>> len(_hole(300)), zlib.decompress(_hole(300), zlib.MAX_WBITS + 16)
    (300, b'')
    """
    head, empty = b"\x1f\x8b\x08\x10" + bytes(5) + b"\xff", b"\x00" + b"\x03\x00" + bytes(8)
    return head + b" " * (length - len(head) - len(empty)) + empty
