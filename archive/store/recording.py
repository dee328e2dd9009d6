"""Recording a batch of captures in one transaction: find or make the article, decide the version, move the frontier.

The path of a capture: address, article, stored text, counters, version, row, next look.
"""

from __future__ import annotations

from collections import Counter as Tally
from collections import defaultdict
from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, func, select, update

from archive.identity import is_same_story
from archive.model import Capture, Outcome
from archive.schema import captures, contents, sites, versions
from archive.store import engagement, frontier, labels, merging, provenance, rebuilding, sketching, versioning
from archive.store.contents import Record, Texts
from archive.store.identities import Identities
from archive.store.looks import Look
from archive.store.prepare import Prepared
from archive.store.rows import chunks, insert_rows, load_articles, load_candidates, save_articles, save_candidates


def record(connection: Connection, prepared: list[Prepared], site_ids: dict[str, int]) -> list[Capture]:
    """Stores captures that are in order of capture; gives them back, decided, in the order the caller had."""
    identities = Identities(connection, prepared, site_ids)
    looks = [Look(one, identities.candidate_of(one), identities.article_of(one)) for one in prepared]
    fresh = _without_known(connection, looks)
    refolded = _to_refold(fresh) | _adopt_looks(connection, identities)
    labelled = {article.id: labels.of(article) for article in identities.articles()}
    texts = Texts(connection)
    _store_contents(texts, fresh)
    engagement.store(connection, fresh)
    provenance.store(connection, fresh)
    in_order = [look for look in fresh if look.article and look.article.id not in refolded and look.prepared.is_seen]
    versioning.decide(connection, texts, in_order)
    _insert_captures(connection, fresh, site_ids)
    for look in fresh:
        _note_on_article(look)
    for article_id in sorted(refolded):
        rebuilding.rebuild(connection, texts, identities.by_id[article_id])
    _take_decisions(connection, [look for look in fresh if look.article and look.article.id in refolded])
    _note_absences(connection, fresh, identities.adopted)
    _move_frontier(connection, identities, fresh)
    save_articles(connection, identities.articles())
    save_candidates(connection, identities.candidates())
    labels.refresh(
        connection, [a for a in identities.articles() if labels.of(a) != labelled[a.id] or a.id in identities.created]
    )
    _join_clashes(connection, identities, fresh)
    _note_bands(connection, texts, fresh)
    _join_twins(connection, identities, fresh)
    return [(look.twin or look).recorded for look in sorted(looks, key=lambda look: look.prepared.place)]


def _without_known(connection: Connection, looks: list[Look]) -> list[Look]:
    """The looks that are not stored yet; the others take over what is known of them (importing twice is once)."""
    stored = _stored_captures(connection, looks)
    first: dict[tuple[Any, ...], Look] = {}
    for look in looks:
        key = _sameness(look.candidate.id, look.prepared.at, look.prepared.digest, look.prepared.capture.outcome)
        if key in stored:
            look.id, look.outcome, look.version_token = stored[key]
        else:
            look.twin = first.get(key)
            first.setdefault(key, look)
    return list(first.values())


def _sameness(candidate_id: int, at: datetime, digest: str | None, outcome: str | None) -> tuple[Any, ...]:
    return candidate_id, at, digest or outcome


def _stored_captures(
    connection: Connection, looks: list[Look]
) -> dict[tuple[Any, ...], tuple[int, Outcome, str | None]]:
    """Captures that could be the same as one of these: only a look that is not its address's newest can be stored."""
    wanted = {
        look.candidate.id
        for look in looks
        if look.candidate.last_captured_at is not None and look.prepared.at <= look.candidate.last_captured_at
    }
    moments = sorted({look.prepared.at for look in looks if look.candidate.id in wanted})
    found = {}
    for some in chunks(sorted(wanted)):
        for times in chunks(moments):
            query = (
                select(
                    captures.c.id,
                    captures.c.candidate_id,
                    captures.c.captured_at,
                    captures.c.outcome,
                    contents.c.digest,
                    versions.c.token,
                )
                .select_from(
                    captures.outerjoin(contents, contents.c.id == captures.c.content_id).outerjoin(
                        versions, versions.c.id == captures.c.version_id
                    )
                )
                .where(captures.c.candidate_id.in_(some), captures.c.captured_at.in_(times))
            )
            for row in connection.execute(query):
                key = _sameness(row.candidate_id, row.captured_at, row.digest, row.outcome)
                found[key] = (row.id, Outcome(row.outcome), row.token)
    return found


