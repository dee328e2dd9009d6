"""The first tables."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
SEARCH_SQLITE = """
CREATE VIRTUAL TABLE search_index USING fts5(document, content='', tokenize="unicode61 remove_diacritics 2")
"""
SEARCH_POSTGRESQL = """
CREATE TABLE search_index (version_id BIGINT PRIMARY KEY, document TSVECTOR NOT NULL)
"""
EDIT_KINDS = (
    *("headline", "typo", "punctuation", "wording", "number", "quote", "name"),
    *("paragraph_added", "paragraph_removed", "paragraph_moved", "correction", "update_note"),
    *("category", "author", "reverted", "rewritten"),
)
PARTIAL = [
    ("ix_candidates_waiting", "candidates", ["site_id"], "looks = 0 AND due_at IS NOT NULL"),
    (
        "ix_candidates_quarantined_at",
        "candidates",
        ["quarantined_at", "site_id", "due_at"],
        "quarantined_at IS NOT NULL",
    ),
    ("ix_versions_stealth", "versions", ["captured_at", "id", "site_id", "edit_kinds"], "stealth"),
    *(
        (f"ix_versions_is_{kind}", "versions", ["captured_at", "id", "site_id"], f"edit_kinds & {1 << bit} != 0")
        for bit, kind in enumerate(EDIT_KINDS)
    ),
]


def upgrade() -> None:
    op.create_table(
        "totals",
        sa.Column("site_id", ID, autoincrement=False, nullable=False),
        sa.Column("articles", sa.BigInteger(), nullable=False),
        sa.Column("versions", sa.BigInteger(), nullable=False),
        sa.Column("captures", sa.BigInteger(), nullable=False),
        sa.Column("edited", sa.BigInteger(), nullable=False),
        sa.Column("gone", sa.BigInteger(), nullable=False),
        sa.Column("first_captured_at", sa.BigInteger(), nullable=True),
        sa.Column("last_captured_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("site_id", name="pk_totals"),
    )
    op.create_table(
        "crawls",
        sa.Column("id", ID, nullable=False),
        sa.Column("command", sa.Text(), nullable=True),
        sa.Column("sites", sa.Text(), nullable=False),
        sa.Column("started_at", sa.BigInteger(), nullable=False),
        sa.Column("ended_at", sa.BigInteger(), nullable=True),
        sa.Column("exit_code", sa.Integer(), nullable=True),
        sa.Column("counts", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_crawls"),
    )
    op.create_index("ix_crawls_started_at", "crawls", ["started_at"], unique=False)
    op.create_table(
        "dictionaries",
        sa.Column("id", ID, nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=False),
        sa.Column("trained_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_dictionaries"),
    )
    op.create_table(
        "engagements",
        sa.Column("id", ID, nullable=False),
        sa.Column("views", sa.BigInteger(), nullable=True),
        sa.Column("likes", sa.BigInteger(), nullable=True),
        sa.Column("dislikes", sa.BigInteger(), nullable=True),
        sa.Column("shares", sa.BigInteger(), nullable=True),
        sa.Column("comments", sa.BigInteger(), nullable=True),
        sa.Column("comments_open", sa.Boolean(), nullable=True),
        sa.Column("detail", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_engagements"),
    )
    op.create_table(
        "hosts",
        sa.Column("host", sa.Text(), nullable=False),
        sa.Column("robots", sa.LargeBinary(), nullable=True),
        sa.Column("robots_status", sa.Integer(), nullable=True),
        sa.Column("robots_fetched_at", sa.BigInteger(), nullable=True),
        sa.Column("retry_after_at", sa.BigInteger(), nullable=True),
        sa.Column("failures", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("failed_at", sa.BigInteger(), nullable=True),
        sa.Column("notes", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("host", name="pk_hosts"),
    )
    op.create_table(
        "provenances",
        sa.Column("id", ID, nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("data", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_provenances"),
        sa.UniqueConstraint("digest", name="uq_provenances_digest"),
    )
    op.create_table(
        "sites",
        sa.Column("id", ID, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("added_at", sa.BigInteger(), nullable=True),
        sa.Column("paused", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("scale", sa.Float(), nullable=True),
        sa.Column("lastmod_moves", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("lastmod_hits", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_sites"),
        sa.UniqueConstraint("name", name="uq_sites_name"),
    )
    op.create_table(
        "articles",
        sa.Column("id", ID, nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("site_id", ID, nullable=True),
        sa.Column("candidate_id", ID, nullable=True),
        sa.Column("title", sa.Text(), nullable=True),
        sa.Column("language", sa.Text(), nullable=True),
        sa.Column("published_at", sa.BigInteger(), nullable=True),
        sa.Column("modified_at", sa.BigInteger(), nullable=True),
        sa.Column("categories", sa.Text(), nullable=True),
        sa.Column("topics", sa.Text(), nullable=True),
        sa.Column("authors", sa.Text(), nullable=True),
        sa.Column("access", sa.Text(), nullable=True),
        sa.Column("first_captured_at", sa.BigInteger(), nullable=True),
        sa.Column("last_captured_at", sa.BigInteger(), nullable=True),
        sa.Column("changed_at", sa.BigInteger(), nullable=True),
        sa.Column("gone_at", sa.BigInteger(), nullable=True),
        sa.Column("captures", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("versions", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("version_id", ID, nullable=True),
        sa.Column("content_id", ID, nullable=True),
        sa.Column("keyframe_id", ID, nullable=True),
        sa.Column("silent", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("partial", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("engagement_id", ID, nullable=True),
        sa.Column("shows_counters", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("views", sa.BigInteger(), nullable=True),
        sa.Column("merged_into", ID, nullable=True),
        sa.ForeignKeyConstraint(["site_id"], ["sites.id"], name="fk_articles_site_id"),
        sa.PrimaryKeyConstraint("id", name="pk_articles"),
    )
    op.create_index("ix_articles_changed_at", "articles", ["changed_at"], unique=False)
    op.create_index("ix_articles_first_captured_at", "articles", ["first_captured_at"], unique=False)
    op.create_index(
        "ix_articles_language_first_captured_at", "articles", ["language", "first_captured_at"], unique=False
    )
    op.create_index("ix_articles_published_at", "articles", ["published_at"], unique=False)
    op.create_index("ix_articles_site_id_first_captured_at", "articles", ["site_id", "first_captured_at"], unique=False)
    op.create_index("ix_articles_url", "articles", ["url"], unique=False)
    op.create_index(
        "ix_articles_views",
        "articles",
        ["views"],
        unique=False,
        sqlite_where=sa.text("views IS NOT NULL"),
        postgresql_where=sa.text("views IS NOT NULL"),
    )
    op.create_table(
        "sources",
        sa.Column("id", ID, nullable=False),
        sa.Column("site_id", ID, nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("etag", sa.Text(), nullable=True),
        sa.Column("last_modified", sa.Text(), nullable=True),
        sa.Column("fetched_at", sa.BigInteger(), nullable=True),
        sa.Column("changed_at", sa.BigInteger(), nullable=True),
        sa.Column("due_at", sa.BigInteger(), nullable=True),
        sa.Column("status", sa.Integer(), nullable=True),
        sa.Column("failures", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("entries", sa.Integer(), nullable=True),
        sa.Column("digest", sa.Text(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["site_id"], ["sites.id"], name="fk_sources_site_id"),
        sa.PrimaryKeyConstraint("id", name="pk_sources"),
        sa.UniqueConstraint("site_id", "url", name="uq_sources_site_id_url"),
    )
    op.create_table(
        "candidates",
        sa.Column("id", ID, nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("host", sa.Text(), nullable=False),
        sa.Column("story", sa.Text(), nullable=True),
        sa.Column("site_id", ID, nullable=True),
        sa.Column("article_id", ID, nullable=True),
        sa.Column("found_in", sa.Text(), nullable=False),
        sa.Column("found_at", sa.BigInteger(), nullable=False),
        sa.Column("title", sa.Text(), nullable=True),
        sa.Column("language", sa.Text(), nullable=True),
        sa.Column("published_at", sa.BigInteger(), nullable=True),
        sa.Column("claimed_at", sa.BigInteger(), nullable=True),
        sa.Column("seen_claim_at", sa.BigInteger(), nullable=True),
        sa.Column("due_at", sa.BigInteger(), nullable=True),
        sa.Column("due_reason", sa.Text(), nullable=True),
        sa.Column("last_captured_at", sa.BigInteger(), nullable=True),
        sa.Column("last_outcome", sa.Text(), nullable=True),
        sa.Column("looks", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("failures", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("etag", sa.Text(), nullable=True),
        sa.Column("last_modified", sa.Text(), nullable=True),
        sa.Column("conditional_since_full", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("crashes", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("quarantined_at", sa.BigInteger(), nullable=True),
        sa.Column("quarantine_reason", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["article_id"], ["articles.id"], name="fk_candidates_article_id"),
        sa.ForeignKeyConstraint(["site_id"], ["sites.id"], name="fk_candidates_site_id"),
        sa.PrimaryKeyConstraint("id", name="pk_candidates"),
        sa.UniqueConstraint("key", name="uq_candidates_key"),
    )
    op.create_index("ix_candidates_article_id", "candidates", ["article_id"], unique=False)
    op.create_index("ix_candidates_due_at_site_id", "candidates", ["due_at", "site_id"], unique=False)
    op.create_index("ix_candidates_site_id_due_at", "candidates", ["site_id", "due_at"], unique=False)
    op.create_index(
        "ix_candidates_story",
        "candidates",
        ["story"],
        unique=False,
        sqlite_where=sa.text("story IS NOT NULL"),
        postgresql_where=sa.text("story IS NOT NULL"),
    )
    op.create_table(
        "contents",
        sa.Column("id", ID, nullable=False),
        sa.Column("article_id", ID, nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("base_id", ID, nullable=True),
        sa.Column("dictionary_id", ID, nullable=True),
        sa.Column("data", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["article_id"], ["articles.id"], name="fk_contents_article_id"),
        sa.ForeignKeyConstraint(["base_id"], ["contents.id"], name="fk_contents_base_id"),
        sa.ForeignKeyConstraint(["dictionary_id"], ["dictionaries.id"], name="fk_contents_dictionary_id"),
        sa.PrimaryKeyConstraint("id", name="pk_contents"),
    )
    op.create_index("ix_contents_article_id", "contents", ["article_id"], unique=False)
    op.create_index("ix_contents_digest", "contents", ["digest"], unique=False)
    op.create_table(
        "events",
        sa.Column("id", ID, nullable=False),
        sa.Column("article_id", ID, nullable=True),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("detail", sa.Text(), nullable=True),
        sa.Column("capture_id", ID, nullable=True),
        sa.ForeignKeyConstraint(["article_id"], ["articles.id"], name="fk_events_article_id"),
        sa.PrimaryKeyConstraint("id", name="pk_events"),
    )
    op.create_index("ix_events_article_id", "events", ["article_id"], unique=False)
    op.create_table(
        "labels",
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("folded", sa.Text(), nullable=False),
        sa.Column("article_id", ID, nullable=False),
        sa.Column("label", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["article_id"], ["articles.id"], name="fk_labels_article_id"),
        sa.PrimaryKeyConstraint("kind", "folded", "article_id", name="pk_labels"),
    )
    op.create_index("ix_labels_article_id", "labels", ["article_id"], unique=False)
    op.create_table(
        "merges",
        sa.Column("id", ID, nullable=False),
        sa.Column("kept_id", ID, nullable=False),
        sa.Column("absorbed_id", ID, nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("moved", sa.Text(), nullable=False),
        sa.Column("undone_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["absorbed_id"], ["articles.id"], name="fk_merges_absorbed_id"),
        sa.ForeignKeyConstraint(["kept_id"], ["articles.id"], name="fk_merges_kept_id"),
        sa.PrimaryKeyConstraint("id", name="pk_merges"),
    )
    op.create_index("ix_merges_absorbed_id", "merges", ["absorbed_id"], unique=False)
    op.create_table(
        "captures",
        sa.Column("id", ID, nullable=False),
        sa.Column("candidate_id", ID, nullable=False),
        sa.Column("url", sa.Text(), nullable=True),
        sa.Column("article_id", ID, nullable=True),
        sa.Column("site_id", ID, nullable=True),
        sa.Column("crawl_id", ID, nullable=True),
        sa.Column("captured_at", sa.BigInteger(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("verdict", sa.Text(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("status", sa.SmallInteger(), nullable=True),
        sa.Column("final_url", sa.Text(), nullable=True),
        sa.Column("content_id", ID, nullable=True),
        sa.Column("version_id", ID, nullable=True),
        sa.Column("engagement_id", ID, nullable=True),
        sa.Column("provenance_id", ID, nullable=True),
        sa.Column("extractor", sa.Text(), nullable=True),
        sa.Column("etag", sa.Text(), nullable=True),
        sa.Column("last_modified", sa.Text(), nullable=True),
        sa.Column("other_urls", sa.Text(), nullable=True),
        sa.Column("raw_path", sa.Text(), nullable=True),
        sa.Column("retry_after_at", sa.BigInteger(), nullable=True),
        sa.Column("token", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["article_id"], ["articles.id"], name="fk_captures_article_id"),
        sa.ForeignKeyConstraint(["candidate_id"], ["candidates.id"], name="fk_captures_candidate_id"),
        sa.ForeignKeyConstraint(["content_id"], ["contents.id"], name="fk_captures_content_id"),
        sa.ForeignKeyConstraint(["engagement_id"], ["engagements.id"], name="fk_captures_engagement_id"),
        sa.ForeignKeyConstraint(["provenance_id"], ["provenances.id"], name="fk_captures_provenance_id"),
        sa.PrimaryKeyConstraint("id", name="pk_captures"),
    )
    op.create_index("ix_captures_article_id_captured_at", "captures", ["article_id", "captured_at"], unique=False)
    op.create_index("ix_captures_candidate_id_captured_at", "captures", ["candidate_id", "captured_at"], unique=False)
    op.create_index("ix_captures_captured_at", "captures", ["captured_at"], unique=False)
    op.create_index(
        "ix_captures_crawl_id_captured_at_outcome", "captures", ["crawl_id", "captured_at", "outcome"], unique=False
    )
    op.create_index("ix_captures_site_id_captured_at", "captures", ["site_id", "captured_at"], unique=False)
    op.create_index(
        "ix_captures_token",
        "captures",
        ["token"],
        unique=True,
        sqlite_where=sa.text("token IS NOT NULL"),
        postgresql_where=sa.text("token IS NOT NULL"),
    )
    op.create_table(
        "versions",
        sa.Column("id", ID, nullable=False),
        sa.Column("token", sa.Text(), nullable=False),
        sa.Column("article_id", ID, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("site_id", ID, nullable=True),
        sa.Column("captured_at", sa.BigInteger(), nullable=False),
        sa.Column("last_seen_at", sa.BigInteger(), nullable=False),
        sa.Column("content_id", ID, nullable=False),
        sa.Column("title_digest", sa.LargeBinary(), nullable=True),
        sa.Column("body_digest", sa.LargeBinary(), nullable=True),
        sa.Column("categories_digest", sa.LargeBinary(), nullable=True),
        sa.Column("authors_digest", sa.LargeBinary(), nullable=True),
        sa.Column("edit_kinds", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("stealth", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("differ", sa.Text(), nullable=True),
        sa.Column("reverts_to", sa.Integer(), nullable=True),
        sa.Column("extractor", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["article_id"], ["articles.id"], name="fk_versions_article_id"),
        sa.ForeignKeyConstraint(["content_id"], ["contents.id"], name="fk_versions_content_id"),
        sa.PrimaryKeyConstraint("id", name="pk_versions"),
        sa.UniqueConstraint("article_id", "number", name="uq_versions_article_id_number"),
        sa.UniqueConstraint("token", name="uq_versions_token"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_versions_captured_at_id", "versions", ["captured_at", "id"], unique=False)
    op.create_index("ix_versions_site_id_captured_at_id", "versions", ["site_id", "captured_at", "id"], unique=False)
    for name, table, columns, condition in PARTIAL:
        op.create_index(name, table, columns, sqlite_where=sa.text(condition), postgresql_where=sa.text(condition))
    if op.get_bind().dialect.name == "sqlite":
        op.execute(SEARCH_SQLITE)
    else:
        op.execute(SEARCH_POSTGRESQL)
        op.execute("CREATE INDEX ix_search_index_document ON search_index USING gin (document)")


def downgrade() -> None:
    op.execute("DROP TABLE search_index")
    for name, table, _, _ in PARTIAL:
        op.drop_index(name, table_name=table)
    op.drop_index("ix_versions_site_id_captured_at_id", table_name="versions")
    op.drop_index("ix_versions_captured_at_id", table_name="versions")
    op.drop_table("versions")
    op.drop_index(
        "ix_captures_token",
        table_name="captures",
        sqlite_where=sa.text("token IS NOT NULL"),
        postgresql_where=sa.text("token IS NOT NULL"),
    )
    op.drop_index("ix_captures_site_id_captured_at", table_name="captures")
    op.drop_index("ix_captures_crawl_id_captured_at_outcome", table_name="captures")
    op.drop_index("ix_captures_captured_at", table_name="captures")
    op.drop_index("ix_captures_candidate_id_captured_at", table_name="captures")
    op.drop_index("ix_captures_article_id_captured_at", table_name="captures")
    op.drop_table("captures")
    op.drop_index("ix_merges_absorbed_id", table_name="merges")
    op.drop_table("merges")
    op.drop_index("ix_labels_article_id", table_name="labels")
    op.drop_table("labels")
    op.drop_index("ix_events_article_id", table_name="events")
    op.drop_table("events")
    op.drop_index("ix_contents_digest", table_name="contents")
    op.drop_index("ix_contents_article_id", table_name="contents")
    op.drop_table("contents")
    op.drop_index(
        "ix_candidates_story",
        table_name="candidates",
        sqlite_where=sa.text("story IS NOT NULL"),
        postgresql_where=sa.text("story IS NOT NULL"),
    )
    op.drop_index("ix_candidates_site_id_due_at", table_name="candidates")
    op.drop_index("ix_candidates_due_at_site_id", table_name="candidates")
    op.drop_index("ix_candidates_article_id", table_name="candidates")
    op.drop_table("candidates")
    op.drop_table("sources")
    op.drop_index(
        "ix_articles_views",
        table_name="articles",
        sqlite_where=sa.text("views IS NOT NULL"),
        postgresql_where=sa.text("views IS NOT NULL"),
    )
    op.drop_index("ix_articles_url", table_name="articles")
    op.drop_index("ix_articles_site_id_first_captured_at", table_name="articles")
    op.drop_index("ix_articles_published_at", table_name="articles")
    op.drop_index("ix_articles_language_first_captured_at", table_name="articles")
    op.drop_index("ix_articles_first_captured_at", table_name="articles")
    op.drop_index("ix_articles_changed_at", table_name="articles")
    op.drop_table("articles")
    op.drop_table("sites")
    op.drop_table("provenances")
    op.drop_table("hosts")
    op.drop_table("engagements")
    op.drop_table("dictionaries")
    op.drop_index("ix_crawls_started_at", table_name="crawls")
    op.drop_table("crawls")
    op.drop_table("totals")
