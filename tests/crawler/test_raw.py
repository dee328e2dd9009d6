"""Raw answers in a crawl: which are kept, where, for how long, and what pages may ask."""

from __future__ import annotations

import random
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from archive import Archive, Capture, Content, Outcome
from archive.errors import NotFound, Unavailable
from archive.warc import RawCapture, RawStore
from crawler.keeping import Keeper
from crawler.sites import load_sites

LocalSite = Any
Project = Any
PATH = "/news/ferry-runs-again-after-storm-repairs"
NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
URL = "https://news.test/a"


def look(hour: int, body: str = "One.\n\nTwo.", **changes: Any) -> Capture:
    at = NOON.replace(hour=hour)
    raw = RawCapture(URL, at, 200, (("Content-Type", "text/html"),), f"<p>{body}".encode())
    values: dict[str, Any] = {"url": URL, "content": Content(title="A", body=body), "raw": (raw,), "site": "news"}
    return Capture(captured_at=at, **values | changes)


@pytest.fixture
def keeper(tmp_path: Path) -> Callable[..., Keeper]:
    def make(**defaults: str) -> Keeper:
        keys = "".join(f'{name} = "{value}"\n' for name, value in defaults.items())
        path = tmp_path / "sites.toml"
        path.write_text(f'[defaults]\n{keys}[[site]]\nname = "news"\nurl = "https://news.test/"\n')
        archive = Archive.open(f"sqlite:///{tmp_path / 'archive.db'}")
        return Keeper(archive, load_sites(path), now=lambda: NOON)

    return make


