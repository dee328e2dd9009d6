"""`backissue extract`: what the extractor makes of a page, with the source of every field."""

from __future__ import annotations

import dataclasses
import json
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from archive.cli import Settings, pass_settings
from archive.model import COUNTERS
from crawler.commands.common import fetch_settings, load_declared_sites, require_web_address

if TYPE_CHECKING:
    from crawler.extraction import Extraction
    from crawler.fetching import Fetch
    from crawler.probe import Fetched


@click.command()
@click.argument("targets", nargs=-1, required=True, metavar="FILE|URL...")
@click.option("--url", help="The address that a FILE was fetched from.")
@click.option("--explain", is_flag=True, help="Show why each block of text was kept or dropped.")
@click.option("--format", "output", type=click.Choice(["table", "json", "jsonl"]), default="table", show_default=True)
@pass_settings
def extract(settings: Settings, targets: tuple[str, ...], url: str | None, explain: bool, output: str) -> None:
    """Print what is read from a page: the record, and where each field was found. Nothing is archived.

    \b
    backissue extract https://example.org/a-story
    backissue extract page.html --url https://example.org/a-story --format json
    backissue extract page.html --explain
    """
    from crawler.extraction import extract as extract_page

    for address in (*(target for target in targets if "://" in target), *((url,) if url else ())):
        require_web_address(address)
    files = [target for target in targets if "://" not in target]
    pages: list[tuple[str, bytes, str, str | None]] = [
        (name, _read_file(name), url or Path(name).absolute().as_uri(), None) for name in files
    ]
    urls = [target for target in targets if "://" in target]
    if urls:
        pages += [(page.url, page.body, page.url, page.content_type) for page in _fetch(settings, urls)]
    sites = load_declared_sites(settings, missing_ok=True)
    now = datetime.now(UTC)
    found = []
    for name, body, address, content_type in pages:
        hints = sites.of_url(address).hints_at(now.date()) if address.startswith("http") else None
        page = extract_page(body, address, content_type=content_type, fetched_at=now, hints=hints, explain=explain)
        found.append((name, page))
    if output == "table":
        for name, extraction in found:
            click.echo(_as_text(name, extraction, explain))
        return
    records = [_as_record(name, extraction, explain) for name, extraction in found]
    if output == "json":
        click.echo(json.dumps(records[0] if len(records) == 1 else records, ensure_ascii=False, indent=2))
    else:
        for record in records:
            click.echo(json.dumps(record, ensure_ascii=False))


def _read_file(path: str) -> bytes:
    try:
        return sys.stdin.buffer.read() if path == "-" else Path(path).read_bytes()
    except OSError as error:
        raise click.UsageError(f"cannot read {path!r}: {error.strerror}") from error


def _fetch(settings: Settings, urls: list[str]) -> list[Fetched]:
    """The pages, through the same guards as a crawl; one that cannot be had ends the command with its reason."""
    from crawler import fetching

    chosen = fetch_settings(settings)

    async def fetch_all(fetch: Fetch) -> list[Fetched]:
        return [await fetch(url) for url in urls]

    pages = fetching.run(chosen, fetch_all)
    for page in pages:
        if page.error:
            raise click.ClickException(f"{page.url}: {page.error}")
        if page.status != 200:
            click.echo(f"{page.url} answered {page.status}", err=True)
    return pages


def _as_record(name: str, extraction: Extraction, explain: bool) -> dict[str, Any]:
    """One JSON object: verdict, article, engagement, provenance."""
    record: dict[str, Any] = {"page": name, "verdict": str(extraction.verdict), "reason": extraction.reason}
    if extraction.article:
        record |= {key: _plain(value) for key, value in dataclasses.asdict(extraction.article).items()}
    if extraction.engagement:
        engagement = extraction.engagement
        for counter in COUNTERS:
            found = getattr(engagement, counter)
            record[counter] = None if found is None else found.value
        record["comments_open"] = engagement.comments_open
        record["placeholder_suspect"] = list(engagement.placeholder_suspect)
    record["provenance"] = dict(extraction.provenance)
    if explain:
        record["explain"] = [dataclasses.asdict(note) for note in extraction.explain]
    return record


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat()
    return list(value) if isinstance(value, tuple) else value


def _as_text(name: str, extraction: Extraction, explain: bool) -> str:
    """A field a line with its source, then the body."""
    record = _as_record(name, extraction, explain=False)
    provenance = record.pop("provenance")
    body = record.pop("body", None)
    lines = []
    for key, value in record.items():
        if value in (None, [], ()):
            continue
        shown = ", ".join(map(str, value)) if isinstance(value, list) else str(value)
        source = click.style(f"   ({provenance[key]})", dim=True) if key in provenance else ""
        lines.append(f"{click.style(key, bold=True):<28} {shown}{source}")
    if body is not None:
        lines += ["", body]
    if explain:
        lines.append("")
        for note in extraction.explain:
            mark = click.style("keep", fg="green") if note.kept else click.style("drop", fg="red")
            lines.append(f"{mark} {note.score:4.2f} {note.reason:18} {note.path[-40:]:40} {note.text[:80]}")
    return "\n".join([*lines, ""])
