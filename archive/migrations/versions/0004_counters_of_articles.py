"""All counters of an article's newest look on its row, so that articles are found by them as they are by views."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_NAMES = ("likes", "dislikes", "shares", "comments")
_SAID = "SELECT {name} FROM engagements WHERE engagements.id = articles.engagement_id"


def upgrade() -> None:
    for name in _NAMES:
        op.add_column("articles", sa.Column(name, sa.BigInteger(), nullable=True))
    values = ", ".join(f"{name} = ({_SAID.format(name=name)})" for name in _NAMES)
    op.execute(f"UPDATE articles SET {values} WHERE engagement_id IS NOT NULL")
    for name in _NAMES:
        where = sa.text(f"{name} IS NOT NULL")
        op.create_index(f"ix_articles_{name}", "articles", [name], sqlite_where=where, postgresql_where=where)


def downgrade() -> None:
    for name in _NAMES:
        op.drop_index(f"ix_articles_{name}", table_name="articles")
        op.drop_column("articles", name)
