"""sites.toml: what it declares, and how a mistake in it is told."""

import pickle
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from crawler.sites import Defaults, Selector, Site, SiteError, Sites, keys_of, load_sites
from crawler.sites_text import reference, render_site_entry

ROOT = Path(__file__).parents[2]
SITE = '[[site]]\nname = "paper"\nurl = "https://www.paper.example/"\n'


Loader = Callable[[str], Sites]


@pytest.fixture
def load(tmp_path: Path) -> Loader:
    def load(text: str) -> Sites:
        path = tmp_path / "sites.toml"
        path.write_text(text, "utf-8")
        return load_sites(path)

    return load


def test_name_and_url_are_enough(load: Loader) -> None:
    site = load(SITE)["paper"]
    assert (site.name, site.url, site.delay, site.conditional) == ("paper", "https://www.paper.example/", 1.0, "auto")
    assert site.user_agent.startswith("Backissue/")


def test_what_a_site_does_not_say_comes_from_the_defaults(load: Loader) -> None:
    defaults = '[defaults]\ndelay = 3\nlanguage = "pt-BR"\ncontact = "me@a.example"\nraw = "off"\n'
    defaults += 'allow_addresses = ["127.0.0.1:8000"]\n'
    sites = load(f'{defaults}{SITE}[[site]]\nname = "b"\nurl = "https://b.example/"\ndelay = 0.5\nlanguage = "fr"\n')
    assert (sites["paper"].delay, sites["paper"].language, sites["paper"].raw) == (3.0, "pt", "off")
    assert (sites["b"].delay, sites["b"].language) == (0.5, "fr")
    assert "+me@a.example" in sites["b"].user_agent
    assert sites["b"].allow_addresses == ("127.0.0.1:8000",)


def test_addresses_of_sources_may_begin_at_the_sites_root(load: Loader) -> None:
    site = load(f'{SITE}feeds = ["/feed/", "https://feeds.b.example/x"]\n')["paper"]
    assert site.feeds == ("https://www.paper.example/feed/", "https://feeds.b.example/x")


def test_selectors_are_those_of_the_day(load: Loader) -> None:
    site = load(
        SITE
        + '[site.selectors]\ntitle = "h1"\nauthors = { css = ".by", until = 2020-12-31 }\n'
        + 'body = [{ css = ".new" }, { css = ".old", until = 2024-06-30 }, { css = ".oldest", until = 2010-01-01 }]\n'
    )["paper"]
    assert site.selectors["title"] == (Selector("h1"),)
    assert site.hints_at(date(2009, 1, 1)).selectors == {"title": "h1", "authors": ".by", "body": ".oldest"}
    assert site.hints_at(date(2024, 6, 30)).selectors == {"title": "h1", "body": ".old"}
    assert site.hints_at(date(2024, 7, 1)).selectors == {"title": "h1", "body": ".new"}


def test_hints_carry_language_and_time_zone(load: Loader) -> None:
    hints = load(f'{SITE}language = "fr"\ntime_zone = "Africa/Bamako"\n')["paper"].hints_at(date(2026, 3, 5))
    assert (hints.language, hints.time_zone) == ("fr", "Africa/Bamako")


def test_a_url_finds_its_site_or_gets_one_made_of_the_defaults(load: Loader) -> None:
    sites = load(f"[defaults]\ndelay = 4.0\n{SITE}")
    assert sites.of_url("https://m.paper.example/1") is sites["paper"]
    other = sites.of_url("http://www.b.example:8000/news/1")
    assert (other.name, other.url, other.delay, other.declared) == (
        "b.example:8000",
        "http://www.b.example:8000/",
        4.0,
        False,
    )


def test_of_several_sites_on_one_domain_the_nearest_is_meant(load: Loader) -> None:
    entries = {
        "a": "https://www.a.example/",
        "sport": "https://sport.a.example/",
        "blog": "https://www.a.example/blog/",
    }
    sites = load("".join(f'[[site]]\nname = "{name}"\nurl = "{url}"\n' for name, url in entries.items()))
    assert sites.of_url("https://sport.a.example/1").name == "sport"
    assert sites.of_url("https://www.a.example/blog/1").name == "blog"
    assert sites.of_url("https://m.a.example/1").name == "a"


def test_sites_are_listed_in_order_and_travel_to_other_processes(load: Loader) -> None:
    sites = load(SITE + '[[site]]\nname = "b"\nurl = "https://b.example"\n')
    assert sites.names == ("paper", "b")
    assert [site.name for site in sites] == ["paper", "b"]
    assert "b" in sites
    assert "c" not in sites
    assert sites["b"].url == "https://b.example/"
    assert pickle.loads(pickle.dumps(sites)) == sites


