"""What a page is: an article, or one of the things that stand in its place.

Reads the headline, the text that was found, and the page's forms; the words stand in `data/verdicts.toml`. Made so that
a wall is not stored as an edit, and a short real article is not refused: words count only on pages with little text.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from urllib.parse import urlsplit

from archive.model import Verdict
from crawler.extraction.blocks import BODY_PROP, HEADING, Block
from crawler.extraction.body import Body
from crawler.extraction.document import Document
from crawler.extraction.lexicon import lexicon
from crawler.extraction.marks import BIT
from crawler.extraction.stories import story_paragraphs
from crawler.extraction.structured import ARTICLE_TYPES, Structured, types_of
from crawler.extraction.text import SENTENCE_ENDS, skeleton

WALLS = (Verdict.CAPTCHA, Verdict.CONSENT, Verdict.LOGIN, Verdict.SOFT_404, Verdict.ERROR_PAGE)
LITTLE_TEXT = 1_500
"""Letters of body text below which words of a wall are believed."""
LONG_HEADLINE = 90
PREVIEW_TEXT = 2_500
ONE_PARAGRAPH = 50
LONG_PARAGRAPH = 250
AFTER_THE_TEXT = 8
"""Blocks after the last kept one in which a wall's words are looked for."""
_WORDS = {name: {key: tuple(phrases) for key, phrases in table.items()} for name, table in lexicon("verdicts").items()}
_STATIC_NAMES = frozenset(skeleton(phrase) for phrase in _WORDS["static"]["titles"])
_STATIC_PATH = re.compile(
    r"/(?:about|about-?us|contact|contact-?us|privacy|privacy-?policy|terms|terms-of-(?:use|service)|impressum|imprint|datenschutz|kontakt"
    r"|cookie-?policy|faq|advertise|careers|login|signin|register|search|sitemap)(?:\.\w+)?/?$", re.I,
)  # fmt: skip
_SEPARATOR = re.compile(r"\s[|–—»·:-]+\s")
_CUT_OFF = re.compile(r"<[a-zA-Z!/][^<>]*$")
_SCRIPT = re.compile(r"<script\b.*?</script", re.I | re.S)
_SCRIPT_ENDS = re.compile(r"<(?:/script|(script))\b", re.I)
_MUST_BE_CLOSED = re.compile(r"<(/?)(?:article|section|div|table)\b", re.I)


@dataclass(frozen=True, slots=True)
class Judgement:
    """The verdict, and why it is not `article`; for an article how much of it is shown."""

    verdict: Verdict
    reason: str | None = None
    access: str | None = None


def judge(doc: Document, data: Structured, body: Body, *, title: str | None, dated: bool) -> Judgement:
    """What the page is. `dated` says that a date of publication was found on it."""
    page = _Page(doc, data, body, title or "", dated)
    for rule in (_wall, _cut_off, _nothing, _about_the_site, _listing, _unclaimed):
        if judged := rule(page):
            return judged
    return Judgement(Verdict.ARTICLE, None, _access(page))


class _Page:
    """What the rules ask about, each worked out once."""

    def __init__(self, doc: Document, data: Structured, body: Body, title: str, dated: bool) -> None:
        self.doc, self.data, self.body, self.title, self.dated = doc, data, body, title, dated
        self.text = body.text or ""
        self.blocks = body.walk.blocks
        kinds = types_of(data.main) if data.main else set()
        og_type = " ".join(data.meta.get("og:type", ())).lower()
        self.claims_article = (
            bool(kinds & ARTICLE_TYPES) or "article" in og_type or "article:published_time" in data.meta
        )

    def heads(self) -> list[str]:
        """The texts that name the page: the title element, the headline and the first headings, folded."""
        headings = [block.text for block in self.blocks[:60] if block.frame.tag in ("h1", "h2")][:2]
        return [text.lower() for text in (self.data.page_title, self.title, *headings) if text]

    @cached_property
    def shown(self) -> str:
        """The page's text, its first part, folded."""
        return "\n".join(block.text for block in self.blocks[:80])[:6_000].lower()


