"""Sites whose text only a script writes, in a real Chromium that itself never reaches the network."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from archive import Archive
from archive.warc import RawStore
from crawler.browser import NoBrowser, find_chromium

LocalSite = Any
Project = Any

STORY = "/news/ferry-runs-again-after-storm-repairs"
TITLE = "Ferry runs again after storm repairs"
PARAGRAPHS = [
    "The ferry to the island runs again from Monday, the harbour office said after eleven days of repairs.",
    "Its ramp had been torn off in the storm of 12 February, which also sank two trawlers at the northern quay.",
    "Tickets bought for the lost days stay valid until June, and islanders travel free for a week.",
]
SHELL = """<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>Local Paper</title>{head}</head>
<body><div id="app"></div><script src="/app.js"></script>{tail}</body></html>"""
APP = """
const app = document.getElementById("app");
if (location.pathname === "/") {
  fetch("/api/list.json").then(r => r.json()).then(all => {
    app.innerHTML = "<ul>" + all.map(a => `<li><h3><a href="${a.path}">${a.title}</a></h3></li>`).join("") + "</ul>";
  });
} else {
  fetch("/api/story.json?path=" + encodeURIComponent(location.pathname)).then(r => r.json()).then(a => {
    document.title = a.title + " - Local Paper";
    app.innerHTML = `<main><article><h1>${a.title}</h1><time datetime="2026-03-01T09:00:00Z">1 March 2026</time>` +
      `<div class="entry-content">${a.text.map(p => `<p>${p}</p>`).join("")}</div></article></main>`;
  });
}
"""


@pytest.fixture(autouse=True)
def chromium() -> str:
    try:
        return find_chromium()
    except NoBrowser as error:
        pytest.skip(f"no browser to test with: {error}")


def scripted(site: LocalSite, head: str = "", tail: str = "", app: str = APP) -> None:
    """Makes the site one of script alone: without a browser its pages are empty."""
    html, script, data = "text/html; charset=utf-8", "text/javascript", "application/json"
    site.pages = {
        "/": (200, html, SHELL.format(head="", tail="")),
        STORY: (200, html, SHELL.format(head=head, tail=tail)),
        "/app.js": (200, script, app),
        "/api/list.json": (200, data, json.dumps([{"path": STORY, "title": TITLE}])),
        data_of(STORY): (200, data, json.dumps({"title": TITLE, "text": PARAGRAPHS})),
    }


def data_of(path: str) -> str:
    return f"/api/story.json?path={path.replace('/', '%2F')}"


def rendering(project: Callable[..., Project], site: LocalSite, *more: str) -> Project:
    paper = project(paper=site)
    sites = paper.folder / "sites.toml"
    sites.write_text(sites.read_text() + "render = true\n" + "".join(more))
    return paper


def test_a_page_that_only_a_script_writes_is_read_where_the_site_wants_that(
    local_site: LocalSite, project: Callable[..., Project]
) -> None:
    """robots.txt and one request in flight per host hold for what the page asks for."""
    asks = "".join(f'fetch("/part/{n}.json").catch(() => 0);' for n in range(6))
    scripted(local_site, tail=f"<script>{asks}fetch('/private/x.json').catch(() => 0);</script>")
    for number in range(6):
        local_site.pages[f"/part/{number}.json"] = (200, "application/json", "{}")
    local_site.latency = 0.05
    paper = rendering(project, local_site)
    done = paper.run("crawl")
    assert done.stdout == "1 site: 1 page, 1 new\n", done.stdout + done.stderr
    with Archive.open(paper.database) as archive:
        (article,) = archive.iter_articles()
        (version,) = archive.versions(article.id)
        assert version.content.body == "\n\n".join(PARAGRAPHS)
        assert version.content.title == TITLE
        (capture,) = archive.captures(limit=10)
        # The raw copy is the finished page, so that another extractor can read it again.
        (raw,) = RawStore(archive.raw_folder).read(capture.raw_path)
        assert PARAGRAPHS[0].encode() in raw.body
    assert sum(local_site.requests[f"/part/{number}.json"] for number in range(6)) == 6
    assert local_site.requests["/private/x.json"] == 0
    assert local_site.requests["/app.js"] == 1, "kept for the site's other pages"
    assert local_site.most_in_flight == 1
    assert "1 ForbiddenByRobots" in paper.run("show", article.url, "--explain").stdout


ATTACK = """
const canary = "CANARY", targets = [canary + "/a", canary.replace("127.0.0.1", "localhost") + "/b"];
for (const url of targets) {
  fetch(url, {mode: "no-cors"}).catch(() => 0);
  fetch(url, {method: "POST", mode: "no-cors", body: "x", keepalive: true}).catch(() => 0);
  navigator.sendBeacon(url, "x");
  const request = new XMLHttpRequest(); request.open("GET", url); request.send();
  for (const kind of ["script", "img", "iframe", "video", "embed"]) {
    const element = document.createElement(kind); element.src = url; document.body.append(element);
  }
  for (const rel of ["stylesheet", "preconnect", "dns-prefetch", "prefetch", "prerender", "preload", "modulepreload"]) {
    const link = document.createElement("link");
    link.rel = rel; link.href = url; link.as = "script"; document.head.append(link);
  }
  const rules = document.createElement("script");
  rules.type = "speculationrules";
  rules.textContent = JSON.stringify({prerender: [{source: "list", urls: [url]}], prefetch: [{source: "list", urls: [url]}]});
  document.head.append(rules);
  new WebSocket(url.replace("http", "ws"));
  new EventSource(url);
  try { new Worker(URL.createObjectURL(new Blob([`fetch("${url}", {mode: "no-cors"}); importScripts("${url}")`]))); } catch {}
  navigator.serviceWorker?.register("/worker.js").catch(() => 0);
  const port = new URL(url).port;
  const peer = new RTCPeerConnection({iceServers: [{urls: "turn:127.0.0.1:" + port + "?transport=tcp", username: "a", credential: "b"}]});
  peer.createDataChannel("x"); peer.createOffer().then(offer => peer.setLocalDescription(offer));
  window.open(url);
}
setTimeout(() => { const form = document.createElement("form"); form.action = targets[0]; document.body.append(form); form.submit(); }, 300);
document.head.insertAdjacentHTML("beforeend", `<meta http-equiv="refresh" content="0; url=${targets[0]}">`);
setTimeout(() => { location.href = targets[0]; }, 500);
"""


def test_the_browser_reaches_no_address_that_the_crawler_may_not(
    local_site: LocalSite, project: Callable[..., Project], canary: Any
) -> None:
    where = f"http://127.0.0.1:{canary.port}"
    scripted(
        local_site,
        head=f'<link rel="preconnect" href="{where}"><link rel="dns-prefetch" href="{where}">'
        f'<script src="{where}/x.js"></script>',
        tail=f'<script>{ATTACK.replace("CANARY", where)}</script><img src="{where}/i"><iframe src="{where}/f"></iframe>',
    )
    before = len(canary.hits)
    paper = rendering(project, local_site)
    done = paper.run("crawl")
    assert "1 new" in done.stdout, paper.run("export", "captures").stdout
    assert len(canary.hits) == before
    with Archive.open(paper.database) as archive:
        (article,) = archive.iter_articles()
    assert "ForbiddenAddress" in paper.run("show", article.url, "--explain").stdout


def test_a_page_that_is_not_whole_or_never_ends_is_no_version_and_costs_no_other(
    local_site: LocalSite, project: Callable[..., Project]
) -> None:
    scripted(local_site)
    broken, endless = "/news/council-to-dredge-berth-before-spring", "/news/fishermen-welcome-the-dredging-plan"
    html = "text/html; charset=utf-8"
    local_site.pages |= {
        broken: (200, html, SHELL.format(head="", tail="")),
        data_of(broken): (500, "application/json", "{}"),
        endless: (200, html, SHELL.format(head="", tail="<script>for (;;) {}</script>")),
    }
    paper = rendering(project, local_site)
    paper.prelude = "from crawler import browser; browser.SECONDS = 8.0"
    home = local_site.url.rstrip("/")
    done = paper.run("crawl", home + endless, home + broken, home + STORY)
    assert (done.returncode, done.stdout) == (3, "1 site: 3 pages, 1 new, 1 truncated, 1 error\n"), done.stderr
    assert "1 page failed: truncated (PartMissing)" in done.stderr
    assert "1 page failed: error (the page's scripts took over 8 s)" in done.stderr


def test_a_missing_chromium_is_told_and_leaves_other_sites_alone(
    local_site: LocalSite, project: Callable[..., Project], tmp_path: Path
) -> None:
    scripted(local_site)
    paper = rendering(project, local_site, f'\n[[site]]\nname = "other"\nurl = "{local_site.url}news/"\n')
    done = paper.run("crawl", BACKISSUE_CHROMIUM=str(tmp_path / "none"))
    assert "paper: not crawled: render = true needs a browser" in done.stderr
    assert "apt install chromium" in done.stderr
    assert done.returncode in (3, 4)


def browsers_of(folder: Path) -> set[int]:
    """Processes whose environment says that they were started for this project."""
    found = set()
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if f"BACKISSUE_SITES={folder}".encode() in (process / "environ").read_bytes():
                found.add(int(process.name))
        except OSError:
            continue
    return found


def test_no_browser_outlives_a_crawl_that_is_killed(local_site: LocalSite, project: Callable[..., Project]) -> None:
    scripted(local_site, tail="<script>for (;;) {}</script>")
    paper = rendering(project, local_site)
    crawl = paper.start("crawl")
    while not local_site.requests[STORY]:
        assert crawl.poll() is None, crawl.communicate()
        local_site.asked.wait(0.1)
        local_site.asked.clear()
    deadline = time.monotonic() + 20
    while not any(b"chromium" in Path(f"/proc/{each}/cmdline").read_bytes() for each in browsers_of(paper.folder)):
        assert time.monotonic() < deadline
        time.sleep(0.05)
    os.kill(crawl.pid, signal.SIGKILL)
    crawl.communicate(timeout=20)
    deadline = time.monotonic() + 20
    while browsers_of(paper.folder):
        assert time.monotonic() < deadline, subprocess.run(["ps", "ax"], capture_output=True, text=True).stdout
        time.sleep(0.1)
