"""`backissue import warc` and `export warc`: files of anybody's in, our own out."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from archive import Archive, Outcome
from archive.warc import RawCapture, RawStore, read_warc
from crawler.cli import main

NOON = datetime(2024, 3, 1, 12, tzinfo=UTC)
HTML = "text/html; charset=utf-8"
TEXT = (
    "The ferry to the island runs again from Monday, the harbour office said after eleven days of repairs.\n\n"
    "Its ramp had been torn off in the storm of 12 February, which also sank two trawlers at the northern quay.\n\n"
    "Tickets bought for the lost days stay valid until June, and islanders travel free for a week."
)
FERRY, BERTH = "https://news.test/world/ferry-runs-again", "https://other.test/berth-to-be-dredged"


def page(title: str, text: str = TEXT, head: str = "") -> bytes:
    body = "".join(f"<p>{paragraph}</p>" for paragraph in text.split("\n\n"))
    return (
        f'<!DOCTYPE html><html lang="en"><head><title>{title}</title><meta property="og:type" content="article">{head}'
        f"</head><body><main><article><h1>{title}</h1><div>{body}</div></article></main></body></html>"
    ).encode()


class Warc:
    """A WARC file in the manner of Common Crawl's, written record by record."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._out = BytesIO()
        self._writer = WARCWriter(self._out, gzip=True)
        self.starts: list[int] = []

    def add(
        self, url: str, body: bytes, hour: float = 0, status: str = "200 OK", kind: str = HTML, **headers: str
    ) -> None:
        named = [("Content-Type", kind), *((name.replace("_", "-"), value) for name, value in headers.items())]
        record = self._writer.create_warc_record(
            url,
            "response",
            payload=BytesIO(body),
            length=len(body),
            http_headers=StatusAndHeaders(status, named, protocol="HTTP/1.1"),
            warc_headers_dict={"WARC-Date": f"{NOON + timedelta(hours=hour):%Y-%m-%dT%H:%M:%SZ}"},
        )
        self.starts.append(self._out.tell())
        self._writer.write_record(record)

    def save(self) -> str:
        self.path.write_bytes(self._out.getvalue())
        return str(self.path)


@pytest.fixture
def warc(tmp_path: Path) -> Warc:
    return Warc(tmp_path / "CC-NEWS-1.warc.gz")


@pytest.fixture
def run(tmp_path: Path) -> Callable[..., Result]:
    (tmp_path / "sites.toml").write_text('[[site]]\nname = "paper"\nurl = "https://news.test/"\n')

    def run(*arguments: str, database: str = "archive.db") -> Result:
        options = ["--database", f"sqlite:///{tmp_path / database}", "--sites", str(tmp_path / "sites.toml")]
        return CliRunner().invoke(main, [*options, *arguments])

    return run


@pytest.fixture
def opened(tmp_path: Path) -> Callable[..., Archive]:
    return lambda name="archive.db": Archive.open(f"sqlite:///{tmp_path / name}", create=False)


def _size(archive: Archive) -> int:
    """Bytes of the raw pages."""
    return sum(state.st_size for state in RawStore(archive.raw_folder).states())


def test_pages_become_versions_at_the_times_that_their_records_state(
    warc: Warc, run: Callable[..., Result], opened: Callable[..., Archive]
) -> None:
    warc.add(FERRY, page("Ferry runs again", TEXT.replace("eleven", "twelve")), hour=5)
    warc.add(BERTH, page("Berth to be dredged"))
    warc.add(FERRY, page("Ferry runs again"), hour=1)
    warc.add(FERRY, page("Ferry runs again"), hour=2)
    result = run("import", "warc", warc.save())
    assert (result.exit_code, result.stdout) == (0, "4 records: 2 new, 1 changed, 1 unchanged\n"), result.output
    with opened() as archive:
        assert [version.captured_at for version in archive.versions(FERRY)] == [
            NOON + timedelta(hours=h) for h in (1, 5)
        ]
        assert "twelve days" in (archive.version(FERRY, 2).content.body or "")
        assert (archive.article(FERRY).site, archive.article(BERTH).site) == ("paper", "other.test")
        (capture,) = archive.captures(BERTH)
        assert (capture.provenance or {})["imported"] == "CC-NEWS-1.warc.gz"
        assert RawStore(archive.raw_folder).read(capture.raw_path or "")[0].body == page("Berth to be dredged")
        assert sum(each.raw_path is not None for each in archive.captures()) == 3


