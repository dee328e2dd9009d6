"""The commands that read and keep the archive; `backissue` mounts them. Edges only: questions are the archive's."""

from __future__ import annotations

import click

from archive.cli.articles import articles
from archive.cli.completion import complete
from archive.cli.diffs import diff
from archive.cli.edits import changes
from archive.cli.engagement import engagement
from archive.cli.family import family
from archive.cli.history import history
from archive.cli.keeping import backup, purge, restore, upgrade, verify
from archive.cli.notify import notify
from archive.cli.search import search
from archive.cli.serve import serve
from archive.cli.session import SINCE, TIME_HELP, Command, Mistake, Settings, known_site, pass_settings
from archive.cli.show import open_, show
from archive.cli.stats import categories, stats
from archive.cli.taking import export_

__all__ = ["SINCE", "TIME_HELP", "Command", "Mistake", "Settings", "commands", "known_site", "pass_settings"]

_COMMANDS: tuple[click.Command, ...] = (
    *(articles, categories, changes, diff, engagement, family, history, notify, open_, search, show, stats),
    *(backup, export_, purge, restore, upgrade, verify),
    serve,
)
commands: dict[str, click.Command] = {str(command.name): command for command in _COMMANDS}
complete(_COMMANDS)
