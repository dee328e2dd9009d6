"""A few numbers for Prometheus (text format 0.0.4): how much there is, and when each site was last looked at."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from fastapi import APIRouter
from starlette.responses import PlainTextResponse, Response

from archive.queries import SiteStats
from archive.web.asking import AnArchive, Now

router = APIRouter(include_in_schema=False)


@router.get("/metrics")
def metrics(archive: AnArchive, now: Now) -> Response:
    """A line a number and site."""
    stats = archive.stats(now)
    lines = [line for name, kind, help_, value in _METRICS for line in _lines(name, kind, help_, value, stats)]
    crawls = archive.crawls(1)
    if crawls:
        lines += [
            "# HELP backissue_last_crawl_started_seconds When the last crawl began.",
            "# TYPE backissue_last_crawl_started_seconds gauge",
            f"backissue_last_crawl_started_seconds {crawls[0].started_at.timestamp():.0f}",
        ]
    return PlainTextResponse("\n".join(lines) + "\n", media_type="text/plain; version=0.0.4")


_METRICS = (
    ("backissue_articles", "gauge", "Articles in the archive.", lambda s: s.articles),
    ("backissue_versions", "gauge", "Versions of articles.", lambda s: s.versions),
    ("backissue_captures", "gauge", "Looks at articles, whatever they found.", lambda s: s.captures),
    ("backissue_gone", "gauge", "Articles whose page has gone.", lambda s: s.gone),
    ("backissue_due", "gauge", "Addresses whose look is due.", lambda s: s.due),
    (
        "backissue_last_capture_seconds",
        "gauge",
        "When the site was last looked at.",
        lambda s: round(s.last_captured_at.timestamp()) if s.last_captured_at else None,
    ),
)


def _lines(name: str, kind: str, help_: str, value: object, stats: Iterable[SiteStats]) -> Iterator[str]:
    yield f"# HELP {name} {help_}"
    yield f"# TYPE {name} {kind}"
    for each in stats:
        found = value(each)  # type: ignore[operator]
        if found is not None:
            yield f'{name}{{site="{label(each.site or "")}"}} {found}'


def label(value: str) -> str:
    r"""A label's value as the format wants it.

    >>> label('a"b')
    'a\\"b'
    """
    return value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
