"""Fills an archive with synthetic articles by bulk SQL, for `archive.py`: two years of 200 sites, blocks in
order of time as a crawl would have written them. Texts come from a small pool; words are of a Zipf-like spread.

Everything is drawn from pools made once, so that a million articles take minutes: what is measured are the tables
and their indexes, not the words."""

from __future__ import annotations

import random
import sqlite3
from collections import Counter
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np

from archive import Archive, Content, storage
from archive.addresses import url_key
from archive.families import BANDS, BANDS_VERSION, bands_of
from archive.model import EditKind
from archive.store.judging import mask_of
from archive.store.sketching import pack
from archive.store.totals import EVERYWHERE, recount

SITES = 200
CRAWLS = 1_000
TEXTS = 2_000
COPIED = 5 * TEXTS
"""Articles that have copies."""
BLOCK = 20_000
NEWEST = datetime(2026, 3, 1, tzinfo=UTC)
SPAN = timedelta(days=730)
_DAY = 86_400_000_000
_END = int(NEWEST.timestamp()) * 1_000_000
_VERSIONS = (1,) * 12 + (2,) * 3 + (3,) * 2 + (6, 9, 19)  # three on average
_KINDS = (
    (EditKind.WORDING, 0.5),
    (EditKind.PARAGRAPH_ADDED, 0.3),
    (EditKind.PUNCTUATION, 0.1),
    (EditKind.HEADLINE, 0.1),
    (EditKind.NUMBER, 0.08),
    (EditKind.NAME, 0.05),
    (EditKind.QUOTE, 0.005),
    (EditKind.CORRECTION, 0.002),
)
Row = tuple[Any, ...]
Tables = dict[str, list[Row]]


def url_of(article: int) -> str:
    """The address of an article."""
    return f"https://www.site{_site(article) - 1:03}.example/world/a-headline-of-words-number-{article}x"


def build(path: Path, articles: int) -> None:
    """Makes the archive. Indexes are made at the end, which is quicker than row by row."""
    assert _key(url_of(7)) == url_key(url_of(7))
    Archive.open(f"sqlite:///{path}").close()
    with sqlite3.connect(path) as connection:
        for pragma in ("journal_mode=OFF", "synchronous=OFF", "foreign_keys=OFF", "cache_size=-400000"):
            connection.execute(f"PRAGMA {pragma}")
        made = connection.execute(
            "SELECT sql, name FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL AND name LIKE 'ix_%'"
        ).fetchall()
        for _, name in made:
            connection.execute(f"DROP INDEX {name}")
        _Filling(connection, articles).fill()
        for statement, _ in made:
            connection.execute(statement)
    connection.close()
    with Archive.open(f"sqlite:///{path}") as archive:
        archive.database.write(recount)


