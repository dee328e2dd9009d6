"""The headline, letter for letter as a reader sees it; never the site's name.

The page names its headline several times (h1, og:title, JSON-LD, the title element); where the h1 agrees with one of
the others it wins, because a silent edit of the headline shows there first.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice
from urllib.parse import urlsplit

from selectolax.lexbor import LexborNode

from crawler.extraction.canonical import host_of
from crawler.extraction.document import Document, node_text
from crawler.extraction.lexicon import lexicon, words
from crawler.extraction.result import Found
from crawler.extraction.structured import Structured
from crawler.extraction.text import as_text, fold_space, plain, skeleton

MAX_LENGTH = 500
MAX_NODES = 4_000
_KICKER = re.compile("|".join(map(re.escape, lexicon("title")["kicker_words"])))
_SILENT = words("title", "silent_elements")
_FURNITURE = frozenset(skeleton(text) for text in lexicon("title")["furniture"])
_SPACED = "|".join(map(re.escape, lexicon("title")["separators"]))
_TIGHT = "".join(map(re.escape, lexicon("title")["tight"]))
_SEPARATOR = re.compile(rf"\s+(?:{_SPACED})+\s+|\s*[{_TIGHT}]+\s*|(?<=[\u3000-\u9fff\uff00-\uffef])\s*[-–—]+\s*|:\s+")
_WORDS = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\u0e00-\u0eff\uac00-\ud7af]|[^\W_]+")
_EDGE_MARKS = " \t:|/-–—·•»>›"
_BREAKING = frozenset({"br", "div", "p", "h1", "h2", "h3", "li", "td"})
_OTHER_HEADINGS = (
    "h2, h3, h4, [itemprop=headline], [class*=headline i], [class*=title i], font, b, strong, big, caption"
)


def find_title(doc: Document, data: Structured) -> Found[str] | None:
    """The headline, or None where the page names nothing but itself.

    >>> from crawler.extraction.document import parse
    >>> page = parse(b"<title>Rain falls - Town Post</title><h1>Town Post</h1><h2>Rain falls</h2>", "http://townpost.test/1")
    >>> find_title(page, Structured(page)).value
    'Rain falls'
    """
    return _headline(doc, data)[0]


def headline_node(doc: Document, data: Structured) -> LexborNode | None:
    """The element that shows the headline; None where only the page's head names it."""
    return _headline(doc, data)[1]


_Headline = tuple[Found[str] | None, LexborNode | None]


def _headline(doc: Document, data: Structured) -> _Headline:
    if "headline" not in data.notes:
        data.notes["headline"] = _look_for_headline(doc, data)
    found: _Headline = data.notes["headline"]
    return found


def _look_for_headline(doc: Document, data: Structured) -> _Headline:
    for node in doc.select("title"):
        if text := node_text(node):
            return Found(text[:MAX_LENGTH], "selector"), node
    names = site_names(doc, data)
    claims = _claims(data, names)
    found = _from_headings(data, claims, names) or _from_other_headings(doc, claims, names)
    if found:
        return found
    claimed = _from_claims(claims)
    return claimed, (_where_shown(doc, claimed.value) if claimed else None)


def site_names(doc: Document, data: Structured) -> frozenset[str]:
    """Skeletons of the names by which the site calls itself, its host's among them.

    >>> from crawler.extraction.document import parse
    >>> page = parse(b'<meta property="og:site_name" content="The Town Post">', "https://www.townpost.co.test/1")
    >>> sorted(site_names(page, Structured(page)))
    ['cotest', 'thetownpost', 'townpost', 'townpostcotest']
    """
    if "site names" not in data.notes:
        data.notes["site names"] = _read_site_names(doc, data)
    names: frozenset[str] = data.notes["site names"]
    return names


def _read_site_names(doc: Document, data: Structured) -> frozenset[str]:
    metas = data.meta_values("og:site_name", "application-name", "apple-mobile-web-app-title", "al:ios:app_name")
    named = [found.value for found in metas]
    named += [as_text(data.follow(found.value)) for found in data.claims("publisher")]
    host = host_of(doc.url)
    labels = host.split(".")
    named += [host, ".".join(labels[-2:]), max(labels, key=len)]
    return frozenset(skeleton(name) for name in named) - {""}


