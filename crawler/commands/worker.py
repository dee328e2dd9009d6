"""`backissue worker`: one of any number of processes that share the work, on as many machines as you like."""

from __future__ import annotations

import asyncio
import logging
from pathlib import Path

import click

from archive import ArchiveError
from archive.cli import Settings, pass_settings
from crawler.commands.common import load_declared_sites

KINDS = {".jsonl": "jsonl", ".txt": "text"}


class Endpoint(click.ParamType[tuple[str, int]]):
    """9421, 0.0.0.0:9421, [::]:9421."""

    name = "endpoint"

    def convert(
        self, value: str | tuple[str, int], param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[str, int]:
        """Raises click.BadParameter."""
        if isinstance(value, tuple):
            return value
        host, _, port = value.rpartition(":")
        if not port.isascii() or not port.isdigit() or int(port) > 65535:
            self.fail(f"{value!r} is no port and no ADDRESS:PORT, such as 9421 or 0.0.0.0:9421", param, ctx)
        return host.strip("[]") or "127.0.0.1", int(port)


@click.command()
@click.option("--jobs-at-once", type=click.IntRange(1), default=2, show_default=True, help="Jobs of this worker.")
@click.option(
    "--heartbeat",
    type=click.FloatRange(0.1),
    default=10.0,
    show_default=True,
    help="Seconds between two signs of life; the jobs of a worker silent for three are done by another.",
)
@click.option("--until-done", is_flag=True, help="End when the queue is empty.")
@click.option(
    "--metrics",
    metavar="[ADDRESS:]PORT",
    type=Endpoint(),
    help="Serve Prometheus text at /metrics there (ADDRESS: 127.0.0.1).",
)
@click.option(
    "--import",
    "files",
    multiple=True,
    type=click.Path(exists=True, dir_okay=False, path_type=Path, resolve_path=True),
    help="Put this WARC (or .jsonl, .txt) file in the queue and end; workers must see it under the same path.",
)
@click.option("--reextract", "sites", multiple=True, metavar="SITE", help="Put a re-extraction in the queue and end.")
@pass_settings
def worker(
    settings: Settings,
    jobs_at_once: int,
    heartbeat: float,
    until_done: bool,
    metrics: tuple[str, int] | None,
    files: tuple[Path, ...],
    sites: tuple[str, ...],
) -> None:
    """Crawl whatever site is due, and do what was put in the queue, together with all other workers of the archive.

    \b
    backissue --database postgresql://press@db/press worker
    backissue --database postgresql://press@db/press worker --import CC-NEWS-20260301.warc.gz

    Needs an archive on PostgreSQL. SIGTERM ends it within 30 s; a worker that is killed loses nothing: another does
    its jobs again.
    """
    if not settings.database.startswith("postgres"):
        raise click.UsageError(
            "workers share an archive on PostgreSQL (--database postgresql://USER@HOST/DATABASE); "
            "on one machine `backissue crawl` from cron does the same, see backissue schedule"
        )
    try:
        from crawler.worker import WorkerOptions, enqueue, work
    except ImportError as error:
        raise click.UsageError(f"{error}; pip install 'backissue[workers]' brings what workers need") from error
    load_declared_sites(settings)
    options = WorkerOptions(
        settings.database, settings.sites_file.absolute(), jobs_at_once, heartbeat, not until_done, metrics
    )
    logging.basicConfig(format="%(asctime)s %(message)s", level=logging.WARNING)
    logging.getLogger("crawler").setLevel(logging.INFO)
    try:
        if files or sites:
            imports = [(KINDS.get(path.suffix, "warc"), str(path)) for path in files]
            asyncio.run(enqueue(options, imports, sites))
            click.echo(f"{len(imports) + len(sites)} in the queue")
            return
        asyncio.run(work(options))
    except _failures() as error:
        raise click.ClickException(str(error)) from error


def _failures() -> tuple[type[Exception], ...]:
    """What the archive, procrastinate and the pool of connections below it raise where there is no server."""
    from procrastinate.exceptions import ConnectorException
    from psycopg import Error

    return ArchiveError, OSError, ConnectorException, Error
