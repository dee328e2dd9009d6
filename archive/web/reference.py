"""Writes docs/api.md from the application's own OpenAPI. `python -m archive.web.reference`; a test says when it is
behind."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from archive.web.app import create_routes
from archive.web.settings import WebSettings

_HEAD = """# The API

`backissue serve` answers in JSON under `/api/v1`; the same server describes it as OpenAPI at `/api/v1/openapi.json`.
Made from the code by `python -m archive.web.reference`.

- Lists come a page at a time, as `{"items": [...], "next": ...}`: give `next` as `before` of the next question; `null`
  says that these were the last. Nothing is counted ahead, so a page costs the same at any depth.
- Times are ISO 8601 in UTC. Times that are asked for may be typed as on the command line (`yesterday`, `2026-03-03
  noon`); without a zone they mean UTC.
- `null` means that the page does not say.
- Every answer has an ETag; send it back as `If-None-Match`, and what did not change comes as 304.
- Limits: 256 characters a parameter (2,048 for an address), 16 words a search, 200 rows a page, one second of the
  database's time a question. What takes longer gets 503 with `Retry-After`.
- An error is `{"detail": "why"}` with 400 (cannot be understood), 404 (not in this archive) or 503.
- Where the server has a token, send `Authorization: Bearer TOKEN`.
"""


def api_page() -> str:
    """The page: a section a route, with its parameters."""
    described = create_routes(None, WebSettings()).openapi()
    lines = [_HEAD]
    for path, operations in sorted(described["paths"].items()):
        for operation in operations.values():
            lines += [f"## GET {path}", "", operation.get("description", operation["summary"]), ""]
            lines += _parameters(operation.get("parameters", []))
            lines += [f"Answers with {_shape(operation['responses']['200'])}.", ""]
    return "\n".join(lines).rstrip() + "\n"


def _parameters(parameters: list[dict[str, Any]]) -> list[str]:
    if not parameters:
        return []
    rows = ["| parameter | meaning |", "|---|---|"]
    for each in parameters:
        needed = " (needed)" if each.get("required") else ""
        rows.append(f"| `{each['name']}`{needed} | {each.get('description') or _allowed(each['schema'])} |")
    return [*rows, ""]


def _allowed(schema: dict[str, Any]) -> str:
    for each in (schema, *schema.get("anyOf", [])):
        if "enum" in each:
            return ", ".join(f"`{value}`" for value in each["enum"])
    return str(schema.get("title", ""))


def _shape(response: dict[str, Any]) -> str:
    schema: dict[str, Any] = response["content"]["application/json"]["schema"]
    return _name(schema)


def _name(schema: dict[str, Any]) -> str:
    if "$ref" in schema:
        return "`" + str(schema["$ref"]).rsplit("/", 1)[-1].strip("_").replace("_", " of ") + "`"
    if schema.get("type") == "array":
        return f"a list of {_name(schema['items'])}"
    if "anyOf" in schema:
        return " or ".join(_name(each) for each in schema["anyOf"])
    return str(schema.get("type", "JSON"))


def main() -> None:
    """Writes the page into docs/ of the current folder."""
    Path("docs/api.md").write_text(api_page(), encoding="utf-8")


if __name__ == "__main__":
    main()
