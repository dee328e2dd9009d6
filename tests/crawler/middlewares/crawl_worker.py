"""Runs crawls for the tests: one scenario a line on standard input, one result a line on standard output (JSON).

A process of its own, because a reactor cannot be restarted and other tests may want to do without one.
"""

import asyncio
import json
import logging
import sys
from collections import defaultdict
from datetime import datetime

from scrapy import Request, Spider
from scrapy.crawler import AsyncCrawlerRunner
from scrapy.settings import Settings
from scrapy.utils.reactor import install_reactor
from twisted.internet.address import IPv4Address, IPv6Address
from twisted.internet.interfaces import IHostnameResolver
from zope.interface import implementer

from crawler.middlewares.hosts import MemoryHosts, RobotsAnswer
from crawler.middlewares.robots import RobotsMiddleware


@implementer(IHostnameResolver)
class FakeNames:
    """Answers for names under .test from a table (one answer after another, then the last again); others as usual."""

    def __init__(self, original):
        self.original = original
        self.answers = {}
        self.asked = defaultdict(int)

    def resolveHostName(self, receiver, hostName, portNumber=0, addressTypes=None, transportSemantics="TCP"):
        if not hostName.rstrip(".").endswith(".test"):
            return self.original.resolveHostName(receiver, hostName, portNumber, addressTypes, transportSemantics)
        receiver.resolutionBegan(None)
        answers = self.answers.get(hostName, [["127.0.0.1"]])
        for address in answers[min(self.asked[hostName], len(answers) - 1)]:
            receiver.addressResolved((IPv6Address if ":" in address else IPv4Address)("TCP", address, portNumber))
        self.asked[hostName] += 1
        receiver.resolutionComplete()
        return None


class ScenarioHosts(MemoryHosts):
    @classmethod
    def from_crawler(cls, crawler):
        return crawler.spider.hosts


class ScenarioSpider(Spider):
    name = "scenario"

    def __init__(self, *args, scenario, hosts, **kwargs):
        super().__init__(*args, **kwargs)
        self.scenario = scenario
        self.hosts = hosts
        self.results = []
        self.rules = {}

    async def start(self):
        for url in self.scenario.get("rules", ()):
            rules = await self.crawler.get_downloader_middleware(RobotsMiddleware).rules(url)
            self.rules[url] = {
                "status": rules.answer.status,
                "reachable": rules.reachable,
                "sitemaps": list(rules.robots.sitemaps),
            }
        for number, request in enumerate(self.scenario["requests"]):
            yield Request(**request, callback=self.got, errback=self.failed, dont_filter=True, cb_kwargs={"n": number})

    def got(self, response, n):
        self.note(n, response.request, response=response)

    def failed(self, failure):
        error = failure.value
        kinds = [kind.__name__ for kind in type(error).__mro__]
        until = getattr(error, "until_at", None)
        address = getattr(error, "address", None)
        response = getattr(error, "response", None)
        self.note(
            failure.request.cb_kwargs["n"],
            failure.request,
            response=response,
            error=kinds[0],
            kinds=kinds,
            text=str(error),
            until=until and until.isoformat(),
            address=address,
        )

    def note(self, n, request, response=None, **found):
        result = {"n": n, "url": self.scenario["requests"][n]["url"], "final_url": request.url, "error": None, **found}
        if response is not None:
            result |= {
                "status": response.status,
                "body": response.body[:200].decode("latin-1"),
                "size": len(response.body),
                "flags": response.flags,
            }
        result["retries"] = request.meta.get("retry_times", 0)
        result["retry_after_at"] = str(request.meta.get("retry_after_at") or "")
        self.results.append(result)


async def run(scenario, names):
    settings = Settings()
    settings.setmodule("crawler.settings", priority="project")
    quick = {
        "ITEM_PIPELINES": {},
        "DOWNLOAD_DELAY": 0.01,
        "RETRY_TIMES": 0,
        "LOG_LEVEL": "WARNING",
        "BACKISSUE_HOST_STORE": ScenarioHosts,
        "STATS_DUMP": False,
    }
    settings.setdict(quick | scenario.get("settings", {}), priority="cmdline")
    hosts = MemoryHosts()
    for origin, (fetched_at, status, body, failures) in scenario.get("robots", {}).items():
        hosts.robots[origin] = RobotsAnswer(datetime.fromisoformat(fetched_at), status, body.encode(), failures)
    for host, until in scenario.get("back_offs", {}).items():
        hosts.back_offs[host] = datetime.fromisoformat(until)
    names.answers = scenario.get("names", {})
    names.asked.clear()
    runner = AsyncCrawlerRunner(settings)
    crawler = runner.create_crawler(ScenarioSpider)
    crawling = runner.crawl(crawler, scenario=scenario, hosts=hosts)
    if "stop_after" in scenario:
        asyncio.get_running_loop().call_later(scenario["stop_after"], lambda: asyncio.ensure_future(runner.stop()))
    await asyncio.wait_for(crawling, scenario.get("timeout", 30))
    return {
        "results": sorted(crawler.spider.results, key=lambda result: result["n"]),
        "stats": {key: str(value) for key, value in crawler.stats.get_stats().items()},
        "rules": crawler.spider.rules,
        "robots": {origin: [answer.status, answer.failures] for origin, answer in hosts.robots.items()},
        "back_offs": {host: until.isoformat() for host, until in hosts.back_offs.items()},
    }


async def serve(reactor, names):
    loop = asyncio.get_running_loop()
    while line := await loop.run_in_executor(None, sys.stdin.readline):
        try:
            answer = await run(json.loads(line), names)
        except Exception as error:
            logging.exception("scenario failed")
            answer = {"failed": repr(error)}
        print(json.dumps(answer), flush=True)
    reactor.stop()


def main():
    install_reactor("twisted.internet.asyncioreactor.AsyncioSelectorReactor")
    from twisted.internet import reactor

    names = FakeNames(reactor.nameResolver)
    reactor.installNameResolver(names)
    reactor.callWhenRunning(lambda: asyncio.ensure_future(serve(reactor, names)))
    reactor.run(installSignalHandlers=False)


if __name__ == "__main__":
    main()
