"""One fetched page, decoded and parsed once: the only place that turns bytes into text and text into a tree.

Decides nothing about what the page says. The tree is shared by all field modules and must not be changed.
"""

from __future__ import annotations

import re
from codecs import BOM_UTF8, utf_8_decode
from datetime import datetime

from charset_normalizer import from_bytes
from selectolax.lexbor import LexborDocumentOptions, LexborHTMLParser, LexborNode, SelectolaxError
from w3lib.encoding import http_content_type_encoding, read_bom, resolve_encoding

from crawler.extraction.result import SiteHints

_META_CHARSET = re.compile(
    rb"""<(?:meta|\?xml)[^>]{0,200}?(?:charset|encoding)\s*=\s*["']?\s*([a-zA-Z0-9_:.-]{2,40})""", re.I
)
_META_WINDOW = 16_384
_FRAMESET = re.compile("<frameset", re.I)
_REPLACED = "\ufffd"
"""What stands for bytes that could not be decoded."""
_PIECE = 16_384
"""Bytes checked at once: few enough to stay in the processor's nearest memory."""
_SPACE = re.compile(r"\s+")


class Document:
    """A parsed page. `root`, `head` and `body` always exist: the HTML5 algorithm makes them."""

    __slots__ = ("body", "fetched_at", "head", "hints", "root", "text_charset", "tree", "url", "utf8")

    def __init__(
        self,
        html: str | bytes,
        url: str,
        *,
        charset: str = "utf-8",
        fetched_at: datetime | None = None,
        hints: SiteHints | None = None,
    ) -> None:
        """Bytes are the page's text in UTF-8, without a byte-order mark."""
        self.url = url
        self.text_charset = charset
        """Python's name of the charset that the bytes were read in."""
        self.fetched_at = fetched_at
        self.hints = hints or SiteHints()
        self.utf8 = html if isinstance(html, bytes) else html.encode("utf-8", "replace")
        """The page's text: as a string it would take two bytes a letter, and be searched a third more slowly."""
        # Without events: nothing is made of the tree afterwards, as the copy of a chosen option that a browser shows.
        self.tree = LexborHTMLParser(self.utf8, options=LexborDocumentOptions.WO_EVENTS)
        if self.tree.root is None or self.tree.body is None or self.tree.head is None:
            # A frameset page has no body; a page in a wrapper of our own always has one.
            self.tree = LexborHTMLParser(f"<html><head></head><body>{_FRAMESET.sub('<div', self.html)}</body></html>")
        assert self.tree.root is not None
        self.root: LexborNode = self.tree.root
        self.head: LexborNode = self.tree.head or self.root
        self.body: LexborNode = self.tree.body or self.root

    @property
    def html(self) -> str:
        """The whole text as a string, made anew for who asks."""
        return self.utf8.decode("utf-8", "replace")

    def tail(self, letters: int) -> str:
        """The last letters of the text; all of it where it has no more.

        >>> Document("<p>Größe", "http://a.test/").tail(3)
        'öße'
        """
        return self.utf8[-4 * letters :].decode("utf-8", "replace")[-letters:]  # no letter takes more than four bytes

    def has_selector(self, field: str) -> bool:
        """Whether the site's declaration names a selector for the field."""
        return field in self.hints.selectors

    def select(self, field: str) -> list[LexborNode]:
        """The nodes that the site's selector for the field finds; [] without a selector, or with a broken one."""
        selector = self.hints.selectors.get(field)
        if not selector:
            return []
        try:
            return self.root.css(selector)
        except (SelectolaxError, ValueError):
            return []

    def selected_texts(self, field: str) -> list[str]:
        """Their texts (for a `meta` its content), white space folded, empty ones left out, in page order."""
        return [text for node in self.select(field) if (text := node_text(node))]


def node_text(node: LexborNode) -> str:
    """The text of a node with white space folded; of a `meta` element its content.

    >>> node_text(parse(b"<p> Rain  <b>falls</b></p>", "http://a.test/").body)
    'Rain falls'
    """
    text = (node.attributes.get("content") or "") if node.tag == "meta" else node.text(deep=True)
    return _SPACE.sub(" ", text).strip()


