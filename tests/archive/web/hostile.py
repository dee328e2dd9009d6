"""An archive of a site that attacks its readers, and a judge of what the pages make of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import TypeVar

from selectolax.lexbor import LexborHTMLParser

from archive import Archive
from archive.addresses import is_web_address
from archive.errors import ArchiveError
from archive.model import Capture, Content, Outcome, Verdict

Item = TypeVar("Item")
NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
#: Written for these tests: one of each way in that we know of.
PAYLOADS = (
    "<script>alert(1)</script>",
    "</title><script>alert(1)</script>",
    "</textarea></select></style></noscript><img src=x onerror=alert(1)>",
    "<img src=x onerror=alert(1)>",
    "<svg onload=alert(1)>",
    "<svg><animate onbegin=alert(1) attributeName=x dur=1s>",
    '"><input autofocus onfocus=alert(1)>',
    "' onmouseover='alert(1)",
    "javascript:alert(1)",
    "JaVaScRiPt:alert(1)",
    "java\tscript:alert(1)",
    "data:text/html,<script>alert(1)</script>",
    "vbscript:msgbox(1)",
    "<a href=javascript:alert(1)>click</a>",
    "<iframe srcdoc='<script>alert(1)</script>'></iframe>",
    "<base href=https://elsewhere.test/>",
    "<form action=https://elsewhere.test/><button>go",
    "<meta http-equiv=refresh content='0;url=https://elsewhere.test/'>",
    "<link rel=stylesheet href=https://elsewhere.test/x.css>",
    "<style>@import'https://elsewhere.test/x'</style>",
    "<object data=https://elsewhere.test/></object>",
    "<math><mtext></p><style><img src=x onerror=alert(1)></style>",
    "<template><script>alert(1)</script></template>",
    "{{ 7 * 7 }}{% raw %}{{ config }}",
    "${7*7} #{7*7} <%= 7*7 %>",
    "]]><script>alert(1)</script><![CDATA[",
    "--><script>alert(1)</script><!--",
    "<ins><del></ins></del></p></article></main></body></html>",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "\u2028alert(1)\u2029\u202egnp.exe\u2066",
    "a\x00b\x1bc\x9bd",
    "＜script＞alert(1)＜/script＞",
    "\r\nSet-Cookie: x=1\r\n\r\n<script>alert(1)</script>",
)
_ALLOWED_SCRIPTS = {"/static/keys.js"}
_LINKED = ("href", "src", "action", "formaction", "data", "xlink:href", "srcdoc", "poster", "background")
_OURS = ("/", "#", "http://localhost", "http://127.0.0.1", "https://", "http://")
_NEVER = "iframe, object, embed, base, frame, applet, img, video, audio, style, template, math, form[method=post]"


def captures(payloads: Sequence[str], site: str, *, edited: bool) -> Iterator[Capture]:
    """Each payload in every field of an article of its own (brought by an edit); and many of them in every field of
    one, so that few pages show them all."""
    for index, payload in enumerate(payloads):
        url = _address(f"{index}", [payload])
        if edited:
            yield _look(url, index, Content(title="Calm", body="Calm words.", authors=("A",), categories=("C",)), site)
        said = Content(
            title=payload,
            body=f"{payload}\n\n{payload} once more",
            authors=(payload,),
            categories=(payload,),
            summary=payload,
            language=payload[:8],
        )
        yield _look(url, index, said, site, later=1)
    for index, many in enumerate(_batched(payloads, 100)):
        url = _address(f"many/{index}", many)
        yield _look(url, index, Content(title="Calm", body="Calm words."), site)
        said = Content(title=" ".join(many), body="\n\n".join(many), authors=many, categories=many)
        yield _look(url, index, said, site, later=1)


def _address(path: str, payloads: Iterable[str]) -> str:
    """An address with as many of the payloads in it as an archive takes."""
    url = f"https://hostile.test/{path}?"
    for payload in payloads:
        longer = f"{url}&x={payload}"
        url = longer if is_web_address(longer) else url
    return url


def _batched(items: Iterable[Item], size: int) -> Iterator[tuple[Item, ...]]:
    rest = iter(items)
    while some := tuple(islice(rest, size)):
        yield some


def _look(url: str, minute: int, content: Content, site: str, later: int = 0) -> Capture:
    at = NOON + timedelta(minutes=minute % 1000, hours=20 * later)
    return Capture(url=url, captured_at=at, verdict=Verdict.ARTICLE, site=site, status=200, content=content)


def make(path: Path, payloads: Sequence[str], *, edited: bool = True) -> str:
    """Writes the archive; addresses it cannot take are left to `urn:`. Its URL."""
    url = f"sqlite:///{path}"
    with Archive.open(url) as archive:
        archive.add_site("hostile", "javascript:alert(1)")
        for some in _batched(captures(payloads, "hostile", edited=edited), 400):
            archive.record_many(some)
        refused = Capture("https://hostile.test/0", NOON + timedelta(days=2), Outcome.BLOCKED, reason=payloads[0])
        archive.record_many([refused])
        for odd in ("javascript:alert(1)", "data:text/html,<script>alert(1)</script>", "//elsewhere.test/x"):
            try:
                archive.record_many([_look(odd, 1, Content(title=odd, body=odd), "hostile")])
            except ArchiveError:
                continue
    return url


def problems(html: str) -> list[str]:
    """What stands in a page that scraped text must never bring there."""
    tree = LexborHTMLParser(html)
    found = [f"<{node.tag}>" for node in tree.css(_NEVER)]
    found += [f"meta {m.attributes}" for m in tree.css("meta[http-equiv]")]
    for node in tree.css("script"):
        if node.attributes.get("src") not in _ALLOWED_SCRIPTS or node.text().strip():
            found.append(f"script {node.attributes}")
    for node in tree.css("*"):
        for name, value in node.attributes.items():
            if name.startswith("on") or name == "style":
                found.append(f"{node.tag} {name}={value}")
            if name in _LINKED and not (value or "").lower().startswith(_OURS):
                found.append(f"{node.tag} {name}={value}")
            if name == "href" and node.tag == "a" and (value or "").startswith(("http", "//")):
                rel = set((node.attributes.get("rel") or "").split())
                if not rel >= {"noopener", "noreferrer", "nofollow"}:
                    found.append(f"a href={value} rel={rel}")
    return found
