"""Bytes become text in the charset that they are really in."""

import pytest

from crawler.extraction import SiteHints
from crawler.extraction.document import decode, parse

RUSSIAN = "Дождь идёт в городе, сообщил мэр города в понедельник. " * 4


@pytest.mark.parametrize("charset", ["utf-8", "windows-1251", "koi8-r"])
def test_the_header_names_the_charset(charset):
    assert decode(RUSSIAN.encode(charset), f"text/html; charset={charset}")[0] == RUSSIAN


def test_a_meta_element_names_the_charset_where_the_header_does_not():
    page = f'<META HTTP-EQUIV="Content-Type" CONTENT="text/html; charset=windows-1251">{RUSSIAN}'
    assert RUSSIAN in decode(page.encode("windows-1251"))[0]


def test_valid_utf_8_is_read_as_such_whatever_the_page_declares():
    assert decode("<meta charset=iso-8859-1>Größe".encode())[0].endswith("Größe")


def test_an_undeclared_charset_is_told_from_the_bytes():
    assert "сообщил" in decode(RUSSIAN.encode("windows-1251"))[0]


def test_a_page_of_which_no_letter_reads_as_utf_8_is_not_in_it_whatever_the_header_says():
    german = "Über die Größe der Brücke sprach der Bürgermeister; die Gäste hörten ihm müde zu. " * 8
    header = "text/html; charset=utf-8"
    assert decode(german.encode("cp1252"), header)[0] == german
    assert RUSSIAN in decode(b"<meta charset=windows-1251>" + RUSSIAN.encode("windows-1251"), header)[0]


def test_one_broken_letter_does_not_make_another_charset_of_a_page():
    text = RUSSIAN.encode() + b"\xff" + RUSSIAN.encode()
    assert decode(text, "text/html; charset=utf-8")[0] == f"{RUSSIAN}\ufffd{RUSSIAN}"


def test_a_byte_order_mark_wins_over_everything():
    assert decode("é".encode("utf-16"), "text/html; charset=utf-8")[0] == "é"


def test_an_unknown_charset_is_no_error():
    assert "ok" in decode(b"ok \xff", "text/html; charset=no-such-thing")[0]


def test_nul_letters_are_left_out():
    assert decode(b"a\0b")[0] == "ab"


def test_every_document_has_root_head_and_body():
    for page in (b"", b"text", b"<frameset><frame src=a></frameset>", b"<head></head>"):
        document = parse(page, "http://a.test/")
        assert document.root is not None
        assert document.body is not None


def test_selectors_of_the_site_find_texts_and_contents():
    hints = SiteHints(selectors={"title": "h2", "authors": "meta[name=who]", "views": "((broken"})
    document = parse(b"<meta name=who content=Ann><h2> Rain <b>falls</b></h2>", "http://a.test/", hints=hints)
    assert document.selected_texts("title") == ["Rain falls"]
    assert document.selected_texts("authors") == ["Ann"]
    assert document.selected_texts("views") == []