def without_site(title: str, names: frozenset[str]) -> str:
    """The title without leading and trailing pieces that are the site's name.

    >>> without_site("Rain falls | Weather | Town Post", frozenset({"townpost"}))
    'Rain falls | Weather'
    >>> without_site("Town Post: Rain falls", frozenset({"townpost"}))
    'Rain falls'
    """
    spans = [(match.start(), match.end()) for match in _SEPARATOR.finditer(title)]
    while spans and _is_site(title[spans[-1][1] :], names):
        title = title[: spans.pop()[0]]
    if spans and _is_site(title[: spans[0][0]], names):
        title = title[spans[0][1] :]
    return title.strip()


def _is_site(piece: str, names: frozenset[str]) -> bool:
    """Whether a piece is one of the site's names: whole, shortened, or with little more ("Post Online").

    >>> _is_site("Town Post Online", frozenset({"townpost"})), _is_site("Town Post wins prize", frozenset({"townpost"}))
    (True, False)
    """
    bare = skeleton(piece)
    if len(bare) < 4:
        return bare in names and bool(bare)
    return any(bare == name or bare in name or (len(bare) < 2 * len(name) and name in bare) for name in names)


def pieces(title: str) -> list[str]:
    """Every run of the pieces between separators, longest first.

    >>> pieces("Town Post: Rain falls")
    ['Town Post: Rain falls', 'Rain falls', 'Town Post']
    """
    marks = list(_SEPARATOR.finditer(title))[:6]
    starts = [0, *(mark.end() for mark in marks)]
    ends = [*(mark.start() for mark in marks), len(title)]
    runs = {title[start:end] for i, start in enumerate(starts) for end in ends[i:]}
    return sorted((run for run in runs if run), key=lambda run: (-len(run), run))


def _claims(data: Structured, names: frozenset[str]) -> list[Found[str]]:
    """What the page calls its headline outside the visible text, the site's name cut off, in order of trust."""
    found = [Found(as_text(claim.value), claim.source) for claim in data.claims("headline", "name")]
    found += data.meta_values("og:title", "twitter:title", "parsely-title", "sailthru.title", "dc.title", "title")
    if data.page_title:
        found.append(Found(data.page_title, "title"))
    # Each text once: most pages give the same one in several places.
    cleaned = {text: without_site(plain(text[: MAX_LENGTH * 2]), names) for text in {f.value for f in found}}
    usable = {text: title for text, title in cleaned.items() if title and not _is_site(title, names)}
    return [Found(usable[f.value], f.source) for f in found if f.value in usable]


def _from_headings(data: Structured, claims: list[Found[str]], names: frozenset[str]) -> _Headline | None:
    """The h1 that is most like the claims; a single one of three words needs no witness, nor any where none is."""
    rivals = [(node, text) for node in data.headings[:12] if _may_be_headline(node, text := heading_text(node), names)]
    claimed = dict.fromkeys(claim.value for claim in claims)
    scored = [(max((likeness(text, claim) for claim in claimed), default=0.0), node, text) for node, text in rivals]
    if not scored:
        return None
    score, node, text = max(scored, key=lambda entry: entry[0])
    if claims and score < 0.3 and (len(scored) > 1 or len([w for w in text.split() if len(w) > 1]) < 3):
        return None
    return Found(without_site(_without_kicker(node, claims), names), "h1"), node


def _may_be_headline(node: LexborNode, text: str, names: frozenset[str]) -> bool:
    """Not empty, not furniture ("Menu"), not the site's name, and no link to the home page: that is a logo."""
    bare = skeleton(text) if len(text) <= MAX_LENGTH else ""
    if not bare or bare in _FURNITURE or _is_site(text, names):
        return False
    link = node.css_first("a[href]")
    for near in (link, node.parent):
        if near is not None and near.tag == "a" and _leads_home(near.attributes.get("href") or ""):
            return False
    return True


def _leads_home(address: str) -> bool:
    """Whether an address is a site's front door.

    >>> _leads_home("https://a.test/?ref=logo"), _leads_home("/news"), _leads_home("#top")
    (True, False, False)
    """
    try:
        parts = urlsplit(address.strip())
    except ValueError:
        return False
    return parts.path in ("/", "/index.html", "/index.php") or (bool(parts.netloc) and not parts.path)


def likeness(one: str, other: str) -> float:
    """2 for the same words, above 1 where one holds the other, else the share of common words.

    >>> likeness("Rain falls in town", "Rain falls, in town!"), likeness("Rain in town", "Sun in town")
    (2.0, 0.5)
    """
    bare, bare_other = skeleton(one), skeleton(other)
    if bare == bare_other:
        return 2.0
    short, long = sorted((bare, bare_other), key=len)
    if len(short) >= 6 and short in long:
        return 1.0 + len(short) / len(long)
    words_one, words_other = set(_WORDS.findall(one.casefold())), set(_WORDS.findall(other.casefold()))
    return len(words_one & words_other) / max(len(words_one | words_other), 1)