def _adopt_looks(connection: Connection, identities: Identities) -> set[int]:
    """Earlier looks at an address that is now known to be an article's belong to the article's life."""
    for candidate_id, article in identities.adopted.items():
        own = (captures.c.candidate_id == candidate_id) & captures.c.article_id.is_(None)
        last = connection.execute(select(func.max(captures.c.captured_at)).where(own)).scalar()
        done = connection.execute(update(captures).where(own).values(article_id=article.id))
        article.captures += done.rowcount
        if last is not None:
            article.last_captured_at = max(last, article.last_captured_at or last)
    return {article.id for article in identities.adopted.values()}


def _to_refold(looks: list[Look]) -> set[int]:
    """Articles whose looks are not simply one more at the end: late ones, or several at once."""
    seen = [look for look in looks if look.article is not None and look.prepared.is_seen]
    several = {number for number, n in Tally(look.article.id for look in seen if look.article).items() if n > 1}
    late = {
        look.article.id
        for look in seen
        if look.article
        and look.article.last_captured_at is not None
        and look.prepared.at <= look.article.last_captured_at
    }
    return several | late


def _store_contents(texts: Texts, looks: list[Look]) -> None:
    """Gives every look that read something the number of its words; words never seen before are stored."""
    read = [look for look in looks if look.article is not None and look.prepared.digest is not None]
    known = texts.find(look.prepared.digest for look in read if look.prepared.digest)
    new: dict[str, Record] = {}
    for look in read:
        one, article = look.prepared, look.article
        if article and one.digest and one.data is not None and one.content and one.digest not in known:
            new.setdefault(one.digest, Record(article, one.data, one.digest, one.content))
    known |= texts.add(list(new.values()))
    for look in read:
        look.content_id = known[look.prepared.digest or ""]


def _insert_captures(connection: Connection, looks: list[Look], site_ids: dict[str, int]) -> None:
    rows = [_capture_values(look, site_ids) for look in looks]
    for look, number in zip(looks, insert_rows(connection, captures, rows), strict=True):
        look.id = number


def _capture_values(look: Look, site_ids: dict[str, int]) -> dict[str, Any]:
    capture = look.prepared.capture
    outcome = look.outcome or capture.outcome or Outcome.UNCHANGED  # a refolded look's is decided by the fold
    return {
        "candidate_id": look.candidate.id,
        "url": capture.url if capture.url != look.candidate.url else None,
        "article_id": look.article.id if look.article is not None else None,
        "site_id": site_ids.get(capture.site or "") or look.candidate.site_id,
        "crawl_id": capture.crawl_id,
        "captured_at": capture.captured_at,
        "outcome": outcome.value,
        "verdict": capture.verdict.value if capture.verdict is not None else None,
        "reason": capture.reason,
        "status": capture.status,
        "final_url": capture.final_url,
        "content_id": look.content_id,
        "version_id": look.version_id,
        "engagement_id": look.engagement_id,
        "provenance_id": look.provenance_id,
        "extractor": capture.extractor,
        "etag": capture.etag,
        "last_modified": capture.last_modified,
        "other_urls": capture.other_urls or None,
        "raw_path": capture.raw_path,
        "retry_after_at": capture.retry_after_at,
        "token": look.token,
    }


def _note_on_article(look: Look) -> None:
    """Moves the article's row to its newest look."""
    article, one = look.article, look.prepared
    if article is None:
        return
    article.captures += 1
    is_newest = article.last_captured_at is None or one.at > article.last_captured_at
    if one.is_seen:
        article.first_captured_at = min(one.at, article.first_captured_at or one.at)
    article.last_captured_at = max(one.at, article.last_captured_at or one.at)
    if is_newest or article.content_id is None:
        versioning.note_newest(article, look.content_id, one.content)
    counters = one.capture.engagement
    if counters is not None and look.engagement_id is not None:
        article.shows_counters = article.shows_counters or engagement.shows_counters(counters)
        if is_newest or article.engagement_id is None:
            article.engagement_id = look.engagement_id
            engagement.show(article, engagement.numbers_of(counters))


def _join_clashes(connection: Connection, identities: Identities, looks: list[Look]) -> None:
    """Merges articles that a look proved to be one: an address of one leads to the other, with the same story."""
    texts = Texts(connection)
    joined: dict[int, int] = {}
    for one, article, other in identities.clashes:
        pair = sorted({joined.get(article.id, article.id), joined.get(other.id, other.id)})
        if len(pair) < 2 or one.content is None or other.content_id is None:
            continue
        if is_same_story(texts.content(other.content_id), one.content):
            merging.merge(connection, pair[0], pair[1], one.at, f"seen at {one.capture.url}")
            joined = {number: pair[0] if now == pair[1] else now for number, now in joined.items()} | {pair[1]: pair[0]}
    _follow(connection, looks, joined)


