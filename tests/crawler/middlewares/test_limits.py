"""What a hostile or careless server cannot do: hold a crawl up, fill its memory, pass a part for the whole."""

import time

import pytest

OPEN = {"ROBOTSTXT_OBEY": False, "DOWNLOAD_TIMEOUT": 1.0}
HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n"


def slowly(first, piece, rest=b""):
    """An answer that goes on, a piece each tenth of a second, for far longer than the deadline."""

    def send(to):
        to.write(first)
        for _ in range(900):
            to.write(piece)
            to.flush()
            time.sleep(0.1)
        to.write(rest)

    return send


DRIPS = {
    "body": slowly(HEAD + b"Content-Length: 100\r\n\r\n", b"x"),
    "chunks": slowly(HEAD + b"Transfer-Encoding: chunked\r\n\r\n", b"1\r\nx\r\n"),
    "headers": slowly(HEAD, b"X-A: b\r\n"),
    "one-header": slowly(HEAD + b"X-A: ", b"b"),
    "status": slowly(b"HTTP/1.1 2", b"0"),
    "nothing": slowly(b"", b""),
    "until-close": slowly(HEAD + b"\r\n", b"<p>x</p>"),
}


def test_the_deadline_is_for_the_whole_answer(web, crawl):
    for what, drip in DRIPS.items():
        web.page("/slow", raw=drip, host=f"{what}.test")
    web.page("/fast")
    began = time.monotonic()
    urls = [web.url("/slow", host=f"{what}.test") for what in DRIPS]
    crawled = crawl(*urls, web.url("/fast"), settings=OPEN)
    assert [r["error"] for r in crawled.results] == ["DownloadTimeoutError"] * len(DRIPS) + [None]
    assert time.monotonic() - began < 60, "an answer takes 90 seconds"


def test_the_deadline_starts_anew_with_each_hop_but_hops_are_counted(web, crawl):
    for number in range(12):
        web.page(f"/{number}", status=302, Location=f"/{number + 1}")
    crawled = crawl(web.url("/0"), settings=OPEN)
    assert (crawled.results[0]["error"], crawled.results[0]["text"]) == ("IgnoreRequest", "max redirections reached")
    assert len(web.log) == 9


def test_endless_headers_are_cut_off(web, crawl):
    sent = []

    def flood(to):
        to.write(HEAD)
        for number in range(20_000):
            sent.append(to.write(b"X-%d: " % number + b"a" * 1000 + b"\r\n"))

    web.page("/a", raw=flood)
    crawled = crawl(web.url("/a"), settings=OPEN | {"DOWNLOAD_TIMEOUT": 20})
    assert crawled.results[0]["error"] == "DownloadFailedError"
    assert "bytes of headers" in crawled.results[0]["text"]
    assert sum(sent) < 8 * 1024 * 1024, "what the sockets' buffers hold"


def test_headers_of_a_real_size_are_fine(web, crawl):
    web.page("/a", X_Policy="p" * 8000, X_More="m" * 8000)
    assert crawl(web.url("/a"), web.url("/a"), settings=OPEN).results[0]["error"] is None


def test_a_body_above_the_limit_is_refused_announced_or_not(web, crawl):
    web.page("/announced", b"x" * 3000)

    def unannounced(to):
        to.write(HEAD + b"\r\n" + b"x" * 3000)

    web.page("/unannounced", raw=unannounced)
    web.page("/fits", b"x" * 900)
    settings = OPEN | {"DOWNLOAD_MAXSIZE": 1000}
    crawled = crawl(web.url("/announced"), web.url("/unannounced"), web.url("/fits"), settings=settings)
    assert [r["error"] for r in crawled.results] == ["DownloadCancelledError", "DownloadCancelledError", None]


def cut(first, sent):
    return lambda to: to.write(HEAD + first + b"\r\n\r\n" + sent)


TRUNCATED = {
    "length": cut(b"Content-Length: 1000", b"<p>half"),
    "chunk": cut(b"Transfer-Encoding: chunked", b"400\r\n<p>half"),
    "last_chunk": cut(b"Transfer-Encoding: chunked", b"7\r\n<p>half\r\n"),
}


@pytest.mark.parametrize("what", TRUNCATED)
def test_half_a_body_is_an_error_and_no_shorter_page(web, crawl, what):
    web.page("/a", raw=TRUNCATED[what])
    crawled = crawl(web.url("/a"), settings=OPEN)
    assert crawled.results[0]["error"] == "ResponseDataLossError"


def test_half_a_body_is_asked_for_again(web, crawl):
    web.page("/a", raw=TRUNCATED["length"])
    web.page("/a", "<p>whole</p>")
    crawled = crawl(web.url("/a"), settings=OPEN | {"RETRY_TIMES": 1})
    assert (crawled.results[0]["body"], crawled.results[0]["retries"]) == ("<p>whole</p>", 1)


def test_what_is_no_text_is_not_read(web, crawl):
    sent = []

    def film(to):
        to.write(b"HTTP/1.1 200 OK\r\nContent-Type: video/mp4\r\nContent-Length: 2000000000\r\n\r\n")
        for _ in range(20_000):
            sent.append(to.write(b"x" * 10_000))

    web.page("/film", raw=film)
    kinds = ["application/pdf", "application/zip", "image/jpeg", "audio/mpeg", "font/woff2", "application/msword"]
    for number, kind in enumerate(kinds):
        web.page(f"/{number}", b"x" * 100, Content_Type=kind)
    urls = [web.url(f"/{number}") for number in range(len(kinds))]
    crawled = crawl(web.url("/film"), *urls, settings=OPEN | {"RETRY_TIMES": 2})
    assert {r["error"] for r in crawled.results} == {"NotText"}
    assert crawled.results[0]["text"] == "not text: video/mp4"
    assert (crawled.results[0]["status"], crawled.results[0]["size"]) == (200, 0)
    assert sum(sent) < 8 * 1024 * 1024
    assert len(web.log) == 7, "and not asked for again"


def test_every_kind_of_text_is_read(web, crawl):
    kinds = [
        "text/html; charset=utf-8",
        "TEXT/HTML",
        "application/xhtml+xml",
        "application/rss+xml",
        "application/atom+xml",
        "text/xml",
        "application/json",
        "application/feed+json",
        "text/plain",
        "",
    ]
    for number, kind in enumerate(kinds):
        web.page(f"/{number}", Content_Type=kind)
    web.page("/sitemap.xml.gz", b"\x1f\x8b", Content_Type="application/octet-stream")
    web.page("/moved", status=302, Content_Type="image/gif", Location="/0")
    urls = [web.url(f"/{number}") for number in range(len(kinds))]
    crawled = crawl(*urls, web.url("/sitemap.xml.gz"), web.url("/moved"), settings=OPEN)
    assert {r["error"] for r in crawled.results} == {None}