def parse(
    body: bytes,
    url: str,
    content_type: str | None = None,
    fetched_at: datetime | None = None,
    hints: SiteHints | None = None,
) -> Document:
    """Decode and parse a page. Expects a page that was found small enough (`verdict.refusal`)."""
    if _stands_in_utf8(body) and not (http_content_type_encoding(content_type) or "").startswith("utf-16"):
        return Document(body, url, fetched_at=fetched_at, hints=hints)
    html, charset = decode(body, content_type)
    return Document(html, url, charset=charset, fetched_at=fetched_at, hints=hints)


def _stands_in_utf8(body: bytes) -> bool:
    """Whether `decode` would make of the bytes a text that is the same bytes in UTF-8, as of most pages.

    Each piece's text is thrown away: it takes a third of the time in which the whole page's is written to memory.

    >>> _stands_in_utf8("Größe".encode()), _stands_in_utf8("Größe".encode("cp1252")), _stands_in_utf8(b"caf\\xc3")
    (True, False, False)
    """
    if body.isascii() or body.startswith(BOM_UTF8) or b"\0" in body:
        return False
    view, at = memoryview(body), 0
    while at < len(body):
        try:
            text, read = utf_8_decode(view[at : at + _PIECE], "strict", False)
        except UnicodeDecodeError:
            return False
        if not read or _REPLACED in text:
            return False
        at += read
    return True


def decode(body: bytes, content_type: str | None = None) -> tuple[str, str]:
    """Text and the charset it was read in: by byte-order mark, header, meta element, then by looking at the bytes.

    A declared charset is believed unless the bytes are valid UTF-8 with non-ASCII letters: a page that reads
    as UTF-8 by accident practically does not exist, one that declares a wrong charset does. Nor is UTF-8 believed
    where not one letter beyond ASCII can be read as such.

    >>> decode(b"caf\\xc3\\xa9", "text/html; charset=iso-8859-1")
    ('café', 'utf-8')
    >>> decode(b"<meta charset=windows-1251>\\xcf\\xf0\\xe8")[0][-3:]
    'При'
    """
    marked, bom = read_bom(body)
    if marked and bom:
        return body[len(bom) :].decode(marked, "replace").replace("\0", ""), _python_name(marked)
    declared = http_content_type_encoding(content_type) or _declared_in_meta(body)
    charset = declared or ("utf-8" if _is_utf8(body) else _detect(body))
    if charset != "utf-8" and not charset.startswith("utf-16") and _is_utf8(body):
        charset = "utf-8"
    try:
        text = body.decode(charset, "replace")
    except (LookupError, UnicodeError):
        charset, text = "utf-8", body.decode("utf-8", "replace")
    if charset == "utf-8" and "\ufffd" in text and text.replace("\ufffd", "").isascii() and not _is_utf8(body):
        charset = _declared_in_meta(body) or ""
        charset = charset if charset not in ("", "utf-8") else _detect(body)
        text = body.decode(charset, "replace")
    return text.replace("\0", "") if b"\0" in body else text, _python_name(charset)


def _declared_in_meta(body: bytes) -> str | None:
    match = _META_CHARSET.search(body, 0, _META_WINDOW)
    name = resolve_encoding(match[1].decode("ascii")) if match else None
    # A meta element that can be read byte by byte cannot be UTF-16 (HTML standard, 13.2.3.2).
    return "utf-8" if name and name.startswith("utf-16") else name


def _is_utf8(body: bytes) -> bool:
    if body.isascii():
        return False
    try:
        body.decode("utf-8")
    except UnicodeDecodeError as error:
        return len(body) > 1_000 and error.start > len(body) - 4  # cut in the middle of a letter
    return True


def _detect(body: bytes) -> str:
    if body.isascii():
        return "utf-8"
    best = from_bytes(body[:60_000], steps=3, chunk_size=4_096).best()
    return (resolve_encoding(best.encoding) or best.encoding) if best else "cp1252"


def _python_name(charset: str) -> str:
    return charset.lower().replace("_", "-")
