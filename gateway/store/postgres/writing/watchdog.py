"""Ends a connection that does not answer by cutting its socket; nothing is ever cancelled.

Cancelling a COMMIT that waits for its standby is answered with success, although only one disk has it. A
frozen server acknowledges at the TCP level, so no system timeout ends the wait.
"""

from __future__ import annotations

import contextlib
import os
import socket
import threading
import time
from collections.abc import Iterator


class Watchdog(threading.Thread):
    """The thread that shuts down the watched socket when the time is over."""

    def __init__(self) -> None:
        super().__init__(name="store-watchdog", daemon=True)
        self._changed = threading.Condition()
        self._fd = -1
        self._deadline = 0.0
        self._ends = False
        self._is_asleep = False
        self.cuts = 0

    @contextlib.contextmanager
    def watch(self, fd: int, patience_s: float) -> Iterator[None]:
        """Cut this socket unless the block ends in time."""
        with self._changed:
            self._fd, self._deadline = fd, time.monotonic() + patience_s
            if self._is_asleep:
                self._changed.notify()
        try:
            yield
        finally:
            with self._changed:
                self._fd = -1

    def end(self) -> None:
        """End the thread."""
        with self._changed:
            self._ends = True
            self._changed.notify()
        self.join()

    def run(self) -> None:
        """Wait for deadlines."""
        with self._changed:
            while not self._ends:
                left = self._deadline - time.monotonic()
                if self._fd >= 0 and left <= 0:
                    self._cut()
                # A deadline set later ends later, so there is no need to wake up for each.
                self._is_asleep = self._fd < 0
                self._changed.wait(None if self._is_asleep else left)
                self._is_asleep = False

    def _cut(self) -> None:
        with contextlib.suppress(OSError), socket.socket(fileno=os.dup(self._fd)) as doubled:
            doubled.shutdown(socket.SHUT_RDWR)
        self._fd = -1
        self.cuts += 1
