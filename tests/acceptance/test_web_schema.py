"""schemathesis over the OpenAPI: no question, however odd, ends in a server error or an answer of another shape.

BACKISSUE_CASES says how many cases a route (default 40; 400 make more than 5,000 in all).
"""

from __future__ import annotations

import importlib.util
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from archive.queries.read_only import ReadOnlyArchive
from archive.web import WebSettings, create_app

schemathesis = pytest.importorskip("schemathesis", reason="NOT TESTED: schemathesis is not installed")
from hypothesis import HealthCheck, given, settings  # noqa: E402
from schemathesis import checks  # noqa: E402

SAMPLE = Path(__file__).parents[1] / "archive" / "web" / "sample.py"
CASES = int(os.environ.get("BACKISSUE_CASES", "40"))


@pytest.fixture(scope="module")
def schema(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """The API of the sample archive."""
    spec = importlib.util.spec_from_file_location("schema_sample", SAMPLE)
    assert spec is not None
    assert spec.loader is not None
    sample = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = sample
    spec.loader.exec_module(sample)
    with ReadOnlyArchive.open(sample.make(tmp_path_factory.mktemp("schema") / "a.db")) as archive:
        app = create_app(archive, WebSettings(hosts=frozenset(), token=None, now=lambda: sample.NOW, time_limit=20))
        yield schemathesis.openapi.from_asgi("/api/v1/openapi.json", app)


@pytest.mark.slow
def test_no_question_breaks_the_api(schema: Any, record_property: Any) -> None:
    asked = 0
    for result in schema.get_all_operations():
        operation = result.ok()

        @given(case=operation.as_strategy())
        @settings(max_examples=CASES, deadline=None, suppress_health_check=list(HealthCheck), database=None)
        def ask(case: Any) -> None:
            nonlocal asked
            asked += 1
            answer = case.call()
            assert answer.status_code < 500, case.as_curl_command()
            case.validate_response(answer, checks=[checks.response_schema_conformance, checks.content_type_conformance])

        ask()
    record_property("cases", asked)
    assert asked > CASES
