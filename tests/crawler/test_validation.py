"""Plain records become captures, or say what is wrong with them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest

from crawler.validation import InvalidRecord, capture_from_record

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
RECORD = {"url": "https://paper.example/1", "title": "Ferry runs again", "body": "The ferry runs again."}


def test_a_record_of_url_title_and_body_is_a_capture_of_now() -> None:
    capture = capture_from_record(RECORD, now=NOW)
    assert (capture.url, capture.captured_at, capture.outcome) == ("https://paper.example/1", NOW, None)
    assert capture.content is not None
    assert (capture.content.title, capture.content.body) == ("Ferry runs again", "The ferry runs again.")
    assert capture.content.categories is None
    assert capture.engagement is None


def test_singular_names_and_single_values_are_understood() -> None:
    content = capture_from_record({**RECORD, "category": "Africa", "author": ["A. B."]}, now=NOW).content
    assert content is not None
    assert (content.categories, content.authors) == (("Africa",), ("A. B.",))


def test_counters_may_stand_at_the_top_or_under_engagement() -> None:
    record = {**RECORD, "views": 58, "engagement": {"likes": 0, "comments_open": False}}
    engagement = capture_from_record(record, now=NOW).engagement
    assert engagement is not None
    assert engagement.views is not None
    assert engagement.likes is not None
    assert (engagement.views.value, engagement.likes.value, engagement.comments_open) == (58, 0, False)
    assert engagement.shares is None


def test_times_are_stored_in_utc() -> None:
    paris = timezone(timedelta(hours=1))
    record = {**RECORD, "captured_at": "2026-03-01T12:00:00", "published_at": datetime(2026, 3, 1, 9, tzinfo=paris)}
    capture = capture_from_record(record)
    assert capture.captured_at == NOW
    assert capture.content is not None
    assert capture.content.published_at == datetime(2026, 3, 1, 8, tzinfo=UTC)


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"url": None}, "url is None"),
        ({"url": "ftp://paper.example/1"}, "url is 'ftp:"),
        ({"url": "http://["}, "url is 'http:"),
        ({"url": "https:///path"}, "url is 'https:"),
        ({"site": 5}, "site is 5"),
        ({"captured_at": "0001-01-01T00:00:00+14:00"}, "captured_at is '0001"),
        ({"views": 10**20}, "views is 1000"),
        ({"title": None, "body": None}, "neither title nor body"),
        ({"title": 7}, "title is 7"),
        ({"categories": {"a": 1}}, "categories is"),
        ({"captured_at": "yesterday"}, "captured_at is 'yesterday'"),
        ({"views": "58"}, "views is '58'"),
        ({"likes": -1}, "likes is -1"),
        ({"likes": True}, "likes is True"),
        ({"comments_open": "no"}, "comments_open is 'no'"),
        ({"engagement": [1]}, "engagement is"),
    ],
)
def test_a_bad_field_is_named_with_what_was_found(change: dict[str, object], named: str) -> None:
    with pytest.raises(InvalidRecord, match=named):
        capture_from_record({**RECORD, **change}, now=NOW)


def test_nul_characters_never_reach_the_archive() -> None:
    content = capture_from_record({**RECORD, "body": "a\x00b"}, now=NOW).content
    assert content is not None
    assert content.body == "ab"
