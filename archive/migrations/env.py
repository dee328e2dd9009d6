"""Run by Alembic only: uses the connection that `migrations.upgrade` was given."""

from alembic import context

from archive.schema import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=True,
    transaction_per_migration=False,
)
context.run_migrations()