def test_a_missing_file_is_an_error_unless_it_may_be_missing(tmp_path: Path) -> None:
    path = tmp_path / "none.toml"
    with pytest.raises(SiteError, match=r"none\.toml: no such file; `backissue sites add URL` writes one"):
        load_sites(path)
    assert len(load_sites(path, missing_ok=True)) == 0


def test_an_empty_file_declares_nothing(load: Loader) -> None:
    assert load("").names == ()


@pytest.mark.parametrize("path", sorted((Path(__file__).parent / "bad_sites").iterdir()), ids=lambda path: path.stem)
def test_a_mistake_is_one_line_with_its_place(path: Path) -> None:
    expected = path.read_text("utf-8").rpartition("# expected: ")[2].strip()
    with pytest.raises(SiteError) as caught:
        load_sites(path)
    assert str(caught.value) == f"{path}:{expected}"


@pytest.mark.parametrize(
    "url", ["paper.example", "ftp://paper.example/", "https://", "https://u:p@paper.example/", "http://[::1"]
)
def test_a_bad_url_is_told_with_its_line(url: str, load: Loader) -> None:
    with pytest.raises(SiteError, match=r"sites\.toml:3: url in \[\[site\]\]: .* is no web address"):
        load(f'[[site]]\nname = "x"\nurl = "{url}"\n')


def test_the_mistake_of_the_second_site_is_on_its_own_line(load: Loader) -> None:
    with pytest.raises(SiteError, match=r"sites\.toml:9:"):
        load(f'{SITE}delay = 1\n\n[[site]]\nname = "b"\nurl = "https://b.example/"\ndelay = "fast"\n')


@pytest.mark.parametrize(
    "text", ["[[site]\n", 'name = "x\n', "[defaults]\ndelay = \n", "[defaults]\ndelay = 1\ndelay = 2\n"]
)
def test_what_is_no_toml_is_told_with_its_line(text: str, load: Loader) -> None:
    with pytest.raises(SiteError, match=r"sites\.toml:\d+: not valid TOML: "):
        load(text)


def test_bytes_that_are_no_utf_8_are_told(tmp_path: Path) -> None:
    path = tmp_path / "sites.toml"
    path.write_bytes(b'[defaults]\ncontact = "caf\xe9"\n')
    with pytest.raises(SiteError, match="not UTF-8"):
        load_sites(path)


def test_an_unknown_name_is_told_with_the_nearest(load: Loader) -> None:
    with pytest.raises(SiteError, match="no site is named 'papre'; did you mean \"paper\""):
        load(SITE)["papre"]


def test_an_entry_can_be_appended_and_read_back(load: Loader) -> None:
    before = f"# my sites\n{SITE}".rstrip("\n")
    entry = render_site_entry(
        "b",
        "https://b.example/",
        feeds=["https://b.example/1", 'https://b.example/"2"\\'],
        language="fr",
        comments=["found\ntoday"],
    )
    sites = load(before + entry)
    assert sites.names == ("paper", "b")
    assert sites["b"].feeds == ("https://b.example/1", 'https://b.example/"2"\\')
    assert "# found today" in entry


def test_the_example_file_is_valid_and_shows_every_key() -> None:
    text = (ROOT / "sites.example.toml").read_text("utf-8")
    assert len(load_sites(ROOT / "sites.example.toml")) == 2
    defaults, _, sites = text.partition("[[site]]")
    for part, kind in ((defaults, Defaults), (sites, Site)):
        for key in keys_of(kind):
            assert f"\n{key} = " in part or f"\n# {key} = " in part or f"[site.{key}]" in part, key


def test_the_reference_is_up_to_date_and_names_every_key() -> None:
    page = (ROOT / "docs" / "sites.md").read_text("utf-8")
    assert page == reference(), "run: python -m crawler.sites > docs/sites.md"
    for key in [*keys_of(Defaults), *keys_of(Site)]:
        assert f"| `{key}` |" in page


def test_the_examples_of_the_reference_are_valid(load: Loader) -> None:
    defaults = "".join(f"{name} = {key.example}\n" for name, key in keys_of(Defaults).items())
    site = "".join(f"{name} = {key.example}\n" for name, key in keys_of(Site).items())
    assert load(f"[defaults]\n{defaults}\n[[site]]\n{site}").names == ("example",)