def _wall(page: _Page) -> Judgement | None:
    little = len(page.text) < LITTLE_TEXT
    strong = not page.claims_article and not page.dated
    if not little and not strong:
        return None
    heads = page.heads()
    all_heads = "\n".join(heads)
    for verdict in WALLS:
        table = _WORDS[verdict.value]
        headed = next(
            (
                phrase
                for phrase in table["titles"]
                if phrase in all_heads and any(_names(head, phrase) for head in heads)
            ),
            None,
        )
        if not headed and not (strong and little):
            continue
        told = [phrase for phrase in table["texts"] if phrase in page.shown]
        if told and verdict is Verdict.LOGIN and b"password" not in page.doc.utf8:
            told = []
        enough = len(told) >= (1 if headed else 3)
        if headed and not told and verdict in (Verdict.SOFT_404, Verdict.ERROR_PAGE) and len(page.text) < 400:
            enough = not page.claims_article or headed == (heads[0] if heads else None)
        if enough and (little or (headed and len(told) >= 2)):
            return Judgement(verdict, f"says {headed or told[0]!r}")
    return None if page.text.strip() else _tells(page)


def _names(head: str, phrase: str) -> bool:
    """Whether a heading says the phrase and little else (a headline may well contain it).

    >>> _names("page not found - town post", "page not found"), _names("city finds 404 dead oaks", "404")
    (True, False)
    """
    at = head.find(phrase)
    if at < 0 or len(head) > max(LONG_HEADLINE, 2 * len(phrase)):
        return False
    rest = head[:at] + head[at + len(phrase) :]
    before = head[:at]
    return (at == 0 and not rest[:1].isalnum() and _ends_there(rest)) or (len(phrase) >= 12 and len(before) < 40)


def _ends_there(rest: str) -> bool:
    """Whether what follows a phrase starts with a mark, or is a word or two."""
    return not rest.strip() or not rest.strip()[0].isalnum() or len(rest.split()) <= 2


def _tells(page: _Page) -> Judgement | None:
    """A page without any body text that says anywhere what it is."""
    for verdict in WALLS:
        if (
            verdict is not Verdict.LOGIN
            and (phrase := next((p for p in _WORDS[verdict.value]["texts"] if p in page.shown), None))
            and len(page.shown) < 1_500
        ):
            return Judgement(verdict, f"says {phrase!r}")
    return None


def _cut_off(page: _Page) -> Judgement | None:
    """A page whose end did not arrive, though its server said it had: a length that is too small, a broken cache."""
    ends = page.doc.utf8[-4_000:].lower()
    if b"</html" in ends or b"</body" in ends:  # as nearly all: there is no need to look at letters
        return None
    tail = page.doc.tail(4_000)
    if "</html" in (folded := tail.lower()) or "</body" in folded:
        return None
    source = page.doc.html
    ends_in_text = not tail.rstrip().endswith(">")
    if _CUT_OFF.search(tail) and ends_in_text:
        return Judgement(Verdict.TRUNCATED, "ends inside a tag")
    if ends_in_text and (inside := _SCRIPT_ENDS.findall(source)) and inside[-1]:
        return Judgement(Verdict.TRUNCATED, "ends inside a script")
    still_open = sum(-1 if end else 1 for end in _MUST_BE_CLOSED.findall(_SCRIPT.sub("", source)))
    if still_open >= (2 if tail.rstrip().endswith("</script>") else 1):
        return Judgement(Verdict.TRUNCATED, f"ends inside {still_open} elements")
    return None


def _nothing(page: _Page) -> Judgement | None:
    """No text, or none but the headline and the summary that an empty shell repeats."""
    if not page.text.strip():
        return Judgement(Verdict.EMPTY, "no text of an article")
    if page.body.source != "blocks":
        return None
    known = {
        skeleton(page.title),
        *(skeleton(found.value) for found in page.data.meta_values("og:description", "description")),
    }
    letters = 0
    for block in (page.blocks[index] for index in page.body.kept):
        if not block.kind & HEADING and skeleton(block.text) not in known:
            letters += _letters(block)
            if letters >= ONE_PARAGRAPH:
                return None
    if any(
        _is_whole_text(page, index)
        for index in page.body.kept
        if skeleton(page.blocks[index].text) != skeleton(page.title)
    ):
        return None
    return Judgement(Verdict.EMPTY, "a headline without a paragraph")


