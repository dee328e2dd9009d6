"""Is every stored byte still what was stored?"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Select, select

from archive import storage
from archive.errors import Damaged
from archive.identity import digests
from archive.queries.reader import Reader, pages
from archive.schema import captures, contents, dictionaries, versions
from archive.store.contents import decode_row
from archive.store.versioning import DIGEST_COLUMNS, digests_of
from archive.timeline import FIELDS


@dataclass(frozen=True, slots=True)
class Damage:
    """Something that is not as it was stored."""

    what: str
    """content, version, capture or dictionary."""
    name: str
    """Its number or id."""
    article_id: int | None
    said: str
    """What is wrong, in words."""


class DamageQueries(Reader):
    """Questions about what the disk did to us."""

    def verify(self) -> Iterator[Damage]:
        """Reads every stored text and checks it against its digest, and every pointer against what it points to;
        gives what is damaged."""
        with self._database.reading() as connection, self._database.reading() as other:
            known = {row.id: bytes(row.data) for row in other.execute(select(dictionaries.c.id, dictionaries.c.data))}
            yield from self._contents(connection, other, known)
            yield from self._versions(connection, other, known)
            yield from self._pointers(other)

    def _contents(self, connection: Connection, other: Connection, known: dict[int, bytes]) -> Iterator[Damage]:
        keyframes = _Keyframes(other, known)
        for rows in pages(connection, _contents_query().order_by(contents.c.base_id, contents.c.id), 500):
            for row in rows:
                try:
                    plain = keyframes.decode(row)
                    if storage.digest(plain) != row.digest:
                        yield Damage("content", str(row.id), row.article_id, "its bytes do not match its digest")
                except Damaged as error:
                    yield Damage("content", str(row.id), row.article_id, str(error))

    def _versions(self, connection: Connection, other: Connection, known: dict[int, bytes]) -> Iterator[Damage]:
        """Digests in a version's columns against the text that it shows."""
        keyframes = _Keyframes(other, known)
        columns = (versions.c.token, versions.c.article_id, versions.c.number, *(versions.c[c] for c in DIGEST_COLUMNS))
        query = select(*columns, *(contents.c[n].label(f"c_{n}") for n in _COLUMNS)).join(
            contents, contents.c.id == versions.c.content_id
        )
        expected: dict[int, int] = {}
        for rows in pages(connection, query.order_by(versions.c.article_id, versions.c.number), 500):
            for row in rows:
                number = expected[row.article_id] = expected.get(row.article_id, 0) + 1
                if row.number != number:
                    yield Damage(
                        "version", row.token, row.article_id, f"is number {row.number} where {number} should be"
                    )
                    expected[row.article_id] = row.number
                try:
                    said = digests(storage.unpack(keyframes.decode(_Prefixed(row))))
                except Damaged:
                    continue  # told of already, as a content
                stored = digests_of(row._mapping)
                if any(getattr(said, name) != getattr(stored, name) for name in FIELDS):
                    yield Damage("version", row.token, row.article_id, "its digests are not those of its text")

    def _pointers(self, connection: Connection) -> Iterator[Damage]:
        """Captures and versions that point to what is not there."""
        lost = (
            select(captures.c.id, captures.c.article_id)
            .outerjoin(versions, versions.c.id == captures.c.version_id)
            .where(captures.c.version_id.is_not(None), versions.c.id.is_(None))
        )
        for row in connection.execute(lost):
            yield Damage("capture", str(row.id), row.article_id, "points to a version that is not there")
        untold = (
            select(versions.c.token, versions.c.article_id)
            .outerjoin(contents, contents.c.id == versions.c.content_id)
            .where(contents.c.id.is_(None))
        )
        for row in connection.execute(untold):
            yield Damage("version", row.token, row.article_id, "points to a text that is not there")


_COLUMNS = ("id", "article_id", "digest", "base_id", "dictionary_id", "data")


class _Prefixed:
    """The content's columns of a joined row."""

    def __init__(self, row: Any) -> None:
        self.id, self.base_id, self.dictionary_id = row.c_id, row.c_base_id, row.c_dictionary_id
        self.data = row.c_data


class _Keyframes:
    """Decodes rows; keeps the last keyframe, since patches of one follow each other."""

    def __init__(self, connection: Connection, dictionaries: dict[int, bytes]) -> None:
        self._connection, self._dictionaries = connection, dictionaries
        self._number: int | None = None
        self._plain = b""

    def decode(self, row: Any) -> bytes:
        keyframe = self._keyframe(row.base_id) if row.base_id is not None else None
        return decode_row(row, keyframe, self._dictionary(row.dictionary_id))

    def _keyframe(self, number: int) -> bytes:
        if number != self._number:
            row = self._connection.execute(_contents_query().where(contents.c.id == number)).first()
            if row is None:
                raise Damaged(f"the keyframe {number} is missing")
            self._plain, self._number = decode_row(row, None, self._dictionary(row.dictionary_id)), number
        return self._plain

    def _dictionary(self, number: int | None) -> bytes | None:
        if number is None:
            return None
        if number not in self._dictionaries:
            raise Damaged(f"the dictionary {number} is missing")
        return self._dictionaries[number]


def _contents_query() -> Select[Any]:
    return select(*(contents.c[name] for name in _COLUMNS))
