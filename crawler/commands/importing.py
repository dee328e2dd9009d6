"""`backissue import`: records that come from elsewhere go through the same validation and recording as a crawl's."""

from __future__ import annotations

import asyncio
import hashlib
import json
import sys
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path

import click

from archive import ArchiveError
from archive.cli import Mistake, Settings, pass_settings
from archive.model import Capture, Outcome
from crawler.commands.common import load_declared_sites, require_web_address
from crawler.validation import InvalidRecord, capture_from_record

BATCH = 100
INPUT_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.group("import")
def import_group() -> None:
    """Bring in pages and records that were captured elsewhere.

    \b
    backissue import text story.txt
    backissue import jsonl records.jsonl
    backissue import warc CC-NEWS-20260301000000-00001.warc.gz
    """


@import_group.command("text")
@click.argument("files", nargs=-1, required=True, type=INPUT_FILE)
@click.option("--url", help="The article's address. Without it a urn: made of the content stands in.")
@click.option("--captured-at", help="When the page was saved (ISO 8601; without a zone UTC). Default: the file's date.")
@pass_settings
def import_text(settings: Settings, files: tuple[Path, ...], url: str | None, captured_at: str | None) -> None:
    """Read article pages that were saved as text, furniture included: title, body, category, counters.

    \b
    backissue import text story.txt
    backissue import text story.txt --url https://example.org/story --captured-at 2026-03-01T12:00:00Z
    """
    if url and len(files) > 1:
        raise click.UsageError(f"--url names one article, but {len(files)} files were given")
    if url:
        require_web_address(url)
    _record(settings, (_read_text_file(path, url, captured_at) for path in files))


def _read_text_file(path: Path, url: str | None, captured_at: str | None) -> Capture:
    from crawler.extraction import VERSION
    from crawler.extraction.text_record import read_text

    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise click.ClickException(f"{path}: not UTF-8 text (byte {error.start}); convert it first") from error
    content, engagement = read_text(text)
    if not content.title and not content.body:
        raise click.ClickException(f"{path}: no text in it")
    digest = hashlib.sha256(f"{content.title}\n\n{content.body}".encode()).hexdigest()
    saved_at = datetime.fromtimestamp(path.stat().st_mtime, UTC)
    try:
        moment = datetime.fromisoformat(captured_at) if captured_at else saved_at
        moment = moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise click.UsageError(f"--captured-at is {captured_at!r}; it must be like 2026-03-01T12:00:00Z") from error
    return Capture(
        url=url or f"urn:sha256:{digest}",
        captured_at=moment,
        content=content,
        engagement=engagement,
        extractor=f"text-{VERSION}",
    )


@import_group.command("jsonl")
@click.argument("files", nargs=-1, required=True, type=INPUT_FILE)
@pass_settings
def import_jsonl(settings: Settings, files: tuple[Path, ...]) -> None:
    """Read records, a JSON object a line: url, title, body, captured_at, category, authors, published_at, counters.

    \b
    backissue import jsonl records.jsonl

    A line that is no such record is named and left out; the others are archived (exit code 1).
    """
    bad = 0

    def captures() -> Iterator[Capture]:
        nonlocal bad
        for path in files:
            for number, line in _lines(path):
                try:
                    yield capture_from_record(_object(line))
                except InvalidRecord as error:
                    bad += 1
                    click.echo(f"{path}:{number}: {error}", err=True)

    _record(settings, captures())
    if bad:
        raise click.ClickException(f"{bad} line{'s' * (bad != 1)} left out")


def _lines(path: Path) -> Iterator[tuple[int, str]]:
    """The lines with something in them, numbered. Raises ClickException where the file is no text."""
    try:
        with path.open(encoding="utf-8-sig") as lines:
            yield from ((number, line) for number, line in enumerate(lines, 1) if line.strip())
    except UnicodeDecodeError as error:
        raise click.ClickException(f"{path}: not UTF-8 text (byte {error.start}); convert it first") from error


def _object(line: str) -> dict[str, object]:
    try:
        value = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise InvalidRecord(f"not JSON: {error}") from error
    if not isinstance(value, dict):
        raise InvalidRecord(f"a JSON object is wanted, found {type(value).__name__}")
    return value


def _record(settings: Settings, captures: Iterable[Capture]) -> None:
    """Store in batches and say what it came to."""
    from archive import Archive

    counts: dict[str, int] = {}
    try:
        with Archive.open(settings.database) as archive:
            for batch in _batches(captures):
                for capture in archive.record_many(batch):
                    counts[str(capture.outcome)] = counts.get(str(capture.outcome), 0) + 1
    except ArchiveError as error:
        raise Mistake(str(error)) from error
    click.echo(_summary(counts))


def _summary(counts: Mapping[str, int]) -> str:
    """What was recorded, in one line."""
    total = sum(counts.values())
    parts = [f"{counts[str(outcome)]:,} {outcome}" for outcome in Outcome if counts.get(str(outcome))]
    return f"{total:,} record{'s' * (total != 1)}: {', '.join(parts) or 'none'}".replace("_", " ")


def _batches(captures: Iterable[Capture]) -> Iterator[list[Capture]]:
    batch: list[Capture] = []
    for capture in captures:
        batch.append(capture)
        if len(batch) == BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


@import_group.command("warc")
@click.argument("files", nargs=-1, required=True, type=INPUT_FILE)
@click.option("--declared", is_flag=True, help="Only pages of the sites that sites.toml declares.")
@click.option("--no-raw", is_flag=True, help="Keep no raw copies, whatever the sites' `raw` setting says.")
@pass_settings
def import_warc(settings: Settings, files: tuple[Path, ...], declared: bool, no_raw: bool) -> None:
    """Read WARC or ARC files, gzipped or not (Common Crawl News too): each article page, at the time its record states.

    \b
    backissue import warc crawl-2024.warc.gz
    backissue import warc --declared CC-NEWS-*.warc.gz

    An error page or a listing is recorded only at addresses where the archive has an article; everything that is left
    out is counted. Importing a file twice adds nothing. docs/raw.md says more.
    """
    from archive import Archive
    from archive.warc import is_warc
    from crawler.backfill import Backfill
    from crawler.keeping import Keeper
    from crawler.workers import Workers

    if bad := [str(path) for path in files if not is_warc(path)]:
        raise click.UsageError(f"{bad[0]} is no WARC or ARC file")
    sites, workers = load_declared_sites(settings, missing_ok=True), Workers()
    try:
        with Archive.open(settings.database) as archive:
            keeper = Keeper(archive, sites, settings.raw_folder, now=settings.now)
            run = Backfill(keeper, sites, workers, settings.now, only_declared=declared, keep_raw=not no_raw)
            try:
                asyncio.run(run.read_all(files, on_batch=lambda: _show(run.total)))
            finally:
                keeper.close()
    except (ArchiveError, OSError) as error:
        raise Mistake(str(error)) from error
    finally:
        workers.close()
    left_out = ", ".join(f"{number:,} {why}" for why, number in run.left_out.most_common() if number)
    click.echo(_summary(run.outcomes) + (f"; left out: {left_out}" if left_out else ""))


def _show(total: int) -> None:
    """A count on standard error for someone who watches."""
    if sys.stderr.isatty():
        click.echo(f"\r{total:,} answers", err=True, nl=False)
