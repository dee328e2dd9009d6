"""Scrapy's settings for this project: values only, each with its reason. Scrapy 2.19's defaults are not ours.

What a user may change (delay, allowed addresses, contact) stands in sites.toml; the `backissue` command hands it over.
"""

import os
from importlib.metadata import version
from typing import Any

from scrapy.settings import default_settings

BOT_NAME = "backissue"
SPIDER_MODULES = ["crawler.spiders"]
NEWSPIDER_MODULE = "crawler.spiders"

# --- who we are -------------------------------------------------------------------------------------------------
# A site's owner must be able to reach a person; sites.toml's `contact` takes the place of the project's address.
USER_AGENT = f"Backissue/{version('backissue')} (+https://github.com/backissue/backissue)"
# The name that robots.txt groups are compared with: stable, whatever the version and the contact.
ROBOTSTXT_USER_AGENT = "Backissue"
# No Accept-Language (Scrapy asks for English): an archive keeps what a site shows by default.
DEFAULT_REQUEST_HEADERS = {"Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}

# --- politeness -------------------------------------------------------------------------------------------------
# Enforced by our own middleware (RFC 9309); Scrapy's fetches everything when robots.txt answers 503 or not at all.
ROBOTSTXT_OBEY = True
# A host whose robots.txt takes longer than this is not ready for a crawl.
BACKISSUE_ROBOTS_TIMEOUT = 10
# One request in flight per host, one second between two, never randomly less: the delay is a promise to the site.
CONCURRENT_REQUESTS_PER_DOMAIN = 1
DOWNLOAD_DELAY = 1.0
DOWNLOAD_DELAY_JITTER = 0
# Scrapy 2.19 lets CONCURRENT_REQUESTS_PER_DOMAIN slip when the delay is 0, files a redirect under the host it came
# from, and knows neither Crawl-delay nor Retry-After: this downloader holds all four.
DOWNLOADER = "crawler.middlewares.politeness.PoliteDownloader"
# A site that answers slowly is asked more slowly (by our steadier Throttle); DOWNLOAD_DELAY is where it starts and
# never less.
AUTOTHROTTLE_ENABLED = True
AUTOTHROTTLE_START_DELAY = 0
AUTOTHROTTLE_MAX_DELAY = 60
AUTOTHROTTLE_TARGET_CONCURRENCY = 1.0
# Hosts, not requests, are crawled in parallel; a request that waits for its host's turn counts too.
CONCURRENT_REQUESTS = 32
# Two more tries for what passes: a lost connection, a server error. They wait for the host's turn like all others.
RETRY_ENABLED = True
RETRY_TIMES = 2
RETRY_HTTP_CODES = [408, 429, 500, 502, 503, 504, 522, 524]
RETRY_GIVE_UP_LOG_LEVEL = "INFO"  # the capture that records the failure is the report
# A wait that a site asks for (Retry-After, back-off) is sat out up to this many seconds; a longer one ends the crawl of
# that host, and the next process sees it in the archive.
BACKISSUE_MAX_WAIT = 30
# A Retry-After of years is a mistake; and a Crawl-delay above two minutes would keep one page an article from us.
BACKISSUE_MAX_RETRY_AFTER = 24 * 3600
BACKISSUE_MAX_CRAWL_DELAY = 120
# robots.txt and back-offs outlive a process in the archive ("crawler.middlewares.hosts.MemoryHosts": they do not).
BACKISSUE_HOST_STORE = "crawler.hosts.ArchiveHosts"

# --- a hostile web ----------------------------------------------------------------------------------------------
# Only public addresses, judged when connecting; exceptions for intranets and tests stand in `allow_addresses`.
BACKISSUE_ALLOW_ADDRESSES: list[str] = []
# Only the web: a link to file:, ftp:, data: or s3: is not a page.
DOWNLOAD_HANDLERS = {
    "http": "crawler.middlewares.handler.GuardedHandler",
    "https": "crawler.middlewares.handler.GuardedHandler",
    "data": None,
    "file": None,
    "ftp": None,
    "s3": None,
}
# Scrapy accepts any certificate by default: what is kept as evidence must come from the site.
DOWNLOAD_VERIFY_CERTIFICATES = True
# After decompression too (481 bytes of brotli can hold 300 MiB). The largest real news pages have about 5 MiB.
DOWNLOAD_MAXSIZE = 10 * 1024 * 1024
DOWNLOAD_WARNSIZE = 5 * 1024 * 1024
# Scrapy does not bound headers. Browsers stop at 256 KiB.
BACKISSUE_MAX_HEADER_BYTES = 256 * 1024
# For a whole answer, from the connection to its last byte (a server that drips bytes ends here too).
DOWNLOAD_TIMEOUT = 30
# A body that ends before its length, chunk or compressed stream does is an error, never a shorter article.
DOWNLOAD_FAIL_ON_DATALOSS = True
# Chains longer than this are loops or trackers (browsers stop at 20).
REDIRECT_ENABLED = True
REDIRECT_MAX_TIMES = 8
# A meta refresh is a redirect where it acts at once; pages that reload themselves every minute are left alone.
METAREFRESH_ENABLED = True
METAREFRESH_MAXDELAY = 5
# What a script would write, or what is for browsers without scripts, is not what the page says.
METAREFRESH_IGNORE_TAGS = ["script", "noscript"]
# Home, section, pagination, article: real sites are shallow, calendars and session ids are not.
DEPTH_LIMIT = 12
URLLENGTH_LIMIT = 2083
# Nothing is remembered between two looks, so nothing can travel from one site to another (`middlewares.redirects` gives
# a cookie back within a chain of redirects that would else go round for ever).
COOKIES_ENABLED = False
# The page that led us to a link is told to its own site only.
REFERER_ENABLED = True
REFERRER_POLICY = "same-origin"
# Both run code for whoever reaches a local port.
TELNETCONSOLE_ENABLED = False
REMOTE_CONTROL_ENABLED = False
# A crawl that needs this much has met a bomb; it stops cleanly (what is recorded stays recorded).
MEMUSAGE_ENABLED = True
MEMUSAGE_LIMIT_MB = 2048
MEMUSAGE_WARNING_MB = 1024
MEMUSAGE_CHECK_INTERVAL_SECONDS = 10

# --- the machine ------------------------------------------------------------------------------------------------
TWISTED_REACTOR = "twisted.internet.asyncioreactor.AsyncioSelectorReactor"
# IPv4 and IPv6 (Scrapy's default knows IPv4 only). Not cached: its cache never expires, and a worker lives for weeks;
# connections are kept open, so that names are rarely asked for. DOWNLOAD_TIMEOUT bounds an answer that never comes.
TWISTED_DNS_RESOLVER = "scrapy.resolver.CachingHostnameResolver"
DNSCACHE_ENABLED = False
DNS_TIMEOUT = 10
REACTOR_THREADPOOL_MAXSIZE = 20  # names are resolved in threads, and dead ones hold theirs for seconds
# 100 tasks per response are Scrapy's default; these two lines are worth 40 % of a download's CPU.
CONCURRENT_ITEMS = 4
WARN_ON_GENERATOR_RETURN_VALUE = False
# Counts as Scrapy's does, at a third of the price.
STATS_CLASS = "crawler.middlewares.direct.PlainStats"
# The archive decides what is due, and holds the validators; a second memory of the web would contradict it.
HTTPCACHE_ENABLED = False
JOBDIR = None

# --- where things go --------------------------------------------------------------------------------------------
# For `scrapy crawl`; the `backissue` command has options of the same names.
BACKISSUE_DATABASE = os.environ.get("BACKISSUE_DATABASE", "sqlite:///backissue.db")
BACKISSUE_SITES = os.environ.get("BACKISSUE_SITES", "sites.toml")
# The folder of raw answers (WARC); None = beside the archive.
BACKISSUE_RAW = os.environ.get("BACKISSUE_RAW")
ITEM_PIPELINES = {
    "crawler.pipelines.ValidatePipeline": 100,
    "crawler.pipelines.RecordPipeline": 900,
}
DOWNLOADER_MIDDLEWARES: dict[str, Any] = {
    "scrapy.downloadermiddlewares.robotstxt.RobotsTxtMiddleware": None,
    # Before robots.txt, which is a request to the host too.
    "crawler.middlewares.host_locks.HostLocksMiddleware": 90,
    "crawler.middlewares.robots.RobotsMiddleware": 100,
    # Nearer to the network than retries (550), so that a retry never comes early.
    "crawler.middlewares.back_off.BackOffMiddleware": 560,
    # In place of Scrapy's at the same distance: a broken stream is an error there only when nothing could be read.
    "scrapy.downloadermiddlewares.httpcompression.HttpCompressionMiddleware": None,
    "crawler.middlewares.compression.StrictCompressionMiddleware": 590,
    "crawler.middlewares.conditional.ConditionalMiddleware": 650,
    "scrapy.downloadermiddlewares.redirect.MetaRefreshMiddleware": None,
    "crawler.middlewares.redirects.QuickMetaRefresh": 580,
    "scrapy.downloadermiddlewares.redirect.RedirectMiddleware": None,
    "crawler.middlewares.redirects.Redirects": 600,
    "scrapy.downloadermiddlewares.stats.DownloaderStats": None,
    "crawler.middlewares.direct.PlainDownloaderStats": 850,
}
EXTENSIONS: dict[str, Any] = {
    "crawler.middlewares.limits.BodyLimits": 0,
    "scrapy.extensions.throttle.AutoThrottle": None,
    "crawler.middlewares.throttle.Throttle": 0,
}
# Off by their own settings already. Scrapy loads even what it is told to leave out, with the libraries that it brings
# (a seventh of a start, which every cron run pays), unless its own lists do not name it.
_never_loaded = {
    "scrapy.downloadermiddlewares.cookies.CookiesMiddleware",
    "scrapy.extensions.remote_control.RemoteControl",
    "scrapy.extensions.telnet.TelnetConsole",
}
DOWNLOADER_MIDDLEWARES_BASE = {
    name: place for name, place in default_settings.DOWNLOADER_MIDDLEWARES_BASE.items() if name not in _never_loaded
}
EXTENSIONS_BASE = {name: place for name, place in default_settings.EXTENSIONS_BASE.items() if name not in _never_loaded}
FEED_EXPORT_ENCODING = "utf-8"
LOG_LEVEL = "INFO"
"""Quiet enough for a cron mail; `-L DEBUG` shows every request."""