def test_a_file_imported_twice_adds_nothing(
    warc: Warc, run: Callable[..., Result], opened: Callable[..., Archive]
) -> None:
    warc.add(FERRY, page("Ferry runs again"))
    warc.add(FERRY, page("Ferry runs again", TEXT.replace("eleven", "twelve")), hour=5)
    name = warc.save()
    run("import", "warc", name)
    with opened() as archive:
        before, size = list(archive.iter_captures(texts=True)), _size(archive)
    result = run("import", "warc", name, name)
    assert (result.exit_code, result.stdout) == (0, "0 records: none; left out: 4 recorded before\n")
    with opened() as archive:
        assert (list(archive.iter_captures(texts=True)), _size(archive)) == (before, size)


def test_what_is_no_article_is_recorded_only_where_the_archive_has_one(
    warc: Warc, run: Callable[..., Result], opened: Callable[..., Archive]
) -> None:
    wall = b"<html lang=en><title>Access denied</title><h1>Access denied</h1><p>You are not allowed here.</p></html>"
    for url in (FERRY, BERTH):
        warc.add(url, b"<h1>Not found</h1>", hour=10, status="404 Not Found")
        warc.add(url, wall, hour=11, status="403 Forbidden")
        warc.add(url, b"%PDF-1.4", hour=12, kind="application/pdf")
        warc.add(url, b"", hour=13, status="301 Moved Permanently", Location="https://news.test/")
        warc.add(url, page("Ferry runs again")[:300], hour=14, Content_Length="4000")
    warc.add(FERRY, page("Ferry runs again"))
    result = run("import", "warc", warc.save())
    assert result.stdout == (
        "5 records: 1 new, 1 blocked, 1 not article, 1 truncated, 1 gone; "
        "left out: 2 redirects, 1 gone, 1 blocked, 1 not html, 1 truncated\n"
    )
    with opened() as archive:
        found = sorted(archive.captures(FERRY), key=lambda capture: capture.captured_at)
        assert [c.outcome for c in found] == [
            *(Outcome.NEW, Outcome.GONE, Outcome.BLOCKED, Outcome.NOT_ARTICLE, Outcome.TRUNCATED)
        ]
        assert len(archive.articles()) == len(archive.versions(FERRY)) == 1


def test_a_broken_record_costs_one_record(
    warc: Warc, run: Callable[..., Result], opened: Callable[..., Archive]
) -> None:
    for number in range(12):
        warc.add(f"https://news.test/story-{number}", page(f"Ferry number {number} runs again", f"{number}. {TEXT}"))
    data = bytearray(Path(warc.save()).read_bytes())
    data[warc.starts[4] + 200 : warc.starts[4] + 240] = bytes(40)
    warc.path.write_bytes(data)
    result = run("import", "warc", str(warc.path))
    assert (result.exit_code, result.stdout) == (0, "11 records: 11 new; left out: 1 broken\n"), result.output
    with opened() as archive:
        assert len(archive.articles()) == 11


def test_charset_encodings_and_dates_are_those_of_the_record(
    warc: Warc, run: Callable[..., Result], opened: Callable[..., Archive]
) -> None:
    cyrillic = page("Паром снова ходит", "Паром на остров снова ходит с понедельника, сообщила гавань.\n\n" * 4)
    encoded = cyrillic.decode().encode("windows-1251")
    warc.add(FERRY, gzip.compress(encoded), kind="text/html; charset=windows-1251", Content_Encoding="gzip")
    warc.add(BERTH, page("Berth to be dredged"), hour=24 * 365 * 40)
    result = run("import", "warc", warc.save())
    assert result.stdout == "1 record: 1 new; left out: 1 without a believable date\n"
    with opened() as archive:
        assert archive.article(FERRY).title == "Паром снова ходит"


