"""Runs one coroutine on Twisted's asyncio reactor, for commands that fetch. Once a process: reactors do not restart."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

T = TypeVar("T")


def run(main: Callable[[], Coroutine[Any, Any, T]]) -> T:
    """The coroutine's value, or the exception that it raised. Blocks until it ends."""
    from scrapy.utils.reactor import install_reactor

    install_reactor("twisted.internet.asyncioreactor.AsyncioSelectorReactor")
    from twisted.internet import reactor as installed

    reactor: Any = installed  # its type is a module's

    values: list[T] = []
    errors: list[BaseException] = []

    async def run_and_stop() -> None:
        try:
            values.append(await main())
        except BaseException as error:
            errors.append(error)
        finally:
            reactor.stop()

    def start() -> None:
        loop = reactor._asyncioEventloop
        tasks.append(loop.create_task(run_and_stop()))

    tasks: list[Any] = []
    reactor.callWhenRunning(start)
    reactor.run(installSignalHandlers=False)
    if errors:
        raise errors[0]
    return values[0]
