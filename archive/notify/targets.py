"""Where messages go: standard output, or whatever apprise (the extra "notify") reaches: mail, Slack, webhooks, …"""

from __future__ import annotations

import logging
import sys
from importlib import import_module
from typing import TYPE_CHECKING, Any, Protocol

from archive.errors import ArchiveError
from archive.export import lines, write
from archive.notify.message import Message, diff_lines, disarmed

if TYPE_CHECKING:
    from archive.queries import EditHead


class AppriseMissing(ArchiveError):
    """apprise is not installed; `console:` works without it."""

    def __init__(self) -> None:
        super().__init__(
            "targets other than console: need apprise, which is not installed; "
            "pip install 'backissue[notify]' brings it"
        )


class BadTarget(ArchiveError):
    """apprise does not understand a target's address. Does not repeat it: it may hold a password."""


class Target(Protocol):
    """Someone to be told."""

    name: str
    """For people; holds no secret."""

    def send(self, message: Message) -> str | None:
        """None when the message has left; else why not, in words."""


class Console:
    """Standard output, for people or (`console:jsonl`) for programs."""

    def __init__(self, form: str) -> None:
        self.name = f"console:{form}" if form else "console"
        self._form = form

    def send(self, message: Message) -> str | None:
        """Prints. Fails only as printing does."""
        text = f"{message.title}\n\n{message.body}\n\n"
        write(sys.stdout, _rows(message) if self._form == "jsonl" else [text])
        return None


class ThroughApprise:
    """Whatever apprise reaches."""

    def __init__(self, service: Any, name: str) -> None:
        self.name = name
        self._service = service

    def send(self, message: Message) -> str | None:
        """As text, with nothing in it that would call people in a chat."""
        apprise = import_module("apprise")
        with apprise.LogCapture(level=logging.WARNING, fmt="%(message)s") as log:
            sent = self._service.notify(
                title=disarmed(message.title), body=disarmed(message.body), body_format=apprise.NotifyFormat.TEXT
            )
            said = log.getvalue().split("\n")
        why = " ".join(line.strip() for line in said if line.strip())
        return None if sent else (why or "it was refused")


def open_target(url: str, where: str) -> Target:
    """The target of an address; `where` says which one it is. Raises AppriseMissing, BadTarget."""
    scheme, _, rest = url.partition(":")
    if scheme.lower() == "console":
        if rest not in ("", "jsonl", "//", "//jsonl"):
            raise BadTarget(f"{where}: there are console: and console:jsonl")
        return Console(rest.removeprefix("//"))
    try:
        apprise = import_module("apprise")
    except ImportError as error:
        raise AppriseMissing from error
    logging.getLogger("apprise").addHandler(logging.NullHandler())
    service = apprise.Apprise(asset=apprise.AppriseAsset(app_id="Backissue", app_desc="Backissue"))
    if not service.add(url):
        known = "https://appriseit.com/services/ has the addresses that are understood, and the packages some need"
        raise BadTarget(f"{where}: apprise does not understand it; {known}")
    return ThroughApprise(service, f"{scheme.lower()} ({where})")


def _rows(message: Message) -> Any:
    """A JSON object an edit: what `changes` says of it, and the diff in words."""
    from archive.cli.edits import FIELDS
    from archive.export import Field

    told = {edit.new.id: edit.change for edit in message.edits}
    found = [edit.head for edit in message.edits]
    fields: tuple[Field[EditHead], ...] = (
        Field("search", "text", "the saved search", lambda _: message.search),
        *FIELDS,
        Field("diff", "list", "what became what, a line an edit", lambda c: diff_lines(told[c.new.id])),
    )
    return lines(fields, found, "jsonl")
