"""Length-prefixed frames between two processes of this program.

Frames sent in the same iteration of the event loop are written together.
"""

from __future__ import annotations

import asyncio
import struct
from collections.abc import Callable
from typing import cast

import msgspec

_LENGTH = struct.Struct("!I")
MAX_UNSENT_BYTES = 4 * 2**20


class FrameError(ValueError):
    """A frame is longer than any that the peer has to send."""


class Frames(asyncio.Protocol):
    """One end of the channel: `received` is called per frame, `lost` is done when the peer disconnects.

    A frame that is longer than `max_bytes`, or that `received` cannot decode, ends the connection, and
    `fault` says why.
    """

    def __init__(self, received: Callable[[bytes], None], max_bytes: int = 2**31) -> None:
        self.lost: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.max_bytes = max_bytes
        self.fault = ""
        self._received = received
        self._transport: asyncio.WriteTransport | None = None
        self._come = bytearray()
        self._to_send: list[bytes] = []
        self._has_room = asyncio.Event()
        self._has_room.set()

    def send(self, octets: bytes) -> None:
        """Send a frame; do nothing if the peer has disconnected."""
        if not self._to_send:
            asyncio.get_running_loop().call_soon(self._flush)
        self._to_send += (_LENGTH.pack(len(octets)), octets)

    async def wait_for_room(self) -> None:
        """Wait until at most `MAX_UNSENT_BYTES` are unsent, or the peer has disconnected."""
        await self._has_room.wait()

    def close(self) -> None:
        """Send what is buffered, then close the connection."""
        self._flush()
        if self._transport is not None:
            self._transport.close()

    def abort(self) -> None:
        """Close the connection at once, and read no more."""
        if self._transport is not None:
            self._transport.abort()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Store the transport."""
        self._transport = cast("asyncio.WriteTransport", transport)
        self._transport.set_write_buffer_limits(MAX_UNSENT_BYTES)

    def data_received(self, data: bytes) -> None:
        """Pass on every complete frame."""
        self._come += data
        try:
            self._take_frames()
        except (FrameError, msgspec.DecodeError) as error:
            self.fault = str(error)
            self._come.clear()
            self.abort()

    def _take_frames(self) -> None:
        start = 0
        while len(self._come) - start >= _LENGTH.size:
            (length,) = _LENGTH.unpack_from(self._come, start)
            if length > self.max_bytes:
                raise FrameError(f"a frame of {length} octets")
            end = start + _LENGTH.size + length
            if len(self._come) < end:
                break
            frame = bytes(memoryview(self._come)[start + _LENGTH.size : end])
            start = end
            self._received(frame)
        del self._come[:start]

    def pause_writing(self) -> None:
        """Block senders: the peer does not keep up."""
        self._has_room.clear()

    def resume_writing(self) -> None:
        """Unblock senders: the peer has caught up."""
        self._has_room.set()

    def connection_lost(self, error: Exception | None) -> None:
        """Wake everything that waits for the end of the connection or for room in the buffer."""
        self._transport = None
        self._has_room.set()
        if not self.lost.done():
            self.lost.set_result(None)

    def _flush(self) -> None:
        octets, self._to_send = b"".join(self._to_send), []
        if self._transport is not None and octets:
            self._transport.write(octets)
