"""The commands that crawl, extract and import; a module each. Those that read the archive are archive.cli's."""

from crawler.commands.crawl import crawl
from crawler.commands.demo import demo
from crawler.commands.extract import extract
from crawler.commands.importing import import_group
from crawler.commands.reextract import reextract
from crawler.commands.schedule import schedule
from crawler.commands.sites import sites
from crawler.commands.worker import worker

own_commands = (demo, sites, crawl, extract, import_group, reextract, schedule, worker)
