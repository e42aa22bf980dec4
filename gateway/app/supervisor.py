"""Services that start in order and stop in reverse; if one cannot start, the running ones are stopped."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

from gateway.log import events

# A remote server may take a minute for one letter. One that is cut off is sent again with the same
# Message-ID.
GRACE_S = 20.0


class Service(Protocol):
    """Something that runs beside the others."""

    async def start(self) -> None:
        """Start; if it raises, nothing of it runs."""
        ...

    async def stop(self, grace_s: float) -> None:
        """Finish what is in hand, for at most `grace_s`."""
        ...


class Loop(Protocol):
    """Work that continues until it is stopped."""

    async def run(self) -> None:
        """Work until `stop`."""
        ...

    def stop(self) -> None:
        """Make `run` end after what is in hand."""
        ...


class Background:
    """A loop as a service, in its own task, which is cancelled after the grace period."""

    def __init__(self, loop: Loop) -> None:
        self._loop = loop
        self._task: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Start the task."""
        self._task = asyncio.create_task(self._loop.run())

    async def stop(self, grace_s: float) -> None:
        """Stop the loop, then cancel the task. Raises the exception that ended the loop."""
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
    """Something that others use, as a service: opened before and closed after them, without a time limit."""

    close: Callable[[], Awaitable[None]]
    open: Callable[[], Awaitable[None]] | None = None

    async def start(self) -> None:
        """Open the resource."""
        if self.open is not None:
            await self.open()

    async def stop(self, grace_s: float) -> None:
        """Close the resource."""
        await self.close()


class Together:
    """Services that start in order, and stop concurrently: each has the whole grace period."""

    def __init__(self, services: Sequence[Service]) -> None:
        self._services = services

    async def start(self) -> None:
        """Start the services."""
        begun = Supervisor()
        await begun.start(self._services)  # if one raises, those before it are stopped

    async def stop(self, grace_s: float) -> None:
        """Stop the services. Raises what one of them raised, after all have ended."""
        ended = await asyncio.gather(
            *(each.stop(grace_s) for each in reversed(self._services)), return_exceptions=True
        )
        for error in ended:
            if isinstance(error, BaseException):
                raise error


class Supervisor:
    """Supervisor that starts services and stops them."""

    def __init__(self) -> None:
        self._running: list[Service] = []

    async def start(self, services: Iterable[Service]) -> None:
        """Start services in order, after the running ones. If one raises, all are stopped."""
        try:
            for each in services:
                await each.start()
                self._running.append(each)
        except BaseException:
            await self.stop()
            raise

    async def stop(self, grace_s: float = GRACE_S) -> None:
        """Stop the last service first, all within `grace_s`; failures are logged and delay no others."""
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
