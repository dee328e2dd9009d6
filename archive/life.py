"""An article's life besides its versions: gone and back, walls, moves, counters. Pure, told from its looks in order.

Nothing of this is stored: looks that arrive late change the story as if they had always been there.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from archive.model import COUNTERS, Counter, Engagement, Event, Outcome
from archive.revisit import GONE_LOOKS_APART

#: A counter that shows no more than this part of what it was (one in so many) began again; else some were taken back.
STARTED_AGAIN = 10
_SEEN = frozenset({Outcome.NEW, Outcome.CHANGED, Outcome.UNCHANGED, Outcome.NOT_MODIFIED})


@dataclass(frozen=True, slots=True)
class LifeLook:
    """What one capture tells of an article's life."""

    at: datetime
    outcome: Outcome
    url: str = ""
    final_url: str | None = None
    reason: str | None = None
    access: str | None = None
    engagement: Engagement | None = None
    capture_id: int | None = None


def gone_at(looks: Iterable[tuple[datetime, Outcome]]) -> datetime | None:
    """When the page was first seen gone, once a look some hours later confirmed it and none has seen it since."""
    since: datetime | None = None
    is_confirmed = False
    for at, outcome in looks:
        if outcome in _SEEN:
            since, is_confirmed = None, False
        elif outcome is Outcome.GONE:
            since = since or at
            is_confirmed = is_confirmed or at - since >= GONE_LOOKS_APART
    return since if is_confirmed else None


def events(looks: Sequence[LifeLook]) -> list[Event]:
    """What happened, in order; `looks` in order of capture."""
    told = [*_absences(looks), *_blocks(looks), *_walls(looks), *_moves(looks), *_counters(looks)]
    return sorted(told, key=lambda event: (event.at, event.capture_id or 0, event.kind))


def _absences(looks: Sequence[LifeLook]) -> Iterator[Event]:
    since: LifeLook | None = None
    is_confirmed = False
    for look in looks:
        if look.outcome is Outcome.GONE:
            since = since or look
            if not is_confirmed and look.at - since.at >= GONE_LOOKS_APART:
                is_confirmed = True
                yield Event(since.at, "gone", since.reason, since.capture_id)
        elif look.outcome in _SEEN:
            if is_confirmed:
                yield Event(look.at, "back", None, look.capture_id)
            since, is_confirmed = None, False


def _blocks(looks: Sequence[LifeLook]) -> Iterator[Event]:
    is_blocked = False
    for look in looks:
        if look.outcome is Outcome.BLOCKED and not is_blocked:
            is_blocked = True
            yield Event(look.at, "blocked", look.reason, look.capture_id)
        elif look.outcome in _SEEN and is_blocked:
            is_blocked = False
            yield Event(look.at, "unblocked", None, look.capture_id)


def _walls(looks: Sequence[LifeLook]) -> Iterator[Event]:
    before: str | None = None
    for look in looks:
        if look.access is None or look.outcome not in _SEEN:
            continue
        if look.access == "preview" and before != "preview":
            yield Event(look.at, "paywalled", None, look.capture_id)
        elif look.access != "preview" and before == "preview":
            yield Event(look.at, "unlocked", None, look.capture_id)
        before = look.access


def _moves(looks: Sequence[LifeLook]) -> Iterator[Event]:
    landed: dict[str, str] = {}
    for look in looks:
        to = look.final_url or look.url
        if look.outcome is Outcome.MOVED or (look.outcome in _SEEN and landed.get(look.url, to) != to):
            yield Event(look.at, "moved", f"to {to}", look.capture_id)
        if look.outcome in _SEEN or look.outcome is Outcome.MOVED:
            landed[look.url] = to


def _counters(looks: Sequence[LifeLook]) -> Iterator[Event]:
    last: dict[str, Counter] = {}
    was_open: bool | None = None
    for look in looks:
        seen = look.engagement
        if seen is None:
            continue
        for name in COUNTERS:
            counter: Counter | None = getattr(seen, name)
            if counter is not None:
                if name in last and _fell(last[name], counter):
                    detail = f"{name} fell from {last[name].value} to {counter.value}"
                    kind = "counter_reset" if counter.value * STARTED_AGAIN <= last[name].value else "counter_drop"
                    yield Event(look.at, kind, detail, look.capture_id)
                last[name] = counter
        if seen.comments_open is not None:
            if was_open is not None and seen.comments_open is not was_open:
                kind = "comments_opened" if seen.comments_open else "comments_closed"
                yield Event(look.at, kind, None, look.capture_id)
            was_open = seen.comments_open


def _fell(before: Counter, now: Counter) -> bool:
    """A smaller number; where one of the two is rounded, by more than rounding can explain."""
    if before.exact and now.exact:
        return now.value < before.value
    return now.value * 10 < before.value * 9
