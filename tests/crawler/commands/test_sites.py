"""`backissue sites`: what a person sees who declares a site."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from crawler.cli import main
from crawler.sites import load_sites

FERRY = "/news/ferry-runs-again-after-storm-repairs"
BERTH = "/news/council-to-dredge-berth-before-spring-tide"
LIGHTS = "/news/lights-on-the-pier-are-on-again-after-a-year"


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Result]:
    """Runs a command in a folder of its own."""
    monkeypatch.chdir(tmp_path)
    return lambda *words: CliRunner().invoke(main, words)


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
    assert "write it whole" in done.stderr


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


@pytest.mark.parametrize("text", ["\ufeff{}", "{}", "# mine\r\n{}"])
def test_the_site_that_is_named_is_paused_and_the_rest_stays(tmp_path: Path, run: Any, text: str) -> None:
    sites = "".join(f'[[site]]\nname = "{name}"\nurl = "https://{name}.test/"\n' for name in "ab")
    before = text.format(sites.replace("\n", "\r\n") if "\r" in text else sites).encode()
    (tmp_path / "sites.toml").write_bytes(before)
    assert run("sites", "pause", "a").exit_code == 0
    assert [site.name for site in load_sites(tmp_path / "sites.toml") if site.paused] == ["a"]
    assert run("sites", "resume", "a").exit_code == 0
    after = (tmp_path / "sites.toml").read_bytes()
    assert after.replace(b"paused = false\r\n", b"").replace(b"paused = false\n", b"") == before


def test_what_stands_beside_paused_stays(tmp_path: Path, run: Any) -> None:
    text = '[[site]]\nname = "a"\nurl = "https://a.test/"\npaused = true  # until they answer\n'
    (tmp_path / "sites.toml").write_text(text)
    assert run("sites", "resume", "a").exit_code == 0
    assert (tmp_path / "sites.toml").read_text() == text.replace("true", "false")


@pytest.mark.parametrize(
    "text",
    [
        'site = [{ name = "a", url = "https://a.test/" }]\n',
        '[[site]]\nname = "a"\nurl = "https://a.test/"\n"paused" = false\n',
    ],
)
def test_a_file_that_cannot_be_edited_stays_as_it_is(tmp_path: Path, run: Any, text: str) -> None:
    (tmp_path / "sites.toml").write_text(text)
    done = run("sites", "pause", "a")
    assert (done.exit_code, (tmp_path / "sites.toml").read_text()) == (2, text)
    assert "cannot edit" in done.stderr


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("sites", "add", "http://["), "is no web address"),
        (("sites", "add", "https://me:secret@a.test/"), "is no web address"),
        (("sites", "add", "https://a.test/", "--name", "a b"), "expected letters"),
        (("--sites", "nowhere/sites.toml", "sites", "add", "https://a.test/"), "there is no folder"),
        (("crawl", "http://["), "is no address of a page"),
        (("crawl", "ftp://a.test/x"), "is no address of a page"),
        (("extract", "http://["), "is no address of a page"),
        (("extract", "page.html", "--url", "http://["), "is no address of a page"),
        (("import", "text", "page.html", "--url", "story"), "is no address of a page"),
        (("import", "text", "page.html", "--captured-at", "0001-01-01T00:00:00+14:00"), "--captured-at is"),
        (("import", "jsonl", "latin.jsonl"), "not UTF-8 text"),
        (("import", "jsonl", "deep.jsonl"), "deep.jsonl:2: not JSON"),
        (("--database", "nonsense", "import", "jsonl", "page.html"), "is no database URL"),
    ],
)
def test_a_mistake_is_said_in_a_line_without_a_traceback(
    tmp_path: Path, run: Any, words: tuple[str, ...], said: str
) -> None:
    (tmp_path / "page.html").write_text("A title\n\nA text.")
    (tmp_path / "latin.jsonl").write_bytes(b'{"title": "caf\xe9"}')
    (tmp_path / "deep.jsonl").write_text("\n" + "[" * 100_000)
    done = run(*words)
    assert done.exit_code in (1, 2)
    assert said in done.stderr
    assert done.exception is None or isinstance(done.exception, SystemExit)
