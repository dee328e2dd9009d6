"""Work on what is stored: merges, re-baselines, dictionaries, damage, removal."""

from __future__ import annotations

import random
import sqlite3
import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from archive import Archive, ArchiveError, Capture, EditKind, NotFound
from archive.schema import contents, sketches
from archive.store import recording

Page = Callable[..., Capture]
A, B, C = (f"https://news.test/{name}" for name in "abc")


def _chain(archive: Archive, page: Page, at: Any) -> dict[str, int]:
    """Three articles, each with its address for a text; the first merged into the second, that into the third."""
    archive.record_many([page(at(n), body=url, url=url) for n, url in enumerate((A, B, C))])
    ids = {url: archive.article(url).id for url in (A, B, C)}
    archive.merge(B, A, at(3))
    archive.merge(C, B, at(4))
    return ids


class TestMerging:
    def test_two_articles_become_one_and_two_again(self, archive: Archive, page: Page, at: Any) -> None:
        archive.record_many([page(at(0), body="A one."), page(at(2), url=B, body="B two.")])
        ids = {v.content.body: v.id for v in archive.iter_versions()}
        number = archive.merge(A, B, at(5), "the same story")
        (article,) = archive.articles()
        assert (article.versions, article.captures, article.other_urls) == (2, 2, (B,))
        assert {v.content.body: v.id for v in archive.versions(B)} == ids
        assert [e.kind for e in archive.events(A)] == ["merged"]
        archive.record_many([page(at(6), url=B, body="B three.")])
        archive.split(number, at(7))
        assert [v.content.body for v in archive.versions(A)] == ["A one."]
        assert [v.content.body for v in archive.versions(B)] == ["B two.", "B three."]
        assert {v.content.body: v.id for v in archive.iter_versions()}.items() >= ids.items()
        assert list(archive.verify()) == []

    def test_equal_versions_fall_together_and_both_ids_stay(self, archive: Archive, page: Page, at: Any) -> None:
        one, other = archive.record_many([page(at(0)), page(at(2), url=B)])
        archive.merge(A, B, at(5))
        (version,) = archive.versions(A)
        assert version.last_seen_at == at(2)
        assert archive.version_by_id(str(one.version_id)) == archive.version_by_id(str(other.version_id)) == version

    def test_nothing_is_merged_with_itself_or_split_unmerged(self, archive: Archive, page: Page, at: Any) -> None:
        archive.record_many([page(at(0))])
        with pytest.raises(ArchiveError, match="with itself"):
            archive.merge(A, A, at(1))
        with pytest.raises(NotFound, match="merged article 1"):
            archive.split(1, at(1))

    def test_an_address_that_moved_to_a_recorded_one_merges_the_two(
        self, archive: Archive, page: Page, at: Any
    ) -> None:
        archive.record_many([page(at(0)), page(at(0), url=B)])
        archive.record_many([page(at(1), url=A, final_url=B)])
        assert len(archive.articles()) == 1
        assert archive.article(A).id == archive.article(B).id

    def test_an_address_that_moved_to_another_story_does_not(self, archive: Archive, page: Page, at: Any) -> None:
        archive.record_many([page(at(0)), page(at(0), url=B, body="Quite.\n\nAnother.")])
        archive.record_many([page(at(1), url=A, final_url=B, body="Quite.\n\nAnother.")])
        assert len(archive.articles()) == 2
        assert [v.content.body for v in archive.versions(A)] == ["One.\n\nTwo."]

    def test_what_was_split_is_not_merged_by_the_next_look(self, archive: Archive, page: Page, at: Any) -> None:
        archive.record_many([page(at(0)), page(at(1), url=B)])
        archive.record_many([page(at(2), canonical_url=B)])
        absorbed = ({1, 2} - {archive.article(A).id}).pop()
        archive.split(absorbed, at(3))
        archive.record_many([page(at(4), canonical_url=B, body="One.\n\nTwo.\n\nThree.")])
        assert archive.article(A).id != archive.article(B).id
        assert [v.content.body for v in archive.versions(A)] == ["One.\n\nTwo.", "One.\n\nTwo.\n\nThree."]
        assert [v.content.body for v in archive.versions(B)] == ["One.\n\nTwo."]

    @pytest.mark.parametrize("order", [(A, B), (B, A)])
    def test_merges_of_merges_are_undone_in_any_order(
        self, archive: Archive, page: Page, at: Any, order: tuple[str, ...]
    ) -> None:
        ids = _chain(archive, page, at)
        for hour, url in enumerate(order, start=5):
            archive.split(ids[url], at(hour))
            shown = archive.article(C)
            assert (shown.versions, shown.captures) == (len(archive.versions(C)), len(archive.captures(C)))
        assert {url: archive.article(url).id for url in ids} == ids
        assert {url: [v.content.body for v in archive.versions(url)] for url in ids} == {url: [url] for url in ids}
        assert [site.articles for site in archive.stats(at(9))] == [3]
        assert list(archive.verify()) == []

    def test_a_purge_takes_what_was_merged_into_the_merged(self, archive: Archive, page: Page, at: Any) -> None:
        ids = _chain(archive, page, at)
        archive.purge(C, at(5), "asked for")
        with archive.database.reading() as connection:
            assert [connection.execute(select(table.c.article_id)).all() for table in (contents, sketches)] == [[], []]
        for number in ids.values():
            with pytest.raises(NotFound):
                archive.article(number)

    def test_a_story_number_in_the_path_joins_rewritten_headlines(self, archive: Archive, page: Page, at: Any) -> None:
        for hour, slug in enumerate(["river-rises-4821337", "river-rises-again-4821337", "other-words-4821337"]):
            body = "Not at all.\n\nThe same." if slug.startswith("other") else "One.\n\nTwo."
            archive.record_many([page(at(hour), url=f"https://news.test/world/{slug}", body=body)])
        assert len(archive.articles()) == 2


