"""What programs can ask: the API, Memento and the feeds, on one page."""

from __future__ import annotations

from fastapi import APIRouter, Request
from starlette.responses import HTMLResponse

from archive.web.rendering import page

router = APIRouter(include_in_schema=False)


@router.get("/api", response_class=HTMLResponse)
def guide(request: Request) -> HTMLResponse:
    """The routes, told by the application itself."""
    routes = [
        (path, operation.get("summary", ""), operation.get("description", ""))
        for path, operations in sorted(request.app.openapi()["paths"].items())
        for operation in operations.values()
    ]
    return page(request, "guide.html", routes=routes)
