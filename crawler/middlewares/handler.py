"""The download handler for http and https: Scrapy's own, with a guard at the moment of connecting.

Every connection of the crawler is made here (pages, redirects, robots.txt, sitemaps, feeds), and the address that is
judged is the very one that is connected: the check stands in the reactor's `connectTCP`, which sees addresses only,
after names were resolved. A proxy's own endpoint is the one exception. Also bounds the size of response headers,
which Scrapy 2.19 does not (an endless header grew a process by 430 MB in 8 s).

Switched on by DOWNLOAD_HANDLERS; settings BACKISSUE_ALLOW_ADDRESSES and BACKISSUE_MAX_HEADER_BYTES.
"""

from __future__ import annotations

import asyncio
from functools import partial
from typing import TYPE_CHECKING, Any

from scrapy.core.downloader.handlers.http11 import (
    HTTP11DownloadHandler,
    _BindAddressAgent,
    _LenientHTTP11ClientFactory,
    _LenientHTTP11ClientProtocol,
    _ScrapyAgent,
    _TunnelingTCP4ClientEndpoint,
)
from scrapy.utils._download_handlers import normalize_bind_address, wrap_twisted_exceptions
from scrapy.utils.defer import maybe_deferred_to_future
from twisted.internet.endpoints import HostnameEndpoint
from twisted.python.failure import Failure
from twisted.web._newclient import HEADER, STATUS
from twisted.web.client import HTTPConnectionPool
from zope.interface import directlyProvides, providedBy  # type: ignore[import-untyped]

from crawler.middlewares.addresses import AddressRules, ForbiddenAddress

if TYPE_CHECKING:
    from scrapy import Request
    from scrapy.crawler import Crawler
    from scrapy.http import Headers, Response
    from twisted.internet.defer import Deferred
    from twisted.web.client import URI, Agent
    from twisted.web.iweb import IResponse


class HeadersTooLarge(Exception):
    """A server sent more header bytes than BACKISSUE_MAX_HEADER_BYTES."""


class GuardedHandler(HTTP11DownloadHandler):
    """Fetches over http and https, from addresses that the rules admit."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._rules = AddressRules(crawler.settings.getlist("BACKISSUE_ALLOW_ADDRESSES"))
        pool = _GuardedPool(self._rules, crawler.settings.getint("BACKISSUE_MAX_HEADER_BYTES"))
        pool.maxPersistentPerHost = self._pool.maxPersistentPerHost
        self._pool = pool
        self._agents: dict[float, _HostsAgent] = {}

    async def download_request(self, request: Request) -> Response:
        if request.meta.get("proxy") and (reason := self._rules.why_refused_by_proxy(request.url)):
            raise ForbiddenAddress(request.url, request.url.split("/")[2], reason)
        agent = _OneRequest(
            self._agents,
            contextFactory=self._contextFactory,
            bindAddress=self._bind_address,
            pool=self._pool,
            maxsize=self._default_maxsize,
            warnsize=self._default_warnsize,
            fail_on_dataloss=self._fail_on_dataloss,
            crawler=self._crawler,
            tls_verbose_logging=self._tls_verbose_logging,
        )
        try:
            with wrap_twisted_exceptions():
                return await maybe_deferred_to_future(agent.download_request(request))
        except ForbiddenAddress as refusal:
            raise ForbiddenAddress(request.url, refusal.address, refusal.reason) from None

    async def close(self) -> None:
        """Lets the open connections end, as long as Scrapy would wait. Its own timer may go off just after they did, on
        a busy machine, with a traceback in the mail of a cron job (Scrapy 2.19)."""
        closing: Deferred[None] = self._pool.closeCachedConnections()  # type: ignore[no-untyped-call]
        closed = closing.asFuture(asyncio.get_running_loop())
        await asyncio.wait({closed}, timeout=self._disconnect_timeout)


class _OneRequest(_ScrapyAgent):
    """Scrapy's way of one request through Twisted; what is the same for all requests is not made anew for each."""

    def __init__(self, agents: dict[float, _HostsAgent], **options: Any) -> None:
        super().__init__(**options)
        self._agents = agents
        """Of requests that go straight to their host, by their time limit."""
        self._headers: Headers | None = None

    def _get_agent(self, request: Request, timeout: float) -> Agent:
        if request.meta.get("proxy") or request.meta.get("bindaddress"):
            return super()._get_agent(request, timeout)
        if timeout not in self._agents:
            from twisted.internet import reactor

            bind = normalize_bind_address(self._bindAddress)
            self._agents[timeout] = _HostsAgent(reactor, self._contextFactory, timeout, bind, self._pool)
        return self._agents[timeout]

    def _headers_from_twisted_response(self, response: IResponse) -> Headers:  # type: ignore[override]
        """Asked for when the headers came and when the body did."""
        if self._headers is None:
            self._headers = super()._headers_from_twisted_response(response)
        return self._headers


