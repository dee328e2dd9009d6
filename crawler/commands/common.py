"""What the fetching commands share: the declared sites and Scrapy's settings."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

import click

from archive.cli import Settings
from archive.identity import is_web_address
from crawler.sites import SiteError, Sites, load_sites

if TYPE_CHECKING:
    from scrapy.settings import Settings as ScrapySettings


def load_declared_sites(settings: Settings, *, missing_ok: bool = False) -> Sites:
    """The sites file; what is wrong with it is a usage error of one line."""
    try:
        return load_sites(settings.sites_file, missing_ok=missing_ok)
    except SiteError as error:
        raise click.UsageError(str(error)) from error


def require_web_address(text: str) -> None:
    """Raises click.UsageError for what is no whole http or https address."""
    if not is_web_address(text):
        raise click.UsageError(f"{text!r} is no address of a page; write it whole, such as https://example.org/a-story")


def scrapy_settings(settings: Settings, verbose: int = 0) -> ScrapySettings:
    """The project's Scrapy settings with the command's choices; the archive keeps what is known of hosts."""
    from scrapy.settings import Settings as ScrapySettings
    from scrapy.utils.log import configure_logging

    from crawler import settings as project

    chosen = ScrapySettings()
    chosen.setmodule(project, priority="project")
    chosen.set("LOG_LEVEL", ("ERROR", "INFO", "DEBUG")[min(verbose, 2)], priority="cmdline")
    chosen.set("BACKISSUE_DATABASE", settings.database, priority="cmdline")
    chosen.set("BACKISSUE_SITES", str(settings.sites_file), priority="cmdline")
    chosen.set("BACKISSUE_HOST_STORE", "crawler.hosts.ArchiveHosts", priority="cmdline")
    configure_logging(chosen)
    # Scrapy filters at the handler, when each page's three records are made; this keeps them from being made.
    logging.getLogger("scrapy.core").setLevel(chosen["LOG_LEVEL"])
    return chosen


def fetch_settings(settings: Settings) -> ScrapySettings:
    """The settings of a command that fetches a few pages and archives nothing."""
    chosen = scrapy_settings(settings)
    defaults = load_declared_sites(settings, missing_ok=True).defaults
    chosen.set("BACKISSUE_HOST_STORE", "crawler.middlewares.hosts.MemoryHosts", priority="cmdline")
    chosen.set("BACKISSUE_ALLOW_ADDRESSES", list(defaults.allow_addresses), priority="cmdline")
    chosen.set("DOWNLOAD_DELAY", defaults.delay, priority="cmdline")
    return chosen
