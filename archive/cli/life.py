"""Tells an article's history as a life: one line an event, in the words of a reader. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from archive.export import Field
from archive.model import Capture, Event, Version, VersionHead

_WORDS = {
    "published": "published, by the page's own date",
    "moved": "moved to another address",
    "gone": "gone",
    "back": "back again",
    "paywalled": "behind a paywall from here on",
    "unlocked": "readable in full again",
    "comments_closed": "comments closed",
    "comments_opened": "comments opened",
    "counter_reset": "a counter began again",
    "counter_drop": "a counter fell",
    "blocked": "the site began to refuse us",
    "unblocked": "the site answers again",
    "retracted": "retracted",
    "headline_flips": "the headline flips",
    "rebaselined": "re-baselined, no edit",
    "merged": "merged",
    "split": "split again",
    "purged": "purged",
}


@dataclass(frozen=True, slots=True)
class Happening:
    """One line of a life."""

    at: datetime
    kind: str
    """version, capture, or the event's kind."""
    text: str
    """In words."""
    number: int | None = None
    version_id: str | None = None
    capture_id: int | None = None
    edit_kinds: tuple[str, ...] = ()
    stealth: bool = False
    until: datetime | None = None
    """Of a version: when it was last seen."""


FIELDS: tuple[Field[Happening], ...] = (
    Field("at", "time", "when it happened, or was first seen", lambda h: h.at),
    Field("kind", "text", "version, capture, or the kind of event", lambda h: h.kind),
    Field("text", "text", "in words", lambda h: h.text),
    Field("number", "integer", "of a version", lambda h: h.number),
    Field("version_id", "text", "of a version; never changes", lambda h: h.version_id),
    Field("last_seen_at", "time", "of a version: when it was last seen", lambda h: h.until),
    Field("edit_kinds", "list", "of a version: what changed", lambda h: h.edit_kinds),
    Field("stealth", "yes/no", "of a version: a fact changed and nothing says so", lambda h: h.stealth),
    Field("capture_id", "integer", "the look that showed it", lambda h: h.capture_id),
)


def tell(entries: Iterable[Event | Version | Capture]) -> Iterator[Happening]:
    """Each entry of a history in words, in the order given."""
    for entry in entries:
        if isinstance(entry, Version):
            yield _version(entry)
        elif isinstance(entry, Event):
            yield Happening(entry.at, entry.kind, _event(entry), capture_id=entry.capture_id)
        else:
            yield Happening(entry.captured_at, "capture", _capture(entry), capture_id=entry.id)


def kinds_in_words(version: Version | VersionHead) -> str:
    """What changed, as a reader would name it.

    >>> from archive.model import Content, EditKind
    >>> moment = datetime(2026, 3, 3)
    >>> kinds_in_words(Version("v", 1, 2, "u", moment, moment, Content(), (EditKind.PARAGRAPH_ADDED,), stealth=True))
    'paragraph added, unannounced'
    """
    words = [str(kind).replace("_", " ") for kind in version.edit_kinds if kind != "reverted"]
    if version.reverts_to is not None:
        words.append(f"back to version {version.reverts_to}")
    if version.stealth:
        words.append("unannounced")
    return ", ".join(words)


def _version(version: Version) -> Happening:
    said = f"“{version.content.title}”" if version.number == 1 else kinds_in_words(version)
    return Happening(
        at=version.captured_at,
        kind="version",
        text=f"version {version.number}: {said or 'changed'}",
        number=version.number,
        version_id=version.id,
        edit_kinds=tuple(str(kind) for kind in version.edit_kinds),
        stealth=version.stealth,
        until=version.last_seen_at,
    )


def _event(event: Event) -> str:
    words = _WORDS.get(event.kind, event.kind.replace("_", " "))
    return f"{words}: {event.detail}" if event.detail else words


def _capture(capture: Capture) -> str:
    outcome = str(capture.outcome or "looked").replace("_", " ")
    why = capture.reason or (f"status {capture.status}" if capture.status else "")
    return f"{outcome}: {why}" if why else outcome
