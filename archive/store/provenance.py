"""Where each field was read, per capture: the same few records over and over, so each is stored once."""

from __future__ import annotations

import json
from hashlib import blake2b
from typing import TYPE_CHECKING

from sqlalchemy import Connection, select

from archive.schema import provenances
from archive.store.rows import chunks, insert_rows

if TYPE_CHECKING:
    from archive.store.looks import Look


def store(connection: Connection, looks: list[Look]) -> None:
    """Gives every look with a provenance the number of its record."""
    said = {id(look): look.prepared.capture.provenance for look in looks if look.prepared.capture.provenance}
    digests = {key: _digest(record) for key, record in said.items() if record}
    numbers: dict[str, int] = {}
    for some in chunks(set(digests.values())):
        query = select(provenances.c.digest, provenances.c.id).where(provenances.c.digest.in_(some))
        numbers.update({row.digest: row.id for row in connection.execute(query)})
    new = {digests[key]: record for key, record in said.items() if digests[key] not in numbers}
    rows = [{"digest": digest, "data": record} for digest, record in sorted(new.items())]
    numbers.update(zip(sorted(new), insert_rows(connection, provenances, rows), strict=True))
    for look in looks:
        if id(look) in digests:
            look.provenance_id = numbers[digests[id(look)]]


def said(connection: Connection, number: int | None) -> dict[str, str]:
    """The record of that number."""
    found = connection.execute(select(provenances.c.data).where(provenances.c.id == number)).scalar()
    return dict(found or {})


def number_of(connection: Connection, record: dict[str, str]) -> int:
    """The number of this record, stored where it was not."""
    digest = _digest(record)
    number = connection.execute(select(provenances.c.id).where(provenances.c.digest == digest)).scalar()
    return number or insert_rows(connection, provenances, [{"digest": digest, "data": record}])[0]


def _digest(record: dict[str, str]) -> str:
    text = json.dumps(record, sort_keys=True, ensure_ascii=False)
    return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()
