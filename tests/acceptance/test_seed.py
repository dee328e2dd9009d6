"""The one document that the project's user gave: a scraped article page as text, furniture included."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from crawler.extraction.text_record import read_text

SEED = Path(__file__).resolve().parents[3] / "shared" / "seed"


@pytest.mark.skipif(not SEED.is_dir(), reason=f"the seed is not beside the project ({SEED})")
def test_the_seed_becomes_its_record() -> None:
    truth = json.loads((SEED / "mali.json").read_text(encoding="utf-8"))
    content, engagement = read_text((SEED / "mali.txt").read_text(encoding="utf-8"))
    assert content.title == truth["title"]
    assert content.body == truth["body"]
    assert content.categories == ("Africa",)
    assert content.coverage_place == ("Africa",)
    assert content.topics == ()
    counters = {
        name: counter.value
        for name in ("views", "likes", "dislikes", "shares", "comments")
        if (counter := getattr(engagement, name))
    }
    assert counters == {"views": 58, "likes": 0, "dislikes": 0}
    assert engagement.comments_open is False
