"""What is never body text, wherever it stands: counters, times, label lines, and boxes whose names leave no doubt.

The model weighs; these rules decide, because a counter that gets into a body makes a new version of every look.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

import numpy as np

from archive.identity import moves_by_itself
from crawler.extraction.blocks import CAPTION, CELL, FOOTER, HEADING, QUOTE, Block, Frame
from crawler.extraction.canonical import host_of
from crawler.extraction.features import Measured
from crawler.extraction.letters import Letters
from crawler.extraction.lexicon import lexicon
from crawler.extraction.marks import BIT, BOXES
from crawler.extraction.phrases import PHRASE
from crawler.extraction.text import SENTENCE_ENDS

LABEL_LENGTH = 60
NEAR_TITLE = 6
"""Blocks after the headline in which a line with a date is the article's dateline."""
_LETTER = re.compile(r"[^\W\d_]")
_DIGIT = re.compile(r"\d")
_WORD = re.compile(r"[^\W\d_]+")
_UNIT_WORDS = "k m mil mill tsd mio mln mrd тыс млн 万 萬 億 亿 ألف uhr h am pm gmt utc cet"
_UNITS = frozenset(_UNIT_WORDS.split())
_COUNT = re.compile(r"\(\s*\d[\d.,\s٬٫]*\)$")
_DATE_AND_TIME = re.compile(r"(?:19|20)\d\d.{0,25}\b\d{1,2}[:h.]\d\d|\b\d{1,2}[:h]\d\d.{0,25}(?:19|20)\d\d")
_YEAR = re.compile(r"\b(?:19|20)\d\d\b|[٠-٩]{4}|\d年")
_LABEL_WORDS = frozenset(
    word
    for name in ("labels", "comments", "share")
    for phrase in lexicon("phrases")[name]["starts"]
    for word in phrase.strip(":：").split()
)
_COLON = re.compile(r"[:：]")
_ADVERTS = "|".join(map(re.escape, lexicon("boilerplate")["adverts"]["labels"]))
_ADVERT = re.compile(rf"(?:{_ADVERTS})\s?[:：]", re.IGNORECASE)
SHORTEST_NOTICE, LONGEST_NOTICE = LABEL_LENGTH // 2, 500
"""Letters of a paragraph that may say what the site gets for its links: more than the one, no more than the other."""
_GAINS: list[str] = lexicon("boilerplate")["earnings"]["gains"]
_VERBS, _LINKS = (frozenset(lexicon("boilerplate")["earnings"][name]) for name in ("verbs", "links"))
_LABELS = PHRASE["labels"] | PHRASE["share"] | PHRASE["comments"]
_LINES = BIT["byline"] | BIT["share"]
LONGEST_TEASER = 500
"""Letters of a teaser, headline and summary."""
FEWEST_TEASERS = 3
_STORY_LINKS = ("link to another story", "link with a count")
_DOUBTLESS: tuple[tuple[str, int], ...] = tuple((name.replace("_", " "), BIT[name]) for name in BOXES)
_ANY_BOX = sum(bit for _, bit in _DOUBTLESS)
_DECIDING = _ANY_BOX | BIT["comment_box"] | BIT["consent_box"] | BIT["consent"] | BIT["comments"]
"""Marks without any of which, around it, a block stands in no box."""


def find_furniture(blocks: list[Block], measured: Measured, url: str) -> dict[int, str]:
    """Index and reason of each block that is never body text; `url` is the page's address."""
    phrases, title_at = measured.phrases, measured.title_at
    found: dict[int, str] = {}
    in_frame = Counter([block.frame.number for block in blocks])
    if title_at >= 0:
        found[title_at] = "headline"
        for index in range(title_at + 1, min(title_at + 1 + NEAR_TITLE, len(blocks))):
            if _is_dateline(blocks[index]):
                found[index] = "dateline"
    teasers = _teasers(blocks, url)
    label_frame = -1
    lists_stories = False
    gains = _gains_in(measured.letters.texts)
    values = _values(measured.letters)
    for index, block in enumerate(blocks):
        figure = bool(block.kind & CELL) and in_frame[block.frame.number] == 1 and len(block.text) < LABEL_LENGTH
        reason = "teaser" if block.frame.article in teasers else _in_a_box(block, measured, index)
        reason = reason or (
            None
            if figure
            else _is_named_line(block) or _is_line(block, phrases[index], gains, is_value=index in values)
        )
        if not reason and phrases[index] & PHRASE["more"] and _heads_links(blocks, index):
            reason = "heading of other stories"
        if (
            not reason
            and label_frame == block.frame.number
            and (index in values or block.link_chars * 2 > len(block.text))
        ):
            reason = "value of a label"
        if not reason and lists_stories and _is_link(block):
            reason = "link to another story"
        lists_stories = reason == "heading of other stories" or (lists_stories and reason in _STORY_LINKS)
        reason = reason or ("lone link" if _is_lone_link(block) else None)
        if reason:
            found.setdefault(index, reason)
        if reason == "label" or (not reason and phrases[index] & _LABELS and _bare_label(block)):
            label_frame = block.frame.number
        elif reason != "value of a label":
            label_frame = -1
    return found


