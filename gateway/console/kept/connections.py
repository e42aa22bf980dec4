"""Connections to the database, kept open for a moment, because a new one first reads the whole schema.

A kept connection holds no snapshot, and delays nobody. None stays open once no more pages are requested: a
gateway that stops then closes its database as usual.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

from gateway.console.kept.resting import Rest
from gateway.store.protocol import ReadConnection, Source

MAX_KEPT = 8
KEPT_S = 1.0


class Connections:
    """Connections that wait for the next page, each used by one thread at a time. Thread-safe."""

    def __init__(self, kept_s: float = KEPT_S) -> None:
        self._kept_s = kept_s
        self._kept: list[tuple[float, Source, ReadConnection]] = []
        self._lock = threading.Lock()
        self._rest = Rest(kept_s, self._sweep)

    def __len__(self) -> int:
        """Return the number of connections that wait."""
        return len(self._kept)

    @contextmanager
    def lend(self, source: Source) -> Iterator[ReadConnection]:
        """Lend a connection; after an error it is closed, not kept. Raises NoDatabaseError."""
        connection = self._take(source) or source.open()
        try:
            yield connection
        except BaseException:
            connection.close()
            raise
        self._keep(source, connection)

    def _take(self, source: Source) -> ReadConnection | None:
        """Return the connection used last, if it still reads the same database."""
        with self._lock:
            _, of, found = self._kept.pop() if self._kept else (0.0, source, None)
        if found is not None and (of != source or not found.is_current()):
            found.close()
            return None
        return found

    def _keep(self, source: Source, connection: ReadConnection) -> None:
        with self._lock:
            has_room = len(self._kept) < MAX_KEPT
            if has_room:
                self._kept.append((time.monotonic(), source, connection))
        if has_room:
            self._rest.begin()
        else:
            connection.close()

    def _sweep(self) -> bool:
        """Close what has waited long enough; return whether any are left."""
        since = time.monotonic() - self._kept_s
        with self._lock:
            rested = [one for one in self._kept if one[0] <= since]
            self._kept = [one for one in self._kept if one[0] > since]
            is_left = bool(self._kept)
        for _, _, connection in rested:
            connection.close()
        return is_left
