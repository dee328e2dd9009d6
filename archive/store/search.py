"""The full-text index: a version's title, and the paragraphs that the version before did not have."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Sequence

from sqlalchemy import BigInteger, Connection, LargeBinary, column, table, text

from archive.model import Content
from archive.store.bulk import add_rows
from archive.store.contents import Texts

LONGEST = 500_000
"""Bytes of a document that PostgreSQL's index has; its own limit, a megabyte packed, would refuse the whole batch."""
_LONGEST_WORD = 2046
"""Bytes of a word, for the same reason."""
_LAST_PLACE = (1 << 14) - 1
_MOST_PLACES = 256
"""PostgreSQL counts no further, and notes no more of a word."""
_PLACES = tuple(number.to_bytes(2) for number in range(1, _LAST_PLACE + 1))
_COUNTS = tuple(b"\0" + number.to_bytes(2) for number in range(_MOST_PLACES + 1))
_POSTGRESQL = table("search_index", column("version_id", BigInteger), column("document", LargeBinary))
_WORD = re.compile(r"[^\W_]+")
_SPREAD = bytes(code if code >= 128 or chr(code).isalnum() else ord(" ") for code in range(256))
_ACCENTS = re.compile("[\u0300-\u036f]+")
_UNSPACED = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]")


def spaced(words: str) -> str:
    """Text with the characters of scripts that put no space between words set apart, as the index has them.

    >>> spaced("東京 wins")
    '東 京  wins'
    """
    if words.isascii():
        return words
    return _UNSPACED.sub(lambda match: match[0] + " ", unicodedata.normalize("NFKC", words))


def folded(said: str) -> str:
    """A text without case and without the accents that SQLite's index leaves out.

    >>> folded("Ségou, ÎLE")
    'segou, ile'
    """
    lower = said.casefold()
    if lower.isascii():
        return lower
    return unicodedata.normalize("NFC", _ACCENTS.sub("", unicodedata.normalize("NFKD", lower)))


def words_of(said: str) -> list[str]:
    """The words by which PostgreSQL finds a text, which are those of SQLite: left to itself it would take "covid-19",
    "his/her" and "3.14" for single words, and "café" for another than "cafe".

    >>> words_of("Covid-19, his/her café: 3.14")
    ['covid', '19', 'his', 'her', 'cafe', '3', '14']
    """
    # What `_WORD` finds, in a third of its time: cut at spaces once what is no letter or digit of ASCII is one.
    spread = folded(said).encode("utf-8", "surrogatepass").translate(_SPREAD).decode("utf-8", "surrogatepass")
    pieces = spread.split()
    if spread.isascii():
        return pieces
    return [word for piece in pieces for word in ([piece] if piece.isalnum() else _WORD.findall(piece))]


def document(content: Content, before: Content | None) -> str:
    """What is indexed of a version."""
    known = set(_lines(before)) if before is not None else set()
    return spaced("\n".join([content.title or "", *(line for line in _lines(content) if line not in known)]))


def _lines(content: Content) -> list[str]:
    return (content.body or "").split("\n")


def add(connection: Connection, texts: Texts, made: list[tuple[int, int, int | None]]) -> None:
    """Indexes versions that are new or say something else now: (version, its content, the content before it).
    SQLite's index keeps the words that a version had before, until it is made anew."""
    if not made:
        return
    said = [(number, document(texts.content(now), texts.content(old) if old else None)) for number, now, old in made]
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("INSERT INTO search_index (rowid, document) VALUES (?, ?)", said)
    else:
        drop(connection, [number for number, _ in said])
        rows = [{"version_id": number, "document": vector(_first(words_of(words)))} for number, words in said]
        add_rows(connection, _POSTGRESQL, rows)


def vector(words: Sequence[str]) -> bytes:
    r"""A document as PostgreSQL takes it in a binary COPY, each word with its places: what `to_tsvector` makes of the
    same words in many times the time, except that it takes no part of a word for a number: "5e8a061e1895".

    The form is that of `tsvectorsend` in PostgreSQL: how many words; of each its letters, NUL, how many places,
    the places.

    >>> vector(["rain", "and", "rain"])
    b'\x00\x00\x00\x02rain\x00\x00\x02\x00\x01\x00\x03and\x00\x00\x01\x00\x02'
    """
    places: defaultdict[str, list[bytes]] = defaultdict(list)
    for word, place in zip(words, _PLACES, strict=False):
        places[word].append(place)
    for word in words[_LAST_PLACE:]:
        if places[word][-1:] != [_PLACES[-1]]:
            places[word].append(_PLACES[-1])
    pieces, count = [b""], 0
    for word, at in places.items():
        letters = word.encode()
        if len(letters) <= _LONGEST_WORD:
            del at[_MOST_PLACES:]
            pieces.append(letters)
            pieces.append(_COUNTS[len(at)])
            pieces += at
            count += 1
    pieces[0] = count.to_bytes(4)
    return b"".join(pieces)


def _first(words: list[str]) -> list[str]:
    """As many of the words as the index may have."""
    said = " ".join(words)
    return words if len(said) < LONGEST // 4 else said.encode()[:LONGEST].decode(errors="ignore").split()


def drop(connection: Connection, numbers: list[int]) -> None:
    """Takes versions out of the index. SQLite's keeps their words, which find nothing, until it is made anew."""
    if numbers and connection.dialect.name != "sqlite":
        connection.execute(text("DELETE FROM search_index WHERE version_id = ANY(:numbers)"), {"numbers": numbers})
