"""Locks every setting that keeps a crawl safe or polite, as a crawler that really runs has it."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

PROBE = """
import asyncio, json, socket
from scrapy import Spider
from scrapy.crawler import AsyncCrawlerProcess
from scrapy.utils.project import get_project_settings

class Probe(Spider):
    name = "probe"
    async def start(self):
        crawler = self.crawler
        handlers = crawler.engine.downloader.handlers
        names = sorted(crawler.settings.getwithbase("DOWNLOAD_HANDLERS"))
        print(json.dumps({
            "settings": {key: crawler.settings[key] for key in crawler.settings if is_plain(crawler.settings[key])},
            "handlers": {name: type(handlers._get_handler(name)).__name__ for name in names},
            "middlewares": [type(m).__name__ for m in crawler.engine.downloader.middleware.middlewares],
            "extensions": [type(e).__name__ for e in crawler.extensions.middlewares],
            "downloader": type(crawler.engine.downloader).__name__,
            "verifies": handlers._get_handler("https")._contextFactory._verify_certificates,
        }))
        return
        yield

def is_plain(value):
    try:
        return bool(json.dumps(value))
    except TypeError:
        return False

settings = get_project_settings()
overrides = {
    "ITEM_PIPELINES": {},
    "BACKISSUE_HOST_STORE": "crawler.middlewares.hosts.MemoryHosts",
    "SPIDER_LOADER_WARN_ONLY": True,
}
settings.setdict(overrides, priority="cmdline")
process = AsyncCrawlerProcess(settings)
process.crawl(Probe)
process.start()
"""


@pytest.fixture(scope="module")
def crawler():
    """What a started crawler of this project has: settings, handlers, middlewares, extensions."""
    environment = os.environ | {"SCRAPY_SETTINGS_MODULE": "crawler.settings"}
    run = subprocess.run(
        [sys.executable, "-c", PROBE],
        capture_output=True,
        text=True,
        env=environment,
        timeout=60,
        cwd=ROOT,
        check=False,
    )
    lines = [line for line in run.stdout.splitlines() if line.startswith("{")]
    assert lines, run.stderr
    return json.loads(lines[0])


LOCKED = {
    # Nothing to take over.
    "TELNETCONSOLE_ENABLED": False,
    "REMOTE_CONTROL_ENABLED": False,
    # Nothing to be fooled by.
    "BACKISSUE_ALLOW_ADDRESSES": [],
    "DOWNLOAD_VERIFY_CERTIFICATES": True,
    "DOWNLOAD_MAXSIZE": 10 * 1024 * 1024,
    "DOWNLOAD_WARNSIZE": 5 * 1024 * 1024,
    "DOWNLOAD_TIMEOUT": 30,
    "DOWNLOAD_FAIL_ON_DATALOSS": True,
    "BACKISSUE_MAX_HEADER_BYTES": 256 * 1024,
    "REDIRECT_MAX_TIMES": 8,
    "METAREFRESH_MAXDELAY": 5,
    "DEPTH_LIMIT": 12,
    "URLLENGTH_LIMIT": 2083,
    "MEMUSAGE_ENABLED": True,
    "MEMUSAGE_LIMIT_MB": 2048,
    # Nothing told to others.
    "COOKIES_ENABLED": False,
    "REFERRER_POLICY": "same-origin",
    # Polite.
    "ROBOTSTXT_OBEY": True,
    "ROBOTSTXT_USER_AGENT": "Backissue",
    "CONCURRENT_REQUESTS_PER_DOMAIN": 1,
    "CONCURRENT_REQUESTS": 32,
    "DOWNLOAD_DELAY": 1.0,
    "DOWNLOAD_DELAY_JITTER": 0,
    "AUTOTHROTTLE_ENABLED": True,
    "AUTOTHROTTLE_START_DELAY": 0,
    "AUTOTHROTTLE_MAX_DELAY": 60,
    "RETRY_TIMES": 2,
    "RETRY_HTTP_CODES": [408, 429, 500, 502, 503, 504, 522, 524],
    "BACKISSUE_ROBOTS_TIMEOUT": 10,
    "BACKISSUE_MAX_WAIT": 30,
    "BACKISSUE_MAX_RETRY_AFTER": 86400,
    "BACKISSUE_MAX_CRAWL_DELAY": 120,
    # The archive is the only memory.
    "HTTPCACHE_ENABLED": False,
    "JOBDIR": None,
    "DNSCACHE_ENABLED": False,
    # Cheap.
    "CONCURRENT_ITEMS": 4,
    "WARN_ON_GENERATOR_RETURN_VALUE": False,
    "TWISTED_REACTOR": "twisted.internet.asyncioreactor.AsyncioSelectorReactor",
    "TWISTED_DNS_RESOLVER": "scrapy.resolver.CachingHostnameResolver",
    "FEED_EXPORT_ENCODING": "utf-8",
    "SPIDER_MODULES": ["crawler.spiders"],
}


@pytest.mark.parametrize("name", LOCKED)
def test_a_setting_is_what_the_design_says(crawler, name):
    assert crawler["settings"][name] == LOCKED[name]


def test_only_http_and_https_have_a_handler_and_it_is_the_guarded_one(crawler):
    found = {name: handler for name, handler in crawler["handlers"].items() if handler != "NoneType"}
    assert found == {"http": "GuardedHandler", "https": "GuardedHandler"}


def test_certificates_are_verified_by_the_handler_that_runs(crawler):
    assert crawler["verifies"] is True


def test_our_middlewares_run_in_the_order_that_they_rely_on(crawler):
    order = crawler["middlewares"]
    assert "RobotsTxtMiddleware" not in order
    assert "HttpCompressionMiddleware" not in order
    assert "CookiesMiddleware" not in order
    assert "HttpCacheMiddleware" not in order
    assert "RedirectMiddleware" not in order
    ours = [
        "RobotsMiddleware",
        "RetryMiddleware",
        "BackOffMiddleware",
        "StrictCompressionMiddleware",
        "Redirects",
    ]
    assert [name for name in order if name in ours] == ours
    assert order.index("Redirects") < order.index("ConditionalMiddleware")


def test_no_console_listens(crawler):
    assert not {"TelnetConsole", "RemoteControl"} & set(crawler["extensions"])
    assert {"BodyLimits", "Throttle", "MemoryUsage"} <= set(crawler["extensions"])
    assert "AutoThrottle" not in crawler["extensions"]


def test_the_downloader_is_the_polite_one(crawler):
    assert crawler["downloader"] == "PoliteDownloader"


def test_the_user_agent_says_who_and_where(crawler):
    name, _, contact = crawler["settings"]["USER_AGENT"].partition(" ")
    assert name.startswith("Backissue/")
    assert contact.startswith("(+https://")


def test_every_setting_of_the_module_is_known_to_scrapy_or_to_us():
    from scrapy.settings import default_settings

    from crawler import settings

    ours = [name for name in vars(settings) if name.isupper()]
    assert [name for name in ours if not hasattr(default_settings, name) and not name.startswith("BACKISSUE_")] == []
