"""Turns what went wrong into an answer: a page for people, JSON below /api. Never a trace, never a path of ours."""

from __future__ import annotations

import logging

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse, Response

from archive.errors import ArchiveError, NotFound, Unavailable
from archive.queries.read_only import TooSlow
from archive.web.asking import BadQuestion
from archive.web.rendering import page
from archive.web.text import clean

_log = logging.getLogger(__name__)
_TITLES = {400: "That cannot be answered", 404: "Not in this archive", 503: "Not now", 500: "Something went wrong"}


def add_error_handlers(app: FastAPI) -> None:
    """What each error becomes."""
    app.add_exception_handler(NotFound, _not_found)
    app.add_exception_handler(Unavailable, _unavailable)
    app.add_exception_handler(ArchiveError, _bad_question)
    app.add_exception_handler(BadQuestion, _bad_question)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(Exception, _unexpected)


def answer_error(request: Request, status: int, detail: str, headers: dict[str, str] | None = None) -> Response:
    """The error as a page, or as JSON where a program asked."""
    if request.url.path.startswith("/api/"):
        return JSONResponse({"detail": clean(detail)}, status, headers)
    title = _TITLES.get(status, _TITLES[400])
    return page(request, "error.html", status=status, headers=headers, title=title, detail=detail)


async def _not_found(request: Request, error: Exception) -> Response:
    assert isinstance(error, NotFound)
    return answer_error(request, 404, f"There is no {error.what} {str(error.name)[:200]!r} in this archive.")


async def _unavailable(request: Request, error: Exception) -> Response:
    if not isinstance(error, TooSlow):
        _log.error("%s", error)
        return answer_error(request, 503, "The database cannot be read just now.", {"Retry-After": "5"})
    detail = "The question took too long. Ask for a shorter time, one site, or rarer words."
    return answer_error(request, 503, detail, {"Retry-After": "1"})


async def _bad_question(request: Request, error: Exception) -> Response:
    if isinstance(error, ArchiveError) and not str(error).startswith("nothing to search for"):
        _log.error("%s", error)
        return answer_error(request, 500, "The archive could not answer that.")
    return answer_error(request, 400, str(error))


async def _invalid(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    said = [f"{each['loc'][-1] if each['loc'] else 'the question'}: {each['msg']}" for each in error.errors()]
    return answer_error(request, 400, "; ".join(said))


async def _http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    detail = "There is no such page." if error.status_code == 404 else str(error.detail)
    return answer_error(request, error.status_code, detail, dict(error.headers or {}))


async def _unexpected(request: Request, error: Exception) -> Response:
    return answer_error(request, 500, "The server met something it did not expect; its log says what.")
