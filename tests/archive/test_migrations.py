"""Every database is made by the migrations, and they make what the schema says."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import text

from archive import Archive, Counter, Engagement, WrongSchema, migrations
from archive.schema import metadata


def told(archive: Archive) -> Any:
    """What is read off what is kept for lists."""
    room = archive.storage()
    return archive.labels(), archive.category_topics(site="news"), room.contents, room.bytes, archive.edit_heads()


def is_ours(thing: Any, name: str | None, kind: str, reflected: bool, compare_to: Any) -> bool:
    return not str(name or "").startswith(("search_index", "ix_search_index"))


class TestMigrations:
    def test_they_make_the_tables_of_the_schema(self, archive: Archive) -> None:
        with archive.database.engine.connect() as connection:
            options = {"include_object": is_ours, "compare_type": False}
            context = MigrationContext.configure(connection, opts=options)
            assert compare_metadata(context, metadata) == []
            assert migrations.revision(connection) == migrations.head()

    def test_opening_again_changes_nothing(self, archive: Archive, database_url: str, page: Any, at: Any) -> None:
        archive.record_many([page(at(0))])
        with Archive.open(database_url, create=False) as again:
            assert len(again.articles()) == 1

    def test_what_is_counted_is_counted_of_an_older_archive(self, archive: Archive, page: Any, at: Any) -> None:
        """The tables of revision 0002 had no totals of labels and texts, and versions no headline of their own."""
        captures = [
            page(at(n), url=f"https://news.test/{n % 3}", body=f"Text {n}.", title=f"T{n}", topics=("15000000",))
            for n in range(9)
        ]
        archive.record_many(captures)
        before = told(archive)
        with archive.database.engine.begin() as connection:
            command.downgrade(migrations.config(connection), "0002")
        archive.database.write(migrations.upgrade)
        assert told(archive) == before

    def test_counters_of_an_older_archive_can_be_asked_for(self, archive: Archive, page: Any, at: Any) -> None:
        """The articles of revision 0003 had views alone on their rows."""
        for hour, comments in enumerate((3, 40)):
            seen = Engagement(comments=Counter(comments, True, str(comments), "label"))
            archive.record_many([page(at(hour), engagement=seen)])
        with archive.database.engine.begin() as connection:
            command.downgrade(migrations.config(connection), "0003")
        archive.database.write(migrations.upgrade)
        assert len(archive.articles(at_least={"comments": 40})) == 1
        assert archive.articles(at_least={"comments": 41}) == []

    def test_first_edits_of_an_older_archive_are_told(self, archive: Archive, page: Any, at: Any) -> None:
        """The articles of revision 0004 did not say when they were first edited."""
        for hour in (0, 2, 7):
            archive.record_many([page(at(hour), body=f"At {hour}.")])
        archive.record_many([page(at(1), url="https://news.test/b")])
        before = archive.habits(since=at(-1), until=at(9))
        assert (before.first_edit_after, before.edited) == (timedelta(hours=2), 1)
        with archive.database.engine.begin() as connection:
            command.downgrade(migrations.config(connection), "0004")
        archive.database.write(migrations.upgrade)
        assert archive.habits(since=at(-1), until=at(9)) == before

    def test_the_index_of_an_older_archive_is_made_anew(self, archive: Archive, page: Any, at: Any) -> None:
        """Until revision 0006 PostgreSQL told words apart in its own way."""
        archive.record_many([page(at(0), body="The covid-19 wave.")])
        with archive.database.engine.begin() as connection:
            command.downgrade(migrations.config(connection), "0006")
            if connection.dialect.name == "postgresql":
                connection.execute(text("UPDATE search_index SET document = to_tsvector('simple', 'covid-19')"))
        archive.database.write(migrations.upgrade)
        assert len(archive.search("covid 19")) == 1

    def test_sites_of_an_older_archive_stay_what_they_were(self, archive: Archive, page: Any, at: Any) -> None:
        """The sites of revision 0007 had a column that nothing ever set."""
        archive.record_many([page(at(0))])
        archive.add_site("news", "https://news.test/home", scale=0.3)
        before = archive.sites(), archive.articles()
        with archive.database.engine.begin() as connection:
            command.downgrade(migrations.config(connection), "0007")
        archive.database.write(migrations.upgrade)
        assert (archive.sites(), archive.articles()) == before
        assert list(archive.verify()) == []

    def test_an_archive_of_a_newer_program_is_refused(self, archive: Archive, database_url: str) -> None:
        with archive.database.engine.begin() as connection:
            connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
        with pytest.raises(WrongSchema, match="'9999'"):
            Archive.open(database_url)


def test_the_newest_revision_is_known_by_the_names_of_the_files() -> None:
    scripts = ScriptDirectory(str(Path(migrations.__file__).parent))
    assert migrations.head() == scripts.get_current_head()


def test_opening_an_archive_that_is_up_to_date_imports_no_alembic(tmp_path: Path) -> None:
    """Importing it takes longer than most commands do."""
    url = f"sqlite:///{tmp_path / 'archive.db'}"
    Archive.open(url).close()
    code = f"import sys; from archive import Archive; Archive.open({url!r}).close(); print('alembic' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


def test_a_file_that_is_no_database_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "notes.db"
    path.write_text("not a database at all, but long enough to be looked at as one" * 20)
    with pytest.raises(WrongSchema, match=r"notes\.db"):
        Archive.open(f"sqlite:///{path}")


def test_somebody_elses_database_is_left_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "other.db"
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE articles (x)")
    connection.close()
    with pytest.raises(WrongSchema):
        Archive.open(f"sqlite:///{path}")
    with sqlite3.connect(path) as connection:
        assert connection.execute("SELECT name FROM sqlite_master").fetchall() == [("articles",)]
    connection.close()
