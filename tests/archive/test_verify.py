"""Long lives and spoilt disks: a thousand looks are the right few versions, and no flipped byte goes unseen."""

from __future__ import annotations

import random
import sqlite3
from collections import Counter as Tally
from collections import defaultdict
from collections.abc import Callable
from datetime import datetime
from typing import Any

from sqlalchemy import select

from archive import Archive, Capture, Counter, Engagement
from archive.schema import articles, category_topics, contents, label_totals, labels, totals
from archive.store.totals import recount

URL = "https://news.test/a"
Page = Callable[..., Capture]
At = Callable[[float], datetime]


def record(archive: Archive, captures: list[Capture], size: int = 100) -> None:
    for start in range(0, len(captures), size):
        archive.record_many(captures[start : start + size])


def test_five_hundred_flipped_bytes_are_all_found(sqlite: Archive, page: Page, at: At) -> None:
    record(
        sqlite,
        [
            page(at(n), url=f"https://news.test/{n % 250}", body=f"Text {n} of many.\n\nMore words, the same for all.")
            for n in range(750)
        ],
        size=250,
    )
    chance = random.Random(7)
    with sqlite3.connect(str(sqlite.database.path)) as connection:
        rows = connection.execute("SELECT id, data FROM contents").fetchall()
        spoilt = chance.sample(rows, 500)
        for number, data in spoilt:
            place = chance.randrange(len(data))
            flipped = data[:place] + bytes([data[place] ^ (1 << chance.randrange(8))]) + data[place + 1 :]
            connection.execute("UPDATE contents SET data = ? WHERE id = ?", (flipped, number))
    connection.close()
    damaged = {damage.name for damage in sqlite.verify() if damage.what == "content"}
    assert {str(number) for number, _ in spoilt} <= damaged


def test_five_hundred_looks_at_a_page_with_rotating_noise_are_one_version(archive: Archive, page: Page, at: At) -> None:
    quotes = ['"No," he said.', "“No,” he said.", "„No,“ he said.", '"No,"\u00a0he\u200b said.']
    record(
        archive,
        [
            page(
                at(n),
                body=f"{quotes[n % 4]}\n\nUpdated {n % 24:02}:{n % 60:02}\n\n{n + 2} minutes ago\n\nHe meant it.",
                tags=(f"tag {n % 9}",),
                image_url=f"https://img.test/{n}.jpg",
                summary=f"Read by {n} people",
                modified_at=at(n),
            )
            for n in range(500)
        ],
    )
    (version,) = archive.versions(URL)
    assert (version.captured_at, version.last_seen_at) == (at(0), at(499))
    assert archive.article(URL).captures == 500


def test_a_thousand_looks_with_moving_counters_are_a_version_an_edit_and_the_whole_series(
    archive: Archive, page: Page, at: At
) -> None:
    edits = sorted(random.Random(3).sample(range(1, 1000), 12))

    def look(n: int) -> Capture:
        views = Counter(n * 7, True, str(n * 7), "label")
        text = sum(n >= edit for edit in edits)
        return page(at(n), body=f"Of {text} people.\n\nThe rest stands.", engagement=Engagement(views=views))

    record(archive, [look(n) for n in range(1000)])
    assert [v.captured_at for v in archive.versions(URL)] == [at(n) for n in (0, *edits)]
    assert [(p.observed_at, p.views) for p in archive.engagement(URL)] == [(at(n), n * 7) for n in range(1000)]


def test_the_totals_kept_while_writing_are_those_of_a_count(archive: Archive, page: Page, at: At) -> None:
    captures = [
        page(at(n), url=f"https://news.test/{n % 7}", body=f"Text {n // 9}, told.", site=f"site{n % 7 % 3}")
        for n in range(60)
    ]
    record(archive, captures, size=11)
    record(archive, random.Random(1).sample(captures, 20), size=5)
    first, second, third = (article.id for article in archive.articles()[:3])
    archive.merge(first, second, at(99))
    archive.split(second, at(100))
    archive.merge(first, third, at(101))
    kept = told(archive)
    archive.database.write(recount)
    assert kept == told(archive)
    for hour, article in enumerate(sorted(article.id for article in archive.articles()), 102):
        archive.purge(article, at(hour), "asked for")
        kept = told(archive)
        archive.database.write(recount)
        assert kept == told(archive)


def test_labels_and_texts_are_counted_as_they_are_written(archive: Archive, page: Page, at: At) -> None:
    """Articles that change their labels, are merged, split and purged; dictionaries that make texts smaller."""
    captures = [
        page(
            at(n),
            url=f"https://news.test/{n % 40}",
            body="\n\n".join(f"Text {n // 9}, told in {part} words of its own." for part in range(40)),
            site=f"site{n % 40 % 3}",
            categories=(("World",), ("world", "Sport"), ())[n % 3],
            topics=(("11000000",), ("15000000", "11000000"), None)[n % 40 % 3],
            authors=(f"Author {n % 4}",),
        )
        for n in range(100)
    ]
    record(archive, captures, size=11)
    assert counted(archive) == kept_counts(archive)
    first, second, third = (article.id for article in archive.articles()[:3])
    archive.merge(first, second, at(99))
    archive.merge(first, third, at(100))
    assert counted(archive) == kept_counts(archive)
    archive.split(second, at(101))
    assert archive.train_dictionary(at(102)) is not None
    archive.purge(first, at(103), "asked for")
    assert counted(archive) == kept_counts(archive)
    assert 0 < archive.storage().keyframes < archive.storage().contents
    assert archive.labels("author", site="nowhere") == []


def counted(archive: Archive) -> dict[str, Any]:
    """What is counted of labels and texts, told from the labels and texts themselves."""
    told: dict[str, Any] = {"labels": Tally(), "both": Tally(), "texts": [0, 0, 0]}
    with archive.database.reading() as connection:
        site_of = {row.id: row.site_id for row in connection.execute(select(articles.c.id, articles.c.site_id))}
        owned: dict[int, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
        for row in connection.execute(select(labels)):
            owned[row.article_id][row.kind].add(row.folded)
        for number, kinds in owned.items():
            for site in (-1, site_of[number]):
                told["labels"].update((kind, site, name) for kind, names in kinds.items() for name in names)
                told["both"].update((site, a, b) for a in kinds["category"] for b in kinds["topic"])
        for row in connection.execute(select(contents.c.base_id, contents.c.data)):
            sizes = (1, int(row.base_id is None), len(row.data))
            told["texts"] = [a + b for a, b in zip(told["texts"], sizes, strict=True)]
    return told


def kept_counts(archive: Archive) -> dict[str, Any]:
    with archive.database.reading() as connection:
        names = {(r.kind, r.site_id, r.folded): r.articles for r in connection.execute(select(label_totals))}
        both = {(r.site_id, r.category, r.topic): r.articles for r in connection.execute(select(category_topics))}
    room = archive.storage()
    return {"labels": names, "both": both, "texts": [room.contents, room.keyframes, room.bytes]}


def told(archive: Archive) -> list[tuple[Any, ...]]:
    with archive.database.reading() as connection:
        return [tuple(row) for row in connection.execute(select(totals).order_by(totals.c.site_id))]
