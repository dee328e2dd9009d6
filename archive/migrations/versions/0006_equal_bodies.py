"""An index by which an article finds the others that have its very body."""

from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_sketches_body_digest", "sketches", ["body_digest"])


def downgrade() -> None:
    op.drop_index("ix_sketches_body_digest", table_name="sketches")
