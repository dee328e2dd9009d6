"""What the API's answers are made of, where the archive's own records do not do."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pydantic import BaseModel, Field

from archive.diff import Change
from archive.diff.render import summary, to_json
from archive.model import EditKind, Version
from archive.queries import Edit, Passage


class Problem(BaseModel):
    """Why there is no answer."""

    detail: str


@dataclass(frozen=True, slots=True)
class VersionHead:
    """A version without its text."""

    id: str
    article_id: int
    number: int
    url: str
    site: str | None
    captured_at: datetime
    last_seen_at: datetime
    title: str | None
    edit_kinds: tuple[EditKind, ...]
    stealth: bool
    reverts_to: int | None


def head(version: Version) -> VersionHead:
    """The version without its text."""
    return VersionHead(
        id=version.id,
        article_id=version.article_id,
        number=version.number,
        url=version.url,
        site=version.site,
        captured_at=version.captured_at,
        last_seen_at=version.last_seen_at,
        title=version.content.title,
        edit_kinds=version.edit_kinds,
        stealth=version.stealth,
        reverts_to=version.reverts_to,
    )


class EditRecord(BaseModel):
    """An edit: the version that it made, the one that it replaced."""

    old: VersionHead
    new: VersionHead
    diff: str = Field(description="The path of the diff page; /api/v1 before it gives the diff as JSON.")


def edit_record(edit: Edit) -> EditRecord:
    """The edit as the API lists it."""
    return EditRecord(old=head(edit.old), new=head(edit.new), diff=f"/diff/{edit.old.id}/{edit.new.id}")


class DiffRecord(BaseModel):
    """What lies between two versions."""

    old: VersionHead
    new: VersionHead
    summary: str | None = Field(description="In words; null where the texts are too long to be compared here.")
    change: dict[str, Any] | None = Field(description="Paragraphs, word edits as character spans, kinds, evidence.")


def diff_record(old: Version, new: Version, change: Change | None) -> DiffRecord:
    """The Change as plain data."""
    said = summary(change) if change is not None else None
    return DiffRecord(old=head(old), new=head(new), summary=said, change=to_json(change) if change else None)


class PassageRecord(BaseModel):
    """One coming or going of words."""

    version: VersionHead = Field(description="The version that first has them, or first lacks them.")
    what: str = Field(description="published (they stood there from the start), added or removed")
    text: str = Field(description="The paragraph that has them, or had them.")


def passage_record(passage: Passage) -> PassageRecord:
    """The passage as the API lists it."""
    what = "removed" if not passage.is_there else "added" if passage.before else "published"
    return PassageRecord(version=head(passage.version), what=what, text=passage.words)
