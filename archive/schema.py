"""The tables of the archive (private: outside `store`, `queries`, `locks` and `migrations` nobody sees them).

Knows only what is kept and how it is typed. Times are microseconds since 1970 in UTC, exact on both databases;
digests are 16 bytes; lists and small records are JSON text. The migrations make the tables; a test holds the
two together.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Dialect,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    SmallInteger,
    Table,
    Text,
    TypeDecorator,
    UniqueConstraint,
    text,
)

from archive.model import COUNTERS, EditKind

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


class Moment(TypeDecorator[datetime]):
    """An aware datetime, kept as microseconds since 1970 in UTC."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> int | None:
        return None if value is None else (value - _EPOCH) // _MICROSECOND

    def process_result_value(self, value: int | None, dialect: Dialect) -> datetime | None:
        return None if value is None else _EPOCH + timedelta(microseconds=value)


class Digest(TypeDecorator[str]):
    """32 hex digits, kept as 16 bytes."""

    impl = LargeBinary
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> bytes | None:
        return None if value is None else bytes.fromhex(value)

    def process_result_value(self, value: bytes | None, dialect: Dialect) -> str | None:
        return None if value is None else bytes(value).hex()


class Json(TypeDecorator[Any]):
    """A small record as JSON text; None is NULL."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:
        return None if value is None else json.dumps(value, ensure_ascii=False, separators=(",", ":"))

    def process_result_value(self, value: str | None, dialect: Dialect) -> Any:
        return None if value is None else json.loads(value)


class Names(Json):
    """A tuple of strings as a JSON list; () is told from None."""

    cache_ok = True

    def process_result_value(self, value: str | None, dialect: Dialect) -> tuple[str, ...] | None:
        return None if value is None else tuple(json.loads(value))


Id = BigInteger().with_variant(Integer, "sqlite")
metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def _index_where(name: str, condition: str, *columns: str) -> Index:
    """An index of the rows that fulfil a condition."""
    return Index(name, *columns, sqlite_where=text(condition), postgresql_where=text(condition))


sites = Table(
    "sites",
    metadata,
    Column("id", Id, primary_key=True),
    Column("name", Text, nullable=False, unique=True),
    Column("url", Text, nullable=False),
    Column("added_at", Moment),
    Column("scale", Float),  # c of the revisit rule; NULL = the default
    Column("lastmod_moves", Integer, nullable=False, server_default=text("0")),  # looks after a source's claim moved
    Column("lastmod_hits", Integer, nullable=False, server_default=text("0")),  # ... that found a change
)

hosts = Table(
    "hosts",
    metadata,
    Column("host", Text, primary_key=True),
    Column("robots", LargeBinary),
    Column("robots_status", Integer),
    Column("robots_fetched_at", Moment),
    Column("retry_after_at", Moment),
    Column("failures", Integer, nullable=False, server_default=text("0")),
    Column("failed_at", Moment),
    Column("notes", Json),
)

sources = Table(
    "sources",
    metadata,
    Column("id", Id, primary_key=True),
    Column("site_id", Id, ForeignKey("sites.id"), nullable=False),
    Column("url", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("etag", Text),
    Column("last_modified", Text),
    Column("fetched_at", Moment),
    Column("changed_at", Moment),
    Column("due_at", Moment),
    Column("status", Integer),
    Column("failures", Integer, nullable=False, server_default=text("0")),
    Column("entries", Integer),
    Column("digest", Text),
    Column("reason", Text),
    UniqueConstraint("site_id", "url"),
)

crawls = Table(
    "crawls",
    metadata,
    Column("id", Id, primary_key=True),
    Column("command", Text),
    Column("sites", Names, nullable=False),
    Column("started_at", Moment, nullable=False),
    Column("ended_at", Moment),
    Column("exit_code", Integer),
    Column("counts", Json),
    Index("ix_crawls_started_at", "started_at"),
)

articles = Table(
    "articles",
    metadata,
    Column("id", Id, primary_key=True),
    Column("url", Text, nullable=False),
    Column("site_id", Id, ForeignKey("sites.id")),
    Column("candidate_id", Id),  # the address that is looked at again; the others are its variants
    Column("title", Text),
    Column("language", Text),
    Column("published_at", Moment),
    Column("modified_at", Moment),
    Column("categories", Names),
    Column("topics", Names),
    Column("authors", Names),
    Column("access", Text),
    Column("first_captured_at", Moment),
    Column("last_captured_at", Moment),
    Column("changed_at", Moment),  # when the newest version after the first was first seen
    Column("first_edited_at", Moment),  # when the second version was first seen
    Column("gone_at", Moment),
    Column("captures", Integer, nullable=False, server_default=text("0")),
    Column("versions", Integer, nullable=False, server_default=text("0")),
    Column("version_id", Id),  # the newest version
    Column("content_id", Id),  # what the newest look with content said
    Column("keyframe_id", Id),  # what patches of this article are made against
    Column("silent", Text, nullable=False, server_default=text("''")),  # fields the last complete look did not state
    Column("partial", Boolean, nullable=False, server_default=text("false")),  # only a preview was ever seen
    Column("engagement_id", Id),  # the counters of the newest look
    Column("shows_counters", Boolean, nullable=False, server_default=text("false")),
    *(Column(name, BigInteger) for name in COUNTERS),  # of the newest look, as engagement_id has them
    Column("merged_into", Id),
    Index("ix_articles_site_id_first_captured_at", "site_id", "first_captured_at"),
    Index("ix_articles_first_captured_at", "first_captured_at"),
    Index("ix_articles_published_at", "published_at"),
    Index("ix_articles_changed_at", "changed_at"),
    Index("ix_articles_language_first_captured_at", "language", "first_captured_at"),
    Index("ix_articles_site_id_language_first_captured_at", "site_id", "language", "first_captured_at"),
    Index("ix_articles_site_id_changed_at", "site_id", "changed_at"),
    Index("ix_articles_url", "url"),
    _index_where(
        "ix_articles_edited", "first_edited_at IS NOT NULL", "first_captured_at", "first_edited_at", "site_id"
    ),
    _index_where("ix_articles_gone", "gone_at IS NOT NULL", "site_id", "first_captured_at"),
    *(_index_where(f"ix_articles_{name}", f"{name} IS NOT NULL", name) for name in COUNTERS),
)

totals = Table(  # see `store.totals`
    "totals",
    metadata,
    Column("site_id", Id, primary_key=True, autoincrement=False),  # 0 = of no site
    Column("articles", BigInteger, nullable=False),
    Column("versions", BigInteger, nullable=False),
    Column("captures", BigInteger, nullable=False),
    Column("edited", BigInteger, nullable=False),
    Column("gone", BigInteger, nullable=False),
    Column("first_captured_at", Moment),
    Column("last_captured_at", Moment),
)

text_totals = Table(  # see `store.totals`
    "text_totals",
    metadata,
    Column("site_id", Id, primary_key=True, autoincrement=False),  # 0 = of no site
    Column("contents", BigInteger, nullable=False),
    Column("keyframes", BigInteger, nullable=False),
    Column("bytes", BigInteger, nullable=False),
)

candidates = Table(
    "candidates",
    metadata,
    Column("id", Id, primary_key=True),
    Column("key", Text, nullable=False, unique=True),  # identity.url_key: http/https, www, m., AMP fall together
    Column("url", Text, nullable=False),
    Column("host", Text, nullable=False),
    Column("story", Text),  # host and story number, where the path has one: headlines in URLs are rewritten
    Column("site_id", Id, ForeignKey("sites.id")),
    Column("article_id", Id, ForeignKey("articles.id")),
    Column("found_in", Text, nullable=False),
    Column("found_at", Moment, nullable=False),
    Column("title", Text),
    Column("language", Text),
    Column("published_at", Moment),
    Column("claimed_at", Moment),  # the source's lastmod or updated
    Column("seen_claim_at", Moment),  # what it was at the last look
    Column("due_at", Moment),
    Column("due_reason", Text),
    Column("last_captured_at", Moment),
    Column("last_outcome", Text),
    Column("looks", Integer, nullable=False, server_default=text("0")),
    Column("failures", Integer, nullable=False, server_default=text("0")),  # in a row
    Column("etag", Text),
    Column("last_modified", Text),
    Column("conditional_since_full", Integer, nullable=False, server_default=text("0")),
    Column("crashes", Integer, nullable=False, server_default=text("0")),
    Column("quarantined_at", Moment),
    Column("quarantine_reason", Text),
    Index("ix_candidates_site_id_due_at", "site_id", "due_at"),
    Index("ix_candidates_due_at_site_id", "due_at", "site_id"),
    Index("ix_candidates_article_id", "article_id"),
    _index_where("ix_candidates_waiting", "looks = 0 AND due_at IS NOT NULL", "site_id"),
    _index_where("ix_candidates_quarantined_at", "quarantined_at IS NOT NULL", "quarantined_at", "site_id", "due_at"),
    Index(
        "ix_candidates_story",
        "story",
        sqlite_where=text("story IS NOT NULL"),
        postgresql_where=text("story IS NOT NULL"),
    ),
)

dictionaries = Table(
    "dictionaries",
    metadata,
    Column("id", Id, primary_key=True),
    Column("data", LargeBinary, nullable=False),
    Column("trained_at", Moment, nullable=False),
)

contents = Table(
    "contents",
    metadata,
    Column("id", Id, primary_key=True),
    Column("article_id", Id, ForeignKey("articles.id"), nullable=False),  # for which it was first stored
    Column("digest", Digest, nullable=False),  # over the exact record, see `storage.digest`
    Column("base_id", Id, ForeignKey("contents.id")),  # the keyframe that this is a patch of
    Column("dictionary_id", Id, ForeignKey("dictionaries.id")),
    Column("data", LargeBinary, nullable=False),
    Index("ix_contents_digest", "digest"),
    Index("ix_contents_article_id", "article_id"),
)

provenances = Table(
    "provenances",
    metadata,
    Column("id", Id, primary_key=True),
    Column("digest", Digest, nullable=False, unique=True),
    Column("data", Json, nullable=False),
)

engagements = Table(
    "engagements",
    metadata,
    Column("id", Id, primary_key=True),
    Column("views", BigInteger),
    Column("likes", BigInteger),
    Column("dislikes", BigInteger),
    Column("shares", BigInteger),
    Column("comments", BigInteger),
    Column("comments_open", Boolean),
    Column("detail", Json),  # per counter: exact, raw text, source; and the suspected placeholders
)

_EDIT = ("captured_at", "id", "site_id", "edit_kinds")
"""What lists of edits are filtered by: an index that has them all is read without the rows."""

versions = Table(
    "versions",
    metadata,
    Column("id", Id, primary_key=True),
    Column("token", Text, nullable=False, unique=True),  # the public id
    Column("article_id", Id, ForeignKey("articles.id"), nullable=False),
    Column("number", Integer, nullable=False),
    Column("site_id", Id),
    Column("captured_at", Moment, nullable=False),
    Column("last_seen_at", Moment, nullable=False),
    Column("content_id", Id, ForeignKey("contents.id"), nullable=False),
    Column("title_digest", Digest),
    Column("body_digest", Digest),
    Column("categories_digest", Digest),
    Column("authors_digest", Digest),
    Column("title", Text),  # of its content, so that lists need no texts; NULL where that was not noted, too
    Column("edit_kinds", BigInteger, nullable=False, server_default=text("0")),  # a bit a kind, in EditKind's order
    Column("words_added", Integer),  # of the body, by the edit that made it; NULL of the first, and where not noted
    Column("words_removed", Integer),
    Column("stealth", Boolean, nullable=False, server_default=text("false")),
    Column("differ", Text),
    Column("reverts_to", Integer),
    Column("extractor", Text),
    UniqueConstraint("article_id", "number"),
    Index("ix_versions_captured_at_id", "captured_at", "id"),
    Index("ix_versions_site_id_captured_at_id", "site_id", "captured_at", "id"),
    _index_where("ix_versions_stealth", "stealth", *_EDIT),
    # Edits of a kind may be rare: each kind's newest are read off an index of its own.
    *(
        _index_where(f"ix_versions_is_{kind.value}", f"edit_kinds & {1 << bit} != 0", *_EDIT)
        for bit, kind in enumerate(EditKind)
    ),
    sqlite_autoincrement=True,  # a search index row of a version that is no more must never name another
)

TROUBLE = "outcome NOT IN ('new', 'changed', 'unchanged', 'not_modified')"
"""Looks that did not see the article: few, and asked for by themselves."""

captures = Table(
    "captures",
    metadata,
    Column("id", Id, primary_key=True),
    Column("candidate_id", Id, ForeignKey("candidates.id"), nullable=False),
    Column("url", Text),  # as it was asked, where that is not the candidate's spelling
    Column("article_id", Id, ForeignKey("articles.id")),
    Column("site_id", Id),
    Column("crawl_id", Id),
    Column("captured_at", Moment, nullable=False),
    Column("outcome", Text, nullable=False),
    Column("verdict", Text),
    Column("reason", Text),
    Column("status", SmallInteger),
    Column("final_url", Text),
    Column("content_id", Id, ForeignKey("contents.id")),
    Column("version_id", Id),
    Column("engagement_id", Id, ForeignKey("engagements.id")),
    Column("provenance_id", Id, ForeignKey("provenances.id")),
    Column("extractor", Text),
    Column("etag", Text),
    Column("last_modified", Text),
    Column("other_urls", Names),
    Column("raw_path", Text),
    Column("retry_after_at", Moment),
    Column("token", Text),  # the version id that this look brought into being; it names that look's version for ever
    Index("ix_captures_article_id_captured_at", "article_id", "captured_at"),
    Index("ix_captures_candidate_id_captured_at", "candidate_id", "captured_at"),
    Index("ix_captures_site_id_captured_at", "site_id", "captured_at"),
    Index("ix_captures_captured_at", "captured_at"),
    _index_where("ix_captures_trouble", TROUBLE, "site_id", "outcome", "captured_at", "id"),
    Index("ix_captures_crawl_id_captured_at_outcome", "crawl_id", "captured_at", "outcome"),
    Index(
        "ix_captures_token",
        "token",
        unique=True,
        sqlite_where=text("token IS NOT NULL"),
        postgresql_where=text("token IS NOT NULL"),
    ),
)

labels = Table(
    "labels",
    metadata,
    Column("kind", Text, primary_key=True),  # category, author, topic, tag
    Column("folded", Text, primary_key=True),
    Column("article_id", Id, ForeignKey("articles.id"), primary_key=True),
    Column("label", Text, nullable=False),
    Index("ix_labels_article_id", "article_id"),
)

label_totals = Table(  # see `store.labels`
    "label_totals",
    metadata,
    Column("kind", Text, primary_key=True),  # category, author, topic
    Column("site_id", Id, primary_key=True, autoincrement=False),  # 0 = of no site, -1 = everywhere
    Column("folded", Text, primary_key=True),
    Column("label", Text, nullable=False),  # as the first of the articles wrote it
    Column("articles", BigInteger, nullable=False),
    Index("ix_label_totals_kind_site_id_articles", "kind", "site_id", "articles"),
    sqlite_with_rowid=False,
)

category_topics = Table(  # how many articles carry both
    "category_topics",
    metadata,
    Column("site_id", Id, primary_key=True, autoincrement=False),  # as in label_totals
    Column("category", Text, primary_key=True),  # folded
    Column("topic", Text, primary_key=True),  # folded
    Column("articles", BigInteger, nullable=False),
    sqlite_with_rowid=False,
)

events = Table(
    "events",
    metadata,
    Column("id", Id, primary_key=True),
    Column("article_id", Id, ForeignKey("articles.id")),
    Column("at", Moment, nullable=False),
    Column("kind", Text, nullable=False),
    Column("detail", Text),
    Column("capture_id", Id),
    Index("ix_events_article_id", "article_id"),
)

merges = Table(
    "merges",
    metadata,
    Column("id", Id, primary_key=True),
    Column("kept_id", Id, ForeignKey("articles.id"), nullable=False),
    Column("absorbed_id", Id, ForeignKey("articles.id"), nullable=False),
    Column("at", Moment, nullable=False),
    Column("reason", Text),
    Column("moved", Json, nullable=False),  # ids of the candidates and captures that went over
    Column("undone_at", Moment),
    Index("ix_merges_absorbed_id", "absorbed_id"),
)

sketches = Table(
    "sketches",
    metadata,
    Column("article_id", Id, ForeignKey("articles.id"), primary_key=True),
    Column("maker", SmallInteger, nullable=False),  # `families.BANDS_VERSION` that made the bands
    Column("body_digest", Digest),  # of the version that they were made from, the newest one then
    Column("bands", LargeBinary, nullable=False),  # four bytes each, as they stand in `bands`; empty = too little text
    Index("ix_sketches_body_digest", "body_digest"),
)

bands = Table(
    "bands",
    metadata,
    Column("band", Integer, primary_key=True, autoincrement=False),
    Column("article_id", Id, primary_key=True, autoincrement=False),
    sqlite_with_rowid=False,
)

rules = Table(
    "rules",
    metadata,
    Column("id", Id, primary_key=True),
    Column("site_id", Id, ForeignKey("sites.id"), nullable=False),
    Column("version", Integer, nullable=False),  # of the site's rules: each time some are applied makes the next
    Column("paragraph", Text, nullable=False),  # canonical: a paragraph that reads so is left out of the body
    Column("reason", Text, nullable=False),
    Column("learned_at", Moment, nullable=False),
    Index("ix_rules_site_id", "site_id"),
)
