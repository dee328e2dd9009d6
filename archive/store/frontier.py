"""The frontier: which addresses are known, and when each is due. It outlives every process, being rows."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from typing import Protocol

from sqlalchemy import Connection, and_, func, insert, select, update

from archive import revisit
from archive.model import Candidate, Capture, Due, Outcome
from archive.revisit import Visit
from archive.schema import articles, candidates, hosts, sites
from archive.store.prepare import SEEN, host_of, key_of, storable, story_of
from archive.store.rows import (
    ArticleRow,
    CandidateRow,
    insert_new,
    load_articles,
    load_candidates,
    save_candidates,
)

_FAILED = frozenset({Outcome.BLOCKED, Outcome.TRUNCATED, Outcome.ERROR})
_CLASS = {Outcome.NOT_ARTICLE: "not_article", Outcome.GONE: "gone", Outcome.MOVED: "moved"}


class Addresses(Protocol):
    """Who can give the row of an address, to be written back with the batch."""

    def candidate(self, number: int | None) -> CandidateRow | None: ...

    def of_article(self, number: int) -> list[CandidateRow]: ...


def plan(connection: Connection, site_id: int, found: Iterable[Candidate], now: datetime) -> int:
    """Makes unknown addresses rows that are due now and pulls known ones forward; how many were new."""
    wanted: dict[str, Candidate] = {}
    for candidate in found:
        key = key_of(candidate.url)
        wanted[key] = _joined(wanted[key], candidate) if key in wanted else candidate
    known = {row.key: row for row in load_candidates(connection, "key", wanted)}
    new = [_new_row(key, one, site_id, now) for key, one in wanted.items() if key not in known]
    insert_new(connection, candidates, new)
    _pull(connection, site_id, {key: wanted[key] for key in known}, known, now)
    return len(new)


def due(connection: Connection, site_id: int, now: datetime, limit: int | None) -> list[Due]:
    """What is due at a site: first what was never looked at, newest first; then the rest by due time."""
    resting = select(hosts.c.host).where(hosts.c.retry_after_at > now)
    is_due = and_(
        candidates.c.site_id == site_id,
        candidates.c.due_at <= now,
        candidates.c.quarantined_at.is_(None),
        candidates.c.host.not_in(resting),
    )
    age = func.coalesce(candidates.c.published_at, candidates.c.claimed_at, candidates.c.found_at)
    query = (
        select(
            candidates.c.url,
            candidates.c.due_reason,
            candidates.c.due_at,
            candidates.c.article_id,
            candidates.c.etag,
            candidates.c.last_modified,
            func.coalesce(articles.c.shows_counters, False),
            candidates.c.conditional_since_full,
        )
        .select_from(candidates.outerjoin(articles, articles.c.id == candidates.c.article_id))
        .where(is_due)
    )
    new = query.where(candidates.c.looks == 0).order_by(age.desc(), candidates.c.id).limit(limit)
    rows = list(connection.execute(new))
    if limit is None or len(rows) < limit:
        rest = query.where(candidates.c.looks > 0).order_by(candidates.c.due_at, candidates.c.id)
        rows += connection.execute(rest.limit(None if limit is None else limit - len(rows)))
    return [Due(row[0], row[1] or "due", *row[2:6], bool(row[6]), row[7]) for row in rows]


def next_look(candidate: CandidateRow, article: ArticleRow | None, scale: float | None) -> Visit | None:
    """When this address is looked at again, after the look that its row now tells of."""
    at, outcome = candidate.last_captured_at, Outcome(candidate.last_outcome or "error")
    assert at is not None
    was_article = article is not None
    if outcome in SEEN:
        return (
            None
            if article is None
            else revisit.next_visit(at, _born(article, at), article.versions - 1, scale or revisit.DEFAULT_SCALE)
        )
    if outcome in _FAILED:
        return revisit.retry(at, candidate.failures)
    if outcome is Outcome.GONE:
        return revisit.after_gone(at, candidate.failures, was_article=was_article)
    if outcome is Outcome.NOT_ARTICLE:
        return revisit.after_no_article(at, candidate.failures, was_article=was_article)
    return None


def schedule(
    candidate: CandidateRow, article: ArticleRow | None, rows: Addresses, scale: float | None, capture: Capture
) -> None:
    """Sets the next look after a look. An article is looked at by one of its addresses; its variants rest."""
    visit = next_look(candidate, article, scale)
    if visit is not None and capture.retry_after_at is not None:
        visit = Visit(max(visit.at, capture.retry_after_at), visit.reason)
    target = candidate
    if article is not None and article.candidate_id != candidate.id:
        candidate.due_at = candidate.due_reason = None
        if Outcome(candidate.last_outcome or "error") not in SEEN:
            return
        main = rows.candidate(article.candidate_id)
        if main is None or main.failures > 0:
            article.candidate_id = candidate.id
            if main is not None:
                main.due_at = main.due_reason = None
        else:
            target = main
    elif article is not None and Outcome(candidate.last_outcome or "error") is Outcome.GONE:
        other = _seen_elsewhere(candidate, rows.of_article(article.id))
        if other is not None:
            candidate.due_at = candidate.due_reason = None
            article.candidate_id, target, visit = other.id, other, Visit(capture.captured_at, "confirm")
    target.due_at, target.due_reason = (visit.at, visit.reason) if visit is not None else (None, None)


def _seen_elsewhere(gone: CandidateRow, addresses: Iterable[CandidateRow]) -> CandidateRow | None:
    """The address where the article was seen last, of those whose own last look saw it: it may have moved there."""
    seen = [row for row in addresses if row.id != gone.id and row.last_outcome and Outcome(row.last_outcome) in SEEN]
    return max(seen, key=lambda row: (row.last_captured_at or row.found_at, row.id), default=None)


def rest_hosts(connection: Connection, until: dict[str, datetime]) -> None:
    """Hosts that asked to be left alone until then."""
    for host, moment in sorted(until.items()):
        done = connection.execute(update(hosts).where(hosts.c.host == host).values(retry_after_at=moment))
        if done.rowcount == 0:
            connection.execute(insert(hosts).values(host=host, retry_after_at=moment))


def note_look(candidate: CandidateRow, capture: Capture, outcome: Outcome) -> bool:
    """Moves what the row tells of its last look; False where that look was not its newest."""
    candidate.looks += 1
    if candidate.last_captured_at is not None and capture.captured_at <= candidate.last_captured_at:
        return False
    before = candidate.last_outcome
    is_same = before is not None and _class(Outcome(before)) == _class(outcome)
    candidate.failures = 0 if outcome in SEEN else candidate.failures + 1 if is_same else 1
    candidate.last_captured_at, candidate.last_outcome = capture.captured_at, outcome.value
    candidate.seen_claim_at = candidate.claimed_at
    if outcome is Outcome.NOT_MODIFIED:
        candidate.conditional_since_full += 1
    elif outcome in SEEN:
        candidate.conditional_since_full = 0
        candidate.etag, candidate.last_modified = capture.etag, capture.last_modified
    return True


def count_claims(connection: Connection, seen: dict[int, tuple[int, int]]) -> None:
    """Adds, per site, looks after a moved claim and those that found a change; old ones count less and less."""
    for site_id, (moves, hits) in sorted(seen.items()):
        row = connection.execute(select(sites.c.lastmod_moves, sites.c.lastmod_hits).where(sites.c.id == site_id)).one()
        moves, hits = row[0] + moves, row[1] + hits
        if moves > 200:
            moves, hits = moves // 2, hits // 2
        connection.execute(update(sites).where(sites.c.id == site_id).values(lastmod_moves=moves, lastmod_hits=hits))


def _class(outcome: Outcome) -> str:
    """Looks in a row are counted by what a next look would do about them."""
    return "seen" if outcome in SEEN else _CLASS.get(outcome, "failed")


def _born(article: ArticleRow, at: datetime) -> datetime:
    first = article.first_captured_at or at
    published = article.published_at
    return first if published is None else min(published, first)


def _joined(one: Candidate, other: Candidate) -> Candidate:
    """What two sources say of one address: the first word, and the newest claim."""
    claims = [claim for claim in (one.modified_at, other.modified_at) if claim is not None]
    return replace(
        one,
        title=one.title or other.title,
        published_at=one.published_at or other.published_at,
        language=one.language or other.language,
        modified_at=max(claims, default=None),
    )


def _new_row(key: str, one: Candidate, site_id: int | None, now: datetime) -> CandidateRow:
    return CandidateRow(
        id=0,
        key=key,
        url=one.url,
        host=host_of(one.url),
        story=story_of(one.url),
        site_id=site_id,
        article_id=None,
        found_in=one.found_in,
        found_at=now,
        title=storable(one.title),
        language=storable(one.language),
        published_at=one.published_at,
        claimed_at=one.modified_at if revisit.is_possible_claim(one.modified_at, now) else None,
        due_at=now,
        due_reason="new",
    )


def _pull(
    connection: Connection, site_id: int, wanted: dict[str, Candidate], known: dict[str, CandidateRow], now: datetime
) -> None:
    """Takes over newer claims; where the site's claims are believed, the article's look comes now."""
    moved = [known[key] for key, one in wanted.items() if _take_over(known[key], one, site_id, now)]
    if not moved:
        return
    if _is_believed(connection, site_id):
        targets = _looked_at(connection, moved)
        for row in moved:
            target = targets.get(row.id, row)
            last = target.last_captured_at
            if row.claimed_at is not None and last is not None and row.claimed_at > last:
                visit = revisit.pulled_forward(now, target.due_at, last)
                target.due_at, target.due_reason = visit.at, visit.reason
        save_candidates(connection, {row.id: row for row in [*moved, *targets.values()]}.values())
    else:
        save_candidates(connection, moved)


def _take_over(row: CandidateRow, one: Candidate, site_id: int, now: datetime) -> bool:
    """Whether the source told something new of a known address."""
    before = (row.site_id, row.claimed_at, row.published_at, row.title)
    row.site_id = row.site_id or site_id
    row.title = row.title or storable(one.title)
    row.published_at = row.published_at or one.published_at
    claim = one.modified_at
    if (
        claim is not None
        and revisit.is_possible_claim(claim, now)
        and (row.claimed_at is None or claim > row.claimed_at)
    ):
        row.claimed_at = claim
    return before != (row.site_id, row.claimed_at, row.published_at, row.title)


def _is_believed(connection: Connection, site_id: int) -> bool:
    query = select(sites.c.lastmod_moves, sites.c.lastmod_hits).where(sites.c.id == site_id)
    return revisit.is_believed(*connection.execute(query).one())


def _looked_at(connection: Connection, rows: list[CandidateRow]) -> dict[int, CandidateRow]:
    """For addresses that are another's variants: the one by which their article is looked at."""
    owners = load_articles(connection, {row.article_id for row in rows if row.article_id is not None})
    mine = {row.id: row for row in rows}
    wanted = {a.candidate_id for a in owners.values() if a.candidate_id is not None}
    others = {row.id: row for row in load_candidates(connection, "id", wanted - mine.keys())} | mine
    found = {}
    for row in rows:
        owner = owners.get(row.article_id) if row.article_id is not None else None
        if owner is not None and owner.candidate_id is not None:
            found[row.id] = others.get(owner.candidate_id, row)
    return found
