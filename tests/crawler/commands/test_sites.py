"""`backissue sites`: what a person sees who declares a site."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from crawler.sites import load_sites

FERRY = "/news/ferry-runs-again-after-storm-repairs"
BERTH = "/news/council-to-dredge-berth-before-spring-tide"
LIGHTS = "/news/lights-on-the-pier-are-on-again-after-a-year"


def empty(project: Callable[..., Any], site: Any) -> Any:
    """A project whose file allows the local site and declares none."""
    made = project(paper=site)
    lines = (made.folder / "sites.toml").read_text().split("[[site]]")[0]
    (made.folder / "sites.toml").write_text(f"# mine\n{lines}")
    return made


def test_add_shows_what_it_found_and_writes_the_entry(local_site: Any, project: Callable[..., Any]) -> None:
    local_site.articles = dict.fromkeys((FERRY, BERTH, LIGHTS), "Text.")
    paper = empty(project, local_site)
    done = paper.run("sites", "add", local_site.url, "--name", "paper")
    assert done.returncode == 0, done.stderr
    assert f"good sitemap  {local_site.url}sitemap.xml  3 entries" in done.stdout
    assert "Next: backissue crawl paper" in done.stdout
    text = (paper.folder / "sites.toml").read_text()
    assert text.startswith("# mine\n")
    sites = load_sites(paper.folder / "sites.toml")
    assert sites["paper"].sitemaps == (f"{local_site.url}sitemap.xml",)
    again = paper.run("sites", "add", local_site.url, "--name", "paper")
    assert again.returncode == 2
    assert "is declared already" in again.stderr


def test_add_of_a_site_that_cannot_be_reached_writes_nothing(local_site: Any, project: Callable[..., Any]) -> None:
    paper = empty(project, local_site)
    before = (paper.folder / "sites.toml").read_text()
    done = paper.run("sites", "add", "http://127.0.0.1:9/")
    assert done.returncode == 1
    assert "No entry was written" in done.stderr
    assert (paper.folder / "sites.toml").read_text() == before


def test_add_says_how_an_address_is_written(local_site: Any, project: Callable[..., Any]) -> None:
    done = empty(project, local_site).run("sites", "add", "example.org")
    assert done.returncode == 2
    assert "write it in full" in done.stderr


def test_check_judges_every_declared_source_with_its_reason(local_site: Any, project: Callable[..., Any]) -> None:
    local_site.articles = dict.fromkeys((FERRY, BERTH, LIGHTS), "Text.")
    paper = project(paper=local_site)
    with (paper.folder / "sites.toml").open("a") as file:
        file.write('feeds = ["/feed/"]\nsitemaps = ["/sitemap.xml"]\n')
    done = paper.run("sites", "check")
    assert done.returncode == 1
    assert f"bad  feed     {local_site.url}feed/  HTTP status 404" in done.stdout
    assert f"good sitemap  {local_site.url}sitemap.xml" in done.stdout
    assert "1 source no good" in done.stderr


def test_a_paused_site_is_left_out_until_it_is_resumed(local_site: Any, project: Callable[..., Any]) -> None:
    local_site.articles = {FERRY: "Text."}
    paper = project(paper=local_site)
    assert paper.run("sites", "pause", "paper").returncode == 0
    assert "paused" in paper.run("sites", "list").stdout
    crawl = paper.run("crawl")
    assert crawl.returncode == 2
    assert "no site is declared that is not paused" in crawl.stderr
    assert paper.run("sites", "resume", "paper").returncode == 0
    assert not load_sites(paper.folder / "sites.toml")["paper"].paused
    assert paper.run("sites", "pause", "papre").returncode == 2
