"""Octets in frames between two processes of this program: a length, then as many octets.

What is sent in one turn of the loop goes in one piece.
"""

from __future__ import annotations

import asyncio
import struct
from collections.abc import Callable
from typing import cast

_LENGTH = struct.Struct("!I")
MAX_UNSENT_BYTES = 4 * 2**20


class Frames(asyncio.Protocol):
    """One end: `received` is called with each frame, and `lost` is done when the other end has gone."""

    def __init__(self, received: Callable[[bytes], None]) -> None:
        self.lost: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._received = received
        self._transport: asyncio.WriteTransport | None = None
        self._come = bytearray()
        self._to_send: list[bytes] = []
        self._has_room = asyncio.Event()
        self._has_room.set()

    def send(self, octets: bytes) -> None:
        """Send a frame; nothing happens when the other end has gone."""
        if not self._to_send:
            asyncio.get_running_loop().call_soon(self._flush)
        self._to_send += (_LENGTH.pack(len(octets)), octets)

    async def wait_for_room(self) -> None:
        """Wait until at most `MAX_UNSENT_BYTES` are unsent, or the other end has gone."""
        await self._has_room.wait()

    def close(self) -> None:
        """Send what is left, then end the connection."""
        self._flush()
        if self._transport is not None:
            self._transport.close()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the transport."""
        self._transport = cast("asyncio.WriteTransport", transport)
        self._transport.set_write_buffer_limits(MAX_UNSENT_BYTES)

    def data_received(self, data: bytes) -> None:
        """Hand over every frame that is whole."""
        self._come += data
        start = 0
        while len(self._come) - start >= _LENGTH.size:
            (length,) = _LENGTH.unpack_from(self._come, start)
            end = start + _LENGTH.size + length
            if len(self._come) < end:
                break
            frame = bytes(memoryview(self._come)[start + _LENGTH.size : end])
            start = end
            self._received(frame)
        del self._come[:start]

    def pause_writing(self) -> None:
        """The other end does not keep up."""
        self._has_room.clear()

    def resume_writing(self) -> None:
        """It does again."""
        self._has_room.set()

    def connection_lost(self, error: Exception | None) -> None:
        """Tell whoever waits for the end, or for room."""
        self._transport = None
        self._has_room.set()
        if not self.lost.done():
            self.lost.set_result(None)

    def _flush(self) -> None:
        octets, self._to_send = b"".join(self._to_send), []
        if self._transport is not None and octets:
            self._transport.write(octets)
