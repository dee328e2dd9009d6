"""Reads a plain record (a dict with url, title, body …) into a Capture: one-off spiders and `import jsonl` bring it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from archive.identity import is_web_address
from archive.model import COUNTERS, Capture, Content, Counter, Engagement

TEXTS = ("title", "body", "summary", "language", "canonical_url", "image_url", "access")
LISTS = ("authors", "categories", "tags")
TIMES = ("published_at", "modified_at")
#: Singular names that people write for the lists.
ALIASES = {"author": "authors", "category": "categories", "tag": "tags"}
EXTRACTOR = "record"


class InvalidRecord(ValueError):
    """A record that cannot be archived; the message names the field, what was found and what is wanted."""


def capture_from_record(record: Mapping[str, Any], *, site: str | None = None, now: datetime | None = None) -> Capture:
    """The Capture that a record describes.

    `url` (http, https or urn) and one of `title` and `body` are required. `captured_at`, `published_at` and
    `modified_at` are datetimes or ISO 8601 strings; without a zone they are UTC. Lists may be one string.
    Counters stand at the top level or under `engagement`. Fields with other names are left alone.
    Raises InvalidRecord.

    >>> capture_from_record({"url": "https://a.example/1", "title": "T", "category": "Africa"}).content.categories
    ('Africa',)
    """
    fields = {ALIASES.get(name, name): value for name, value in record.items() if value is not None}
    url = fields.get("url")
    if not isinstance(url, str) or not (url.startswith("urn:") or is_web_address(url)):
        raise InvalidRecord(f"url is {url!r}; it must be an http, https or urn address")
    if not isinstance(fields.get("site", ""), str):
        raise InvalidRecord(f"site is {fields['site']!r}; it must be text")
    values: dict[str, Any] = {name: _text(name, fields[name]) for name in TEXTS if name in fields}
    values |= {name: _texts(name, fields[name]) for name in LISTS if name in fields}
    values |= {name: _time(name, fields[name]) for name in TIMES if name in fields}
    if not (values.get("title") or values.get("body")):
        raise InvalidRecord(f"{url} has neither title nor body; one of them is needed")
    captured_at = _time("captured_at", fields["captured_at"]) if "captured_at" in fields else now or datetime.now(UTC)
    return Capture(
        url=url,
        captured_at=captured_at,
        content=Content(**values),
        engagement=_engagement({**fields, **_mapping(fields.get("engagement"))}),
        site=fields.get("site") or site,
        extractor=EXTRACTOR,
    )


def _mapping(value: Any) -> Mapping[str, Any]:
    if value is None:
        return {}
    if not isinstance(value, Mapping):
        raise InvalidRecord(f"engagement is {value!r}; it must be an object such as {{'views': 58}}")
    return value


def _text(name: str, value: Any) -> str:
    if not isinstance(value, str):
        raise InvalidRecord(f"{name} is {value!r}; it must be text")
    return value.replace("\x00", "").strip()


def _texts(name: str, value: Any) -> tuple[str, ...]:
    values = [value] if isinstance(value, str) else value
    if not isinstance(values, list | tuple):
        raise InvalidRecord(f"{name} is {value!r}; it must be a list of texts")
    return tuple(_text(name, each) for each in values)


def _time(name: str, value: Any) -> datetime:
    try:
        moment = value if isinstance(value, datetime) else datetime.fromisoformat(value)
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except (ValueError, TypeError, OverflowError) as error:
        raise InvalidRecord(f"{name} is {value!r}; it must be an ISO 8601 time such as 2026-03-01T12:00:00Z") from error


def _engagement(fields: Mapping[str, Any]) -> Engagement | None:
    counters: dict[str, Any] = {}
    for name in COUNTERS:
        value = fields.get(name)
        if value is None:
            continue
        if isinstance(value, Mapping):
            value = value.get("value")
        if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value < 10**18:
            raise InvalidRecord(f"{name} is {value!r}; it must be a whole number of 0 or more (at most 18 digits)")
        counters[name] = Counter(value=value, exact=True, raw=str(value), source="record")
    comments_open = fields.get("comments_open")
    if comments_open is not None and not isinstance(comments_open, bool):
        raise InvalidRecord(f"comments_open is {comments_open!r}; it must be true or false")
    if not counters and comments_open is None:
        return None
    return Engagement(**counters, comments_open=comments_open)
