"""Every change of the tables, in order, and the one way a database gets them.

The files in `versions/` are named NNNN_what.py after their revision, so that the newest is known without importing
Alembic, which takes longer than most commands.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, inspect, text

from archive.errors import WrongSchema

if TYPE_CHECKING:
    from alembic.config import Config

_HERE = Path(__file__).parent
_UPGRADING = 0x6261636B69737375
"""PostgreSQL's lock under which one process at a time makes tables (SQLite lets only one write)."""


def upgrade(connection: Connection) -> bool:
    """Brings the database to this program's tables, inside the caller's transaction. False = it had them."""
    from alembic import command
    from alembic.util import CommandError

    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _UPGRADING})
    current = revision(connection)
    if current == head():
        return False
    try:
        command.upgrade(config(connection), "head")
    except CommandError as error:
        raise WrongSchema(
            f"the database's tables are of revision {current!r}, unknown to this program; use a newer one"
        ) from error
    return True


def revision(connection: Connection) -> str | None:
    """The revision the database is at; None = it is no archive yet."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    found: str | None = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
    return found


@cache
def head() -> str:
    """The revision of this program's tables."""
    return max(path.name.partition("_")[0] for path in (_HERE / "versions").glob("[0-9]*_*.py"))


def config(connection: Connection) -> Config:
    """Alembic's, for this connection."""
    from alembic.config import Config

    found = Config()
    found.set_main_option("script_location", str(_HERE))
    found.attributes["connection"] = connection
    return found
