"""Services that start in order and stop in reverse order; what cannot start ends what already runs."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

from gateway.log import events

# A remote server may take a minute over one letter. What is cut off goes again with the same Message-ID.
GRACE_S = 20.0


class Service(Protocol):
    """Something that runs beside the others."""

    async def start(self) -> None:
        """Begin; when it raises, nothing of it runs."""
        ...

    async def stop(self, grace_s: float) -> None:
        """Finish what is in hand, at most for `grace_s`."""
        ...


class Loop(Protocol):
    """Work that goes on until it is told to stop."""

    async def run(self) -> None:
        """Work until `stop`."""
        ...

    def stop(self) -> None:
        """End `run` after what is in hand."""
        ...


class Background:
    """A loop as a service: it runs in a task of its own, which is cancelled when the grace is over."""

    def __init__(self, loop: Loop) -> None:
        self._loop = loop
        self._task: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """See `Service`."""
        self._task = asyncio.create_task(self._loop.run())

    async def stop(self, grace_s: float) -> None:
        """See `Service`. Raises what ended the loop."""
        if self._task is None:
            return
        self._loop.stop()
        await asyncio.wait((self._task,), timeout=grace_s)
        self._task.cancel()
        (ended,) = await asyncio.gather(self._task, return_exceptions=True)
        if isinstance(ended, Exception):
            raise ended


@dataclass(frozen=True, slots=True)
class Resource:
    """What others use, as a service: opened before them, closed behind them, however long that takes."""

    close: Callable[[], Awaitable[None]]
    open: Callable[[], Awaitable[None]] | None = None

    async def start(self) -> None:
        """See `Service`."""
        if self.open is not None:
            await self.open()

    async def stop(self, grace_s: float) -> None:
        """See `Service`."""
        await self.close()


class Together:
    """Services that start in order, and stop at the same time: each has the whole grace."""

    def __init__(self, services: Sequence[Service]) -> None:
        self._services = services

    async def start(self) -> None:
        """See `Service`."""
        begun = Supervisor()
        await begun.start(self._services)  # when one raises, those before it are stopped

    async def stop(self, grace_s: float) -> None:
        """See `Service`. Raises what one of them did, when all have ended."""
        ended = await asyncio.gather(
            *(each.stop(grace_s) for each in reversed(self._services)), return_exceptions=True
        )
        for error in ended:
            if isinstance(error, BaseException):
                raise error


class Supervisor:
    """Starts services and stops them."""

    def __init__(self) -> None:
        self._running: list[Service] = []

    async def start(self, services: Iterable[Service]) -> None:
        """Start one after the other, behind those that run. When one raises, all are stopped again."""
        try:
            for each in services:
                await each.start()
                self._running.append(each)
        except BaseException:
            await self.stop()
            raise

    async def stop(self, grace_s: float = GRACE_S) -> None:
        """Stop the last one first, all within `grace_s`. One that fails is logged and holds up nobody.

        When this is cancelled, the next call goes on with those that are left.
        """
        now = asyncio.get_running_loop().time
        deadline = now() + grace_s
        while self._running:
            last = self._running[-1]
            try:
                await last.stop(max(0.0, deadline - now()))
            except Exception as error:
                events.task_failed("stop", error)
            if last in self._running:  # somebody else may have waited for it too
                self._running.remove(last)
