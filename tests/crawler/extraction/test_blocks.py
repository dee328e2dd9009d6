"""A page's text falls into blocks at block elements and line breaks."""

from crawler.extraction.blocks import CELL, HEADING, HIDDEN, QUOTE, Walk
from crawler.extraction.document import parse
from crawler.extraction.marks import BIT


def walk(page: str) -> Walk:
    return Walk(parse(page.encode(), "http://a.test/").body)


def texts(page: str) -> list[str]:
    return [block.text for block in walk(page).blocks]


def test_inline_elements_do_not_part_a_block():
    assert texts("<p>Rain <b>falls</b> on <a href=x>town</a>.</p><p>Sun</p>") == ["Rain falls on town.", "Sun"]


def test_line_breaks_part_blocks_and_are_counted():
    blocks = walk("one<br>two<br><br>three").blocks
    assert [(block.text, block.breaks) for block in blocks] == [("one", 0), ("two", 1), ("three", 2)]


def test_scripts_menus_and_forms_fields_are_no_text():
    assert texts("<script>x</script><nav>menu</nav><style>p{}</style><select><option>a</select><p>Rain</p>") == ["Rain"]


def test_cells_quotes_and_headings_are_known():
    blocks = walk("<h2>A</h2><blockquote><p>C</p></blockquote><table><td>D</table>").blocks
    assert [bool(b.kind & k) for b, k in zip(blocks, (HEADING, QUOTE, CELL), strict=True)] == [True] * 3


def test_links_are_measured():
    (block,) = walk('<p><a href="/x">all link</a> and text</p>').blocks
    assert (block.link_chars, block.href) == (8, "/x")


def test_names_of_elements_are_marks():
    (block,) = walk('<div class="post-relatedArticles"><p>x</p></div>').blocks
    assert block.frame.marks & BIT["related"]


def test_hidden_elements_are_known():
    assert [bool(b.kind & HIDDEN) for b in walk('<p hidden>a</p><p style="display:none">b</p><p>c</p>').blocks] == [
        True,
        True,
        False,
    ]


def test_removed_nodes_are_left_out():
    document = parse(b"<p>Rain</p><p class=x>Ad</p>", "http://a.test/")
    removed = frozenset(node.mem_id for node in document.root.css(".x"))
    assert [block.text for block in Walk(document.body, removed).blocks] == ["Rain"]


def test_deep_nesting_is_walked_without_recursion():
    assert texts("<div>" * 3000 + "<p>Rain</p>") == ["Rain"]


def test_empty_lines_part_blocks_of_preformatted_text():
    assert texts("<pre>one\nline\n\ntwo</pre>") == ["one line", "two"]


def test_texts_outside_blocks_are_read_in_page_order_but_no_programs():
    page = "<p>Rain <b>falls</b></p> <nav>menu</nav><script>x()</script><p class=x>Ad</p><button><b>12</b></button>"
    document = parse(page.encode(), "http://a.test/")
    removed = frozenset(node.mem_id for node in document.root.css(".x"))
    assert [text for _, text in Walk(document.body, removed).texts] == ["Rain ", "falls", "menu", "Ad", "12"]


def test_a_block_knows_its_first_link_with_an_address_and_whether_a_time_began_in_it():
    blocks = walk("<p><a name=x>a</a><a href=/y>b</a><time>c</time></p><p>d</p>").blocks
    assert [(block.href, block.has_time) for block in blocks] == [("/y", True), (None, False)]


def test_comments_and_instructions_part_no_block_and_unknown_elements_do():
    assert texts("Rain <!-- a --><?xml version=1?>falls<x-box></x-box>on<x-box>Sun</x-box>") == [
        "Rain falls",
        "on",
        "Sun",
    ]
    assert texts("<amp-ad><p>Buy</p></amp-ad><p>Rain</p>") == ["Rain"]
