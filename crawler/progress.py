"""The progress display of a crawl: a live table on a terminal, nothing elsewhere."""

from __future__ import annotations

import sys
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from crawler.results import FAILED
from crawler.runtime import Runtime

if TYPE_CHECKING:
    from rich.table import Table


@contextmanager
def shown(runtime: Runtime) -> Iterator[None]:
    """Shows the recorder's counts, four times a second, while the block runs; quiet when not on a terminal."""
    if not sys.stderr.isatty():
        yield
        return
    from rich.console import Console  # late: cron has no terminal
    from rich.live import Live

    stop = threading.Event()
    with Live(console=Console(stderr=True), refresh_per_second=4, transient=True) as live:

        def update() -> None:
            while not stop.wait(0.25):
                live.update(table(runtime.recorder.counts))

        thread = threading.Thread(target=update, daemon=True)
        thread.start()
        try:
            yield
        finally:
            stop.set()
            thread.join()


def table(counts: dict[str, Counter[str]]) -> Table:
    """Pages, new, changed, unchanged and failed, a row a site."""
    from rich.table import Table

    rows = Table(box=None, header_style="dim")
    rows.add_column("site")
    for column in ("pages", "new", "changed", "unchanged", "failed", "other"):
        rows.add_column(column, justify="right")
    for site, seen in sorted(counts.copy().items()):
        seen = seen.copy()
        pages, failed = sum(seen.values()), sum(seen[str(outcome)] for outcome in FAILED)
        same = seen["unchanged"] + seen["not_modified"]
        other = pages - seen["new"] - seen["changed"] - same - failed
        rows.add_row(site, *(str(number) for number in (pages, seen["new"], seen["changed"], same, failed, other)))
    return rows