def _follow(connection: Connection, looks: list[Look], joined: dict[int, int]) -> None:
    """Tells the looks of absorbed articles whose they are now."""
    moved = [look for look in looks if look.article is not None and look.article.id in joined]
    kept = load_articles(connection, set(joined.values()))
    for look in moved:
        assert look.article is not None
        look.article = kept[joined[look.article.id]]
    _take_decisions(connection, moved)


def _note_bands(connection: Connection, texts: Texts, looks: list[Look]) -> None:
    """Keeps the bands of the texts that these looks read."""
    read = [look for look in looks if look.article is not None and look.content_id is not None]
    known = {one.digests.body: one.bands for one in (look.prepared for look in read) if one.is_new and one.digests}
    sketching.note(connection, texts, {look.article.id for look in read if look.article}, known)


def _join_twins(connection: Connection, identities: Identities, looks: list[Look]) -> None:
    """A new article that says what another of its site says is that one, moved, if both state one moment of
    publication. If they do not, the old address is due now, and a redirect found there makes the two one."""
    made = {number: identities.by_id[number] for number in identities.created}
    joined: dict[int, int] = {}
    for pair in sketching.twins(connection, made):
        at = made[pair.new].first_captured_at
        if at is None or pair.new in joined or pair.old in joined:
            continue
        if pair.are_one:
            reason = "the same headline, text and time of publication"
            merging.merge(connection, pair.old, pair.new, at, reason, looked_at_absorbed=True)
            joined[pair.new] = pair.old
            continue
        for row in load_candidates(connection, "id", [pair.old_address]):
            if row.due_at is not None and row.due_at > at and row.last_captured_at != at:
                row.due_at, row.due_reason = at, "confirm"
                save_candidates(connection, [row])
    _follow(connection, looks, joined)


def _take_decisions(connection: Connection, looks: list[Look]) -> None:
    """Reads back what the fold made of refolded looks."""
    by_id = {look.id: look for look in looks if look.id is not None}
    for some in chunks(list(by_id)):
        query = (
            select(captures.c.id, captures.c.outcome, captures.c.version_id, versions.c.token)
            .select_from(captures.outerjoin(versions, versions.c.id == captures.c.version_id))
            .where(captures.c.id.in_(some))
        )
        for row in connection.execute(query):
            look = by_id[row.id]
            look.outcome, look.version_id, look.version_token = Outcome(row.outcome), row.version_id, row.token


def _note_absences(connection: Connection, looks: list[Look], adopted: Collection[int]) -> None:
    """Sets or clears `gone_at` of the articles whose looks could change it."""
    for look in looks:
        article = look.article
        is_gone = look.prepared.capture.outcome is Outcome.GONE
        is_back = look.prepared.is_seen and (article is not None and article.gone_at is not None)
        if article is not None and (is_gone or is_back or look.candidate.id in adopted):
            article.gone_at = rebuilding.gone_at_of(connection, article.id)


def _move_frontier(connection: Connection, identities: Identities, looks: list[Look]) -> None:
    """The next look of every address that was asked, in the same transaction as the look itself."""
    scales = _scales(connection, looks)
    claims: dict[int, tuple[int, int]] = defaultdict(lambda: (0, 0))
    resting: dict[str, datetime] = {}
    for look in looks:
        outcome = look.outcome or look.prepared.capture.outcome
        assert outcome is not None
        row = look.candidate
        claim_moved = (
            row.claimed_at is not None and row.seen_claim_at is not None and row.claimed_at > row.seen_claim_at
        )
        if not frontier.note_look(row, look.prepared.capture, outcome):
            continue
        if claim_moved and outcome in (Outcome.CHANGED, Outcome.UNCHANGED) and row.site_id is not None:
            moves, hits = claims[row.site_id]
            claims[row.site_id] = (moves + 1, hits + (outcome is Outcome.CHANGED))
        frontier.schedule(row, look.article, identities, scales.get(row.site_id or 0), look.prepared.capture)
        wait_until = look.prepared.capture.retry_after_at
        if wait_until is not None:
            resting[row.host] = max(wait_until, resting.get(row.host, wait_until))
    frontier.count_claims(connection, claims)
    frontier.rest_hosts(connection, resting)


def _scales(connection: Connection, looks: list[Look]) -> dict[int, float | None]:
    numbers = {look.candidate.site_id for look in looks if look.candidate.site_id is not None}
    query = select(sites.c.id, sites.c.scale).where(sites.c.id.in_(sorted(numbers)))
    return {row.id: row.scale for row in connection.execute(query)}
