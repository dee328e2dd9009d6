"""`serve`: the archive in the browser."""

from __future__ import annotations

import importlib.util

import click

from archive.cli.session import Command, Mistake, Settings, pass_settings

_NEEDED = ("fastapi", "uvicorn", "jinja2", "prometheus_client")


@click.command(cls=Command)
@click.option("--host", default="127.0.0.1", show_default=True, metavar="ADDRESS", help="Where to listen.")
@click.option("--port", default=8421, show_default=True, type=click.IntRange(0, 65535))
@click.option(
    "--token",
    envvar="BACKISSUE_TOKEN",
    metavar="SECRET",
    help="What visitors must know: the password when the browser asks, a Bearer token for programs. Needed wherever "
    "other machines can reach it.  [env: BACKISSUE_TOKEN]",
)
@click.option("--allow-host", "names", multiple=True, metavar="NAME", help="Answer under this name too.")
@click.option("--public-url", metavar="URL", help="How the world reaches it, for links in feeds and citations.")
@click.option("--check", is_flag=True, help="Say what would be served, and stop.")
@pass_settings
def serve(
    settings: Settings,
    host: str,
    port: int,
    token: str | None,
    names: tuple[str, ...],
    public_url: str | None,
    check: bool,
) -> None:
    """Show the archive in the browser: pages, a JSON API, Memento, Atom feeds. It is only read.

    \b
    backissue serve --check
    backissue serve --port 9000 --allow-host archive.local --check
    """
    missing = [name for name in _NEEDED if importlib.util.find_spec(name) is None]
    if missing:
        raise Mistake(f"serve needs {', '.join(missing)}; pip install 'backissue[web]'")
    from archive.errors import NotFound
    from archive.queries.read_only import ReadOnlyArchive
    from archive.web.serving import decide, listen, run
    from archive.web.settings import weakness

    if problem := weakness(host, token):
        raise Mistake(problem)
    decided = decide(host, token, names, public_url, settings.now)
    try:
        opened = ReadOnlyArchive.open(settings.database)
    except NotFound as absent:
        raise Mistake(f"no archive at {absent.name}; `backissue crawl` makes it") from absent
    with opened as archive:
        count = len(archive.sites())
        said = f"{count} site{'' if count == 1 else 's'} of {archive.url} at"
        place = f"[{host}]" if ":" in host else host
        if check:
            click.echo(f"{said} {public_url or f'http://{place}:{port}/'}")
            return
        with listen(host, port) as taken:
            click.echo(f"{said} {public_url or f'http://{place}:{taken.getsockname()[1]}/'}", err=True)
            run(archive, decided, taken)
