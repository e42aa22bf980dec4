"""Accepts connections on listening sockets while there is a process to serve them."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable

from gateway.net.host.sockets import BACKLOG, ListeningSocket

_MAX_ACCEPTED = 64


class Acceptor:
    """Passes accepted connections and their addresses to `welcome`; others wait in the backlog."""

    def __init__(self, welcome: Callable[[socket.socket, object], None]) -> None:
        self._welcome = welcome
        self._listening: list[tuple[socket.socket, ListeningSocket]] = []
        self._is_accepting = False
        self._is_closed = False

    @property
    def is_listening(self) -> bool:
        """Whether there is a socket to accept from."""
        return bool(self._listening)

    def listen(self, given: socket.socket) -> None:
        """Listen on a bound socket, without accepting yet."""
        listening = ListeningSocket.from_socket(given)
        self._listening.append((given, listening))
        listening.listen(BACKLOG)

    def switch(self, *, on: bool) -> None:
        """Start or stop accepting; after `close` it cannot start again."""
        if on is self._is_accepting or (on and self._is_closed):
            return
        self._is_accepting = on
        loop = asyncio.get_running_loop()
        for _, listening in self._listening:
            if on:
                loop.add_reader(listening.fileno(), self._accept, listening)
            else:
                loop.remove_reader(listening.fileno())

    def close(self) -> None:
        """Stop accepting and close the sockets."""
        self._is_closed = True
        self.switch(on=False)
        for given, listening in self._listening:
            given.close()
            listening.close()

    def take_rejected_clients(self) -> list[int]:
        """Return how many clients each socket has rejected since the last call for lack of a descriptor."""
        counts = [listening.rejected_clients for _, listening in self._listening]
        for _, listening in self._listening:
            listening.rejected_clients = 0
        return counts

    def _accept(self, listening: ListeningSocket) -> None:
        for _ in range(_MAX_ACCEPTED):
            try:
                connection, address = listening.accept()
            except OSError:  # no connection is waiting, or it was closed again
                return
            self._welcome(connection, address)
