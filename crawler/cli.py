"""The `backissue` command: what crawls and extracts stands here; what reads the archive is mounted from archive.cli.

Scrapy is imported only by the commands that fetch, so that the others start at once.
"""

from __future__ import annotations

from pathlib import Path

import click

from archive.cli import Settings
from archive.cli import commands as reading_commands
from crawler.commands import own_commands

DEFAULT_DATABASE = "sqlite:///backissue.db"


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.option(
    "--database",
    envvar="BACKISSUE_DATABASE",
    default=DEFAULT_DATABASE,
    show_default=True,
    metavar="URL",
    help="The archive: sqlite:///FILE or postgresql://…  [env: BACKISSUE_DATABASE]",
)
@click.option(
    "--sites",
    "sites_file",
    envvar="BACKISSUE_SITES",
    default="sites.toml",
    show_default=True,
    type=click.Path(path_type=Path, dir_okay=False),
    help="The declared sites.  [env: BACKISSUE_SITES]",
)
@click.option(
    "--raw",
    "raw_folder",
    envvar="BACKISSUE_RAW",
    metavar="FOLDER",
    type=click.Path(path_type=Path, file_okay=False),
    help="The raw answers (WARC files); beside the archive if not said.  [env: BACKISSUE_RAW]",
)
@click.version_option(package_name="backissue")
@click.pass_context
def main(context: click.Context, database: str, sites_file: Path, raw_folder: Path | None) -> None:
    """Keeps every version of the news: crawl sites, see what changed, query the archive.

    \b
    backissue demo                         see it work on a small site of its own
    backissue sites add https://…          declare a site
    backissue crawl                        look at everything that is new or due
    backissue changes                      what changed, newest first
    """
    context.obj = Settings(database=database, sites_file=sites_file, raw_folder=raw_folder)


for command in (*own_commands, *reading_commands.values()):
    main.add_command(command)
