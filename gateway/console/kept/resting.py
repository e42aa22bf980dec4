"""Clears what pages leave in memory, in a thread that ends when nothing is left."""

from __future__ import annotations

import threading
from collections.abc import Callable


class Rest:
    """Calls `sweep` every `every_s` seconds, until it returns that nothing is left. Thread-safe."""

    def __init__(self, every_s: float, sweep: Callable[[], bool]) -> None:
        self._every_s = every_s
        self._sweep = sweep
        self._lock = threading.Lock()
        self._timer: threading.Timer | None = None

    def begin(self) -> None:
        """Begin, unless it has begun."""
        with self._lock:
            if self._timer is None:
                self._start()

    def _start(self) -> None:
        self._timer = threading.Timer(self._every_s, self._run)
        self._timer.daemon = True
        self._timer.start()

    def _run(self) -> None:
        with self._lock:
            self._timer = None
            if self._sweep():
                self._start()
