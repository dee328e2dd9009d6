"""One fetched page, decoded and parsed once: the only place that turns bytes into text and text into a tree.

Decides nothing about what the page says. The tree is shared by all field modules and must not be changed.
"""

from __future__ import annotations

import re
from codecs import BOM_UTF8
from datetime import datetime

from charset_normalizer import from_bytes
from selectolax.lexbor import LexborHTMLParser, LexborNode, SelectolaxError
from w3lib.encoding import http_content_type_encoding, read_bom, resolve_encoding

from crawler.extraction.result import SiteHints

_META_CHARSET = re.compile(
    rb"""<(?:meta|\?xml)[^>]{0,200}?(?:charset|encoding)\s*=\s*["']?\s*([a-zA-Z0-9_:.-]{2,40})""", re.I
)
_META_WINDOW = 16_384
_FRAMESET = re.compile("<frameset", re.I)
_REPLACED = "\ufffd"
"""What stands for bytes that could not be decoded."""
_SPACE = re.compile(r"\s+")


class Document:
    """A parsed page. `root`, `head` and `body` always exist: the HTML5 algorithm makes them."""

    __slots__ = ("body", "fetched_at", "head", "hints", "html", "root", "text_charset", "tree", "url", "utf8")

    def __init__(
        self,
        html: str,
        url: str,
        *,
        charset: str = "utf-8",
        utf8: bytes | None = None,
        fetched_at: datetime | None = None,
        hints: SiteHints | None = None,
    ) -> None:
        """`utf8` is the same text in UTF-8, where it is at hand: it need not be encoded for the parser."""
        self.html = html
        self.url = url
        self.text_charset = charset
        """Python's name of the charset that the bytes were read in."""
        self.fetched_at = fetched_at
        self.hints = hints or SiteHints()
        self.utf8 = html.encode("utf-8", "replace") if utf8 is None else utf8
        """The same in UTF-8: most pages' strings take two bytes a letter, and are searched a third more slowly."""
        self.tree = LexborHTMLParser(self.utf8)
        if self.tree.root is None or self.tree.body is None or self.tree.head is None:
            # A frameset page has no body; a page in a wrapper of our own always has one.
            self.tree = LexborHTMLParser(f"<html><head></head><body>{_FRAMESET.sub('<div', html)}</body></html>")
        assert self.tree.root is not None
        self.root: LexborNode = self.tree.root
        self.head: LexborNode = self.tree.head or self.root
        self.body: LexborNode = self.tree.body or self.root

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
    html, charset = decode(body, content_type)
    is_same = charset == "utf-8" and _REPLACED not in html and not body.startswith(BOM_UTF8) and b"\0" not in body
    return Document(html, url, charset=charset, utf8=body if is_same else None, fetched_at=fetched_at, hints=hints)


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