class TestKeeping:
    @pytest.mark.parametrize(("raw", "kept"), [("versions", [1, 0, 1]), ("all", [1, 1, 1]), ("off", [0, 0, 0])])
    def test_answers_of_versions_are_kept_or_all_or_none(
        self, keeper: Callable[..., Keeper], raw: str, kept: list[int]
    ) -> None:
        one = keeper(raw=raw)
        stored = one.record([look(1)]) + one.record([look(2)]) + one.record([look(3, "One.\n\nThree.")])
        assert [int(each.raw_path is not None) for each in stored] == kept
        assert all(each.raw == () for each in stored)
        paths = [each.raw_path for each in one.archive.iter_captures()]
        assert paths == [each.raw_path for each in stored]
        assert [one.store.read(path)[0].captured_at.hour for path in paths if path] == [
            hour for hour, is_kept in zip((1, 2, 3), kept, strict=True) if is_kept
        ]

    def test_the_same_capture_again_keeps_nothing_twice(self, keeper: Callable[..., Keeper]) -> None:
        one = keeper()
        one.record([look(1)])
        size = sum(state.st_size for state in one.store.states())
        one.record([look(1), look(1)])
        assert sum(state.st_size for state in one.store.states()) == size

    def test_a_name_is_recorded_only_when_its_record_is_on_the_disk(
        self, keeper: Callable[..., Keeper], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """A crash between the two leaves a version without its raw copy; the next time it is kept."""
        one = keeper()
        with monkeypatch.context() as patch:
            patch.setattr(RawStore, "sync", lambda _: (_ for _ in ()).throw(Unavailable("power cut")))
            with pytest.raises(Unavailable):
                one.record([look(1)])
        assert [each.raw_path for each in one.archive.captures()] == [None]
        one.record([look(1)])
        (capture,) = one.archive.captures()
        assert one.store.read(capture.raw_path or "")[0].body == b"<p>One.\n\nTwo."

    def test_after_a_kill_every_name_leads_to_a_whole_record(
        self, keeper: Callable[..., Keeper], tmp_path: Path
    ) -> None:
        """A process that records without end, killed at random moments."""
        code = """
import sys
from pathlib import Path
sys.path.insert(0, sys.argv[1])
from test_raw import *
archive = Archive.open(sys.argv[2])
one = Keeper(archive, load_sites(Path(sys.argv[3])), now=lambda: NOON)
for number in range(1000 * int(sys.argv[4]), 1_000_000):
    one.record([look(number % 24, f"{number}-{n} " * 50, url=f"https://news.test/{number}-{n}") for n in range(5)])
    print(number, flush=True)
"""
        keeper()
        arguments = [str(Path(__file__).parent), f"sqlite:///{tmp_path / 'archive.db'}", str(tmp_path / "sites.toml")]
        dice = random.Random(5)
        for run in range(3):
            with subprocess.Popen(
                [sys.executable, "-c", code, *arguments, str(run)], stdout=subprocess.PIPE, text=True
            ) as writer:
                assert writer.stdout is not None
                for _ in range(dice.randint(1, 8)):
                    assert writer.stdout.readline()
                writer.kill()
        with Archive.open(arguments[1], create=False) as archive:
            named = list(archive.iter_raw_captures())
            store = RawStore(archive.raw_folder)
            assert len(named) > 10
            assert all(store.read(capture.raw_path or "")[0].status == 200 for capture in named)
            assert list(archive.verify()) == []
            assert len([path for path in store.files() if path.suffix == ".open"]) == 3

    def test_raw_files_expire_as_a_whole_and_captures_stop_naming_them(self, keeper: Callable[..., Keeper]) -> None:
        one = keeper(keep_raw="12 months")
        (old,) = one.record([look(1)])
        one.close()
        assert one.expire() == []
        one._now = lambda: datetime(2027, 3, 31, tzinfo=UTC)  # the month is not over for a year yet
        assert one.expire() == []
        one._now = lambda: datetime(2027, 4, 2, tzinfo=UTC)
        assert one.expire() == [(old.raw_path or "").rpartition(":")[0]]
        assert [each.raw_path for each in one.archive.captures()] == [None]
        assert one.store.files() == []
        assert len(one.archive.versions(URL)) == 1
        with pytest.raises(NotFound, match="keep_raw"):
            one.store.read(old.raw_path or "")

    def test_answers_kept_for_days_go_by_the_day(self, keeper: Callable[..., Keeper]) -> None:
        one = keeper(keep_raw="7 days")
        assert (one.record([look(1)])[0].raw_path or "").startswith("2026-03-01-")


class TestCrawl:
    def test_a_crawl_keeps_the_pages_of_versions_beside_the_archive(
        self, local_site: LocalSite, project: Callable[..., Project]
    ) -> None:
        local_site.articles = {PATH: TEXT}
        paper = project(paper=local_site)
        assert paper.run("crawl").returncode == 0
        assert paper.run("crawl", local_site.url.rstrip("/") + PATH).returncode == 0
        with Archive.open(paper.database, create=False) as archive:
            again, first = archive.captures()
            assert (first.outcome, again.outcome, again.raw_path) == (Outcome.NEW, Outcome.UNCHANGED, None)
            (raw,) = RawStore(paper.folder / "archive.db.warc").read(first.raw_path or "")
        assert (raw.url, raw.status, raw.captured_at) == (first.url, 200, first.captured_at)
        assert b"eleven days" in raw.body
        assert raw.content_type == "text/html; charset=utf-8"
        assert [path.suffix for path in (paper.folder / "archive.db.warc").iterdir()] == [".gz"]

    def test_every_answer_is_kept_where_a_site_wants_that_and_elsewhere_if_told(
        self, local_site: LocalSite, project: Callable[..., Project], tmp_path: Path
    ) -> None:
        local_site.articles = {PATH: TEXT}
        paper = project(paper=local_site)
        declared = (paper.folder / "sites.toml").read_text().replace("[defaults]", '[defaults]\nraw = "all"')
        (paper.folder / "sites.toml").write_text(declared)
        urls = [local_site.url.rstrip("/") + path for path in (PATH, "/news/no-such-page")]
        paper.run("crawl", *urls, BACKISSUE_RAW=str(tmp_path / "raw"))
        with Archive.open(paper.database, create=False) as archive:
            store = RawStore(tmp_path / "raw")
            statuses = {c.outcome: store.read(c.raw_path or "")[0].status for c in archive.captures()}
        assert statuses == {Outcome.NEW: 200, Outcome.GONE: 404}

    def test_a_page_that_asks_for_no_copies_is_read_and_not_kept(
        self, local_site: LocalSite, project: Callable[..., Project]
    ) -> None:
        html = (
            '<html lang="en"><head><meta property="og:type" content="article"><title>Ferry runs again</title>{}</head>'
        )
        paragraphs = "".join(f"<p>{each}</p>" for each in TEXT.split("\n\n"))
        page = html + f"<body><article><h1>Ferry runs again</h1>{paragraphs}</article></body></html>"
        metas = {
            "/news/a-robots-one": '<meta name="robots" content="noarchive, max-image-preview:large">',
            "/news/b-mining-one": '<meta name="tdm-reservation" content="1">',
            "/news/c-open-one": '<meta name="robots" content="index">',
        }
        local_site.pages = {path: (200, "text/html", page.format(meta)) for path, meta in metas.items()}
        paper = project(paper=local_site)
        paper.run("crawl", *(local_site.url.rstrip("/") + path for path in metas))
        with Archive.open(paper.database, create=False) as archive:
            found = {"/" + c.url.split("/", 3)[3]: c for c in archive.captures()}
        assert {path: c.raw_path is not None for path, c in found.items()} == dict(
            zip(metas, (False, False, True), strict=True)
        )
        asked = [
            {key: (found[path].provenance or {}).get(key) for key in ("robots", "tdm_reservation")} for path in metas
        ]
        assert asked == [
            {"robots": "noarchive, max-image-preview:large", "tdm_reservation": None},
            {"robots": None, "tdm_reservation": "1"},
            {"robots": "index", "tdm_reservation": None},
        ]


TEXT = (
    "The ferry to the island runs again from Monday, the harbour office said after eleven days of repairs.\n\n"
    "Its ramp had been torn off in the storm of 12 February, which also sank two trawlers at the northern quay.\n\n"
    "Tickets bought for the lost days stay valid until June, and islanders travel free for a week."
)
