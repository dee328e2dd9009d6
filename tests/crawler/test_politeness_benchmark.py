"""What benchmarks/politeness.py reads out of a request log."""

from __future__ import annotations

from typing import Any

from benchmarks import politeness


def row(second: float, path: str = "/a", status: int = 200, **more: Any) -> dict[str, Any]:
    world = f"2026-03-02T00:{int(second) // 60:02}:{int(second) % 60:02}Z"
    usual = {"kind": "article", "article": path, "fault": None, "in_flight": 1, "retry_after": None}
    asked = {"if_none_match": False, "if_modified_since": False}
    return {"host": "a.test", "path": path, "status": status, "wall": second, "world": world} | usual | asked | more


def test_only_a_request_for_what_was_answered_whole_can_be_conditional() -> None:
    log = [row(0), row(10, if_none_match=True, status=304), row(20), row(30, "/b", 500), row(40, "/b")]
    host = politeness.hosts(log)["a.test"]
    assert (host.again, host.conditional, host.not_modified, host.honours) == (2, 1, 1, True)
    assert politeness.refetches(log) == 2


def test_a_request_before_retry_after_is_over_is_early() -> None:
    wait = row(0, status=503, retry_after="60")
    assert politeness.hosts([wait, row(30)])["a.test"].early == 1
    assert politeness.hosts([wait, row(61)])["a.test"].early == 0


def test_an_hour_that_passed_in_the_world_is_waited_whatever_the_server_s_clock_says() -> None:
    wait = row(0, status=503, retry_after="60")
    assert politeness.hosts([wait, row(30) | {"world": "2026-03-02T01:00:00Z"}])["a.test"].early == 0