class _Filling:
    """One archive while it is filled."""

    def __init__(self, connection: sqlite3.Connection, articles: int) -> None:
        self._connection = connection
        self._articles = articles
        self._draw = random.Random(7)
        self._pool = _pool(self._draw)
        self._long = [_words(self._draw, 40) for _ in range(3000)]
        self._short = [_words(self._draw, 12) for _ in range(3000)]
        self._kinds = [mask_of([kind for kind, share in _KINDS if self._draw.random() < share]) for _ in range(65_536)]
        self._block: Tables = {}
        self._version = self._look = 0
        self._labels: Counter[tuple[str, int, str]] = Counter()
        self._pairs: Counter[tuple[int, str, str]] = Counter()
        self._texts: dict[int, list[int]] = {site: [0, 0, 0] for site in range(1, SITES + 1)}

    def fill(self) -> None:
        connection = self._connection
        sites = [(n + 1, f"site{n:03}", f"https://{n}/") for n in range(SITES)]
        _put(connection, "sites", ("id", "name", "url"), sites)
        crawls = [(n, "[]", _END - (CRAWLS - n) * 17 * _DAY // 24, _END, 0, "{}") for n in range(1, CRAWLS + 1)]
        _put(connection, "crawls", ("id", "sites", "started_at", "ended_at", "exit_code", "counts"), crawls)
        for begun in range(1, self._articles + 1, BLOCK):
            self._fill_block(range(begun, min(begun + BLOCK, self._articles + 1)))
            connection.commit()
        self._put_totals()
        self._put_bands()

    def _fill_block(self, numbers: range) -> None:
        self._block = {name: [] for name in COLUMNS}
        lives = [_life(self._draw, n, self._articles) for n in numbers]
        heads: dict[int, tuple[int, int]] = {}
        for life in sorted(one for some in lives for one in some):
            self._version += 1
            base = heads.get(life[1], (self._version, 0))[0]
            heads[life[1]] = (base, self._version)
            self._add_version(base, *life)
        for one in lives:
            self._add_article(one, *heads[one[0][1]])
        for name, rows in self._block.items():
            _put(self._connection, name, COLUMNS[name], rows)

    def _add_version(self, base: int, at: int, article: int, number: int, last: int) -> None:
        draw, block, version = self._draw, self._block, self._version
        full, digest, patch, patched, _ = self._pool[article % len(self._pool)]
        site, is_first = _site(article), number == 1
        token = f"{draw.getrandbits(60):015x}"
        data = full if is_first else patch
        row = (version, article, digest, None, data) if is_first else (version, article, patched, base, data)
        block["contents"].append(row)
        self._texts[site] = [a + b for a, b in zip(self._texts[site], (1, int(is_first), len(data)), strict=True)]
        noise = draw.randbytes(32)
        said: Row = (0, False, None, None, None)
        if not is_first:
            said = (self._kinds[noise[0] | noise[1] << 8], noise[2] < 8, "1", noise[3], noise[4])
        state = (f"Headline {article}", noise[:16], noise[16:], *said, "1")
        block["versions"].append((version, token, article, number, site, at, last, version, *state))
        self._add_looks(article, token, is_first, at, last)
        words = (self._long if is_first else self._short)[(noise[5] | noise[6] << 8) % 3000]
        block["search_index"].append((version, f"{words} name{article % 50000}"))

    def _add_looks(self, article: int, token: str, is_first: bool, at: int, last: int) -> None:
        site, version, crawl, chance = _site(article), self._version, 1 + self._version % CRAWLS, self._draw.random()
        looks: list[Row] = [("new" if is_first else "changed", at, "article", 200, version, token)]
        if chance < 0.4:
            looks.append(("unchanged", (at + last) // 2, "article", 200, version, None))
        if chance > 0.995:
            looks.append(("gone", last + _DAY, None, 404, None, None))
        for outcome, moment, verdict, status, text, mine in looks:
            self._look = look = self._look + 1
            counters = look if article % 3 == 0 and text is not None else None
            if counters is not None:
                detail = f'{{"views":[true,"{look}","label"],"comments":[true,"{look}","label"]}}'
                self._block["engagements"].append((look, look % 1_000_000, look % 1000, True, detail))
            made = (text, text, counters, "1", mine)
            row = (look, article, article, site, crawl, moment, outcome, verdict, status, *made)
            self._block["captures"].append(row)

    def _add_article(self, life: list[tuple[int, int, int, int]], base: int, newest: int) -> None:
        draw, block = self._draw, self._block
        (first, article, _, _), last = life[0], life[-1][3]
        site, url = _site(article), url_of(article)
        category = f"Rare {article % 500}" if draw.random() < 0.02 else f"Category {int(draw.random() * 40)}"
        author, topic = f"Reporter {site}-{int(draw.random() * 100)}", f"{1 + int(draw.random() * 16):02}000000"
        language = "fi" if draw.random() < 0.001 else draw.choice(("en", "en", "en", "de", "fr"))
        changed = life[-1][0] if len(life) > 1 else None
        gone = last + _DAY if draw.random() < 0.01 else None
        views = article * 31 % 1_000_000 if article % 3 == 0 else None
        comments = article * 17 % 1000 if views is not None else None
        names = (f'["{category}"]', f'["{topic}"]', f'["{author}"]')
        first_edited = life[1][0] if len(life) > 1 else None
        seen = (first, last, changed, first_edited, gone, 2 * len(life), len(life), newest, newest, base)
        row = (article, url, site, article, f"Headline {article}", language, first, *names, *seen)
        block["articles"].append((*row, views is not None, views, comments))
        self._add_candidates(article, site, url, first, last, len(life))
        for kind, label in (("category", category), ("topic", topic), ("author", author)):
            block["labels"].append((kind, label.casefold(), article, label))
            self._labels.update({(kind, site, label): 1, (kind, EVERYWHERE, label): 1})
        self._pairs.update({(site, category, topic): 1, (EVERYWHERE, category, topic): 1})

    def _add_candidates(self, article: int, site: int, url: str, first: int, last: int, looks: int) -> None:
        due = last + 30 * _DAY if last + 30 * _DAY > _END else None
        host = url.split("/")[2]
        seen = (site, article, "sitemap", first, due, "due", last, "unchanged", looks)
        self._block["candidates"].append((article, _key(url), url, host, *seen))
        if article % 20 == 0:
            waiting = (site, None, "feed", first, _END if article % 200 == 0 else None, "new", None, None, 0)
            self._block["candidates"].append((10**9 + article, f"{_key(url)}y", f"{url}y", host, *waiting))

    def _put_totals(self) -> None:
        """What the archive counts as it writes."""
        counted = [(kind, site, label.casefold(), label, n) for (kind, site, label), n in self._labels.items()]
        _put(self._connection, "label_totals", ("kind", "site_id", "folded", "label", "articles"), counted)
        pairs = [(site, name.casefold(), topic, n) for (site, name, topic), n in self._pairs.items()]
        _put(self._connection, "category_topics", ("site_id", "category", "topic", "articles"), pairs)
        texts = [(site, *counts) for site, counts in self._texts.items()]
        _put(self._connection, "text_totals", ("site_id", "contents", "keyframes", "bytes"), texts)

    def _put_bands(self) -> None:
        """The first articles share their text by fives; the rest have bands of their own."""
        numbers = np.arange(1, self._articles + 1)
        made = np.random.default_rng(7).integers(0, 2**31, (self._articles, BANDS), dtype=np.int64)
        for article in range(1, min(COPIED, self._articles) + 1):
            own = self._pool[article % len(self._pool)][4]
            made[article - 1, : len(own)] = own
        sketches = ((int(n), BANDS_VERSION, None, pack(bands.tolist())) for n, bands in zip(numbers, made, strict=True))
        _put(self._connection, "sketches", ("article_id", "maker", "body_digest", "bands"), sketches)
        flat, owners = made.ravel(), np.repeat(numbers, BANDS)
        order = np.lexsort((owners, flat))
        rows = zip(flat[order].tolist(), owners[order].tolist(), strict=True)
        _put(self._connection, "bands", ("band", "article_id"), rows, "INSERT OR IGNORE")


COLUMNS: dict[str, tuple[str, ...]] = {
    "articles": (
        *("id", "url", "site_id", "candidate_id", "title", "language", "published_at", "categories", "topics"),
        *("authors", "first_captured_at", "last_captured_at", "changed_at", "first_edited_at", "gone_at", "captures"),
        *("versions", "version_id", "content_id", "keyframe_id", "shows_counters", "views", "comments"),
    ),
    "candidates": (
        *("id", "key", "url", "host", "site_id", "article_id", "found_in", "found_at", "due_at", "due_reason"),
        *("last_captured_at", "last_outcome", "looks"),
    ),
    "contents": ("id", "article_id", "digest", "base_id", "data"),
    "versions": (
        *("id", "token", "article_id", "number", "site_id", "captured_at", "last_seen_at", "content_id"),
        *("title", "title_digest", "body_digest", "edit_kinds", "stealth", "differ", "words_added", "words_removed"),
        "extractor",
    ),
    "captures": (
        *("id", "candidate_id", "article_id", "site_id", "crawl_id", "captured_at", "outcome", "verdict", "status"),
        *("content_id", "version_id", "engagement_id", "extractor", "token"),
    ),
    "engagements": ("id", "views", "comments", "comments_open", "detail"),
    "labels": ("kind", "folded", "article_id", "label"),
    "search_index": ("rowid", "document"),
}


def _key(url: str) -> str:
    """As `addresses.url_key` would have it, in a fiftieth of the time."""
    return url.removeprefix("https://www.")


def _site(article: int) -> int:
    """Some sites publish much more than others."""
    return 1 + int(SITES * (article * 7919 % 10007 / 10007) ** 2)


def _life(draw: random.Random, article: int, articles: int) -> list[tuple[int, int, int, int]]:
    """The versions of an article: (first seen, article, number, last seen)."""
    at = _END - SPAN // timedelta(microseconds=1) * (articles - article + 1) // (articles + 1)
    starts = [at]
    for _ in range(draw.choice(_VERSIONS) - 1):
        starts.append(starts[-1] + int(draw.expovariate(1 / 7)) * _DAY // 24 + draw.randrange(1, 3_600_000_000))
    ends = [*(start - 1_000_000 for start in starts[1:]), starts[-1] + 3 * _DAY]
    return [(start, article, n, end) for n, (start, end) in enumerate(zip(starts, ends, strict=True), 1)]


def _pool(draw: random.Random) -> list[tuple[bytes, bytes, bytes, bytes, tuple[int, ...]]]:
    """Keyframes with their digests, a patch of each with its, and the bands of the keyframe."""
    made = []
    for n in range(TEXTS):
        paragraphs = [_words(draw, 60) for _ in range(8)]
        one, other = (
            storage.pack(Content(title=f"Headline {n}", body="\n\n".join(some), authors=("Ann",)))
            for some in (paragraphs, [*paragraphs, _words(draw, 40)])
        )
        patch = storage.encode(other, keyframe=one).data
        bands = bands_of("\n\n".join(paragraphs))
        made.append((storage.encode(one).data, _digest(one), patch, _digest(other), bands))
    return made


def _digest(data: bytes) -> bytes:
    return bytes.fromhex(storage.digest(data))


def _words(draw: random.Random, count: int) -> str:
    return " ".join(f"w{int(400 * draw.random() ** 3)}" for _ in range(count))


def _put(
    connection: sqlite3.Connection, table: str, columns: tuple[str, ...], rows: Iterable[Row], verb: str = "INSERT"
) -> None:
    statement = f"{verb} INTO {table} ({', '.join(columns)}) VALUES ({', '.join('?' * len(columns))})"
    connection.executemany(statement, rows)
