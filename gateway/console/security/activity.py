"""What the console remembers between two pages: when each session opened its last one, which is told to the
gateway now and then, so that a page costs no write; and when the schema was last compared."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from datetime import datetime, timedelta

TELL_EVERY = timedelta(minutes=5)
CHECK_EVERY = timedelta(seconds=10)
MAX_KEPT = 1_000


@dataclass(frozen=True, slots=True)
class Activity:
    """Last page and last word to the gateway, by the digest of a session. Safe in threads."""

    _seen: dict[str, tuple[datetime, datetime]] = field(default_factory=dict)
    _checked: dict[str, datetime] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def is_check_due(self, now: datetime) -> bool:
        """Whether the versions of the schema were not found good a moment ago."""
        with self._lock:
            before = self._checked.get("schema")
        return before is None or not timedelta() <= now - before < CHECK_EVERY

    def note_check(self, now: datetime) -> None:
        """They were found good."""
        with self._lock:
            self._checked["schema"] = now

    def last(self, digest: str, stored: datetime) -> datetime:
        """The last page, of here or as the gateway knows it."""
        with self._lock:
            return max(self._seen.get(digest, (stored, stored))[0], stored)

    def note(self, digest: str, stored: datetime, now: datetime) -> bool:
        """A page is opened; whether it is time to tell the gateway."""
        with self._lock:
            _, told = self._seen.pop(digest, (stored, stored))
            is_time = now - told >= TELL_EVERY
            while len(self._seen) >= MAX_KEPT:
                del self._seen[next(iter(self._seen))]
            self._seen[digest] = (now, now if is_time else told)
            return is_time
