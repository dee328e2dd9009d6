"""The archive as a static site: plain files with relative links, for any host or none. No script, nothing from outside.

Shares the stylesheet, the chart and the small parts of the templates with `archive.web`, so it needs the same extra.
"""

from archive.export.site.folder import NotOurs, replaced
from archive.export.site.writer import write_site

__all__ = ["NotOurs", "replaced", "write_site"]
