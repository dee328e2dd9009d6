"""Puts the parts together: pages, API, Memento, feeds, metrics; the guard around them all."""

from __future__ import annotations

from pathlib import Path

from fastapi import FastAPI
from starlette.middleware.gzip import GZipMiddleware
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp

from archive.queries.read_only import ReadOnlyArchive
from archive.web import api, pages
from archive.web.conditional import Conditional
from archive.web.errors import add_error_handlers
from archive.web.feeds import router as feeds
from archive.web.guard import Guard
from archive.web.memento import router as memento
from archive.web.metrics import router as metrics
from archive.web.oembed import router as oembed
from archive.web.settings import WebSettings

_HERE = Path(__file__).parent


def create_app(archive: ReadOnlyArchive, settings: WebSettings | None = None) -> ASGIApp:
    """The whole application, guarded; the archive stays the caller's to close."""
    decided = settings or WebSettings()
    return Guard(GZipMiddleware(Conditional(create_routes(archive, decided)), minimum_size=1000), decided)


def create_routes(archive: ReadOnlyArchive | None, settings: WebSettings) -> FastAPI:
    """All routes, unguarded: for the OpenAPI document and for tests. Serve `create_app` instead."""
    app = FastAPI(
        title="Backissue",
        version="1",
        description="Every version of the news: articles, their versions, the edits between them, their counters.",
        openapi_url="/api/v1/openapi.json",
        docs_url=None,
        redoc_url=None,
    )
    app.state.archive, app.state.settings = archive, settings
    add_error_handlers(app)
    for router in (*pages.routers, api.router, feeds, memento, metrics, oembed):
        app.include_router(router)
    app.mount("/static", StaticFiles(directory=_HERE / "static"))
    _forget_422(app)
    return app


def _forget_422(app: FastAPI) -> None:
    """What FastAPI documents for a parameter that does not fit; here that is a 400 like any other."""
    described = app.openapi()
    for operations in described["paths"].values():
        for operation in operations.values():
            operation["responses"].pop("422", None)
    for name in ("HTTPValidationError", "ValidationError"):
        described["components"]["schemas"].pop(name, None)
