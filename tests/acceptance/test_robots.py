"""Google's own cases for robots.txt, and some thousands of real files."""

import json
from pathlib import Path

import pytest

from crawler.discovery.robots import Robots

FOLDER = Path(__file__).parents[3] / "shared" / "hostile" / "robots"


def test_all_of_googles_cases_are_decided_as_google_decides_them() -> None:
    path = FOLDER / "google_robots_cases.json"
    if not path.is_file():
        pytest.skip(f"NOT TESTED: {path} is missing (cases of google/robotstxt's robots_test.cc)")
    cases = json.loads(path.read_text("utf-8"))
    wrong = [
        case for case in cases if Robots.parse(case["robots"]).allows(case["url"], case["agent"]) != case["allowed"]
    ]
    assert len(cases) == 142
    assert wrong == []


def test_real_files_are_read_without_an_error() -> None:
    files = [path for path in (FOLDER / "protego-data").rglob("*") if path.is_file()]
    if not files:
        pytest.skip(f"NOT TESTED: {FOLDER / 'protego-data'} is missing (real robots.txt files)")
    with_sitemaps = closed = 0
    for path in files:
        robots = Robots.parse(path.read_bytes())
        closed += not robots.allows("https://a.example/", "Backissue/1.0")
        robots.crawl_delay("Backissue/1.0")
        with_sitemaps += bool(robots.sitemaps)
    assert len(files) > 4200
    assert with_sitemaps > len(files) / 4
    assert closed < len(files) / 10
