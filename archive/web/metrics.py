"""`/metrics`, for Prometheus."""

from __future__ import annotations

from fastapi import APIRouter, Request
from prometheus_client import generate_latest
from starlette.responses import Response

from archive.metrics import CONTENT_TYPE, registry_of
from archive.web.asking import AnArchive

router = APIRouter(include_in_schema=False)


@router.get("/metrics")
def metrics(request: Request, archive: AnArchive) -> Response:
    """A line a number and site."""
    state = request.app.state
    if not hasattr(state, "metrics"):
        state.metrics = registry_of(archive, state.settings.now)
    return Response(generate_latest(state.metrics), headers={"Content-Type": CONTENT_TYPE})
