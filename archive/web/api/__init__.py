"""The API, version 1: the same questions as the command line's, answered in JSON."""

from fastapi import APIRouter

from archive.web.api import articles, edits, lists, versions
from archive.web.api.records import Problem

router = APIRouter(
    prefix="/api/v1",
    responses={
        400: {"model": Problem, "description": "The question cannot be understood."},
        503: {"model": Problem, "description": "The question took too long, or the database is busy; Retry-After."},
    },
)
for module in (articles, versions, edits, lists):
    router.include_router(module.router)

__all__ = ["router"]
