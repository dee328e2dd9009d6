"""Raw captures: written, read back by us and by any WARC reader, rotated, let go; files of others, whole and broken."""

from __future__ import annotations

import gzip
import os
import random
import zlib
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, BinaryIO

import brotli
import pytest
from backports import zstd
from warcio.archiveiterator import ArchiveIterator

from archive.errors import ArchiveError, Damaged, NotFound, Unavailable
from archive.warc import DAILY, RawCapture, RawStore, Unread, is_warc, read_warc

AT = datetime(2026, 3, 1, 12, 0, 0, 123456, tzinfo=UTC)


def answer(number: int, body: bytes = b"<p>caf\xc3\xa9</p>") -> RawCapture:
    headers = (("Content-Type", "text/html; charset=utf-8"), ("Set-Cookie", "a=1"), ("Set-Cookie", "b=2"))
    return RawCapture(f"https://news.test/{number}", AT, 200, headers, body)


def warc(folder: Path, bodies: list[bytes]) -> Path:
    """A WARC file of our own making."""
    with RawStore(folder) as store:
        for number, body in enumerate(bodies):
            store.write(answer(number, body))
    (path,) = store.files()
    return path


class TornFile:
    """A file on a disk that is full: half of what is written arrives."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file

    def write(self, data: bytes) -> int:
        self._file.write(data[: len(data) // 2])
        self._file.flush()
        raise OSError("disk full")

    def __enter__(self) -> TornFile:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._file, name)


def urls(path: Path) -> list[str]:
    return [one.url for one in read_warc(path) if isinstance(one, RawCapture)]


class TestOurFolder:
    def test_every_answer_is_read_back_by_its_name(self, tmp_path: Path) -> None:
        with RawStore(tmp_path / "raw") as store:
            names = [store.write(answer(n, b"x" * n)) for n in range(5)]
            for number, name in reversed(list(enumerate(names))):
                (read,) = store.read(name)
                assert (read.url, read.body) == (f"https://news.test/{number}", b"x" * number)
                assert (read.captured_at, read.status) == (AT, 200)
                assert read.content_type == "text/html; charset=utf-8"
                assert [value for key, value in read.headers if key == "Set-Cookie"] == ["a=1", "b=2"]

    def test_an_article_in_parts_has_one_name_for_all(self, tmp_path: Path) -> None:
        with RawStore(tmp_path) as store:
            name = " ".join(store.write(answer(n)) for n in range(3))
            assert [part.url[-1] for part in store.read(name)] == ["0", "1", "2"]

    def test_a_body_that_was_decoded_is_not_decoded_again_and_its_record_says_so(self, tmp_path: Path) -> None:
        headers = (("Content-Encoding", "gzip"), ("Content-Length", "3"))
        with RawStore(tmp_path) as store:
            assert (
                store.read(store.write(RawCapture("https://news.test/z", AT, 200, headers, b"plain")))[0].body
                == b"plain"
            )
        with store.files()[0].open("rb") as stream:
            (_, record) = [(r.rec_headers, r.http_headers) for r in ArchiveIterator(stream)]
        assert record[0].get_header("X-Body-Coding") == "decoded"
        assert record[1].get_header("X-Crawler-Content-Encoding") == "gzip"
        assert record[1].get_header("Content-Length") == "5"

    def test_a_body_that_came_gzip_coded_is_kept_as_it_came_and_read_decoded(self, tmp_path: Path) -> None:
        said = (("Content-Type", "text/html"), ("Content-Length", "9"), ("Content-Encoding", "gzip"))
        packed = gzip.compress(b"<p>News" * 9999)
        with RawStore(tmp_path) as store:
            (read,) = store.read(store.write(RawCapture("https://news.test/z", AT, 200, said, packed, is_gzip=True)))
        assert (read.body, read.is_gzip, read.header("content-encoding")) == (b"<p>News" * 9999, False, "gzip")
        with store.files()[0].open("rb") as stream:
            records = [(r.rec_headers, r.http_headers, r.raw_stream.read()) for r in ArchiveIterator(stream)]
        _, (about, headers, kept) = records
        assert about.get_header("X-Body-Coding") is None
        assert (headers.get_header("Content-Length"), kept) == (str(len(packed)), packed)

    def test_any_warc_reader_reads_it_and_finds_the_digests_right(self, tmp_path: Path) -> None:
        path = warc(tmp_path, [b"one", b"two"])
        with path.open("rb") as stream:
            found = []
            for record in ArchiveIterator(stream, check_digests="raise"):
                record.content_stream().read()
                headers = record.rec_headers
                found.append((record.rec_type, headers.get_header("WARC-Target-URI"), headers.protocol))
                if record.rec_type == "response":
                    assert headers.get_header("WARC-Payload-Digest").startswith("sha1:")
                    assert headers.get_header("WARC-Date") == "2026-03-01T12:00:00.123456Z"
                    assert record.http_headers.statusline == "200 OK"
        rows = [("response", f"https://news.test/{n}", "WARC/1.1") for n in range(2)]
        assert found == [("warcinfo", None, "WARC/1.1"), *rows]

    def test_a_full_file_gives_way_to_the_next_and_two_stores_never_share_one(self, tmp_path: Path) -> None:
        with RawStore(tmp_path, rotate_at=1000) as one, RawStore(tmp_path) as other:
            names = [one.write(answer(n, os.urandom(600))) for n in range(4)]
            names.append(other.write(answer(9)))
            assert len({name.rpartition(":")[0] for name in names}) == len(one.files()) > 2
            assert all(one.read(name)[0].status == 200 for name in names)
        assert all(one.read(name)[0].status == 200 for name in names)
        assert not list(tmp_path.glob("*.open"))

    def test_the_next_process_goes_on_with_the_months_file_but_never_with_one_left_open(self, tmp_path: Path) -> None:
        first = RawStore(tmp_path)
        first.write(answer(1))
        first.close()
        killed = RawStore(tmp_path)
        killed.write(answer(2))
        with RawStore(tmp_path) as third:
            name = third.write(answer(3))
        assert len(third.files()) == 2
        assert third.files()[0].name.endswith(".open") or third.files()[1].name.endswith(".open")
        assert third.read(name)[0].url.endswith("/3")
        assert sorted(url for path in third.files() for url in urls(path)) == [
            f"https://news.test/{n}" for n in (1, 2, 3)
        ]

    def test_files_are_named_after_their_month_or_day_and_found_old_once_it_is_over(self, tmp_path: Path) -> None:
        with RawStore(tmp_path, now=lambda: AT) as monthly, RawStore(tmp_path, now=lambda: AT, period=DAILY) as daily:
            name, other = monthly.write(answer(1)), daily.write(answer(2))
            assert name.startswith("2026-03-")
            assert other.startswith("2026-03-01-")
            assert monthly.ended_before(datetime(2026, 3, 2, tzinfo=UTC)) == [other.rpartition(":")[0]]
            assert len(monthly.ended_before(datetime(2026, 4, 1, tzinfo=UTC))) == 2
        monthly.remove(name.rpartition(":")[0])
        with pytest.raises(NotFound, match="keep_raw"):
            monthly.read(name)

    def test_a_new_month_is_a_new_file(self, tmp_path: Path) -> None:
        clock = [AT]
        with RawStore(tmp_path, now=lambda: clock[0]) as store:
            store.write(answer(1))
            clock[0] = datetime(2026, 4, 1, tzinfo=UTC)
            assert store.write(answer(2)).startswith("2026-04-")

    def test_a_record_that_cannot_be_written_leaves_nothing_behind(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        with RawStore(tmp_path) as store:
            store.write(answer(1))
            assert store._file is not None
            monkeypatch.setattr(store, "_file", TornFile(store._file))
            with pytest.raises(Unavailable, match="disk full"):
                store.write(answer(2, os.urandom(100_000)))
            store.write(answer(3))
        (path,) = store.files()
        assert urls(path) == ["https://news.test/1", "https://news.test/3"]

    def test_an_erased_record_is_gone_and_the_others_stay_readable_for_everybody(self, tmp_path: Path) -> None:
        with RawStore(tmp_path) as store:
            names = [store.write(answer(n, f"secret number {n}".encode())) for n in range(4)]
            store.erase(names[1])
            store.erase(names[3])
            with pytest.raises(Damaged):
                store.read(names[1])
            assert [store.read(names[n])[0].body for n in (0, 2)] == [b"secret number 0", b"secret number 2"]
        (path,) = store.files()
        assert urls(path) == ["https://news.test/0", "https://news.test/2"]
        assert b"number 1" not in gzip.decompress(path.read_bytes())

    @pytest.mark.parametrize("name", ["../../etc/passwd:0", "a.warc.gz", "a.warc.gz:-1", ":5", "a.warc.gz:²"])
    def test_a_name_that_leads_elsewhere_is_refused(self, tmp_path: Path, name: str) -> None:
        with pytest.raises(ArchiveError, match="names no raw capture"):
            RawStore(tmp_path).read(name)

    def test_a_torn_file_is_damaged_and_named(self, tmp_path: Path) -> None:
        with RawStore(tmp_path) as store:
            name = store.write(answer(1, os.urandom(5000)))
        (path,) = store.files()
        path.write_bytes(path.read_bytes()[:-3000])
        for read in (store.read, store.copy):
            with pytest.raises(Damaged, match="raw capture"):
                read(name)


class TestFilesOfOthers:
    def test_gzipped_plain_and_wrongly_gzipped_files_read_alike(self, tmp_path: Path) -> None:
        path = warc(tmp_path / "a", [b"one", b"two", b"three"])
        plain, whole = tmp_path / "plain.warc", tmp_path / "whole.warc.gz"
        plain.write_bytes(gzip.decompress(path.read_bytes()))
        whole.write_bytes(gzip.compress(plain.read_bytes()))
        for each in (path, plain, whole):
            assert is_warc(each)
            read = [one.body for one in read_warc(each) if isinstance(one, RawCapture)]
            assert read[-3:] == [b"one", b"two", b"three"]

    def test_a_broken_record_costs_one_record(self, tmp_path: Path) -> None:
        bodies = [random.Random(n).randbytes(3000) for n in range(30)]
        path = warc(tmp_path / "a", bodies)
        starts = _members(path)
        data = bytearray(path.read_bytes())
        for number in (5, 6, 20):  # member 0 is the warcinfo
            middle = starts[number + 1] + 1500
            data[middle : middle + 40] = bytes(40)
        path.write_bytes(data)
        found = list(read_warc(path))
        wanted = [f"https://news.test/{n}" for n in range(30) if n not in (5, 6, 20)]
        assert [one.url for one in found if isinstance(one, RawCapture)] == wanted
        assert {one.kind for one in found if isinstance(one, Unread)} == {"broken"}

    def test_a_broken_record_of_a_plain_file_costs_one_record(self, tmp_path: Path) -> None:
        path = warc(tmp_path / "a", [b"x" * 500] * 10)
        plain = tmp_path / "plain.warc"
        parts = gzip.decompress(path.read_bytes()).split(b"WARC/1.1\r\n")
        parts[5] = b"\x00\xff nonsense\r\n\r\n"
        plain.write_bytes(b"WARC/1.1\r\n".join(parts))
        assert len(urls(plain)) == 9

    @pytest.mark.parametrize("cut", [1, 700, 2000])
    def test_a_file_that_breaks_off_gives_what_is_whole(self, tmp_path: Path, cut: int) -> None:
        path = warc(tmp_path, [random.Random(n).randbytes(3000) for n in range(3)])
        path.write_bytes(path.read_bytes()[:-cut])
        found = list(read_warc(path))
        assert [one.url[-1] for one in found if isinstance(one, RawCapture)][:2] == ["0", "1"]
        assert not [one for one in found[2:] if isinstance(one, RawCapture) and len(one.body) < 3000]

    def test_random_damage_never_raises(self, tmp_path: Path) -> None:
        path = warc(tmp_path / "a", [random.Random(n).randbytes(900) for n in range(20)])
        whole = path.read_bytes()
        chance = random.Random(11)
        for _ in range(150):
            data = bytearray(whole)
            for _ in range(chance.randint(1, 20)):
                data[chance.randrange(len(data))] = chance.randrange(256)
            path.write_bytes(data[: chance.randint(1, len(data))])
            bodies = {one.url: one.body for one in read_warc(path) if isinstance(one, RawCapture)}
            assert len(bodies) <= 20

    def test_a_body_too_large_is_left_out_and_said_to_be(self, tmp_path: Path) -> None:
        path = warc(tmp_path, [b"small", bytes(100_000), b"small too"])
        kinds = [one.kind if isinstance(one, Unread) else one.body for one in read_warc(path, max_body=1000)]
        assert kinds == [b"small", "too large", b"small too"]

    def test_a_body_that_was_cut_off_is_told(self, tmp_path: Path) -> None:
        path = tmp_path / "cut.warc"
        http = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 99\r\n\r\n<p>half"
        head = (
            b"WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: http://a.test/\r\nWARC-Date: 2026-03-01T12:00:00Z\r\n"
        )
        path.write_bytes(head + b"Content-Length: %d\r\n\r\n" % len(http) + http + b"\r\n\r\n")
        (found,) = read_warc(path)
        assert isinstance(found, RawCapture)
        assert not found.is_whole

    @pytest.mark.parametrize("coding", ["gzip", "deflate", "br", "zstd"])
    def test_a_compressed_body_is_read_and_one_cut_off_is_told(self, tmp_path: Path, coding: str) -> None:
        page = "".join(f"<p>Line {number}.</p>" for number in range(500)).encode()
        packed = {"gzip": gzip.compress, "deflate": zlib.compress, "br": brotli.compress, "zstd": zstd.compress}[
            coding
        ](page)
        for body, is_whole in ((packed, True), (packed[:-20], False)):
            path = tmp_path / f"{is_whole}.warc"
            path.write_bytes(_record(b"Content-Encoding: %s\r\n\r\n%s" % (coding.encode(), body)))
            (found,) = read_warc(path)
            assert isinstance(found, RawCapture)
            assert found.is_whole is is_whole
            assert page.startswith(found.body)
            assert (found.body == page) is is_whole

    @pytest.mark.parametrize("coding", ["br", "zstd"])
    def test_a_small_body_that_unpacks_without_end_is_too_large(self, tmp_path: Path, coding: str) -> None:
        packed = {"br": brotli.compress, "zstd": zstd.compress}[coding](bytes(64 << 20))
        path = tmp_path / "bomb.warc"
        path.write_bytes(_record(b"Content-Encoding: %s\r\n\r\n%s" % (coding.encode(), packed)))
        (found,) = read_warc(path)
        assert isinstance(found, Unread)
        assert found.kind == "too large"

    @pytest.mark.parametrize(
        "head",
        [b"WARC-Date: 0001-01-01T00:00:00+14:00\r\n", b"Content-Length: %d\r\n" % 10**30],
        ids=["date", "length"],
    )
    def test_an_impossible_number_costs_one_record(self, tmp_path: Path, head: bytes) -> None:
        path = tmp_path / "odd.warc"
        path.write_bytes(_record(b"\r\nodd", head) + _record(b"\r\nnext"))
        odd, found = read_warc(path)
        assert (isinstance(odd, Unread), isinstance(found, RawCapture) and found.body) == (True, b"next")

    def test_damage_in_a_file_of_one_gzip_member_never_raises(self, tmp_path: Path) -> None:
        whole = gzip.compress(b"".join(_record(b"\r\n" + random.Random(n).randbytes(2000)) for n in range(30)))
        damaged = bytearray(whole)
        damaged[len(whole) // 2] ^= 255
        for number, data in enumerate((whole[: len(whole) // 2], whole[:-4], bytes(damaged))):
            path = tmp_path / f"{number}.warc.gz"
            path.write_bytes(data)
            found = list(read_warc(path))
            assert len([one for one in found if isinstance(one, RawCapture)]) >= 12
            assert isinstance(found[-1], Unread)

    @pytest.mark.parametrize("data", [b"", b"<html>", gzip.compress(b"hello", mtime=0), b"\x1f\x8b\x08broken"])
    def test_what_is_no_warc_file_is_told(self, tmp_path: Path, data: bytes) -> None:
        path = tmp_path / "x.warc.gz"
        path.write_bytes(data)
        assert not is_warc(path)
        assert not [one for one in read_warc(path) if isinstance(one, RawCapture)]


def _record(http: bytes, head: bytes = b"WARC-Date: 2026-03-01T12:00:00Z\r\n") -> bytes:
    """A response as others write it; of the headers given twice the first one counts."""
    http = b"HTTP/1.1 200 OK\r\n" + http
    lines = [b"WARC/1.0", b"WARC-Type: response", b"WARC-Target-URI: https://news.test/x", head.rstrip()]
    lines += [b"WARC-Date: 2026-03-01T12:00:00Z", b"Content-Type: application/http; msgtype=response"]
    return b"\r\n".join([*lines, b"Content-Length: %d" % len(http), b"", http, b"", b""])


def _members(path: Path) -> list[int]:
    """Where the records of a gzipped file begin."""
    with path.open("rb") as stream:
        records = ArchiveIterator(stream)
        return [records.get_record_offset() for _ in records]
