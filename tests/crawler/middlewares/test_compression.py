"""A compressed body is whole or an error."""

import gzip
import zlib
from datetime import UTC, datetime

import brotli
import pytest
from backports import zstd
from scrapy import Request
from scrapy.http import Response
from scrapy.utils.test import get_crawler

from crawler.middlewares.compression import StrictCompressionMiddleware, _Broken, unpack
from crawler.reading import raw_answers
from crawler.sites import Site

TEXT = b"<html><body>" + b"".join(b"<p>paragraph %d</p>" % n for n in range(20_000)) + b"</body></html>"


def raw_deflate(data):
    packer = zlib.compressobj(wbits=-15)
    return packer.compress(data) + packer.flush()


NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
PACKED = {
    "gzip": gzip.compress(TEXT),
    "x-gzip": gzip.compress(TEXT[:1000]) + gzip.compress(TEXT[1000:]),
    "deflate": zlib.compress(TEXT),
    "br": brotli.compress(TEXT, quality=5),
    "zstd": zstd.compress(TEXT),
}


@pytest.mark.parametrize("encoding", PACKED)
def test_a_whole_stream_gives_the_whole_text(encoding):
    assert unpack(PACKED[encoding], encoding, 0) == TEXT


def test_deflate_without_its_header_is_read_as_browsers_do():
    assert unpack(raw_deflate(TEXT), "deflate", 0) == TEXT


def test_padding_after_gzip_is_ignored():
    assert unpack(PACKED["gzip"] + b"\0" * 512, "gzip", 0) == TEXT


@pytest.mark.parametrize("encoding", PACKED)
@pytest.mark.parametrize("left", [1, 10, 0.5, 0.99, -1, -9])
def test_a_stream_that_ends_early_is_broken(encoding, left):
    packed = PACKED[encoding]
    cut = packed[: int(len(packed) * left)] if isinstance(left, float) else packed[:left]
    with pytest.raises(_Broken):
        unpack(cut, encoding, 0)


@pytest.mark.parametrize("encoding", ["gzip", "deflate"])
def test_a_stream_whose_checksum_is_wrong_is_broken(encoding):
    packed = bytearray(PACKED[encoding])
    packed[-5] ^= 0xFF
    with pytest.raises(_Broken):
        unpack(bytes(packed), encoding, 0)


@pytest.mark.parametrize("encoding", PACKED)
def test_a_plain_body_under_a_false_label_is_broken(encoding):
    with pytest.raises(_Broken):
        unpack(b"<html>plain</html>", encoding, 0)


def test_a_broken_body_reaches_the_spider_as_a_loss_of_data(web, crawl):
    for encoding, packed in PACKED.items():
        web.page(f"/{encoding}", packed[:-200], Content_Encoding=encoding)
        web.page(f"/{encoding}/whole", packed, Content_Encoding=encoding)
    urls = [web.url(f"/{encoding}{end}") for encoding in PACKED for end in ("", "/whole")]
    crawled = crawl(*urls, settings={"ROBOTSTXT_OBEY": False})
    assert [r["error"] for r in crawled.results] == ["BrokenBody", None] * len(PACKED)
    assert "ResponseDataLossError" in crawled.results[0]["kinds"]
    assert {r["size"] for r in crawled.results[1::2]} == {len(TEXT)}


def test_a_bomb_is_refused_with_its_own_name(web, crawl):
    zeros = bytes(50 * 1024 * 1024)
    bombs = {
        "gzip": gzip.compress(zeros),
        "deflate": zlib.compress(zeros),
        "br": brotli.compress(zeros, quality=1),
        "zstd": zstd.compress(zeros),
        "gzip, gzip": gzip.compress(gzip.compress(zeros)),
    }
    for number, (encoding, packed) in enumerate(bombs.items()):
        web.page(f"/{number}", packed, Content_Encoding=encoding)
    urls = [web.url(f"/{number}") for number in range(len(bombs))]
    crawled = crawl(*urls, settings={"ROBOTSTXT_OBEY": False, "RETRY_TIMES": 2})
    assert {r["error"] for r in crawled.results} == {"TooLarge"}
    assert len(web.log) == len(bombs), "and not asked for again"


def test_an_empty_answer_may_carry_the_label(web, crawl):
    web.page("/a", b"", Content_Encoding="gzip")
    assert crawl(web.url("/a"), settings={"ROBOTSTXT_OBEY": False}).results[0]["error"] is None


def unpacked(encoding, body):
    middleware = StrictCompressionMiddleware.from_crawler(get_crawler())
    request = Request("https://news.test/a")
    answer = Response(request.url, headers={"Content-Encoding": encoding}, body=body, request=request)
    return middleware.process_response(request, answer)


def raw(answer):
    (kept,) = raw_answers(Site(name="news", url="https://news.test/"), [answer], None, {}, NOON)
    return kept


def test_the_raw_copy_of_a_gzip_coded_answer_is_what_came():
    kept = raw(unpacked("gzip", PACKED["gzip"]))
    assert (kept.is_gzip, kept.body, kept.header("content-encoding")) == (True, PACKED["gzip"], "gzip")


def test_the_raw_copy_of_an_answer_that_was_changed_since_is_the_changed_one():
    kept = raw(unpacked("gzip", PACKED["gzip"]).replace(body=b"rendered"))
    assert (kept.is_gzip, kept.body) == (False, b"rendered")


@pytest.mark.parametrize(
    ("encoding", "body"),
    [
        *((encoding, PACKED[encoding]) for encoding in ("x-gzip", "deflate", "br", "zstd")),
        ("gzip", PACKED["x-gzip"]),
        ("gzip", gzip.compress(b"") + PACKED["gzip"]),
        ("gzip", PACKED["gzip"] + b"\0" * 8),
        ("gzip, gzip", gzip.compress(PACKED["gzip"])),
    ],
)
def test_the_raw_copy_of_any_other_coding_is_decoded(encoding, body):
    kept = raw(unpacked(encoding, body))
    assert (kept.is_gzip, kept.body, kept.header("content-encoding")) == (False, TEXT, None)
