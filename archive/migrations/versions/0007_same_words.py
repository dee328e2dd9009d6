"""PostgreSQL finds the words that SQLite finds: "covid-19" by "covid", "café" by "cafe". Its index is made anew."""

from alembic import op

from archive.store.upkeep import reindex

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    connection = op.get_bind()
    if connection.dialect.name == "postgresql":
        reindex(connection)


def downgrade() -> None:
    """What finds more also finds what was found before."""
