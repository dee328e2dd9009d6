"""The lines for cron and systemd, as their programs read them, and the cost, as the archive's counts have it."""

from __future__ import annotations

import configparser
import subprocess
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from archive import Archive, Capture, Content
from archive.cli import Settings
from crawler.commands.schedule import schedule
from crawler.schedule import POSSIBLE, Place, cron_lines, cron_times, parse_interval, systemd_units

NOW = datetime(2026, 3, 10, 12, tzinfo=UTC)
PLACE = Place("/srv/the press", "/opt/backissue", {"BACKISSUE_DATABASE": "postgresql://press:100%@db/press"}, "press")


def times_a_day(fields: str) -> int:
    minutes, hours, *_ = fields.split()
    return len(minutes.split(",")) * (24 if hours == "*" else len(hours.split(",")))


@pytest.mark.parametrize("text", POSSIBLE)
@pytest.mark.parametrize("offset", [0, 37, 59])
def test_cron_runs_as_often_as_wanted(text: str, offset: int) -> None:
    every = parse_interval(text)
    assert times_a_day(cron_times(every, offset)) == timedelta(days=1) // every


@pytest.mark.parametrize("text", ["7m", "5h", "0h", "2d", "1m", "often", ""])
def test_an_interval_that_cron_cannot_keep_is_refused_with_those_it_can(text: str) -> None:
    with pytest.raises(ValueError, match="15m, 20m"):
        parse_interval(text)


WARNED = "paper: warning: the last 9 new articles state no authors\n7 pages\n"


@pytest.mark.parametrize(
    ("prints", "code", "said"),
    [
        ("7 pages\n", 0, ""),
        ("7 pages\n", 75, ""),
        ("7 pages\n", 3, "7 pages\n"),
        ("7 pages\n", 4, "7 pages\n"),
        (WARNED, 0, WARNED),
        (WARNED, 3, WARNED),
    ],
)
def test_the_cron_line_mails_only_what_is_worth_a_look(tmp_path: Path, prints: str, code: int, said: str) -> None:
    command = tmp_path / "the command"
    command.write_text(f"#!/bin/sh\nprintf '%s' '{prints}'\nexit {code}\n")
    command.chmod(0o755)
    line = cron_lines(Place(str(tmp_path), str(command), {"A": "b c"}, "press"), timedelta(hours=1))
    shell = line.split(" ", 5)[5].replace("\\%", "%")
    done = subprocess.run(["/bin/sh", "-c", shell], capture_output=True, text=True, check=False)
    assert done.stdout == said
    assert done.stderr == ""


def test_percent_signs_are_written_as_each_program_wants_them() -> None:
    assert r"100\%@db" in cron_lines(PLACE, timedelta(hours=1))
    assert "100%%@db" in systemd_units(PLACE, timedelta(hours=1))


def test_the_units_are_two_files_that_parse() -> None:
    service, timer = systemd_units(PLACE, timedelta(minutes=30)).split("\n# /etc/systemd/system/backissue.timer\n")
    units = configparser.ConfigParser(strict=True, interpolation=None)
    units.read_string(service)
    assert units["Service"]["SuccessExitStatus"] == "3 75 143"
    units = configparser.ConfigParser(strict=True, interpolation=None)
    units.read_string(timer)
    assert units["Timer"]["OnCalendar"].count(",") == 1


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Any]:
    """`backissue schedule` for one site with 24 new articles on each of five days, after a first day with 500."""
    monkeypatch.chdir(tmp_path)

    def invoke(*arguments: str, site: str = "", days: int = 5) -> Any:
        database = f"sqlite:///{tmp_path / 'archive.db'}"
        sites = tmp_path / "sites.toml"
        sites.write_text(f'[[site]]\nname = "paper"\nurl = "https://paper.example/"\n{site}')
        with Archive.open(database) as archive:
            for day in range(days + 1):
                at = NOW - timedelta(days=days + 1 - day)
                archive.record_many(
                    Capture(
                        url=f"https://paper.example/{day}/{number}",
                        captured_at=at,
                        content=Content(title=f"{day} {number}", body=f"Story {number} of day {day}."),
                        site="paper",
                    )
                    for number in range(24 if day else 200)
                )
        settings = Settings(database, sites, now=lambda: NOW)
        # Help as the whole command has it: click keeps the option of the first call, and the documentation shows it.
        return CliRunner().invoke(schedule, arguments, obj=settings, help_option_names=["-h", "--help"])

    return invoke


def test_the_cost_comes_from_the_archives_own_counts(run: Callable[..., Any]) -> None:
    done = run("--every", "15m")
    assert done.exit_code == 0, done.output
    *comments, line = done.output.splitlines()
    assert all(comment.startswith("#") for comment in comments)
    assert "paper: 16 requests per hour (24 new articles a day, 0 sources)" in done.output
    assert line.count(",") == 3
    assert " crawl " in line


def test_a_rarer_crawl_costs_less(run: Callable[..., Any]) -> None:
    assert "paper: 8 requests per hour" in run("--every", "1d").output


def test_what_a_budget_allows_is_said_beside_what_is_wanted(run: Callable[..., Any]) -> None:
    said = run(site="max_requests_per_hour = 10\n").output
    assert "sources), 10 allowed" in said
    assert "paper: 10 requests per hour" in said or "paper: 9 requests per hour" in said


def test_a_delay_that_leaves_no_time_is_told(run: Callable[..., Any]) -> None:
    assert "will lag behind" in run(site="delay = 600\n").output


def test_a_site_never_crawled_has_no_cost_yet(run: Callable[..., Any]) -> None:
    done = run("--systemd", days=-1)
    assert "never crawled yet" in done.output
    assert "[Timer]" in done.output
