"""Every change of the tables, in order, and the one way a database gets them."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import Connection, text

from archive.errors import WrongSchema

_HERE = Path(__file__).parent
_UPGRADING = 0x6261636B69737375
"""PostgreSQL's lock under which one process at a time makes tables (SQLite lets only one write)."""


def upgrade(connection: Connection) -> bool:
    """Brings the database to this program's tables, inside the caller's transaction. False = it had them."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _UPGRADING})
    script = ScriptDirectory.from_config(_config(connection))
    current = MigrationContext.configure(connection).get_current_revision()
    if current == script.get_current_head():
        return False
    try:
        command.upgrade(_config(connection), "head")
    except CommandError as error:
        raise WrongSchema(
            f"the database's tables are of revision {current!r}, unknown to this program; use a newer one"
        ) from error
    return True


def revision(connection: Connection) -> str | None:
    """The revision the database is at; None = it is no archive yet."""
    return MigrationContext.configure(connection).get_current_revision()


def head() -> str | None:
    """The revision of this program's tables."""
    return ScriptDirectory(str(_HERE)).get_current_head()


def _config(connection: Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", str(_HERE))
    config.attributes["connection"] = connection
    return config
