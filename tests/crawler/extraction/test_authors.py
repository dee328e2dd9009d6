"""People who wrote the article, in the order of the page."""

import json

import pytest

from crawler.extraction.authors import find_authors
from crawler.extraction.document import Document
from crawler.extraction.names import read_names
from crawler.extraction.structured import Structured


def authors(html: str, url: str = "https://townpost.test/2024/rain") -> tuple[str, ...] | None:
    doc = Document(html, url)
    found = find_authors(doc, Structured(doc))
    return found.value if found else None


def claim(author: object, **more: object) -> str:
    node = {"@type": "NewsArticle", "headline": "Rain falls", "author": author, **more}
    return f'<script type="application/ld+json">{json.dumps(node)}</script><h1>Rain falls</h1>'


@pytest.mark.parametrize(
    ("line", "names"),
    [
        ("By Ann Smith", ("Ann Smith",)),
        ("BY ANN SMITH AND BOB LEE", ("ANN SMITH", "BOB LEE")),
        ("By Ann Smith, Bob Lee and Carla de la Cruz", ("Ann Smith", "Bob Lee", "Carla de la Cruz")),
        ("Von Ann Maier und Jürgen Weiß", ("Ann Maier", "Jürgen Weiß")),
        ("Par Léa Fontaine et Aïssata Ba", ("Léa Fontaine", "Aïssata Ba")),
        ("Por María Núñez y José Pérez", ("María Núñez", "José Pérez")),
        ("Автор: Иван Петров", ("Иван Петров",)),
        ("بقلم أحمد علي", ("أحمد علي",)),
        ("作者：李明", ("李明",)),
        ("本报记者 伊琳 李清芬", ("伊琳", "李清芬")),
        ("홍길동 기자", ("홍길동",)),
        ("By Ann Smith, Staff Writer", ("Ann Smith",)),
        ("By Ann Smith @annsmith ann@a.test", ("Ann Smith",)),
        ("By Ann Smith The Associated Press", ("Ann Smith",)),
        ("By Ann Smith March 3, 2026", ("Ann Smith",)),
        ("By Political Editor Ann Smith", ("Ann Smith",)),
        ("By Senior Sports Reporter Ann Smith and Bob Lee", ("Ann Smith", "Bob Lee")),
        ("By Ann Smith, Executive Content Editor", ("Ann Smith",)),
        ("By Ann Smith For Postonline and Bob Lee For Post.com", ("Ann Smith", "Bob Lee")),
        ("By Ann Smith Staff Writer Town Post", ("Ann Smith",)),
        ("Redaktion Rote Liste", ()),
        ("Le Thi Hoa", ("Le Thi Hoa",)),
        ("Par Léa Fontaine le 3 mai", ("Léa Fontaine",)),
        ("By Ann Smith in Kivu", ("Ann Smith",)),
        ("Townpost Editorial Board", ()),
        ("Staff", ()),
        ("By Staff Writers", ()),
        ("admin", ()),
        ("https://a.test/authors/ann", ()),
        ("", ()),
    ],
)
def test_names_are_read_out_of_a_byline(line: str, names: tuple[str, ...]) -> None:
    assert read_names(line) == names


@pytest.mark.parametrize(
    ("value", "names"),
    [
        ({"@type": "Person", "name": "Ann Smith"}, ("Ann Smith",)),
        ([{"name": "Ann Smith"}, {"name": "Bob Lee"}], ("Ann Smith", "Bob Lee")),
        ({"name": ["Ann Smith", "Bob Lee"]}, ("Ann Smith", "Bob Lee")),
        ("Ann Smith and Bob Lee", ("Ann Smith", "Bob Lee")),
        ({"name": "Ann Smith, Associated Press"}, ("Ann Smith",)),
        ([{"@type": "Person"}, {"name": "Ann Smith"}, None, 7], ("Ann Smith",)),
        ({"@type": "Organization", "name": "Associated Press"}, ("Associated Press",)),
        ({"name": "Staff"}, None),
        ("https://a.test/ann", None),
    ],
)
def test_authors_from_json_ld(value: object, names: tuple[str, ...] | None) -> None:
    assert authors(claim(value)) == names


def test_the_site_itself_gives_way_to_the_person_shown() -> None:
    html = claim({"name": "Town Post"}, publisher={"name": "Town Post"}) + "<p class=author>Ann Smith</p>"
    assert authors(html) == ("Ann Smith",)


def test_an_address_as_author_is_resolved_to_the_byline() -> None:
    html = '<meta property="article:author" content="https://a.test/ann"><h1>Rain falls</h1><p>By <a href="/ann">Ann Smith</a></p>'
    assert authors(html) == ("Ann Smith",)


def test_a_byline_that_names_more_than_the_claim_is_believed() -> None:
    html = claim({"name": "Ann Smith"}) + "<p>By <a>Ann Smith</a> and <a>Bob Lee</a> <span>Post Staff</span></p>"
    assert authors(html) == ("Ann Smith", "Bob Lee")


