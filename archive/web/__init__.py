"""The archive in the browser: pages, a JSON API, Memento, Atom feeds. Reads through `archive.queries`, writes nothing.

Knows no SQL. What was scraped is data here and nothing else: escaped in every template, never a link that is not http.
"""

from archive.web.app import create_app, create_routes
from archive.web.settings import WebSettings

__all__ = ["WebSettings", "create_app", "create_routes"]
