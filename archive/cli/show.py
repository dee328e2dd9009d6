"""`show` and `open`: what an article says, or said at a time, and how surely that is known."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

import click

from archive.cli import screen
from archive.cli.life import kinds_in_words
from archive.cli.screen import local, one_line, safe, styled
from archive.cli.session import AT, Command, Mistake, Settings, article_argument, pass_settings
from archive.export.rows import plain, to_json
from archive.model import Capture, Version

if TYPE_CHECKING:
    from archive import Archive
    from archive.learning import Rule


@click.command(cls=Command)
@article_argument
@click.option("--at", type=AT, metavar="TIME", help="As it stood at that time, and how surely that is known.")
@click.option("--version", "wanted", metavar="N", help="By number (-1 is the newest) or by the version's id.")
@click.option("--explain", is_flag=True, help="Where each field was read on the page.")
@click.option("--format", "form", type=click.Choice(("text", "json")), default="text", show_default=True)
@click.option("--no-pager", "pager", flag_value=False, default=True, help="Print long texts straight out.")
@pass_settings
def show(
    settings: Settings,
    article: int | str,
    at: datetime | None,
    wanted: str | None,
    explain: bool,
    form: str,
    pager: bool,
) -> None:
    """What an article says: its newest version, an earlier one, or the one that stood at a time.

    \b
    backissue show 1
    backissue show https://sahel.test/rain --at "2026-03-03 noon"
    backissue show 1 --version 1 --explain
    """
    if at and wanted:
        raise click.UsageError("--at and --version both choose a version; give one of them")
    with settings.open() as archive:
        versions = archive.versions(article)
        if not versions:
            raise Mistake(_never_seen(archive, article))
        version = _choose(archive, versions, at, wanted)
        looks = [look for look in archive.captures(version.article_id, limit=None) if look.version_id == version.id]
        rules = archive.boilerplate(version.site) if explain and version.site else []
    if form == "json":
        click.echo(to_json(_record(version, versions, at, looks if explain else []), indent=2))
        return
    lines = [*_heading(version, versions, at), *(_explained(looks) if explain else ()), *_rules(looks, rules), ""]
    body = screen.wrapped(safe(version.content.body or "(no text)"))
    screen.page("\n".join(lines) + "\n" + body + "\n", pager=pager)


def _choose(archive: Archive, versions: Sequence[Version], at: datetime | None, wanted: str | None) -> Version:
    """Raises Mistake where there is no such version of this article."""
    if at:
        earlier = [version for version in versions if version.captured_at <= at]
        if not earlier:
            first = local(versions[0].captured_at)
            raise Mistake(f"what it said at {local(at)} is not known; it was first seen at {first}")
        return earlier[-1]
    if wanted is None:
        return versions[-1]
    if wanted.lstrip("-").isdecimal():
        place = int(wanted)
        found = [version for version in versions if place in (version.number, version.number - len(versions) - 1)]
    else:
        token = archive.version_by_id(wanted)
        found = [version for version in versions if version.id == token.id]
    if not found:
        raise Mistake(f"the article has no version {wanted!r}; it has {_numbers(len(versions))}")
    return found[0]


def _numbers(count: int) -> str:
    return "only number 1" if count == 1 else f"1 to {count}"


def _never_seen(archive: Archive, article: int | str) -> str:
    last = archive.captures(article, limit=1)
    why = f"; the last look came to {last[0].outcome}: {last[0].reason or 'no reason given'}" if last else ""
    return f"no version of article {article!r} is stored{why}"


def _heading(version: Version, versions: Sequence[Version], at: datetime | None) -> Iterator[str]:
    said = version.content
    yield styled(one_line(said.title or "(no headline)"), bold=True)
    facts = [one_line(said.authors) and f"by {one_line(said.authors)}", one_line(said.categories), said.language]
    if said.access == "preview":
        facts.append("only a preview was readable")
    if any(facts):
        yield " · ".join(fact for fact in facts if fact)
    yield styled(safe(version.url), dim=True)
    if said.published_at:
        yield styled(f"published {local(said.published_at)}, by the page's own date", dim=True)
    yield styled(_interval(version, versions, at), dim=True)
    if version.number > 1:
        yield styled(f"changed: {kinds_in_words(version) or 'its text'}", dim=True)


def _interval(version: Version, versions: Sequence[Version], at: datetime | None) -> str:
    """What is honestly known: seen from when to when, and between which looks it came and went."""
    seen = f"seen from {local(version.captured_at)} to {local(version.last_seen_at)}"
    words = [f"version {version.number} of {len(versions)}, {seen}"]
    if version.number > 1:
        before = versions[version.number - 2]
        words.append(f"it came between {local(before.last_seen_at)} and {local(version.captured_at)}")
    later = versions[version.number] if version.number < len(versions) else None
    if later:
        words.append(f"it changed between {local(version.last_seen_at)} and {local(later.captured_at)}")
    if at and at > version.last_seen_at:
        words.append(
            f"at {local(at)} it may already have changed"
            if later
            else f"nobody looked after {local(version.last_seen_at)}"
        )
    return "; ".join(words) + f" ({screen.zone()})"


def _explained(looks: Sequence[Capture]) -> Iterator[str]:
    """Where the first look that found this version read each field."""
    look = looks[-1] if looks else None
    yield ""
    if look is None or not look.provenance:
        yield "where its fields were read is not recorded"
    if look is not None:
        yield f"read by extractor {look.extractor or 'unknown'} at {local(look.captured_at)} from {safe(look.url)}"
        for field, source in sorted((look.provenance or {}).items()):
            yield f"  {safe(field):<14} {safe(source)}"
        if look.raw_path:
            yield f"  raw page in {look.raw_path}"


def _rules(looks: Sequence[Capture], rules: Sequence[Rule]) -> Iterator[str]:
    """What was left out of any of this version's looks, and why."""
    acted = {int(n) for look in looks for n in re.findall(r"\d+", (look.provenance or {}).get("boilerplate", ""))}
    for rule in rules:
        if rule.id in acted:
            yield f"  rule {rule.id} (version {rule.version} of {safe(rule.site or '')}'s): {one_line(rule.paragraph)}"
            yield styled(f"    {rule.reason}, applied {local(rule.learned_at)}", dim=True)


