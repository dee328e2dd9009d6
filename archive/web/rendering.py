"""Turns a template and values into an answer."""

from __future__ import annotations

from functools import cache
from typing import Any
from urllib.parse import quote, urlencode

from jinja2 import Environment, PackageLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import HTMLResponse

from archive.model import COUNTERS, EditKind
from archive.web import text
from archive.web.settings import WebSettings


@cache
def environment() -> Environment:
    """The templates: everything escaped, nothing undefined, control characters dropped."""
    made = Environment(
        loader=PackageLoader("archive.web"),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=text.clean,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters |= {
        "day": text.day,
        "direction": text.direction,
        "duration": text.duration,
        "external": text.external,
        "language_tag": text.language_tag,
        "list_pair": lambda name: (name, name),
        "machine": text.machine,
        "number": text.number,
        "percent": text.percent,
        "segment": lambda name: quote(str(name), safe=""),
        "when": text.when,
        "words": text.words,
    }
    made.globals |= {"link": link, "edit_kinds": tuple(EditKind), "counters": COUNTERS}
    return made


def link(path: str, **parameters: object) -> str:
    """A path of ours with its parameters; those that are None, False or empty are left out.

    >>> link("/search", q="a b", site=None)
    '/search?q=a+b'
    """
    given = [(name, value) for name, value in parameters.items() if value not in (None, "", False, ())]
    return f"{path}?{urlencode(given, doseq=True)}" if given else path


def settings_of(request: Request) -> WebSettings:
    """What was decided when the server started."""
    found: WebSettings = request.app.state.settings
    return found


def absolute(request: Request, path: str) -> str:
    """An address of ours that may travel."""
    base = settings_of(request).public_url or str(request.base_url)
    return base.rstrip("/") + path


def page(
    request: Request, template: str, *, status: int = 200, headers: dict[str, str] | None = None, **values: Any
) -> HTMLResponse:
    """An answer in HTML."""
    query = {name: value for name, value in request.query_params.multi_items() if name != "before"}
    given = {
        "request": request,
        "absolute": lambda path: absolute(request, path),
        "asked": query,
        "next_link": None,
        "feed": None,
        **values,
    }
    html = environment().get_template(template).render(given)
    return HTMLResponse(html.encode("utf-8", "replace"), status, headers)
