"""The same text on several sites is a family: its copies, and which of them got the correction."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import func, select, text

from archive import Archive, Capture
from archive.schema import bands, sketches

Page = Callable[..., Capture]
A, B, C, D = (f"https://{name}.test/story" for name in ("alpha", "beta", "gamma", "delta"))
NOTE = "Correction: An earlier version of this article misstated how many people were hurt."


def wire(seed: int) -> str:
    """A text of ten paragraphs, no two seeds alike."""
    chance = random.Random(seed)
    words = ["".join(chance.choices("abcdefghijklmnop", k=chance.randrange(3, 9))) for _ in range(200)]
    return "\n\n".join(" ".join(chance.choices(words, k=25)) + "." for _ in range(10))


def count(archive: Archive, table: Any) -> int:
    with archive.database.engine.connect() as connection:
        return int(connection.execute(select(func.count()).select_from(table)).scalar_one())


@pytest.fixture
def family(archive: Archive, page: Page, at: Any) -> Archive:
    """A text on three sites, corrected on two of them; another text on a fourth."""
    story = wire(1)
    archive.record_many(
        [
            page(at(1), url=A, site="alpha", body=story),
            page(at(0), url=B, site="beta", body="BETA — " + story),
            page(at(2), url=C, site="gamma", body=f"{story}\n\n{NOTE}"),
            page(at(0), url=D, site="delta", body=wire(2)),
        ]
    )
    archive.record_many([page(at(5), url=A, site="alpha", body=f"{story}\n\n{NOTE}")])
    return archive


class TestFamilies:
    def test_copies_find_each_other_first_seen_first(self, family: Archive) -> None:
        members = family.family(A)
        assert [member.article.site for member in members] == ["beta", "alpha", "gamma"]
        assert [round(member.similarity, 1) for member in members] == [0.9, 1.0, 1.0]
        assert [m.article.site for m in family.family(members[0].article.id)] == ["beta", "alpha", "gamma"]

    def test_each_copy_tells_whether_and_when_it_got_the_correction(self, family: Archive, at: Any) -> None:
        told = {m.article.site: (m.corrected_at, m.correction) for m in family.family(B)}
        assert told == {"beta": (None, None), "alpha": (at(5), NOTE), "gamma": (at(2), NOTE)}

    def test_a_correction_that_is_taken_out_again_was_there(self, family: Archive, page: Page, at: Any) -> None:
        family.record_many([page(at(6), url=A, site="alpha", body=wire(1))])
        told = {m.article.site: (m.corrected_at, m.correction) for m in family.family(B)}
        assert told["alpha"] == (at(5), None)

    def test_a_text_of_its_own_and_a_short_one_have_none(self, family: Archive, page: Page, at: Any) -> None:
        family.record_many([page(at(3), url=f"{D}/short", body="Too little.\n\nTo tell.")])
        assert family.family(D) == family.family(f"{D}/short") == []

    def test_a_rewritten_copy_leaves_the_family(self, family: Archive, page: Page, at: Any) -> None:
        family.record_many([page(at(9), url=B, site="beta", body=wire(3))])
        assert [m.article.site for m in family.family(A)] == ["alpha", "gamma"]
        assert family.family(B) == []

    def test_looks_that_come_late_leave_the_newest_text_in_its_family(
        self, family: Archive, page: Page, at: Any
    ) -> None:
        family.record_many([page(at(-1), url=B, site="beta", body=wire(4))])
        assert len(family.family(B)) == 3

    def test_merged_articles_are_one_member(self, family: Archive, at: Any) -> None:
        number = family.merge(A, C, at(10))
        assert [m.article.site for m in family.family(B)] == ["beta", "alpha"]
        family.split(number, at(11))
        assert len(family.family(B)) == 3

    def test_nothing_is_kept_of_a_purged_article(self, family: Archive, at: Any) -> None:
        before = count(family, bands)
        family.purge(B, at(10), "asked for")
        assert [m.article.site for m in family.family(A)] == ["alpha", "gamma"]
        assert (count(family, bands), count(family, sketches)) == (before - 12, 3)

    def test_bands_follow_the_newest_version_and_old_ones_go(self, family: Archive, page: Page, at: Any) -> None:
        for hour in range(20, 25):
            family.record_many([page(at(hour), url=A, site="alpha", body=wire(hour))])
        assert (count(family, bands), count(family, sketches)) == (4 * 12, 4)

    def test_an_archive_from_before_gets_its_bands_by_an_upgrade(self, family: Archive) -> None:
        with family.database.engine.begin() as connection:
            for table in ("bands", "sketches"):
                connection.execute(text(f"DELETE FROM {table}"))
        assert family.family(A) == []
        assert family.find_copies() == 4
        assert family.find_copies() == 0
        assert len(family.family(A)) == 3

    def test_a_retraction_counts_from_when_it_was_added(self, family: Archive, page: Page, at: Any) -> None:
        note = "This article has been retracted because it could not be verified."
        family.record_many([page(at(7), url=B, site="beta", body=f"BETA — {wire(1)}\n\n{note}")])
        told = {m.article.site: (m.corrected_at, m.correction) for m in family.family(A)}
        assert told["beta"] == (at(7), note)