class TestRebaseline:
    def test_a_newer_extractor_adds_no_version_and_is_told_once(self, archive: Archive, page: Page, at: Any) -> None:
        for n in range(30):
            archive.record_many([page(at(n), url=f"https://news.test/{n % 10}", body=f"Text {n // 10}. Share this!")])
        before = [(v.id, v.number) for v in archive.iter_versions()]
        looks = list(archive.iter_captures(texts=True))
        for some in (looks[:20], looks[20:]):
            anew = [(c.id or 0, replace(c.content, body=c.content.body.removesuffix(" Share this!"))) for c in some]  # type: ignore[union-attr, type-var]
            assert archive.rebaseline(anew, "2", at(99)) == len(some)
        assert [(v.id, v.number) for v in archive.iter_versions()] == before
        assert {v.extractor for v in archive.iter_versions()} == {"2"}
        assert all("Share" not in (v.content.body or "") for v in archive.iter_versions())
        assert [e.kind for e in archive.events("https://news.test/3")] == ["rebaselined"]
        archive.record_many([page(at(100), url="https://news.test/3", body="Text 2.", extractor="2")])
        assert len(archive.versions("https://news.test/3")) == 3
        archive.record_many([page(at(101), url="https://news.test/later", body="Seen afterwards.", extractor="2")])
        assert archive.events("https://news.test/later") == []
        assert list(archive.verify()) == []

    def test_a_thousand_articles_read_anew_are_one_event_that_history_tells(
        self, sqlite: Archive, page: Page, at: Any
    ) -> None:
        urls = [f"https://news.test/{n}" for n in range(1000)]
        for start in range(0, 1000, 250):
            some = range(start, start + 250)
            sqlite.record_many([page(at(0), url=urls[n], body=f"Text {n}. Share this!") for n in some])
            sqlite.record_many([page(at(1), url=urls[n], body=f"Text {n} was edited. Share this!") for n in some[::5]])
        before = [(v.id, v.number) for v in sqlite.iter_versions()]
        looks = list(sqlite.iter_captures(texts=True))
        for start in range(0, len(looks), 300):
            sqlite.rebaseline(
                [
                    (look.id or 0, replace(look.content, body=look.content.body.removesuffix(" Share this!")))  # type: ignore[union-attr, type-var]
                    for look in looks[start : start + 300]
                ],
                "2",
                at(9),
            )
        assert [(v.id, v.number) for v in sqlite.iter_versions()] == before
        assert len(before) == 1200
        with sqlite.database.reading() as connection:
            assert connection.exec_driver_sql("SELECT count(*) FROM events WHERE kind = 'rebaselined'").scalar() == 1
        (told,) = sqlite.events(urls[5])
        assert (told.at, told.detail) == (at(9), "read anew by extractor 2: no version was added")

    def test_looks_that_were_not_kept_raw_follow_their_version(self, archive: Archive, page: Page, at: Any) -> None:
        (first, _) = archive.record_many([page(at(0), body="Old 1."), page(at(1), body="Old 1.")])
        assert first.content is not None
        archive.rebaseline([(first.id or 0, replace(first.content, body="New 1."))], "2", at(2))
        (version,) = archive.versions(A)
        assert (version.content.body, version.last_seen_at) == ("New 1.", at(1))

    def test_edits_named_by_an_older_differ_are_named_anew(
        self, archive: Archive, page: Page, at: Any, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        archive.record_many([page(at(0), body="12 left."), page(at(1), body="14 left.")])
        assert archive.rejudge() == 0
        for module in ("judging", "upkeep"):
            monkeypatch.setattr(f"archive.store.{module}.VERSION", 99)
        assert archive.rejudge() == 1
        assert archive.version(A, 2).edit_kinds == (EditKind.NUMBER,)
        assert archive.rejudge() == 0


class TestStorage:
    def test_a_dictionary_is_learnt_and_everything_still_reads(self, archive: Archive, page: Page, at: Any) -> None:
        words = [f"word{n}" for n in range(300)]
        chance = random.Random(1)
        bodies = [" ".join(chance.choices(words, k=200)) for _ in range(60)]
        archive.record_many([page(at(n), url=f"https://news.test/{n}", body=body) for n, body in enumerate(bodies)])
        before = archive.storage().bytes
        assert archive.train_dictionary(at(99)) == 1
        assert archive.storage().bytes < before
        assert [v.content.body for v in archive.iter_versions()] == bodies
        assert list(archive.verify()) == []

    def test_too_little_to_learn_from_is_no_error(self, archive: Archive, page: Page, at: Any) -> None:
        archive.record_many([page(at(0))])
        assert archive.train_dictionary(at(1)) is None

    def test_every_flipped_byte_is_found(self, sqlite: Archive, page: Page, at: Any) -> None:
        sqlite.record_many(
            [
                page(at(n), url=f"https://news.test/{n % 20}", body=f"Text number {n} of many.\n\nMore words.")
                for n in range(100)
            ]
        )
        path = sqlite.database.path
        chance = random.Random(7)
        with sqlite3.connect(str(path)) as connection:
            rows = connection.execute("SELECT id, data FROM contents").fetchall()
            spoilt_ones = chance.sample([number for number, _ in rows], 50)
            for number, data in ((number, dict(rows)[number]) for number in spoilt_ones):
                place = chance.randrange(len(data))
                spoilt = data[:place] + bytes([data[place] ^ (1 << chance.randrange(8))]) + data[place + 1 :]
                connection.execute("UPDATE contents SET data = ? WHERE id = ?", (spoilt, number))
        connection.close()
        damaged = {damage.name for damage in sqlite.verify() if damage.what == "content"}
        assert {str(number) for number in spoilt_ones} <= damaged

    def test_a_backup_is_an_archive_and_overwrites_nothing(
        self, sqlite: Archive, page: Page, at: Any, tmp_path: Path
    ) -> None:
        sqlite.record_many([page(at(0))])
        sqlite.backup(tmp_path / "copy.db")
        with Archive.open(f"sqlite:///{tmp_path / 'copy.db'}", create=False) as copy:
            assert copy.versions(A) == sqlite.versions(A)
        with pytest.raises(ArchiveError, match="overwrites nothing"):
            sqlite.backup(tmp_path / "copy.db")

    def test_a_purged_article_is_gone_and_never_looked_at_again(self, archive: Archive, page: Page, at: Any) -> None:
        archive.record_many([page(at(0), raw_path="a.warc.gz:0", body="Secret words."), page(at(0), url=B)])
        archive.record_many([page(at(1), body="Secret words indeed.")])
        assert archive.purge(A, at(2), "a court said so") == ("a.warc.gz:0",)
        assert [a.url for a in archive.articles()] == [B]
        assert [c.url for c in archive.captures()] == [B]
        assert archive.search("secret") == []
        assert archive.reindex() == 1
        assert archive.quarantined()[0].reason == "purged: a court said so"
        assert [d.url for d in archive.due("news", at(999))] == [B]
        assert list(archive.verify()) == []

    def test_a_purged_articles_number_is_never_anothers(self, archive: Archive, page: Page, at: Any) -> None:
        (gone,) = archive.record_many([page(at(0))])
        archive.purge(A, at(1), "asked for")
        (new,) = archive.record_many([page(at(2), url=B)])
        assert {new.article_id, new.id}.isdisjoint({gone.article_id, gone.id})
        with pytest.raises(NotFound):
            archive.article(gone.article_id or 0)

    def test_a_purge_takes_no_text_that_a_look_being_recorded_refers_to(
        self, archive: Archive, database_url: str, page: Page, at: Any, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        archive.record_many([page(at(0))])
        is_under_way, is_purged = threading.Event(), threading.Event()
        insert = recording._insert_captures

        def insert_late(*given: Any) -> None:
            is_under_way.set()
            is_purged.wait(0.5)  # which it is not, while this look is being recorded
            insert(*given)

        def purge() -> None:
            is_under_way.wait()
            with Archive.open(database_url) as other:
                other.purge(A, at(1), "asked for")
            is_purged.set()

        monkeypatch.setattr(recording, "_insert_captures", insert_late)
        purging = threading.Thread(target=purge)
        purging.start()
        archive.record_many([page(at(2), url=B)])
        purging.join()
        assert [article.url for article in archive.articles()] == [B]
        assert list(archive.verify()) == []
