"""What may be asked: parameters that pages and API share, checked and turned into what the readers take.

The names are those of the command line's options. An empty parameter, as a form sends it, asks for nothing.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any

from fastapi import Depends, Path, Query, Request
from pydantic import BeforeValidator
from pydantic import Field as Bound

from archive.cli.times import EXAMPLES, Period, as_at, as_since, as_until, parse_period
from archive.cli.topics import topic_code
from archive.model import EditKind
from archive.queries.read_only import ReadOnlyArchive
from archive.queries.search import parse_words
from archive.web.settings import WebSettings

MOST_TERMS = 16
LARGEST_ID = 2**63 - 1
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_CURSOR = re.compile(r"(\d{1,16})-(\d{1,18})")


class BadQuestion(ValueError):
    """A parameter that cannot be understood; said to the asker, status 400."""


def _none_if_empty(value: object) -> object:
    if isinstance(value, str):
        return value.replace("\0", "").strip() or None
    return value


def _without_empty(values: object) -> object:
    return [value for value in values if value != ""] if isinstance(values, list) else values


_blank = BeforeValidator(_none_if_empty)
_Short = Annotated[str, Bound(max_length=256)]
_Count = Annotated[int, Bound(ge=0, le=LARGEST_ID)]
_AtLeast = Annotated[_Count | None, _blank, Query(description="With so many or more by now.")]
Words = Annotated[_Short | None, _blank, Query()]
SiteName = Annotated[_Short | None, _blank, Query(description="The name of a site.")]
Kinds = Annotated[list[EditKind] | None, BeforeValidator(_without_empty), Query(description="Any of these kinds.")]
Since = Annotated[_Short | None, _blank, Query(description=f"Seen since, such as {EXAMPLES}; in UTC.")]
Until = Annotated[_Short | None, _blank, Query(description="Seen until; a day named is included.")]
At = Annotated[_Short | None, _blank, Query(description=f"A moment, such as {EXAMPLES}; in UTC.")]
Before = Annotated[_Short | None, _blank, Query(description="`next` of the page before.")]
Limit = Annotated[int, Query(ge=1, le=200, description="At most so many.")]
ArticleId = Annotated[int, Path(ge=1, le=LARGEST_ID, description="An article's id.")]
Token = Annotated[str, Path(min_length=1, max_length=64, description="A version's id, which never changes.")]
Flag = Annotated[bool | None, _blank]


def get_archive(request: Request) -> ReadOnlyArchive:
    """The archive that is served."""
    found: ReadOnlyArchive = request.app.state.archive
    return found


def get_now(request: Request) -> datetime:
    """The time of the question."""
    settings: WebSettings = request.app.state.settings
    return settings.now()


AnArchive = Annotated[ReadOnlyArchive, Depends(get_archive)]
Now = Annotated[datetime, Depends(get_now)]


def read_time(typed: str | None, edge: Callable[[Period], datetime], now: datetime) -> datetime | None:
    """A time that was typed, in UTC where it names no zone. Raises BadQuestion."""
    if typed is None:
        return None
    try:
        return edge(parse_period(typed, now, UTC))
    except (ValueError, OverflowError) as error:
        raise BadQuestion(str(error)) from error


def read_moment(typed: str | None, now: datetime) -> datetime | None:
    """The moment that "at …" means."""
    return read_time(typed, as_at, now)


def read_cursor(typed: str | None) -> tuple[datetime, int] | None:
    """Where a page begins. Raises BadQuestion."""
    if typed is None:
        return None
    match = _CURSOR.fullmatch(typed)
    if not match:
        raise BadQuestion(f"{typed!r} is no place to begin at; take `next` of the page before")
    return _EPOCH + timedelta(microseconds=int(match[1])), int(match[2])


def write_cursor(at: datetime, number: int) -> str:
    """Where the next page begins.

    >>> read_cursor(write_cursor(_EPOCH + timedelta(days=1), 7))
    (datetime.datetime(1970, 1, 2, 0, 0, tzinfo=datetime.timezone.utc), 7)
    """
    return f"{(at - _EPOCH) // timedelta(microseconds=1)}-{number}"


def check_words(words: str) -> str:
    """Words to search for, if they are few enough. Raises BadQuestion."""
    if len(parse_words(words)) > MOST_TERMS:
        raise BadQuestion(f"too many words; {MOST_TERMS} is the limit")
    return words


@dataclass(frozen=True, slots=True)
class EditFilter:
    """Which edits are asked for."""

    chosen: dict[str, Any]
    """For `changes` of the archive."""
    before: tuple[datetime, int] | None


def edit_filter(
    now: Now,
    site: SiteName = None,
    kind: Kinds = None,
    stealth: Annotated[
        Flag, Query(description="A fact changed, and neither the page's date nor a note says so.")
    ] = None,
    since: Since = None,
    until: Until = None,
    before: Before = None,
) -> EditFilter:
    """The parameters of a list of edits."""
    chosen = {
        "site": site,
        "kinds": tuple(kind or ()),
        "stealth": stealth,
        "since": read_time(since, as_since, now),
        "until": read_time(until, as_until, now),
    }
    return EditFilter(chosen, read_cursor(before))


@dataclass(frozen=True, slots=True)
class ArticleFilter:
    """Which articles are asked for."""

    chosen: dict[str, Any]
    """For `articles` of the archive."""
    before: tuple[datetime, int] | None


def article_filter(
    now: Now,
    site: SiteName = None,
    category: Annotated[Words, Query(description="A section label as the page writes it.")] = None,
    topic: Annotated[Words, Query(description="An IPTC Media Topic: a code, or a word such as sport.")] = None,
    author: Annotated[Words, Query(description="A name in the byline, whole.")] = None,
    language: Annotated[Words, Query(description="Such as en, fr or ar.")] = None,
    since: Annotated[Since, Query(description="First seen since.")] = None,
    until: Until = None,
    published_since: Annotated[Since, Query(description="By the page's own date.")] = None,
    published_until: Until = None,
    changed_since: Annotated[Since, Query(description="With a version newer than this.")] = None,
    views: _AtLeast = None,
    likes: _AtLeast = None,
    dislikes: _AtLeast = None,
    shares: _AtLeast = None,
    comments: _AtLeast = None,
    gone: Annotated[Flag, Query(description="Only those whose page has gone, or has not.")] = None,
    kind: Kinds = None,
    stealth: Annotated[Flag, Query(description="With an edit that changed a fact and said nothing.")] = None,
    text: Annotated[Words, Query(description="With these words in one of its versions.")] = None,
    before: Before = None,
) -> ArticleFilter:
    """The parameters of a list of articles."""
    counted = {"views": views, "likes": likes, "dislikes": dislikes, "shares": shares, "comments": comments}
    chosen = {
        "site": site,
        "category": category,
        "topic": _topic(topic),
        "author": author,
        "language": language.lower() if language else None,
        "captured_since": read_time(since, as_since, now),
        "captured_until": read_time(until, as_until, now),
        "published_since": read_time(published_since, as_since, now),
        "published_until": read_time(published_until, as_until, now),
        "changed_since": read_time(changed_since, as_since, now),
        "at_least": {name: least for name, least in counted.items() if least is not None},
        "gone": gone,
        "kinds": tuple(kind or ()),
        "stealth": bool(stealth),
        "words": check_words(text) if text else None,
    }
    return ArticleFilter(chosen, read_cursor(before))


def _topic(typed: str | None) -> str | None:
    try:
        return topic_code(typed) if typed else None
    except ValueError as error:
        raise BadQuestion(str(error)) from error


Edits = Annotated[EditFilter, Depends(edit_filter)]
Articles = Annotated[ArticleFilter, Depends(article_filter)]
