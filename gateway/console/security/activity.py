"""Activity between two pages, and the last check of the schema.

The last page of each session is reported to the gateway only now and then, so that a page costs no write.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from gateway.store.console.sessions import TELL_EVERY

CHECK_EVERY = timedelta(seconds=10)
MAX_KEPT = 1_000


@dataclass(frozen=True, slots=True)
class Activity:
    """Last page and last report to the gateway, by the digest of a session. Thread-safe."""

    _seen: dict[str, tuple[datetime, datetime]] = field(default_factory=dict)
    _checked: dict[str, datetime] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def is_check_due(self, now: datetime) -> bool:
        """Return whether the last successful check of the schema versions is too long ago."""
        with self._lock:
            before = self._checked.get("schema")
        return before is None or not timedelta() <= now - before < CHECK_EVERY

    def note_check(self, now: datetime) -> None:
        """Record that the check succeeded."""
        with self._lock:
            self._checked["schema"] = now

    def last(self, digest: str, stored: datetime) -> datetime:
        """Return the time of the last page, here or as the gateway knows it."""
        with self._lock:
            return max(self._seen.get(digest, (stored, stored))[0], stored)

    def note(self, digest: str, stored: datetime, now: datetime) -> bool:
        """Record a page; return whether to report it to the gateway."""
        with self._lock:
            _, told = self._seen.pop(digest, (stored, stored))
            is_time = now - told >= TELL_EVERY
            while len(self._seen) >= MAX_KEPT:
                del self._seen[next(iter(self._seen))]
            self._seen[digest] = (now, now if is_time else told)
            return is_time
