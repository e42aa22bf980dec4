"""A service manager that only listens (sd_notify(3))."""

from __future__ import annotations

import asyncio
import socket
from pathlib import Path

from tests.support.ports import PATIENCE_S


class Manager:
    """The side of the service manager: what the service told it."""

    def __init__(self, place: Path) -> None:
        self.environment = {"NOTIFY_SOCKET": str(place)}
        self._told: asyncio.Queue[str] = asyncio.Queue()
        self._loop = asyncio.get_running_loop()
        self._channel = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._channel.bind(str(place))
        self._loop.add_reader(self._channel, self._listen)

    def _listen(self) -> None:
        self._told.put_nowait(self._channel.recv(4096).decode())

    async def hears(self, word: str) -> str:
        """The next message that holds `word`; those before it are passed over."""
        async with asyncio.timeout(PATIENCE_S):
            while word not in (told := await self._told.get()):
                pass
        return told

    def close(self) -> None:
        """Listen no more."""
        self._loop.remove_reader(self._channel)
        self._channel.close()