def heading_text(node: LexborNode) -> str:
    """The text of a headline element without what is no part of it: ruby glosses, buttons, scripts, footnote marks.

    >>> from selectolax.lexbor import LexborHTMLParser
    >>> heading_text(LexborHTMLParser("<h1>Rain<br>falls<ruby>子<rt>こ</rt></ruby></h1>").css_first("h1"))
    'Rain falls子'
    """
    if node.child is None or (node.child.is_text_node and node.child.next is None):
        return fold_space(node.text(deep=True))
    return fold_space("".join(_text_parts(node, 0)))


def _text_parts(node: LexborNode, depth: int) -> Iterator[str]:
    for child in node.iter(include_text=True):
        if child.is_text_node:
            yield child.text(deep=False) or ""
        elif child.tag not in _SILENT and depth < 12:
            if child.tag in _BREAKING:
                yield " "
            yield from _text_parts(child, depth + 1)
            if child.tag in _BREAKING:
                yield " "


def _without_kicker(heading: LexborNode, claims: list[Found[str]]) -> str:
    """The headline's own part of a heading whose first child is a label.

    The label goes where its class calls it one, or where a claim equals the rest; it stays where the JSON-LD
    headline carries it too, or where no claim does without it and some claim has both.
    """
    whole = heading_text(heading)
    children = list(heading.iter(include_text=False))
    if not children:
        return whole
    told = {skeleton(claim.value) for claim in claims}
    headline = next((skeleton(claim.value) for claim in claims if claim.source.startswith("json-ld")), "")
    for child in children:
        rest = _rest_of(whole, heading_text(child))
        if len(rest) < 8 or headline == skeleton(whole):
            continue
        if skeleton(rest) in told or (skeleton(whole) not in told and _is_kicker(child) and len(whole) < 2 * len(rest)):
            return rest
    return whole


def _rest_of(whole: str, part: str) -> str:
    """What is left of a heading when its first piece is taken away; "" where the piece does not begin it.

    >>> _rest_of("Opinion | Rain falls", "Opinion")
    'Rain falls'
    """
    return whole[len(part) :].strip(_EDGE_MARKS) if part and whole.startswith(part) else ""


def _is_kicker(node: LexborNode) -> bool:
    attributes = node.attributes
    return bool(
        _KICKER.search(" ".join(str(attributes.get(key) or "") for key in ("class", "data-ob", "data-qa")).lower())
    )


def _from_other_headings(doc: Document, claims: list[Found[str]], names: frozenset[str]) -> _Headline | None:
    """A headline that stands in an h2, a bold font, a title class: known by being a piece of what the page claims."""
    runs = dict.fromkeys(piece for claim in claims for piece in pieces(claim.value))
    wanted = {skeleton(piece): rank for rank, piece in enumerate(runs)}
    best, best_rank = None, len(wanted)
    for node in doc.body.css(_OTHER_HEADINGS)[:400]:
        text = fold_space(node.text(deep=True)[: MAX_LENGTH * 2])
        bare = skeleton(text) if 0 < len(text) <= MAX_LENGTH else ""
        rank = wanted.get(bare, best_rank)
        if rank < best_rank and not _is_site(text, names) and bare not in _FURNITURE:
            best, best_rank = (Found(text, node.tag or "heading"), node), rank
    return best if best and len(_WORDS.findall(best[0].value)) >= 2 else None


def _where_shown(doc: Document, title: str) -> LexborNode | None:
    """The first element whose own text is the claimed headline, so that its neighbours can be read."""
    bare = skeleton(title)
    for node in islice(doc.body.traverse(include_text=True), MAX_NODES):
        text = node.text(deep=False) if node.is_text_node else None
        if not text or not len(title) <= len(text) + 8 <= MAX_LENGTH or skeleton(text) != bare:
            continue
        if node.parent is not None and node.parent.tag not in _SILENT:
            return node.parent
    return None


def _from_claims(claims: list[Found[str]]) -> Found[str] | None:
    """The claim that the others bear out: one that is a piece of most of them; the first one among equals."""
    bare = [skeleton(claim.value) for claim in claims]
    scored = [(sum(own in other for other in bare), -index) for index, own in enumerate(bare)]
    if not scored:
        return None
    best = claims[-max(scored)[1]]
    return Found(best.value[:MAX_LENGTH], best.source)
