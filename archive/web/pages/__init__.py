"""The pages for people. Each module answers one question; a page is a reader's answer and a template."""

from archive.web.pages import articles, as_of, categories, diffs, front, guide, search, sites, versions

routers = tuple(module.router for module in (front, sites, articles, versions, diffs, search, as_of, categories, guide))

__all__ = ["routers"]