class _HostsAgent(_BindAddressAgent):
    """Remembers how each host is connected: to tell it, names go through all of IDNA, connection or not."""

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self._endpoints: dict[tuple[bytes, bytes, int], Any] = {}

    def _getEndpoint(self, uri: URI) -> Any:
        key = (uri.scheme, uri.host, uri.port)
        if key not in self._endpoints:
            self._endpoints[key] = super()._getEndpoint(uri)  # type: ignore[no-untyped-call]
        return self._endpoints[key]


class _GuardedPool(HTTPConnectionPool):
    """Opens connections through a guarded reactor; one that stays open was judged when it was made."""

    def __init__(self, rules: AddressRules, max_header_bytes: int) -> None:
        from twisted.internet import reactor  # as late as Scrapy does it: importing it installs one

        super().__init__(reactor, persistent=True)  # type: ignore[no-untyped-call]
        self.retryAutomatically = False  # a request is sent again by RetryMiddleware only, when the host's turn comes
        self._rules = rules
        self._factory = partial(_BoundedFactory, max_header_bytes)  # type: ignore[assignment]

    def _newConnection(self, key: Any, endpoint: Any) -> Deferred[Any]:
        to_proxy = key[0] == b"http-proxy" or isinstance(endpoint, _TunnelingTCP4ClientEndpoint)
        if not to_proxy:
            inner = getattr(endpoint, "_wrappedEndpoint", endpoint)  # TLS wraps the endpoint that connects
            if not isinstance(inner, HostnameEndpoint):
                raise TypeError(f"the address guard does not know how {inner!r} connects")
            if not isinstance(inner._reactor, _GuardedReactor):
                inner._reactor = _GuardedReactor(inner._reactor, self._rules, inner._hostText)
        return super()._newConnection(key, endpoint)


class _GuardedReactor:
    """The reactor, except that it connects to admitted addresses only."""

    def __init__(self, reactor: Any, rules: AddressRules, host: str) -> None:
        self._reactor = reactor
        self._rules = rules
        self._host = host
        directlyProvides(self, providedBy(reactor))

    def __getattr__(self, name: str) -> Any:
        return getattr(self._reactor, name)

    def connectTCP(self, host: str, port: int, *args: Any, **kwargs: Any) -> Any:
        if reason := self._rules.why_refused(host, port, self._host):
            raise ForbiddenAddress("", host, reason)
        return self._reactor.connectTCP(host, port, *args, **kwargs)


class _BoundedProtocol(_LenientHTTP11ClientProtocol):
    """Hangs up on a server whose headers do not end."""

    max_header_bytes = 0
    _header_bytes = 0

    def dataReceived(self, data: bytes) -> None:
        super().dataReceived(data)  # type: ignore[no-untyped-call]
        parser = self._parser
        if parser is None or parser.state not in (STATUS, HEADER):
            self._header_bytes = 0
            return
        self._header_bytes += len(data)
        if self._header_bytes > self.max_header_bytes:
            self._giveUp(Failure(HeadersTooLarge(f"more than {self.max_header_bytes} bytes of headers")))  # type: ignore[no-untyped-call]


class _BoundedFactory(_LenientHTTP11ClientFactory):
    def __init__(self, max_header_bytes: int, *args: Any) -> None:
        super().__init__(*args)  # type: ignore[no-untyped-call]
        self._max_header_bytes = max_header_bytes

    def buildProtocol(self, addr: Any) -> _BoundedProtocol:
        protocol = _BoundedProtocol(self._quiescentCallback)  # type: ignore[no-untyped-call]
        protocol.max_header_bytes = self._max_header_bytes
        return protocol
