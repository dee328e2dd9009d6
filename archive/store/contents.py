"""Stored texts inside one transaction: found again by digest, added as keyframe or patch, read back."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, func, select

from archive import storage
from archive.errors import Damaged
from archive.model import Content
from archive.schema import contents, dictionaries
from archive.store import totals
from archive.store.rows import ArticleRow, chunks, insert_rows

_STORED = select(contents.c.id, contents.c.base_id, contents.c.dictionary_id, contents.c.data)


@dataclass(frozen=True, slots=True)
class Record:
    """A packed content on its way into an article's store."""

    article: ArticleRow
    data: bytes
    digest: str
    content: Content


@dataclass(slots=True)
class _Keyframe:
    """What an article's patches are made against; its number is not known before it is stored."""

    data: bytes
    number: int | None


class Texts:
    """What one transaction needs of the stored texts. Not for sharing between threads."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._plain: dict[int, bytes] = {}
        self._contents: dict[int, Content] = {}
        self._dictionaries: dict[int, bytes] = {}
        self._newest_dictionary: tuple[int | None, bytes | None] | None = None

    def find(self, digests: Iterable[str]) -> dict[str, int]:
        """Which of these records are stored already, and under what number."""
        return find_contents(self._connection, digests)

    def add(self, records: Sequence[Record]) -> dict[str, int]:
        """Stores records that are not there yet: digest -> number. Moves articles' keyframes where a new one is due."""
        self.load({r.article.keyframe_id for r in records if r.article.keyframe_id is not None})
        keyframes: dict[int, _Keyframe] = {}
        planned = [(record, *self._encode(record, keyframes)) for record in records]
        found: dict[str, int] = {}
        for is_patch in (False, True):
            some = [(record, stored, base) for record, stored, base in planned if stored.is_patch is is_patch]
            rows = [self._row(record, stored, base) for record, stored, base in some]
            for (record, _, base), number in zip(some, insert_rows(self._connection, contents, rows), strict=True):
                found[record.digest] = number
                self._plain[number], self._contents[number] = record.data, record.content
                if not is_patch:
                    base.number = record.article.keyframe_id = number
        sizes = [(r.article.site_id, 1, int(not stored.is_patch), len(stored.data)) for r, stored, _ in planned]
        totals.note_texts(self._connection, sizes)
        return found

    def _encode(self, record: Record, keyframes: dict[int, _Keyframe]) -> tuple[storage.Stored, _Keyframe]:
        article = record.article
        if article.id not in keyframes and article.keyframe_id is not None:
            keyframes[article.id] = _Keyframe(self.plain(article.keyframe_id), article.keyframe_id)
        base = keyframes.get(article.id)
        stored = storage.encode(
            record.data, keyframe=base.data if base is not None else None, dictionary=self._current_dictionary()[1]
        )
        if base is None or not stored.is_patch:
            base = keyframes[article.id] = _Keyframe(record.data, None)
        return stored, base

    def _row(self, record: Record, stored: storage.Stored, base: _Keyframe) -> dict[str, Any]:
        return {
            "article_id": record.article.id,
            "digest": record.digest,
            "base_id": base.number if stored.is_patch else None,
            "dictionary_id": None if stored.is_patch else self._current_dictionary()[0],
            "data": stored.data,
        }

    def content(self, number: int) -> Content:
        """The Content of that number."""
        if number not in self._contents:
            self._contents[number] = storage.unpack(self.plain(number))
        return self._contents[number]

    def plain(self, number: int) -> bytes:
        """The packed record of that number."""
        if number not in self._plain:
            self.load([number])
        return self._plain[number]

    def load(self, numbers: Collection[int]) -> None:
        """Reads many records at once, so that `content` and `plain` need not ask for each."""
        rows = self._rows(set(numbers) - self._plain.keys())
        bases = {row.base_id for row in rows if row.base_id is not None}
        rows = self._rows(bases - self._plain.keys()) + rows
        for row in sorted(rows, key=lambda row: row.base_id is not None):
            self._plain[row.id] = decode_row(row, self._plain.get(row.base_id), self._dictionary(row.dictionary_id))

    def _rows(self, numbers: Collection[int]) -> list[Any]:
        found: list[Any] = []
        for some in chunks(numbers):
            found += self._connection.execute(_STORED.where(contents.c.id.in_(some))).all()
        if len(found) < len(set(numbers)):
            missing = sorted(set(numbers) - {row.id for row in found})
            raise Damaged(f"stored text {missing[0]} is missing; run `backissue verify`")
        return found

    def _current_dictionary(self) -> tuple[int | None, bytes | None]:
        if self._newest_dictionary is None:
            newest = self._connection.execute(select(func.max(dictionaries.c.id))).scalar()
            self._newest_dictionary = (newest, self._dictionary(newest))
        return self._newest_dictionary

    def _dictionary(self, number: int | None) -> bytes | None:
        if number is None:
            return None
        if number not in self._dictionaries:
            query = select(dictionaries.c.data).where(dictionaries.c.id == number)
            data = self._connection.execute(query).scalar()
            if data is None:
                raise Damaged(f"the dictionary {number} is missing; run `backissue verify`")
            self._dictionaries[number] = bytes(data)
        return self._dictionaries[number]


def find_contents(connection: Connection, digests: Iterable[str]) -> dict[str, int]:
    """Which of these records are stored, and under what number (the lowest, where several articles have it)."""
    found: dict[str, int] = {}
    for some in chunks(sorted(set(digests))):
        query = select(contents.c.digest, contents.c.id).where(contents.c.digest.in_(some)).order_by(contents.c.id)
        for digest, number in connection.execute(query):
            found.setdefault(digest, number)
    return found


def decode_row(row: Any, keyframe: bytes | None, dictionary: bytes | None) -> bytes:
    """The plain record of a row of `contents`. Raises `Damaged`, naming it."""
    stored = storage.Stored(bytes(row.data), row.base_id is not None)
    try:
        return storage.decode(stored, keyframe=keyframe, dictionary=dictionary)
    except Damaged as error:
        raise Damaged(f"stored text {row.id}: {error}") from error
