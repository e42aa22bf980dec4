"""Traces of the dialog with one client, for operators: limited in size, and without message content.

A trace selects an IP address and ends automatically; nothing is stored unless a trace is active.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Literal

WATCH_S = 600.0
MAX_TRACE_BYTES = 1_000_000
MAX_WATCHES = 4
Side = Literal["C", "S"]


@dataclass(eq=False)
class _Watch:
    ip: str
    left_bytes: int = MAX_TRACE_BYTES
    lines: asyncio.Queue[str | None] = field(default_factory=asyncio.Queue)

    def add(self, line: str) -> None:
        """Add a line while there is room; None follows the last one."""
        if self.left_bytes <= 0:
            return
        self.left_bytes -= len(line)
        self.lines.put_nowait(line if self.left_bytes > 0 else None)


class Traces:
    """The active traces of a listener."""

    def __init__(self) -> None:
        self._watches: list[_Watch] = []

    def note(self, ip: str, side: Side, octets: bytes) -> None:
        """Record octets sent by the client (C) or by us (S); unprintable characters are escaped."""
        if not self._watches:
            return
        for watch in self._watches:
            if watch.ip == ip:
                for line in octets.decode("latin-1").splitlines():
                    watch.add(f"{side}: {line.encode('unicode_escape').decode('ascii')}")

    async def watch(self, ip: str, seconds: float = WATCH_S) -> AsyncIterator[str]:
        """Yield the lines of this client's dialog until the time or size limit is reached.

        Raises OverflowError if too many traces are active.
        """
        if len(self._watches) >= MAX_WATCHES:
            raise OverflowError(f"{MAX_WATCHES} clients are already being traced; try again later")
        watch = _Watch(ip)
        self._watches.append(watch)
        try:
            with suppress(TimeoutError):
                async with asyncio.timeout(seconds):
                    while (line := await watch.lines.get()) is not None:
                        yield line
        finally:
            self._watches.remove(watch)
