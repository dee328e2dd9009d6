"""How politely a crawl went, by the log of a simulated web: `python -m benchmarks politeness FOLDER [--write]`.

FOLDER is what a run on the simulated news web leaves: log.jsonl (a row a request, as the web saw it), score.json (the
archive compared with the truth) and world.json. With `--package` (the folder of `newsworld`) the edits caught by each
re-fetch are compared with those of a fixed hourly re-fetch of everything, reckoned on the same world. With `--alone` (a
folder of `discovery`) each way of finding articles stands there too. `--write` puts it all into docs/politeness.md.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from pathlib import Path
from typing import Any

REPORT = Path(__file__).resolve().parent.parent / "docs" / "politeness.md"
HOUR = 3600
_NO_SITE = {"ssrf", "unknown_host", "ad", "method"}
Row = dict[str, Any]


@dataclass(slots=True)
class Host:
    """What one host saw."""

    requests: int = 0
    in_flight: int = 0
    again: int = 0
    """Requests for what had been answered with 200 before: only they can be conditional."""
    conditional: int = 0
    """Of these, with If-None-Match or If-Modified-Since."""
    not_modified: int = 0
    early: int = 0
    """Sent before a Retry-After was over, by the clock of the server and by the world's, which jumps an hour between
    two crawls."""

    @property
    def honours(self) -> bool:
        """Whether it ever answered 304."""
        return self.not_modified > 0


def hosts(log: list[Row]) -> dict[str, Host]:
    """Host -> what it saw, most requests first."""
    found: dict[str, Host] = defaultdict(Host)
    whole: set[tuple[str, str]] = set()
    waits: dict[str, tuple[float, float, float]] = {}
    for row in log:
        if row["kind"] in _NO_SITE:
            continue
        host, address = found[row["host"]], (row["host"], row["path"])
        host.requests += 1
        host.in_flight = max(host.in_flight, row["in_flight"])
        since, until, world_until = waits.get(row["host"], (0.0, 0.0, 0.0))
        world = datetime.fromisoformat(row["world"]).timestamp()
        host.early += since + 0.1 < row["wall"] < until and world < world_until  # a tenth for what was on its way
        if row["retry_after"]:
            wait = float(row["retry_after"])
            waits[row["host"]] = row["wall"], max(until, row["wall"] + wait), max(world_until, world + wait)
        asked = bool(row["if_none_match"] or row["if_modified_since"])
        if address in whole and row["kind"] != "robots":
            host.again += 1
            host.conditional += asked
        host.not_modified += row["status"] == 304
        if row["status"] == 200 and row["fault"] is None:
            whole.add(address)
    return dict(sorted(found.items(), key=lambda each: -each[1].requests))


def refetches(log: list[Row]) -> int:
    """Fetches of an article after its first."""
    fetched = [row["article"] for row in log if row["kind"] == "article" and row["status"] in (200, 304)]
    return len(fetched) - len(set(fetched))


def hourly(package: Path, folder: Path, log: list[Row]) -> tuple[int, int]:
    """Edits that a fetch at each full hour of every article that ours fetched would see, and its re-fetches.

    An edit is seen where two looks in a row find other words; how many edits lay between them neither knows.
    """
    sys.path.insert(0, str(package))
    from newsworld.model import World, parse_time  # type: ignore[import-not-found]
    from newsworld.score import Scorer  # type: ignore[import-not-found]

    world = World.load(folder / "world.json")
    scorer = Scorer(world, [], [], log)
    fetched = {row["article"] for row in log if row["kind"] == "article" and row["status"] == 200}
    first, last = parse_time(log[0]["world"]), parse_time(log[-1]["world"])
    caught = looks = 0
    for number in fetched:
        article = world.by_id[number]
        site = world.site_by_host[article.host]
        seen = [
            scorer._key(site, version)
            for at in range(int(first), int(last) + 1, HOUR)
            if not article.is_gone(at) and (version := article.version_at(at)) is not None
        ]
        looks += max(len(seen) - 1, 0)
        caught += sum(one != other for one, other in pairwise(seen))
    return caught, looks


def report(folder: Path, package: Path | None, alone: Path | None, command: str) -> list[str]:
    """docs/politeness.md, line by line."""
    log = [json.loads(line) for line in (folder / "log.jsonl").read_text().splitlines()]
    score = json.loads((folder / "score.json").read_text())
    table, delays = hosts(log), score["politeness"]["hosts"]
    rest = [host for host in table.values() if not host.conditional]
    return [
        "# Politeness, measured",
        "",
        "<!-- written by benchmarks/politeness.py; do not edit -->",
        "",
        f"A simulated news web of {len(table)} hosts, crawled by `backissue crawl` once an hour from "
        f"{score['span']['from']} to {score['span']['to']}: {len(log):,} requests, as the web itself logged them.",
        "",
        *_goals(score, table, log, package, folder),
        "",
        *_alone(alone),
        "## Host by host",
        "",
        "Again: requests for what had been answered whole before; only these can be conditional. A look at a page that",
        "shows counters is made without condition now and then, since a 304 would hide that they moved. 304: how often",
        "the host said that nothing had changed; one that never did does not compare.",
        "",
        "| host | requests | most in flight | Crawl-delay, broken | before Retry-After | again | conditional | 304 |",
        "|---|---|---|---|---|---|---|---|",
        *(_row(name, host, delays.get(name, {})) for name, host in table.items() if host.conditional),
        "",
        f"The {len(rest)} other hosts ({sum(host.requests for host in rest):,} requests, never more than "
        f"{max((host.in_flight for host in rest), default=0)} in flight at one) give nothing to compare with.",
        "",
        f"`{command}`",
        "",
    ]


def _row(name: str, host: Host, scored: Row) -> str:
    delay = scored.get("crawl_delay")
    kept = f"{delay:g} s, {scored['crawl_delay_breaks']}" if delay else "-"
    share = f"{100 * host.conditional / host.again:.0f} %"
    return (
        f"| {name} | {host.requests} | {host.in_flight} | {kept} | {host.early} | {host.again} | {share} | "
        f"{host.not_modified or '-'} |"
    )


def _goals(score: Row, table: dict[str, Host], log: list[Row], package: Path | None, folder: Path) -> list[str]:
    """What was promised beside what was seen."""
    articles, polite, traps = score["articles"], score["politeness"], score["traps"]
    share = sum(traps["requests"].values()) / len(log)
    honouring = [host for host in table.values() if host.honours]
    fields = {name: each for name, each in score["engagement"]["fields"].items() if each["accuracy"] is not None}
    worst = min(fields, key=lambda name: fields[name]["accuracy"])
    rows = [
        ("articles found", ">= 99 %", f"{articles['found']} of {articles['findable']}"),
        ("most requests in flight at a host", "1", polite["max_in_flight"]),
        ("robots.txt disobeyed", "0", polite["robots_disobeyed"]),
        ("Crawl-delay broken", "0", polite["crawl_delay_breaks"]),
        ("sent before Retry-After was over", "0", sum(host.early for host in table.values())),
        ("requests into private networks", "0", traps["ssrf_hits"]),
        ("requests into traps", "<= 2 %", f"{100 * share:.2f} % ({sum(traps['requests'].values())})"),
        (
            "hosts that answer 304, asked conditionally",
            "all",
            f"{sum(host.conditional > 0 for host in honouring)} of {len(honouring)}",
        ),
        (
            "counters right, the worst field",
            ">= 97 %",
            f"{100 * fields[worst]['accuracy']:.1f} % ({worst}), of {score['engagement']['rows']:,} looks",
        ),
    ]
    if package is not None:
        rows.append(_edits(score, log, package, folder))
    return ["| | goal | seen |", "|---|---|---|", *(f"| {what} | {goal} | {seen} |" for what, goal, seen in rows)]


def _edits(score: Row, log: list[Row], package: Path, folder: Path) -> tuple[str, str, str]:
    caught, again = score["versions"]["edits_caught"], refetches(log)
    fixed, looks = hourly(package, folder, log)
    ours, theirs = caught / again, fixed / looks
    return (
        "edits caught a re-fetch, against a fixed hourly re-fetch of everything (reckoned on the same world)",
        ">= 1.5 times",
        f"{ours / theirs:.2f} times ({caught} by {again:,}; {fixed} by {looks:,})",
    )


def _alone(folder: Path | None) -> list[str]:
    if folder is None:
        return []
    lines = [
        "## Each way of finding articles alone",
        "",
        "| only by | there | asked for | archived |",
        "|---|---|---|---|",
    ]
    for way in ("sitemaps", "feeds", "sections"):
        if (folder / way / "score.json").exists():
            found = json.loads((folder / way / "score.json").read_text())["articles"]
            lines.append(f"| {way} | {found['findable']} | {found['fetched']} | {found['found']} |")
    return [
        *lines,
        "",
        "Sites that list everything in that way and nothing in another (`python -m benchmarks discovery`). Asked for",
        "but not archived: a page of 30 MB, which the limit of 10 MiB refuses.",
        "",
    ]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--package", type=Path, help="the folder of newsworld")
    parser.add_argument("--alone", type=Path, help="a folder that `discovery` wrote")
    parser.add_argument("--write", action="store_true", help="write docs/politeness.md")
    options = parser.parse_args()
    lines = report(options.folder, options.package, options.alone, "python -m benchmarks politeness FOLDER --write")
    print("\n".join(lines))
    if options.write:
        REPORT.write_text("\n".join(lines), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
