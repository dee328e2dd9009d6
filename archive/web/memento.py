"""Memento (RFC 7089): a TimeGate and a TimeMap an article, so that any Memento client finds its versions.

The original resource is the article's own address; a memento is `/versions/ID`, whose Memento-Datetime is the moment
at which that state was first seen.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from urllib.parse import quote

from fastapi import APIRouter, Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response

from archive.errors import NotFound
from archive.model import Version
from archive.web.asking import AnArchive, BadQuestion
from archive.web.rendering import absolute

router = APIRouter(include_in_schema=False)
_IN_A_LINK = "!#$%&'()*+,/:;=?@[]~"


@router.get("/timegate/{url:path}")
def timegate(request: Request, archive: AnArchive, url: str) -> Response:
    """Leads to the version that stood at `Accept-Datetime`; to the newest where none is asked for."""
    versions = _versions(archive.versions(_asked(request, "/timegate/")), url)
    wanted = request.headers.get("accept-datetime")
    chosen = versions[-1] if wanted is None else closest(versions, _read_http_date(wanted))
    links = [*_links_of_article(request, chosen.url, versions), *_firsts(request, versions, chosen)]
    headers = {"Vary": "accept-datetime", "Link": ", ".join(links)}
    return RedirectResponse(absolute(request, f"/versions/{chosen.id}"), 302, headers)


@router.get("/timemap/link/{url:path}")
def timemap(request: Request, archive: AnArchive, url: str) -> Response:
    """All versions, in the link format."""
    versions = _versions(archive.versions(_asked(request, "/timemap/link/")), url)
    original = versions[-1].url
    span = f'; from="{http_date(versions[0].captured_at)}"; until="{http_date(versions[-1].captured_at)}"'
    lines = [
        f'<{_quoted(original)}>; rel="original"',
        f'<{_timegate(request, original)}>; rel="timegate"',
        f'<{_timemap(request, original)}>; rel="self"; type="application/link-format"{span}',
        *(_memento(request, version, _relation(version, versions)) for version in versions),
    ]
    return PlainTextResponse(",\n".join(lines) + "\n", media_type="application/link-format")


def closest(versions: Sequence[Version], at: datetime) -> Version:
    """The version that stood at that time, as far as is known; before all of them, the first."""
    return next((version for version in reversed(versions) if version.captured_at <= at), versions[0])


def memento_headers(request: Request, version: Version, versions: Sequence[Version]) -> dict[str, str]:
    """The headers of a version's own page."""
    links = [*_links_of_article(request, version.url, versions), *_firsts(request, versions, version)]
    return {"Memento-Datetime": http_date(version.captured_at), "Link": ", ".join(links)}


def original_links(request: Request, url: str) -> dict[str, str]:
    """The Link header of an article's page: where its versions are listed."""
    return {"Link": ", ".join(_links_of_article(request, url, ()))}


def http_date(moment: datetime) -> str:
    """RFC 9110's date, whole seconds.

    >>> http_date(datetime(2026, 3, 3, 9, tzinfo=UTC))
    'Tue, 03 Mar 2026 09:00:00 GMT'
    """
    return format_datetime(moment.astimezone(UTC).replace(microsecond=0), usegmt=True)


def _read_http_date(typed: str) -> datetime:
    try:
        found = parsedate_to_datetime(typed)
        return (found if found.tzinfo else found.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, TypeError, IndexError, OverflowError) as error:
        raise BadQuestion(
            f"Accept-Datetime {typed[:80]!r} is no date such as {http_date(datetime.now(UTC))}"
        ) from error


def _asked(request: Request, prefix: str) -> str:
    """The address asked for, with its own query."""
    query = request.url.query
    path: str = request.scope["path"]
    return path.removeprefix(prefix) + (f"?{query}" if query else "")


def _versions(versions: list[Version], url: str) -> list[Version]:
    if not versions:
        raise NotFound("version of", url)
    return versions


def _links_of_article(request: Request, url: str, versions: Sequence[Version]) -> Iterator[str]:
    yield f'<{_quoted(url)}>; rel="original"'
    yield f'<{_timegate(request, url)}>; rel="timegate"'
    span = ""
    if versions:
        span = f'; from="{http_date(versions[0].captured_at)}"; until="{http_date(versions[-1].captured_at)}"'
    yield f'<{_timemap(request, url)}>; rel="timemap"; type="application/link-format"{span}'


def _firsts(request: Request, versions: Sequence[Version], chosen: Version) -> Iterator[str]:
    """First, last, the one before, the one after, and this one, each once with all that it is."""
    relations: dict[int, list[str]] = {}
    for relation, number in (
        ("first", 1),
        ("prev", chosen.number - 1),
        ("next", chosen.number + 1),
        ("last", len(versions)),
        ("", chosen.number),
    ):
        if 1 <= number <= len(versions):
            relations.setdefault(number, []).append(relation)
    for number, names in sorted(relations.items()):
        yield _memento(request, versions[number - 1], " ".join([*filter(None, names), "memento"]))


def _relation(version: Version, versions: Sequence[Version]) -> str:
    names = ["first"] * (version is versions[0]) + ["last"] * (version is versions[-1])
    return " ".join([*names, "memento"])


def _memento(request: Request, version: Version, relation: str) -> str:
    at = http_date(version.captured_at)
    return f'<{absolute(request, f"/versions/{version.id}")}>; rel="{relation}"; datetime="{at}"'


def _timegate(request: Request, url: str) -> str:
    return absolute(request, f"/timegate/{_quoted(url)}")


def _timemap(request: Request, url: str) -> str:
    return absolute(request, f"/timemap/link/{_quoted(url)}")


def _quoted(url: str) -> str:
    """An address as a header may hold it: ASCII, no angle brackets, quotes, spaces or controls."""
    return quote(url.encode("utf-8", "replace"), safe=_IN_A_LINK)
