"""Every number format of the shared list. Skips where the list is not beside the project."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from crawler.extraction.labels import read_counters, roles
from crawler.extraction.numbers import parse_count

LIST = Path(__file__).resolve().parents[2].parent / "shared" / "engagement" / "numbers.jsonl"
ROWS: list[dict[str, Any]] = [json.loads(line) for line in LIST.open(encoding="utf-8")] if LIST.exists() else []


@pytest.mark.skipif(not ROWS, reason=f"{LIST} is missing: the number formats are NOT checked")
def test_the_list_of_number_formats_is_there() -> None:
    assert len(ROWS) >= 40


@pytest.mark.parametrize("row", ROWS, ids=[row["in"] for row in ROWS])
def test_a_number_is_read_as_the_list_says(row: dict[str, Any]) -> None:
    expected = None if row["out"] is None else (row["out"], row["exact"])
    if "field" not in row:
        assert parse_count(row["in"], row["lang"]) == expected
    elif expected is None:
        assert "zero" not in roles(row["in"])
        assert not read_counters(row["in"], row["lang"])
    else:
        assert expected == (0, True)
        assert "zero" in roles(row["in"])
