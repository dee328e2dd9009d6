"""A user's own spider is archived like ours: the documentation's example, run as the documentation says."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from archive import Archive

ROOT = Path(__file__).resolve().parent.parent.parent
BULLETIN = """<h1>Bulletin</h1>
<section class="item" id="one" data-views="12">
<h2>Lights on the pier</h2><p>They are on again.</p><p>At last.</p></section>
<section class="item" id="two"><h2></h2></section>"""


def test_a_spider_of_plain_dicts_is_validated_and_archived(local_site: Any, project: Callable[..., Any]) -> None:
    local_site.pages["/bulletin/"] = (200, "text/html; charset=utf-8", BULLETIN)
    paper = project(paper=local_site)
    page = f"{local_site.url}bulletin/"
    command = [sys.executable, "-m", "scrapy", "runspider", "docs/examples/bulletin_spider.py", "-a", f"page={page}"]
    command += ["-s", f"BACKISSUE_ALLOW_ADDRESSES=127.0.0.1:{local_site.port}"]
    done = subprocess.run(command, cwd=ROOT, env=paper.environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "neither title nor body" in done.stderr, done.stderr
    with Archive.open(paper.database) as archive:
        (article,) = archive.articles()
        assert (article.title, article.categories) == ("Lights on the pier", ("Bulletin",))
        assert archive.version(article.id, 1).content.body == "They are on again.\n\nAt last."
        assert [point.views for point in archive.engagement(article.id)] == [12]
