"""Raw captures: written, read back by us and by any WARC reader, rotated, let go."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path

import pytest
from warcio.archiveiterator import ArchiveIterator

from archive.errors import ArchiveError, Damaged, NotFound
from archive.warc import RawCapture, RawStore, read_warc

AT = datetime(2026, 3, 1, 12, 0, 0, 123456, tzinfo=UTC)


def answer(number: int, body: bytes = b"<p>caf\xc3\xa9</p>") -> RawCapture:
    headers = (("Content-Type", "text/html; charset=utf-8"), ("Set-Cookie", "a=1"), ("Set-Cookie", "b=2"))
    return RawCapture(f"https://news.test/{number}", AT, 200, headers, body)


def test_every_answer_is_read_back_by_its_name(tmp_path: Path) -> None:
    with RawStore(tmp_path / "raw") as store:
        names = [store.write(answer(n, b"x" * n)) for n in range(5)]
        for number, name in reversed(list(enumerate(names))):
            read = store.read(name)
            assert (read.url, read.body, read.captured_at, read.status) == (
                f"https://news.test/{number}",
                b"x" * number,
                AT,
                200,
            )
            assert read.content_type == "text/html; charset=utf-8"
            assert [value for key, value in read.headers if key == "Set-Cookie"] == ["a=1", "b=2"]


def test_a_body_that_was_decoded_is_not_decoded_again(tmp_path: Path) -> None:
    given = RawCapture(
        "https://news.test/z", AT, 200, (("Content-Encoding", "gzip"), ("Content-Length", "3")), b"plain"
    )
    with RawStore(tmp_path) as store:
        assert store.read(store.write(given)).body == b"plain"


def test_any_warc_reader_reads_it(tmp_path: Path) -> None:
    with RawStore(tmp_path) as store:
        store.write(answer(1))
        store.write(answer(2))
    (path,) = store.files()
    with path.open("rb") as stream:
        records = [(r.rec_type, r.rec_headers.get_header("WARC-Target-URI")) for r in ArchiveIterator(stream)]
    assert records == [("warcinfo", None), ("response", "https://news.test/1"), ("response", "https://news.test/2")]
    assert [one.url for one in read_warc(path)] == ["https://news.test/1", "https://news.test/2"]


def test_a_full_file_gives_way_to_the_next_and_two_stores_never_share_one(tmp_path: Path) -> None:
    with RawStore(tmp_path, rotate_at=1000) as one, RawStore(tmp_path) as other:
        names = [one.write(answer(n, os.urandom(600))) for n in range(4)]
        names.append(other.write(answer(9)))
        files = {name.rpartition(":")[0] for name in names}
        assert files == {path.name for path in one.files()}
        assert len(files) > 2
        assert all(one.read(name).status == 200 for name in names)


def test_old_files_are_let_go_and_said_to_be(tmp_path: Path) -> None:
    with RawStore(tmp_path) as store:
        name = store.write(answer(1))
        store.close()
        (path,) = store.files()
        os.utime(path, (0, 0))
        assert store.expire(AT) == [path]
        with pytest.raises(NotFound, match="keep_raw"):
            store.read(name)


@pytest.mark.parametrize("name", ["../../etc/passwd:0", "a.warc.gz", "a.warc.gz:-1", ":5"])
def test_a_name_that_leads_elsewhere_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(ArchiveError, match="names no raw capture"):
        RawStore(tmp_path).read(name)


def test_a_torn_file_is_damaged_and_named(tmp_path: Path) -> None:
    with RawStore(tmp_path) as store:
        name = store.write(answer(1, os.urandom(5000)))
    (path,) = store.files()
    path.write_bytes(path.read_bytes()[:-3000])
    with pytest.raises(Damaged, match="raw capture"):
        store.read(name)
