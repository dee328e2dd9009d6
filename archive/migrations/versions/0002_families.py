"""Families of copies, and learned boilerplate."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "sketches",
        sa.Column("article_id", ID, nullable=False),
        sa.Column("maker", sa.SmallInteger(), nullable=False),
        sa.Column("body_digest", sa.LargeBinary(), nullable=True),
        sa.Column("bands", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["article_id"], ["articles.id"], name="fk_sketches_article_id"),
        sa.PrimaryKeyConstraint("article_id", name="pk_sketches"),
    )
    op.create_table(
        "bands",
        sa.Column("band", sa.Integer(), nullable=False),
        sa.Column("article_id", ID, nullable=False),
        sa.PrimaryKeyConstraint("band", "article_id", name="pk_bands"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "rules",
        sa.Column("id", ID, nullable=False),
        sa.Column("site_id", ID, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("paragraph", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("learned_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["site_id"], ["sites.id"], name="fk_rules_site_id"),
        sa.PrimaryKeyConstraint("id", name="pk_rules"),
    )
    op.create_index("ix_rules_site_id", "rules", ["site_id"], unique=False)


def downgrade() -> None:
    op.drop_index("ix_rules_site_id", table_name="rules")
    op.drop_table("rules")
    op.drop_table("bands")
    op.drop_table("sketches")
