"""The time that a client has to send a request and to take the answer, and who gives way if all are taken.

uvicorn bounds the size of a header and the idle time between requests, but not how long a request may take to
arrive, nor an answer to be taken: without this, clients that send an octet now and then, or read nothing,
would hold all connections.
"""

from __future__ import annotations

import asyncio
import socket

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

REQUEST_S = 8.0  # from its first octet, or from connecting, to the end of its body
TAKEN_S = 30.0  # for all that was written, from when the client's buffer is full
SEND_BUFFER = 64 * 1024  # octets in the kernel; by default, up to 4 MB that nobody reads


class PunctualProtocol(H11Protocol):
    """A connection that is closed if a request does not arrive, or a response is not read, in time."""

    ends: asyncio.TimerHandle | None = None  # while a request is arriving
    stalls: asyncio.TimerHandle | None = None  # while the client takes nothing

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Expect the first request; of too many connections, close the one that has waited longest."""
        super().connection_made(transport)
        transport.set_write_buffer_limits(0)  # any octet that waits counts
        transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, SEND_BUFFER)
        self.ends = self.loop.call_later(REQUEST_S, transport.abort)
        if len(self.connections) >= (self.limit_concurrency or 0):
            self._make_room()

    def handle_events(self) -> None:
        """Process what arrived, and keep the time."""
        super().handle_events()
        if not self._is_arriving():
            self._stop()
        elif self.ends is None:
            self.ends = self.loop.call_later(REQUEST_S, self.transport.abort)

    def pause_writing(self) -> None:
        """Keep the deadline until the client has read everything, even after the response has ended."""
        super().pause_writing()
        if self.stalls is None:
            self.stalls = self.loop.call_later(TAKEN_S, self.transport.abort)

    def resume_writing(self) -> None:
        """Continue: the client has read everything."""
        self._take()
        super().resume_writing()

    def connection_lost(self, exc: Exception | None) -> None:
        """Clear the deadlines."""
        self._stop()
        self._take()
        super().connection_lost(exc)

    def _is_arriving(self) -> bool:
        """Return whether a part of a request is there, and the rest is not."""
        state = self.conn.their_state
        return state is h11.SEND_BODY or (state is h11.IDLE and bool(self.conn.trailing_data[0]))

    def _stop(self) -> None:
        if self.ends is not None:
            self.ends.cancel()
            self.ends = None

    def _take(self) -> None:
        if self.stalls is not None:
            self.stalls.cancel()
            self.stalls = None

    def waits_since(self) -> float | None:
        """Return since when we have been waiting for the client; None if we are not."""
        waits = [(self.ends, REQUEST_S), (self.stalls, TAKEN_S)]
        return min((timer.when() - most for timer, most in waits if timer), default=None)

    def _make_room(self) -> None:
        """Close the connection that has kept us waiting longest, even if it is closing but not being read."""
        others = (one for one in self.connections if isinstance(one, PunctualProtocol) and one is not self)
        waiting = [
            (since, one.transport)
            for one in others
            if (since := one.waits_since()) is not None and (one.stalls or not one.transport.is_closing())
        ]
        if waiting:
            min(waiting, key=lambda each: each[0])[1].abort()