def _teasers(blocks: list[Block], url: str) -> set[int]:
    """Numbers of the `article` elements of lists of teasers: short, alike by name, each with a link for a heading.

    A link into the page (`#`) is how a post of a live blog names itself; one to another site may be what the article
    is about, as in a list of restaurants.
    """
    letters: Counter[int] = Counter()
    heads: dict[int, tuple[str, ...]] = {}
    for block in blocks:
        if number := block.frame.article:
            letters[number] += len(block.text)
            if block.kind & HEADING and block.link_chars * 10 >= len(block.text) * 9 and _leads_on(block.href, url):
                heads[number] = _article_of(block.frame).words
    short = {number: words for number, words in heads.items() if letters[number] < LONGEST_TEASER}
    alike = Counter(short.values())
    return {number for number, words in short.items() if alike[words] >= FEWEST_TEASERS}


def _leads_on(href: str | None, url: str) -> bool:
    """Whether a link leads to another page of the same site; where the link begins outside the block, that is believed.

    >>> _leads_on("/2", "http://a.test/1"), _leads_on("#2", "http://a.test/1"), _leads_on("//b.test/2", "http://a.test/1")
    (True, False, False)
    """
    if href is None or "//" not in href:
        return "#" not in (href or "")
    return "#" not in href and host_of(href) == host_of(url)


def _article_of(frame: Frame) -> Frame:
    while frame.number != frame.article and frame.parent is not None:
        frame = frame.parent
    return frame


def _gains_in(texts: Sequence[str]) -> list[str]:
    """Those words for what the site gets that stand in a text which may be a notice of it; most pages have none."""
    page = "\n".join([text for text in texts if SHORTEST_NOTICE < len(text) <= LONGEST_NOTICE]).lower()
    return [gain for gain in _GAINS if gain in page]


def _values(letters: Letters) -> set[int]:
    """The places of the texts that are short values."""
    maybe = (letters.lengths < 40) & (letters.has_digit | ~letters.has_letter)
    return {place for place in np.flatnonzero(maybe).tolist() if is_value(letters.texts[place])}


def _in_a_box(block: Block, measured: Measured, index: int) -> str | None:
    if not block.kind & (CAPTION | FOOTER) and not block.frame.marks & _DECIDING:
        return None
    if block.kind & CAPTION:
        return "caption"
    if block.kind & FOOTER and not block.frame.marks & BIT["pullquote"]:
        return "footer"
    if block.frame.marks & BIT["comment_box"]:
        return "comment box"
    if measured.outside[index] & BIT["consent_box"]:
        return "consent box"
    marks, boxes = measured.marks[index], measured.boxes[index]
    if boxes & _ANY_BOX:
        return next(name for name, bit in _DOUBTLESS if boxes & bit)
    if boxes & BIT["consent"]:
        return "consent box"
    return "comments" if marks & BIT["comments"] else None


def _is_named_line(block: Block) -> str | None:
    """A short line, no sentence, whose element is called a byline or a date, or stands in one for sharing."""
    frame, text = block.frame, block.text
    own = frame.own_marks
    if not own & _LINES and not (frame.parent and frame.parent.own_marks & BIT["share"]):
        return None
    if len(text) >= LABEL_LENGTH or block.kind & (HEADING | QUOTE) or own & BIT["body"] or text[-1] in SENTENCE_ENDS:
        return None
    return "byline" if own & BIT["byline"] else "share"


