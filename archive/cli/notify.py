"""`notify`: tells people, after a crawl, what saved searches find."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from archive.cli.session import Command, Mistake, Settings, pass_settings

if TYPE_CHECKING:
    from archive.notify import Delivery, Target

_BUSY = 75


class NotSent(click.ClickException):
    """Some target could not be reached; its edits are sent next time."""

    exit_code = 1


class Running(click.ClickException):
    """Another notify sends from the same memory."""

    exit_code = _BUSY


@click.command(cls=Command)
@click.option(
    "--searches",
    "file",
    envvar="BACKISSUE_NOTIFY",
    default="notify.toml",
    show_default=True,
    type=click.Path(path_type=Path, dir_okay=False),
    help="The saved searches.  [env: BACKISSUE_NOTIFY]",
)
@click.option(
    "--state",
    type=click.Path(path_type=Path, dir_okay=False),
    help="What was sent.  [default: beside the searches, as notify.state.json]",
)
@click.option("--dry-run", is_flag=True, help="Print what would be sent; send and remember nothing.")
@click.option("--test", "is_test", is_flag=True, help="Send each target one line, to see that it arrives.")
@click.option("--quiet", is_flag=True, help="Say only what failed (for cron).")
@click.option("--example", is_flag=True, help="Print a notify.toml to begin with.")
@pass_settings
def notify(
    settings: Settings, file: Path, state: Path | None, dry_run: bool, is_test: bool, quiet: bool, example: bool
) -> None:
    """Send the edits that saved searches find, with the words that changed, each once: to standard output (console:),
    or through apprise to e-mail, Slack, webhooks and a hundred others.

    What cannot be sent is sent next time, and the command ends with 1. docs/notify.md tells how to write notify.toml.

    \b
    backissue notify --example
    backissue notify --dry-run
    backissue notify
    """
    if example:
        from archive.notify import EXAMPLE

        click.echo(EXAMPLE, nl=False)
    elif is_test:
        _test(file, settings)
    else:
        _send(settings, file, state or file.with_suffix(".state.json"), dry_run=dry_run, quiet=quiet)


def _send(settings: Settings, file: Path, state: Path, *, dry_run: bool, quiet: bool) -> None:
    """Raises NotSent where a target could not be reached."""
    from archive.notify import Memory, load_searches
    from archive.notify.sending import deliver, opened

    now = settings.now()
    with settings.open() as archive:
        searches = load_searches(file, os.environ, now)
        targets = opened(searches, _shown) if dry_run else opened(searches)
        with _alone(state, needed=not dry_run):
            deliveries = deliver(archive, searches, targets, Memory(state), now, keep=not dry_run)
            sent = list(_told(deliveries, quiet, dry_run))
    failed = [delivery for delivery in sent if delivery.failure is not None]
    if not quiet and not failed and not any(delivery.edits for delivery in sent):
        click.echo("nothing to send" if sent else f"{file} has no searches", err=True)
    if failed:
        raise NotSent(f"{len(failed)} of {len(sent)} targets could not be reached; they are tried again next time")


def _told(deliveries: Iterable[Delivery], quiet: bool, dry_run: bool) -> Iterator[Delivery]:
    """Each delivery said on standard error as it happens."""
    for delivery in deliveries:
        if delivery.edits and not quiet:
            count = f"{delivery.edits} change{'' if delivery.edits == 1 else 's'}"
            verb = "would be sent" if dry_run else "sent"
            click.echo(f"{delivery.search} → {delivery.target}: {count} {verb}", err=True)
        if delivery.failure is not None:
            click.echo(f"{delivery.search} → {delivery.target}: not sent: {delivery.failure}", err=True)
        yield delivery


def _test(file: Path, settings: Settings) -> None:
    """Raises NotSent where a target could not be reached."""
    from archive.notify import load_searches
    from archive.notify.message import Message
    from archive.notify.sending import opened

    mine = [target for some in opened(load_searches(file, os.environ, settings.now())) for target in some]
    failed = 0
    for target in mine:
        failure = target.send(Message("Backissue: a test", "If you read this, messages arrive."))
        failed += failure is not None
        click.echo(f"{target.name}: {failure or 'sent'}", err=True)
    if failed:
        raise NotSent(f"{failed} of {len(mine)} targets could not be reached")


def _shown(target: Target) -> Target:
    """Prints what the target would be sent."""
    from archive.notify.targets import Console

    printed = Console("")
    printed.name = target.name
    return printed


@contextmanager
def _alone(state: Path, *, needed: bool) -> Iterator[None]:
    """No two processes send from one memory. Raises Running, Mistake."""
    from filelock import FileLock, Timeout

    if not needed:
        yield
        return
    lock = FileLock(state.with_name(f".{state.name}.lock"))
    try:
        lock.acquire(timeout=0)
    except Timeout as error:
        raise Running(f"another `backissue notify` sends what {state} remembers; it lets go when it ends") from error
    except OSError as error:
        raise Mistake(f"what was sent cannot be remembered in {state}: {error.strerror or error}") from error
    try:
        yield
    finally:
        lock.release()
