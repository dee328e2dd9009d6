"""Renders one page of the static site. Knows where files lie and nothing of who asks."""

from __future__ import annotations

import hashlib
import re
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from jinja2 import ChoiceLoader, Environment, PackageLoader

from archive.web import rendering

ASSETS = ("style.css", "icon.svg")
_PLAIN = re.compile(r"[a-z0-9][a-z0-9_-]{0,63}")


@cache
def environment() -> Environment:
    """The server's templates, filters and escaping, with the static site's own pages before them."""
    base = rendering.environment()
    loaders = [PackageLoader("archive.export.site"), *([base.loader] if base.loader else [])]
    made = base.overlay(loader=ChoiceLoader(loaders))
    made.filters |= {"slug": slug}
    return made


def slug(name: str) -> str:
    """A site's name as the name of a folder, on any file system: told apart by a digest where it had to change.

    >>> slug("sahel"), slug("../etc")
    ('sahel', 'etc-f7f9121f')
    """
    if _PLAIN.fullmatch(name):
        return name
    kept = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")[:40]
    return f"{kept}-{hashlib.sha256(name.encode('utf-8', 'backslashreplace')).hexdigest()[:8]}".lstrip("-")


def write_page(folder: Path, place: str, template: str, **values: Any) -> None:
    """Renders a template into the file at `place` ("articles/12/index.html")."""
    path = folder / place
    path.parent.mkdir(parents=True, exist_ok=True)
    html = environment().get_template(template).render({"root": "../" * place.count("/"), **values})
    path.write_bytes(html.encode("utf-8", "replace"))


def write_assets(folder: Path) -> None:
    """The stylesheet and the icon, as the server has them."""
    (folder / "static").mkdir()
    for name in ASSETS:
        (folder / "static" / name).write_bytes((files("archive.web") / "static" / name).read_bytes())
