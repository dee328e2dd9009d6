"""Compares the scores in a folder with the floors that the project promises; exit code 1 where one is missed."""

from __future__ import annotations

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


def main(folder: Path) -> int:
    missed = 0
    for name, path, sense, floor in FLOORS:
        value = figure(json.loads((folder / name).read_text()), path)
        good = value >= floor if sense == "min" else value <= floor
        missed += not good
        print(f"{'ok    ' if good else 'MISSED'} {path} = {value:.3f} ({sense} {floor})")
    print(f"{len(FLOORS) - missed} passed, {missed} failed")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
