"""Fills an archive with synthetic articles by bulk SQL, for `large_archive.py`: two years of 200 sites, blocks in
order of time as a crawl would have written them. Texts come from a small pool; words are of a Zipf-like spread."""

from __future__ import annotations

import json
import random
import sqlite3
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from archive import Archive, Content, storage
from archive.addresses import url_key
from archive.model import EditKind
from archive.store.judging import mask_of
from archive.store.totals import recount
from archive.store.versioning import new_token

SITES = 200
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
    """Makes the archive."""
    Archive.open(f"sqlite:///{path}").close()
    with sqlite3.connect(path) as connection:
        for pragma in ("journal_mode=OFF", "synchronous=OFF", "foreign_keys=OFF", "cache_size=-400000"):
            connection.execute(f"PRAGMA {pragma}")
        made = connection.execute(
            "SELECT sql, name FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL AND name LIKE 'ix_%'"
        ).fetchall()
        for _, name in made:
            connection.execute(f"DROP INDEX {name}")
        _fill(connection, articles)
        for statement, _ in made:
            connection.execute(statement)
    connection.close()
    with Archive.open(f"sqlite:///{path}") as archive:
        archive.database.write(recount)


def _fill(connection: sqlite3.Connection, articles: int) -> None:
    draw = random.Random(7)
    pool = _pool(draw)
    _put(connection, "sites", ("id", "name", "url"), [(n + 1, f"site{n:03}", f"https://{n}/") for n in range(SITES)])
    crawls = [(n, "[]", _END - (100 - n) * 7 * _DAY, _END, 0, "{}") for n in range(1, 101)]
    _put(connection, "crawls", ("id", "sites", "started_at", "ended_at", "exit_code", "counts"), crawls)
    version = look = text = 0
    for begun in range(1, articles + 1, BLOCK):
        block: Tables = {name: [] for name in COLUMNS}
        lives = [_life(draw, n, articles) for n in range(begun, min(begun + BLOCK, articles + 1))]
        heads: dict[int, tuple[int, int]] = {}
        for at, article, number, last in sorted(life for some in lives for life in some):
            version, text = version + 1, text + 1
            if number == 1:
                heads[article] = (text, text)
            base = heads[article][0]
            heads[article] = (base, version)
            look = _add_version(block, draw, pool, (version, text, base, look), (at, article, number, last))
        for life in lives:
            _add_article(block, draw, life, heads[life[0][1]])
        for name, rows in block.items():
            _put(connection, name, COLUMNS[name], rows)
        connection.commit()
    connection.execute("INSERT INTO search_index (search_index) VALUES ('optimize')")


COLUMNS: dict[str, tuple[str, ...]] = {
    "articles": (
        *("id", "url", "site_id", "candidate_id", "title", "language", "published_at", "categories", "topics"),
        *("authors", "first_captured_at", "last_captured_at", "changed_at", "gone_at", "captures", "versions"),
        *("version_id", "content_id", "keyframe_id", "shows_counters", "views"),
    ),
    "candidates": (
        *("id", "key", "url", "host", "site_id", "article_id", "found_in", "found_at", "due_at", "due_reason"),
        *("last_captured_at", "last_outcome", "looks"),
    ),
    "contents": ("id", "article_id", "digest", "base_id", "data"),
    "versions": (
        *("id", "token", "article_id", "number", "site_id", "captured_at", "last_seen_at", "content_id"),
        *("title_digest", "body_digest", "edit_kinds", "stealth", "differ", "extractor"),
    ),
    "captures": (
        *("id", "candidate_id", "article_id", "site_id", "crawl_id", "captured_at", "outcome", "verdict", "status"),
        *("content_id", "version_id", "engagement_id", "extractor", "token"),
    ),
    "engagements": ("id", "views", "comments_open", "detail"),
    "labels": ("kind", "folded", "article_id", "label"),
    "search_index": ("rowid", "document"),
}


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


def _pool(draw: random.Random) -> list[tuple[bytes, bytes, bytes, bytes]]:
    """Keyframes with their digests, and a patch of each with its."""
    made = []
    for n in range(2000):
        paragraphs = [_words(draw, 60) for _ in range(8)]
        one, other = (
            storage.pack(Content(title=f"Headline {n}", body="\n\n".join(some), authors=("Ann",)))
            for some in (paragraphs, [*paragraphs, _words(draw, 40)])
        )
        patch = storage.encode(other, keyframe=one).data
        made.append((storage.encode(one).data, _digest(one), patch, _digest(other)))
    return made