def test_a_photographer_among_the_claimed_authors_goes() -> None:
    html = claim([{"name": "Ann Smith"}, {"name": "Bob Lee"}]) + "<p>By Ann Smith</p><p>Photography by Bob Lee</p>"
    assert authors(html) == ("Ann Smith",)


def test_a_byline_in_two_rows_is_put_together() -> None:
    assert authors("<h1>Rain falls</h1><div>By</div><div>Ann Smith</div>") == ("Ann Smith",)


def test_a_role_beside_the_name_is_no_second_author() -> None:
    html = "<h1>Rain falls</h1><p>By <a>Ann Smith</a> <span>Political Reporter</span></p>"
    assert authors(html) == ("Ann Smith",)


def test_a_name_beside_the_date_is_the_author() -> None:
    assert authors("<h1>Rain falls</h1><p>Ann Smith - March 3, 2026</p>") == ("Ann Smith",)


def test_comment_writers_are_no_authors() -> None:
    html = '<h1>Rain falls</h1><p>It rains.</p><div class="comments"><span class="author">Bob Lee</span></div>'
    assert authors(html) is None


def test_an_agency_is_the_author_where_the_page_names_it() -> None:
    assert authors("<h1>Rain falls</h1><p>By The Associated Press</p>") == ("The Associated Press",)


def test_nothing_said_is_none() -> None:
    assert authors("<h1>Rain falls</h1><p>It rains in town and by the sea.</p>") is None


def test_the_same_page_gives_the_same_authors() -> None:
    html = claim([{"name": "Ann Smith"}, {"name": "Bob Lee"}]) + "<p>By Ann Smith and Bob Lee</p>"
    assert {authors(html) for _ in range(5)} == {("Ann Smith", "Bob Lee")}


def test_a_person_may_be_written_in_small_letters_for_machines_alone() -> None:
    assert authors(claim({"@type": "Person", "name": "ann smith"})) == ("ann smith",)
    assert authors(claim({"@type": "Person", "name": "news desk"})) is None
    assert authors("<h1>Rain falls</h1><p>By popular demand</p><p>It rained.</p>") is None


def test_a_team_that_only_embedded_state_names_is_the_author_where_no_person_is() -> None:
    state = {"story": {"headline": "Rain falls on town", "byline": ["Team Rain"], "body": "It rained."}}
    html = f'<h1>Rain falls on town</h1><script id="__NEXT_DATA__" type="application/json">{json.dumps(state)}</script>'
    assert authors(html) == ("Team Rain",)


def test_authors_in_embedded_state() -> None:
    state = {
        "props": {"story": {"headline": "Rain falls on town", "byline": ["Ann Smith"], "publishedAt": "2026-03-03"}}
    }
    html = f'<h1>Rain falls on town</h1><script id="__NEXT_DATA__" type="application/json">{json.dumps(state)}</script>'
    assert authors(html) == ("Ann Smith",)


@pytest.mark.parametrize(
    ("row", "name"),
    [
        ("By Krystyna", "Krystyna"),
        ("Von IN-Redaktion", "IN-Redaktion"),
        ("By rain.tv", "rain.tv"),
        ("By Rain.at", "Rain.at"),
        ("By Townpost Editorial Board", "Townpost Editorial Board"),
        ("By Townpost Weather Team", "Townpost Weather Team"),
        ("By April 28", None),
        ("By Staff", None),
        ("By the river it rains", None),
        ("By train", None),
        ('By <span class="username">annsm</span>', "annsm"),
        ('By <span class="username">admin</span>', None),
    ],
)
def test_one_word_or_body_alone_after_by_is_the_author_where_nobody_else_is_named(row: str, name: str | None) -> None:
    assert authors(f"<h1>Rain falls</h1><p>{row}</p><p>It fell on the town all night.</p>") == (name and (name,))
    named = authors(f"{claim({'name': 'Ann Smith'})}<p>{row}</p><p>It fell on the town all night.</p>")
    assert named == ("Ann Smith",)


@pytest.mark.parametrize(
    ("handle", "names"), [("asmith", ("asmith",)), ("q_admin", None), ("siteadmin", None), ("editor", None)]
)
def test_a_user_name_is_the_author_only_where_a_page_states_nobody_else(
    handle: str, names: tuple[str, ...] | None
) -> None:
    assert authors(claim({"@type": "Person", "name": handle})) == names
    assert authors(claim({"name": handle}) + "<p>By Ann Smith</p>") == ("Ann Smith",)


@pytest.mark.parametrize(
    ("second", "names"),
    [
        ('<span class="username">Reuters</span>', ("Ann Smith", "Reuters")),
        ('<span class="username">Kivu</span>', ("Ann Smith", "Kivu")),
        ('<span class="place">Kivu</span>', ("Ann Smith",)),
        ("Reuters", ("Ann Smith",)),
    ],
)
def test_whom_a_row_lists_in_an_element_of_his_own_is_an_author(second: str, names: tuple[str, ...]) -> None:
    row = f'<div>By <span class="field"><span class="username">Ann Smith</span>, {second}</span> - 3 May 2026</div>'
    assert authors(f"<h1>Rain falls</h1>{row}<p>It fell on the town all night.</p>") == names
