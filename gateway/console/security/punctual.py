"""The time that a client has for a whole request, and who gives way when all connections are taken.

uvicorn bounds the size of a header and the idle time between requests, but not how long a request may take to
arrive: without this, clients that send an octet now and then would hold all connections.
"""

from __future__ import annotations

import asyncio

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

REQUEST_S = 8.0  # from its first octet, or from connecting, to the end of its body


class PunctualProtocol(H11Protocol):
    """A connection that is closed if a request does not arrive in time."""

    ends: asyncio.TimerHandle | None = None  # while a request is arriving

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Expect the first request; of too many connections, close the one that has waited longest."""
        super().connection_made(transport)
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

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget the time."""
        self._stop()
        super().connection_lost(exc)

    def _is_arriving(self) -> bool:
        """Return whether a part of a request is there, and the rest is not."""
        state = self.conn.their_state
        return state is h11.SEND_BODY or (state is h11.IDLE and bool(self.conn.trailing_data[0]))

    def _stop(self) -> None:
        if self.ends is not None:
            self.ends.cancel()
            self.ends = None

    def _make_room(self) -> None:
        waiting = [
            (one.ends.when(), one.transport)
            for one in self.connections
            if isinstance(one, PunctualProtocol)
            and one is not self
            and one.ends
            and not one.transport.is_closing()
        ]
        if waiting:
            min(waiting, key=lambda each: each[0])[1].abort()
