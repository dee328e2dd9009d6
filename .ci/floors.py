"""Compares the scores in a folder with the floors that the project promises; exit code 1 where one is missed."""

from __future__ import annotations

import hashlib
import json
import sys
from pathlib import Path
from typing import Any

#: (file, path to the figure, "min" or "max", floor)
FLOORS = [
    ("world/score.json", "articles.found / articles.findable", "min", 0.97),
    ("world/score.json", "articles.duplicated", "max", 0),
    ("world/score.json", "articles.not_articles", "max", 0),
    ("world/score.json", "versions.edits_caught / versions.edits_catchable", "min", 0.95),
    ("world/score.json", "versions.false_versions / versions.snapshots", "max", 0.05),
    ("world/score.json", "versions.junk_versions", "max", 0),
    ("world/score.json", "versions.unrelated_versions", "max", 0),
    ("world/score.json", "traps.ssrf_hits", "max", 0),
    ("world/score.json", "politeness.robots_disobeyed", "max", 0),
    ("world/score.json", "politeness.max_in_flight", "max", 1),
]
#: The same for extraction, in-sample, of the pages whose index has this digest; lowered only on purpose.
CORPUS = Path(__file__).resolve().parents[2] / "shared/eval/corpus/index.jsonl"
CORPUS_DIGEST = "172387dadfbdb312a4eca465145519f9b936144a92cf498fbb0ea8491cf3c0ab"
PAGE_FLOORS = [
    ("eval.json", "HAND.pageF1", "min", 0.928),
    ("eval.json", "HAND.F1", "min", 0.942),
    ("eval.json", "aeb.F1", "min", 0.968),
    ("eval.json", "ALL.pageF1", "min", 0.938),
    ("eval.json", "HAND.title", "min", 0.94),
    ("eval.json", "HAND.date", "min", 0.88),
    ("eval.json", "HAND.authors", "min", 0.87),
    ("eval.json", "ALL.labels", "min", 0.62),
    ("pages.jsonl", "pages", "min", 1840),
]


def figure(report: Any, path: str) -> float:
    """A figure of a report, or the ratio of two."""
    parts = [part.strip() for part in path.split("/")]
    values = []
    for part in parts:
        value = report
        for key in part.split("."):
            value = value[key]
        values.append(float(value or 0))
    return values[0] if len(values) == 1 else values[0] / max(values[1], 1)


def report(path: Path) -> Any:
    """A report's JSON; of predictions (JSON lines) their number."""
    text = path.read_text(encoding="utf-8")
    return {"pages": len(text.splitlines())} if path.suffix == ".jsonl" else json.loads(text)


def main(folder: Path) -> int:
    floors = list(FLOORS)
    digest = hashlib.sha256(CORPUS.read_bytes()).hexdigest()
    if digest == CORPUS_DIGEST:
        floors += PAGE_FLOORS
    else:
        print(f"the pages are others than the floors of extraction were measured on: {CORPUS} has digest {digest}")
    missed = 0
    for name, path, sense, floor in floors:
        value = figure(report(folder / name), path)
        good = value >= floor if sense == "min" else value <= floor
        missed += not good
        print(f"{'ok    ' if good else 'MISSED'} {path} = {value:.3f} ({sense} {floor})")
    print(f"{len(floors) - missed} passed, {missed} failed")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