def _is_whole_text(page: _Page, index: int) -> bool:
    """Whether a block that repeats the description is a text of one paragraph, not an empty shell's standfirst."""
    block = page.blocks[index]
    marks = block.frame.marks
    standfirst = block.frame.own_marks & BIT["lead"] or (marks & BIT["lead"] and not marks & BIT["body"])
    if _letters(block) < ONE_PARAGRAPH or standfirst or block.text[-1] not in SENTENCE_ENDS:
        return False
    title_at = page.body.measured.title_at if page.body.measured else -1
    placed = (
        bool(marks & BIT["body"] or block.kind & BODY_PROP)
        or 0 <= title_at < index - 1
        or _letters(block) >= LONG_PARAGRAPH
    )
    return placed and not (page.data.story is not None and not story_paragraphs(page.data.story))


def _letters(block: Block) -> int:
    return len(block.text) if block.text.isascii() else len(block.text.encode("utf-8", "replace"))


def _about_the_site(page: _Page) -> Judgement | None:
    first = _SEPARATOR.split(page.data.page_title, 1)[0]
    heads = [skeleton(text) for text in (page.title, first)]
    if any(head in _STATIC_NAMES for head in heads if head) and not (page.claims_article and page.dated):
        return Judgement(Verdict.OTHER, f"a page about the site: {page.title!r}")
    if _STATIC_PATH.search(urlsplit(page.doc.url).path) and not page.claims_article and not page.dated:
        return Judgement(Verdict.OTHER, "an address of a page about the site")
    return None


def _listing(page: _Page) -> Judgement | None:
    """Teasers and little else: most of the text stands in boxes with a linked headline each."""
    if page.claims_article or page.body.source != "blocks":
        return None
    path = urlsplit(page.doc.url).path
    home = path in ("", "/") and not urlsplit(page.doc.url).query
    teasers = _teaser_boxes(page.blocks)
    if len(teasers) < 3:
        return None
    kept = [page.blocks[index] for index in page.body.kept]
    letters = sum(len(block.text) for block in kept) or 1
    in_teasers = sum(len(block.text) for block in kept if _box(block) in teasers)
    if home and not page.dated and in_teasers >= 0.3 * letters:
        return Judgement(Verdict.LISTING, "the home page")
    if len(teasers) >= 4 and in_teasers >= 0.7 * letters:
        return Judgement(Verdict.LISTING, f"{len(teasers)} teasers hold {in_teasers * 100 // letters} % of the text")
    return None


def _teaser_boxes(blocks: list[Block]) -> set[int]:
    """Elements that hold a linked heading of several words (by frame number)."""
    heads: dict[int, set[str]] = {}
    for block in blocks:
        if (
            block.kind & HEADING
            and block.href
            and block.link_chars * 10 >= len(block.text) * 8
            and len(block.text) >= 12
        ):
            heads.setdefault(_box(block), set()).add(block.href)
    return {box for box, links in heads.items() if len(links) == 1}


def _box(block: Block) -> int:
    return block.frame.parent.number if block.frame.parent else 0


def _unclaimed(page: _Page) -> Judgement | None:
    """One paragraph under a heading, without a date or any word that this is an article."""
    if page.claims_article or page.dated or page.body.source != "blocks" or page.data.meta.get("og:title"):
        return None
    paragraphs = [
        block for block in (page.blocks[index] for index in page.body.kept) if _letters(block) >= ONE_PARAGRAPH
    ]
    if len(paragraphs) > 1:
        return None
    return Judgement(Verdict.OTHER, "one paragraph, no date, and nothing says that it is an article")


def _access(page: _Page) -> str:
    """`preview` where the page says that the text goes on behind a wall and shows little of it."""
    if len(page.text) > PREVIEW_TEXT:
        return "full"
    if str((page.data.main or {}).get("isAccessibleForFree", "")).strip().lower() == "false":
        return "preview"
    last = page.body.kept[-1] if page.body.kept else len(page.blocks)
    after = "\n".join(block.text[:300] for block in page.blocks[last : last + AFTER_THE_TEXT]).lower()
    return "preview" if any(phrase in after for phrase in _WORDS["paywall"]["texts"]) else "full"
