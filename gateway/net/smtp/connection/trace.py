"""What one client and we say to each other, for an operator who watches: bounded, and without messages.

A watch names an address and ends by itself; nothing is kept when nobody watches.
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
        """One line more, while there is room; behind the last one comes None."""
        if self.left_bytes <= 0:
            return
        self.left_bytes -= len(line)
        self.lines.put_nowait(line if self.left_bytes > 0 else None)


class Traces:
    """The watches of a listener."""

    def __init__(self) -> None:
        self._watches: list[_Watch] = []

    def note(self, ip: str, side: Side, octets: bytes) -> None:
        """A client (C) or we (S) said this; octets that print nothing are escaped."""
        if not self._watches:
            return
        for watch in self._watches:
            if watch.ip == ip:
                for line in octets.decode("latin-1").splitlines():
                    watch.add(f"{side}: {line.encode('unicode_escape').decode('ascii')}")

    async def watch(self, ip: str, seconds: float = WATCH_S) -> AsyncIterator[str]:
        """The lines of this client as they are said, until the time or the room is over.

        Raises OverflowError when too many watch already.
        """
        if len(self._watches) >= MAX_WATCHES:
            raise OverflowError(f"{MAX_WATCHES} clients are watched already; try again later")
        watch = _Watch(ip)
        self._watches.append(watch)
        try:
            with suppress(TimeoutError):
                async with asyncio.timeout(seconds):
                    while (line := await watch.lines.get()) is not None:
                        yield line
        finally:
            self._watches.remove(watch)