def _digest(data: bytes) -> bytes:
    return bytes.fromhex(storage.digest(data))


def _words(draw: random.Random, count: int) -> str:
    return " ".join(f"w{int(400 * draw.random() ** 3)}" for _ in range(count))


def _add_version(
    block: Tables,
    draw: random.Random,
    pool: list[tuple[bytes, bytes, bytes, bytes]],
    ids: tuple[int, int, int, int],
    life: tuple[int, int, int, int],
) -> int:
    (version, text, base, look), (at, article, number, last) = ids, life
    full, digest, patch, patched = pool[article % len(pool)]
    token, site, crawl = new_token(), _site(article), 1 + version % 100
    is_first = number == 1
    kinds = 0 if is_first else mask_of([kind for kind, share in _KINDS if draw.random() < share])
    block["contents"].append(
        (text, article, digest if is_first else patched, None if is_first else base, full if is_first else patch)
    )
    stealth = not is_first and draw.random() < 0.03
    state = (draw.randbytes(16), draw.randbytes(16), kinds, stealth, None if is_first else "1", "1")
    block["versions"].append((version, token, article, number, site, at, last, text, *state))
    for outcome, moment in (("new" if is_first else "changed", at), ("unchanged", (at + last) // 2)):
        if outcome == "unchanged" and draw.random() < 0.6:
            continue
        look += 1
        counters = look if article % 3 == 0 else None
        if counters is not None:
            detail = json.dumps({"views": [True, str(look), "label"]})
            block["engagements"].append((look, look % 1_000_000, True, detail))
        made = (text, version, counters, "1", token if outcome != "unchanged" else None)
        block["captures"].append((look, article, article, site, crawl, moment, outcome, "article", 200, *made))
    if draw.random() < 0.005:
        look += 1
        block["captures"].append(
            (look, article, article, site, crawl, last + _DAY, "gone", None, 404, *(None,) * 3, "1", None)
        )
    block["search_index"].append((version, _words(draw, 40 if is_first else 12) + f" name{article % 50000}"))
    return look


def _add_article(
    block: Tables, draw: random.Random, life: list[tuple[int, int, int, int]], head: tuple[int, int]
) -> None:
    (first, article, _, _), last = life[0], life[-1][3]
    site, url = _site(article), url_of(article)
    category = f"Rare {article % 500}" if draw.random() < 0.02 else f"Category {draw.randrange(40)}"
    author, topic = f"Reporter {draw.randrange(20000)}", f"{draw.randrange(1, 17):02}000000"
    language = "fi" if draw.random() < 0.001 else draw.choice(("en", "en", "en", "de", "fr"))
    changed = life[-1][0] if len(life) > 1 else None
    gone = last + _DAY if draw.random() < 0.01 else None
    views = article * 31 % 1_000_000 if article % 3 == 0 else None
    text, version = head
    names = (f'["{category}"]', f'["{topic}"]', f'["{author}"]')
    block["articles"].append(
        (
            *(article, url, site, article, f"Headline {article}", language, first, *names, first, last, changed, gone),
            *(2 * len(life), len(life), version, text, text, views is not None, views),
        )
    )
    due = last + 30 * _DAY if last + 30 * _DAY > _END else None
    host = url.split("/")[2]
    seen = (site, article, "sitemap", first, due, "due", last, "unchanged", len(life))
    block["candidates"].append((article, url_key(url), url, host, *seen))
    if article % 20 == 0:
        waiting = (site, None, "feed", first, _END if article % 200 == 0 else None, "new", None, None, 0)
        block["candidates"].append((10**9 + article, url_key(f"{url}y"), f"{url}y", host, *waiting))
    for kind, label in (("category", category), ("topic", topic), ("author", author)):
        block["labels"].append((kind, label.casefold(), article, label))


def _put(connection: sqlite3.Connection, table: str, columns: Iterable[str], rows: list[Row]) -> None:
    names = tuple(columns)
    statement = f"INSERT INTO {table} ({', '.join(names)}) VALUES ({', '.join('?' * len(names))})"
    connection.executemany(statement, rows)
