"""Whether a site is crawled stands in sites.toml alone; nothing ever set what the archive said of it."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_column("sites", "paused")


def downgrade() -> None:
    op.add_column("sites", sa.Column("paused", sa.Boolean(), server_default=sa.text("false"), nullable=False))
