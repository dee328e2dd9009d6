"""Totals of labels and texts, kept as they are written; what lists show of an edit; indexes for rare rows of a site."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

#: -1 stands for all sites together, 0 for no site.
_LABELS = """
INSERT INTO label_totals (kind, site_id, folded, label, articles)
SELECT labels.kind, {site}, labels.folded, min(labels.label), count(*)
FROM labels JOIN articles ON articles.id = labels.article_id
WHERE articles.merged_into IS NULL
GROUP BY labels.kind, {group}labels.folded
"""
_PAIRS = """
INSERT INTO category_topics (site_id, category, topic, articles)
SELECT {site}, category.folded, topic.folded, count(*)
FROM labels category
JOIN labels topic ON topic.article_id = category.article_id AND topic.kind = 'topic'
JOIN articles ON articles.id = category.article_id
WHERE category.kind = 'category' AND articles.merged_into IS NULL
GROUP BY {group}category.folded, topic.folded
"""
_TEXTS = """
INSERT INTO text_totals (site_id, contents, keyframes, bytes)
SELECT coalesce(articles.site_id, 0), count(*), sum(CASE WHEN contents.base_id IS NULL THEN 1 ELSE 0 END),
       sum(length(contents.data))
FROM contents JOIN articles ON articles.id = contents.article_id
GROUP BY coalesce(articles.site_id, 0)
"""

_KINDS = (
    *("headline", "typo", "punctuation", "wording", "number", "quote", "name", "paragraph_added", "paragraph_removed"),
    *("paragraph_moved", "correction", "update_note", "category", "author", "reverted", "rewritten"),
)
_TROUBLE = "outcome NOT IN ('new', 'changed', 'unchanged', 'not_modified')"


def upgrade() -> None:
    _make_totals()
    _make_indexes()


def downgrade() -> None:
    _index_kinds("captured_at", "id", "site_id")
    op.drop_index("ix_captures_trouble", table_name="captures")
    op.drop_index("ix_articles_gone", table_name="articles")
    op.drop_index("ix_articles_site_id_changed_at", table_name="articles")
    op.drop_index("ix_articles_site_id_language_first_captured_at", table_name="articles")
    for name in ("title", "words_added", "words_removed"):
        op.drop_column("versions", name)
    op.drop_table("text_totals")
    op.drop_table("category_topics")
    op.drop_index("ix_label_totals_kind_site_id_articles", table_name="label_totals")
    op.drop_table("label_totals")


def _make_indexes() -> None:
    _index_kinds("captured_at", "id", "site_id", "edit_kinds")
    language = ["site_id", "language", "first_captured_at"]
    op.create_index("ix_articles_site_id_language_first_captured_at", "articles", language)
    op.create_index("ix_articles_site_id_changed_at", "articles", ["site_id", "changed_at"])
    _create_index_where("ix_articles_gone", "articles", "gone_at IS NOT NULL", "site_id", "first_captured_at")
    _create_index_where("ix_captures_trouble", "captures", _TROUBLE, "site_id", "outcome", "captured_at", "id")


def _index_kinds(*columns: str) -> None:
    for bit, kind in enumerate(_KINDS):
        op.drop_index(f"ix_versions_is_{kind}", table_name="versions")
        _create_index_where(f"ix_versions_is_{kind}", "versions", f"edit_kinds & {1 << bit} != 0", *columns)


def _create_index_where(name: str, table: str, condition: str, *columns: str) -> None:
    where = sa.text(condition)
    op.create_index(name, table, list(columns), sqlite_where=where, postgresql_where=where)


def _make_totals() -> None:
    op.create_table(
        "label_totals",
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("site_id", ID, nullable=False),
        sa.Column("folded", sa.Text(), nullable=False),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("articles", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("kind", "site_id", "folded", name="pk_label_totals"),
        sqlite_with_rowid=False,
    )
    op.create_index(
        "ix_label_totals_kind_site_id_articles", "label_totals", ["kind", "site_id", "articles"], unique=False
    )
    op.create_table(
        "category_topics",
        sa.Column("site_id", ID, nullable=False),
        sa.Column("category", sa.Text(), nullable=False),
        sa.Column("topic", sa.Text(), nullable=False),
        sa.Column("articles", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("site_id", "category", "topic", name="pk_category_topics"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "text_totals",
        sa.Column("site_id", ID, nullable=False),
        sa.Column("contents", sa.BigInteger(), nullable=False),
        sa.Column("keyframes", sa.BigInteger(), nullable=False),
        sa.Column("bytes", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("site_id", name="pk_text_totals"),
    )
    for name, kind in (("title", sa.Text()), ("words_added", sa.Integer()), ("words_removed", sa.Integer())):
        op.add_column("versions", sa.Column(name, kind, nullable=True))
    for statement in (_LABELS, _PAIRS):
        op.execute(statement.format(site="-1", group=""))
        op.execute(statement.format(site="coalesce(articles.site_id, 0)", group="coalesce(articles.site_id, 0), "))
    op.execute(_TEXTS)