def _is_line(block: Block, phrases: int, gains: Sequence[str], *, is_value: bool) -> str | None:
    """A line of furniture: a number or time alone, a label with its values, a line about comments.

    `gains`: those of which the page speaks anywhere (most speak of none).
    """
    text = block.text
    if len(text) > 4 * LABEL_LENGTH:
        return "notice of earnings" if gains and tells_earnings(text, gains) else None
    if is_value and not block.kind & HEADING:
        return "number"
    if (":" in text or "：" in text) and _ADVERT.match(text):
        return "advertisement"
    if not block.link_chars and len(text) < LABEL_LENGTH and moves_by_itself(text):
        return "moves by itself"
    if (
        block.link_chars
        and text[-1] == ")"
        and _COUNT.search(text[-30:])
        and not _LETTER.search(text[min(block.link_chars, len(text)) :])
    ):
        return "link with a count"
    if gains and len(text) > SHORTEST_NOTICE and tells_earnings(text, gains):
        return "notice of earnings"
    if not phrases:
        return None
    if phrases & _LABELS and _bare_label(block):
        return "label"
    if phrases & PHRASE["labels"] and _labelled_values(block):
        return "label"
    if phrases & PHRASE["comments"] and len(text) < LABEL_LENGTH and not _COLON.search(text) and len(text.split()) < 8:
        return "comments"
    return None


def tells_earnings(text: str, gains: Sequence[str] = _GAINS) -> bool:
    """Whether a short paragraph says that the site is paid for what readers buy through its links.

    Of the words for what it gets only `gains` are looked for.

    >>> tells_earnings("If you buy through a link on our site, we may receive compensation.")
    True
    >>> tells_earnings("The bank earned a commission of two million.")
    False
    """
    if len(text) > LONGEST_NOTICE:
        return False
    lowered = text.lower()
    if not any(gain in lowered for gain in gains):
        return False
    words = set(_WORD.findall(lowered))
    return not (_LINKS.isdisjoint(words) or _VERBS.isdisjoint(words))


def _is_lone_link(block: Block) -> bool:
    """A short line that is nothing but a link, no heading and no paragraph: an entry of a menu, a teaser, a button."""
    chars = len(block.text)
    alone = chars < LABEL_LENGTH and block.link_chars * 10 >= chars * 9
    return alone and not block.kind & HEADING and block.frame.tag != "p"


def is_value(text: str) -> bool:
    """Digits and marks only, perhaps with units: a counter or a time.

    >>> [is_value(text) for text in ("1,204", "10:30 Uhr", "1.2K", "▲ 3 ▼ 4", "12 people")]
    [True, True, True, True, False]
    """
    if not _LETTER.search(text):
        return True
    if text.isascii() and not _DIGIT.search(text):
        return False
    words = _WORD.findall(text.lower())
    return len(words) < 4 and any(map(str.isdigit, text)) and _UNITS.issuperset(words)


def _bare_label(block: Block) -> bool:
    """A label and nothing after its colon."""
    return len(block.text) < LABEL_LENGTH and block.text.rstrip()[-1] in ":："


def _labelled_values(block: Block) -> bool:
    """A label whose values are numbers or links."""
    head, colon, rest = block.text.replace("：", ":").partition(":")
    if not colon or len(head) > LABEL_LENGTH:
        return False
    if not _LETTER.search(rest) or block.link_chars * 2 > len(rest) or is_value(rest[:80]):
        return True
    words = set(_WORD.findall(rest.lower()))
    return len(words) < 6 and words <= _LABEL_WORDS


def _heads_links(blocks: list[Block], index: int) -> bool:
    """A short line with a block of links below it, or with an advertisement where there are no stories yet."""
    if len(blocks[index].text) > LABEL_LENGTH or index + 1 >= len(blocks):
        return False
    below = blocks[index + 1]
    return below.link_chars * 10 >= len(below.text) * 6 or bool(_ADVERT.match(below.text))


def _is_link(block: Block) -> bool:
    return block.link_chars * 10 >= len(block.text) * 8


def _is_dateline(block: Block) -> bool:
    """A short line with a date and a time (a longer one with two), or hardly more than a date, and no sentence.

    >>> bool(_DATE_AND_TIME.search("7 March 2026, 09:46 / Politics")), bool(_DATE_AND_TIME.search("He left at 9:46"))
    (True, False)
    """
    text = block.text
    if len(text) > 180 or text[-1] in ".!?…。":
        return False
    if len(text) > 100:  # several names, when it was published, and when it was updated
        return len(_DATE_AND_TIME.findall(text)) > 1
    return bool(_DATE_AND_TIME.search(text)) or (len(text) < 32 and bool(_YEAR.search(text)) and len(text.split()) < 5)
