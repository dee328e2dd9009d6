"""When an article's first edit was seen, on its row: a week's habits are read from one index."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_SECOND = "SELECT captured_at FROM versions WHERE versions.article_id = articles.id AND versions.number = 2"


def upgrade() -> None:
    op.add_column("articles", sa.Column("first_edited_at", sa.BigInteger(), nullable=True))
    op.execute(f"UPDATE articles SET first_edited_at = ({_SECOND}) WHERE versions > 1")
    where = sa.text("first_edited_at IS NOT NULL")
    columns = ["first_captured_at", "first_edited_at", "site_id"]
    op.create_index("ix_articles_edited", "articles", columns, sqlite_where=where, postgresql_where=where)


def downgrade() -> None:
    op.drop_index("ix_articles_edited", table_name="articles")
    op.drop_column("articles", "first_edited_at")
