"""What each export says: the fields of its rows, with their meaning (docs/export.md is made of it).

The keys of versions and engagement, and their order, are a contract with scripts outside.
"""

from __future__ import annotations

from archive.export.rows import Field
from archive.model import Article, Capture, EngagementPoint, Version

VERSIONS: tuple[Field[Version], ...] = (
    Field("url", "text", "the article's canonical address", lambda v: v.url),
    Field("number", "integer", "its place among the article's versions, from 1 without gaps", lambda v: v.number),
    Field("captured_at", "time", "when this state was first seen", lambda v: v.captured_at),
    Field("last_seen_at", "time", "when this state was last seen, before the next version", lambda v: v.last_seen_at),
    Field("title", "text", "the headline", lambda v: v.content.title),
    Field("body", "text", "plain text; paragraphs separated by one blank line", lambda v: v.content.body),
    Field("categories", "list", "the page's own section labels, in page order", lambda v: v.content.categories),
    Field("authors", "list", "the names of the byline", lambda v: v.content.authors),
    Field("published_at", "time", "the publisher's date of publication", lambda v: v.content.published_at),
    Field("edit_kinds", "list", "what changed since the version before; empty for number 1", lambda v: v.edit_kinds),
    Field("reverts_to", "integer", "the lowest earlier number with the same content", lambda v: v.reverts_to),
)

ENGAGEMENT: tuple[Field[EngagementPoint], ...] = (
    Field("url", "text", "the article's canonical address", lambda p: p.url),
    Field("observed_at", "time", "when the counters stood so", lambda p: p.observed_at),
    Field("views", "integer", "times the page says it was read", lambda p: p.views),
    Field("likes", "integer", "likes, recommendations, up-votes", lambda p: p.likes),
    Field("dislikes", "integer", "dislikes, down-votes", lambda p: p.dislikes),
    Field("shares", "integer", "times it was shared", lambda p: p.shares),
    Field("comments", "integer", "comments it shows or counts", lambda p: p.comments),
    Field("comments_open", "yes/no", "whether comments can be written", lambda p: p.comments_open),
)

ARTICLES: tuple[Field[Article], ...] = (
    Field("id", "integer", "the article's number in this archive", lambda a: a.id),
    Field("url", "text", "the article's canonical address", lambda a: a.url),
    Field("site", "text", "the name of its site", lambda a: a.site),
    Field("title", "text", "the headline of the newest version", lambda a: a.title),
    Field("first_captured_at", "time", "the first look at it", lambda a: a.first_captured_at),
    Field("last_captured_at", "time", "the last look at it", lambda a: a.last_captured_at),
    Field("versions", "integer", "how many versions there are", lambda a: a.versions),
    Field("captures", "integer", "how many looks, whatever they found", lambda a: a.captures),
    Field("published_at", "time", "the publisher's date of publication", lambda a: a.published_at),
    Field("modified_at", "time", "the publisher's date of the last change", lambda a: a.modified_at),
    Field("language", "text", "BCP 47 primary tag", lambda a: a.language),
    Field("categories", "list", "the page's own section labels, in page order", lambda a: a.categories),
    Field("topics", "list", "IPTC Media Topics codes of the categories", lambda a: a.topics),
    Field("authors", "list", "the names of the byline", lambda a: a.authors),
    Field("gone_at", "time", "when the page was first seen gone, once confirmed", lambda a: a.gone_at),
    Field("other_urls", "list", "other addresses of the same article", lambda a: a.other_urls),
)

CAPTURES: tuple[Field[Capture], ...] = (
    Field("id", "integer", "the look's number in this archive", lambda c: c.id),
    Field("url", "text", "the address that was asked", lambda c: c.url),
    Field("captured_at", "time", "when the answer was complete, by our clock", lambda c: c.captured_at),
    Field("outcome", "text", "what the look came to", lambda c: c.outcome),
    Field("verdict", "text", "what the page was", lambda c: c.verdict),
    Field("reason", "text", "why, in words", lambda c: c.reason),
    Field("status", "integer", "the HTTP status; none where no answer came", lambda c: c.status),
    Field("final_url", "text", "where redirects led, if elsewhere", lambda c: c.final_url),
    Field("site", "text", "the name of its site", lambda c: c.site),
    Field("article_id", "integer", "the article that was seen", lambda c: c.article_id),
    Field("version_id", "text", "the version that was seen; this id never changes", lambda c: c.version_id),
    Field("extractor", "text", "the version of the extractor that read the page", lambda c: c.extractor),
    Field("raw_path", "text", "WARC file and offset of the raw answer, if kept", lambda c: c.raw_path),
)
