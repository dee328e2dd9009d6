"""An article's looks, in order of capture, folded into its versions. Pure, and the same however the looks arrived.

The rules stand in `identity` (what differs, what has vanished) and are applied here to digests, so that a life
of a thousand looks is folded without reading one text.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from archive.identity import Digests, digests, same_content, settle, silent_fields
from archive.model import Content

_NOTHING = digests(Content(categories=(), authors=()))
FIELDS = ("title", "body", "categories", "authors")
EMPTY = 0
"""In `sources`: the field was settled to () because it had vanished; no look states it."""


@dataclass(frozen=True, slots=True)
class Look:
    """One capture that saw the article."""

    at: datetime
    digests: Digests | None
    """None where the page was seen and not read (a 304)."""
    content: int = EMPTY
    """Whose words: the number of the stored content."""
    partial: bool = False
    """A preview: its body is a first part, so it says nothing of the whole one."""


@dataclass(frozen=True, slots=True)
class Standing:
    """Where the fold stands: what the newest version says, and what the next look is compared with."""

    fields: Content
    """Digests in the fields' places (title, body, categories, authors)."""
    sources: Mapping[str, int]
    """Field -> the content it was taken from."""
    partial: bool
    silent: tuple[str, ...] = ()

    @property
    def digests(self) -> Digests:
        return _as_digests(self.fields)


@dataclass(slots=True)
class Run:
    """A version: consecutive looks at one state."""

    first: int
    """Index of the look that began it."""
    captured_at: datetime
    last_seen_at: datetime
    standing: Standing
    looks: list[int] = field(default_factory=list)


def standing(digests: Digests, content: int, *, partial: bool, silent: tuple[str, ...]) -> Standing:
    """What a stored version stands for, to go on from."""
    return Standing(_as_content(digests), dict.fromkeys(FIELDS, content), partial, silent)


def begin(look: Look) -> Standing:
    """The standing after the first look that was read."""
    assert look.digests is not None
    stated = _as_content(look.digests)
    return Standing(stated, dict.fromkeys(FIELDS, look.content), look.partial, _silence(stated, look, ()))


def step(before: Standing, look: Look) -> tuple[Standing, bool]:
    """The standing after one more look, and whether that is a new version."""
    if look.digests is None:
        return before, False
    stated = _as_content(look.digests)
    known = before.fields
    if look.partial and not before.partial:
        stated = replace(stated, body=None)
    settled = settle(known, stated, silent_before=() if look.partial else before.silent)
    if before.partial and not look.partial:
        known = replace(known, body=None)
    changed = not same_content(_as_digests(known), _as_digests(settled))
    sources = {name: _source(name, known, stated, settled, before, look, changed) for name in FIELDS}
    partial = before.partial and look.partial
    return Standing(settled, sources, partial, _silence(stated, look, before.silent)), changed


def fold(looks: Iterable[Look]) -> list[Run]:
    """The versions, oldest first. `looks` in order of capture; those before the first that was read belong to it."""
    runs: list[Run] = []
    unread: list[int] = []
    for index, look in enumerate(looks):
        if not runs:
            unread.append(index)
            if look.digests is not None:
                runs.append(Run(index, look.at, look.at, begin(look), unread))
            continue
        now, changed = step(runs[-1].standing, look)
        if changed:
            runs.append(Run(index, look.at, look.at, now, [index]))
        else:
            run = runs[-1]
            run.standing, run.last_seen_at = now, look.at
            run.looks.append(index)
    return runs


def reverts_to(earlier: Iterable[tuple[int, Digests]], digests: Digests) -> int | None:
    """The lowest number among earlier versions that says the same; None where there is none."""
    return min((number for number, known in earlier if same_content(known, digests)), default=None)


def _source(
    name: str, known: Content, stated: Content, settled: Content, before: Standing, look: Look, changed: bool
) -> int:
    if not changed and getattr(settled, name) == getattr(before.fields, name):
        return before.sources[name]  # the same in other quotes, perhaps: the words that were read first stay
    if getattr(stated, name) is not None and (changed or getattr(known, name) is None):
        return look.content
    if getattr(settled, name) != getattr(before.fields, name):
        return EMPTY
    return before.sources[name]


def _silence(stated: Content, look: Look, before: tuple[str, ...]) -> tuple[str, ...]:
    """The fields a complete look leaves unsaid; a preview says nothing about that."""
    if look.partial:
        return before
    return tuple(name for name in silent_fields(stated) if name in ("categories", "authors"))


def _as_content(known: Digests) -> Content:
    """Digests in the places of what they are digests of: `settle` treats them alike."""
    return Content(
        title=known.title,
        body=known.body,
        categories=_as_set(known.categories, _NOTHING.categories),
        authors=_as_set(known.authors, _NOTHING.authors),
    )


def _as_set(digest: str | None, nothing: str | None) -> tuple[str, ...] | None:
    return None if digest is None else () if digest == nothing else (digest,)


def _as_digests(fields: Content) -> Digests:
    def of(names: tuple[str, ...] | None, nothing: str | None) -> str | None:
        return None if names is None else names[0] if names else nothing

    return Digests(
        fields.title, fields.body, of(fields.categories, _NOTHING.categories), of(fields.authors, _NOTHING.authors), ""
    )
