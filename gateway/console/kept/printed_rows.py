"""Rows of the queue, kept as printed for a minute with everything that they were made of.

They contain names: none is kept for longer, however often it is shown, so that they are soon gone after an
erasure.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Hashable
from dataclasses import dataclass

from markupsafe import Markup

from gateway.console.kept.resting import Rest

MAX_KEPT = 1_000
MAX_SHOWN = 4_000  # characters of a case: a longer one is printed each time
KEPT_S = 60.0
Key = tuple[tuple[object, ...], Hashable]  # the columns of a case, and for whom it is printed


@dataclass(frozen=True, slots=True)
class PrintedRow:
    """A row as markup; with a box, its case can be selected."""

    markup: Markup
    has_box: bool


class PrintedRows:
    """Printed rows by their keys. Thread-safe."""

    def __init__(self, kept_s: float = KEPT_S) -> None:
        self._kept_s = kept_s
        self._kept: dict[Key, tuple[float, PrintedRow]] = {}
        self._lock = threading.Lock()
        self._rest = Rest(kept_s, self._sweep)

    def __len__(self) -> int:
        """Return the number of rows."""
        return len(self._kept)

    def find(self, key: Key, make: Callable[[], PrintedRow]) -> PrintedRow:
        """Return the row for a key; `make` it if none is kept."""
        found = self._kept.get(key)
        if found is not None and time.monotonic() - found[0] < self._kept_s:
            return found[1]
        made = make()
        if sum(len(value) for value in key[0] if isinstance(value, str)) <= MAX_SHOWN:
            self._keep(key, made)
        return made

    def _keep(self, key: Key, row: PrintedRow) -> None:
        with self._lock:
            self._kept.pop(key, None)
            while len(self._kept) >= MAX_KEPT:
                del self._kept[next(iter(self._kept))]
            self._kept[key] = (time.monotonic(), row)
        self._rest.begin()

    def _sweep(self) -> bool:
        """Drop what is too old; return whether anything is left."""
        since = time.monotonic() - self._kept_s
        with self._lock:
            for key in [key for key, (made_at, _) in self._kept.items() if made_at <= since]:
                del self._kept[key]
            return bool(self._kept)