def _record(
    version: Version, versions: Sequence[Version], at: datetime | None, looks: Sequence[Capture]
) -> dict[str, object]:
    said = version.content
    later = versions[version.number] if version.number < len(versions) else None
    record: dict[str, object] = {
        "article_id": version.article_id,
        "url": version.url,
        "site": version.site,
        "version_id": version.id,
        "number": version.number,
        "versions": len(versions),
        "captured_at": version.captured_at,
        "last_seen_at": version.last_seen_at,
        "changed_by": later.captured_at if later else None,
        "certain": None if at is None else at <= version.last_seen_at,
        "title": said.title,
        "body": said.body,
        "summary": said.summary,
        "authors": said.authors,
        "categories": said.categories,
        "topics": said.topics,
        "tags": said.tags,
        "language": said.language,
        "published_at": said.published_at,
        "modified_at": said.modified_at,
        "access": said.access,
        "edit_kinds": version.edit_kinds,
        "reverts_to": version.reverts_to,
        "stealth": version.stealth,
        "extractor": version.extractor,
    }
    if looks:
        record["provenance"] = looks[-1].provenance
    return {name: plain(value) for name, value in record.items()}


@click.command("open", cls=Command)
@article_argument
@pass_settings
def open_(settings: Settings, article: int | str) -> None:
    """Open the article's page on its site in the browser.

    \b
    backissue open 1
    """
    with settings.open() as archive:
        url = archive.article(article).url
    if not url.lower().startswith(("https://", "http://")):
        raise Mistake(f"{url!r} is no address of a page; it was imported without one")
    click.echo(f"opening {safe(url)}", err=True)
    if click.launch(url) != 0:
        raise Mistake("no browser could be started here; the address is above")