def test_pages_of_one_article_are_joined_and_half_an_article_is_none(
    warc: Warc, run: Callable[..., Result], opened: Callable[..., Archive]
) -> None:
    following = '<link rel="next" href="{}/2">'
    second = "The mayor called the delay a scandal and asked for the papers.\n\nA debate is set for Thursday at noon."
    warc.add(FERRY, page("Ferry runs again", head=following.format(FERRY)))
    warc.add(f"{FERRY}/2", page("Ferry runs again", second))
    warc.add(BERTH, page("Berth to be dredged", head=following.format(BERTH)))
    result = run("import", "warc", warc.save())
    assert result.stdout == "1 record: 1 new; left out: 1 parts of others, 1 truncated\n"
    with opened() as archive:
        assert "eleven days" in (archive.version(FERRY, 1).content.body or "")
        assert "A debate is set" in (archive.version(FERRY, 1).content.body or "")
        (capture,) = archive.captures(FERRY)
        assert len(RawStore(archive.raw_folder).read(capture.raw_path or "")) == 2


def test_a_variant_of_a_known_article_leads_to_it_and_is_no_version(
    warc: Warc, run: Callable[..., Result], opened: Callable[..., Archive]
) -> None:
    canonical = f'<link rel="canonical" href="{FERRY}">'
    warc.add(FERRY, page("Ferry runs again", head=canonical))
    warc.add("https://news.test/print/ferry-runs-again", page("Ferry runs again", TEXT[:210], canonical), hour=1)
    result = run("import", "warc", warc.save())
    assert result.stdout == "2 records: 1 new, 1 moved\n"
    with opened() as archive:
        assert [article.url for article in archive.articles()] == [FERRY]
        assert len(archive.versions(FERRY)) == 1


def test_only_declared_sites_and_no_raw_copies_if_so_asked(
    warc: Warc, run: Callable[..., Result], opened: Callable[..., Archive]
) -> None:
    warc.add(FERRY, page("Ferry runs again"))
    warc.add(BERTH, page("Berth to be dredged"))
    result = run("import", "warc", "--declared", "--no-raw", warc.save())
    assert result.stdout == "1 record: 1 new; left out: 1 of other sites\n"
    with opened() as archive:
        assert [capture.raw_path for capture in archive.captures()] == [None]


def test_what_is_purged_is_erased_from_the_raw_pages_too(
    warc: Warc, run: Callable[..., Result], opened: Callable[..., Archive]
) -> None:
    warc.add(FERRY, page("Ferry runs again"))
    warc.add(BERTH, page("Berth to be dredged"))
    run("import", "warc", warc.save())
    result = run("purge", FERRY, "--reason", "asked for", "--yes")
    assert (result.exit_code, result.output) == (0, "1 article removed\n")
    with opened() as archive:
        (path,) = RawStore(archive.raw_folder).files()
    assert [one.url for one in read_warc(path) if isinstance(one, RawCapture)] == [BERTH]
    assert b"Ferry" not in gzip.decompress(path.read_bytes())


def test_a_file_of_another_kind_is_a_usage_error(run: Callable[..., Result], tmp_path: Path) -> None:
    (tmp_path / "page.html").write_bytes(page("Ferry runs again"))
    result = run("import", "warc", str(tmp_path / "page.html"))
    assert (result.exit_code, "is no WARC or ARC file" in result.output) == (2, True)


def test_what_is_exported_as_warc_makes_the_same_archive_again(
    warc: Warc, run: Callable[..., Result], opened: Callable[..., Archive], tmp_path: Path
) -> None:
    warc.add(FERRY, page("Ferry runs again"))
    warc.add(FERRY, page("Ferry runs again", TEXT.replace("eleven", "twelve")), hour=5)
    warc.add(BERTH, page("Berth to be dredged"))
    run("import", "warc", warc.save())
    out, one = tmp_path / "out.warc.gz", tmp_path / "one.warc.gz"
    assert run("export", "warc").exit_code == 2
    assert "3 raw pages in" in run("export", "warc", "-o", str(out)).output
    assert (
        "1 raw page in"
        in run("export", "warc", "--site", "paper", "--since", "2024-03-01T13:00Z", "-o", str(one)).output
    )
    assert len(list(read_warc(one))) == 1
    assert run("import", "warc", str(out), database="again.db").exit_code == 0
    with opened() as first, opened("again.db") as second:
        told: list[Any] = [
            [(v.url, v.number, v.captured_at, v.content) for v in archive.iter_versions()]
            for archive in (first, second)
        ]
    assert told[0] == told[1]
