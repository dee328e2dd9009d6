"""`export warc`: takes the raw pages away."""

from __future__ import annotations

import sys
from contextlib import nullcontext
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from archive.cli.session import Mistake, Settings

if TYPE_CHECKING:
    from archive import Archive


def export_raw(
    settings: Settings, archive: Archive, output: Path, site: str | None, since: datetime | None, until: datetime | None
) -> None:
    """Writes the raw answers of the captures chosen to one WARC file. Raises Mistake where it cannot be written."""
    from archive.export.warc import export_warc
    from archive.warc import RawStore

    captures = archive.iter_raw_captures(site=site, since=since, until=until)
    store = RawStore(settings.raw_folder or archive.raw_folder)
    shown: Any = nullcontext(captures)
    if sys.stderr.isatty():
        shown = click.progressbar(captures, label="exporting raw pages", show_pos=True, file=sys.stderr)
    try:
        with shown as counted:
            taken = export_warc(counted, store, output)
    except OSError as error:
        raise Mistake(f"writing {str(output)!r} failed: {error.strerror or error}") from error
    lost = f"; {taken.lost:,} could not be read" if taken.lost else ""
    click.echo(f"{taken.captures:,} raw page{'s' * (taken.captures != 1)} in {output}{lost}", err=True)
