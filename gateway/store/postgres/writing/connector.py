"""Reconnects in a thread beside the writer, so that requests in the meantime fail at once.

It takes seconds to notice that a host is gone, and a frozen one accepts connections and says nothing.
"""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

import psycopg

from gateway.store.postgres.writing.watchdog import Watchdog
from gateway.store.protocol import StoreUnavailableError

PAUSE_S = 0.5  # between attempts: 250 is possible again within 2 s after the server accepts writes
PATIENCE_S = 0.5  # how long the writer waits for an attempt that has just begun
HANDSHAKE_S = 5.0
Guard = Callable[[int], AbstractContextManager[None]]


class Connector(threading.Thread):
    """The thread that retries until there is a connection that nobody has taken yet."""

    def __init__(self, connect: Callable[[Guard], psycopg.Connection[Any]]) -> None:
        super().__init__(name="store-connector", daemon=True)
        self._connect = connect
        self._watchdog = Watchdog()
        self._changed = threading.Condition()
        self._made: psycopg.Connection[Any] | None = None
        self._error: Exception | None = None
        self._is_wanted = True
        self._begun_at = 0.0
        self._ends = False

    def wait_for_first(self) -> Exception | None:
        """Start, and wait for the end of the first attempt; return its error."""
        self._watchdog.start()
        self.start()
        with self._changed:
            self._changed.wait_for(lambda: self._made is not None or self._error is not None)
            return self._error

    def want(self) -> None:
        """Request a new connection, because the previous one is lost."""
        with self._changed:
            if not self._is_wanted:
                self._is_wanted, self._error, self._begun_at = True, None, time.monotonic()
                self._changed.notify_all()

    def take(self) -> psycopg.Connection[Any]:
        """Return the connection.

        Raises the error of the last attempt, StoreUnavailableError while the first one is under way.
        """
        with self._changed:
            left = self._begun_at + PATIENCE_S - time.monotonic()
            self._changed.wait_for(lambda: self._made is not None or self._error is not None, max(0.0, left))
            made, self._made = self._made, None
            if made is None:
                raise self._error or StoreUnavailableError("the database is not responding")
            self._is_wanted = False
            return made

    def end(self) -> None:
        """Stop retrying; an attempt under way ends by itself."""
        with self._changed:
            self._ends = True
            self._changed.notify_all()
        self._watchdog.end()
        if self._made is not None:
            _close(self._made)

    def run(self) -> None:
        """Open connections until told to stop."""
        while self._is_needed():
            try:
                self._offer(self._connect(lambda fd: self._watchdog.watch(fd, HANDSHAKE_S)))
            except Exception as error:  # whatever it is, there is a next attempt
                self._pause(error)

    def _is_needed(self) -> bool:
        with self._changed:
            self._changed.wait_for(lambda: self._ends or (self._is_wanted and self._made is None))
            return not self._ends

    def _offer(self, made: psycopg.Connection[Any]) -> None:
        with self._changed:
            if self._ends:
                _close(made)
            else:
                self._made, self._error = made, None
            self._changed.notify_all()

    def _pause(self, error: Exception) -> None:
        with self._changed:
            self._error = error
            self._changed.notify_all()
            self._changed.wait_for(lambda: self._ends, PAUSE_S)


def _close(connection: psycopg.Connection[Any]) -> None:
    with contextlib.suppress(psycopg.Error, OSError):
        connection.close()
