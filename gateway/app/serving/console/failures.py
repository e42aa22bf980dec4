"""Failed sign-ins through the OpenID provider, by client: most of them cost a request to it."""

from __future__ import annotations

from collections import deque
from datetime import datetime, timedelta

FAILURES_AN_HOUR = 60
MAX_KEPT = 10_000
_HOUR = timedelta(hours=1)


class Failures:
    """The failures of the last hour, in memory: at most MAX_KEPT, the newest."""

    def __init__(self) -> None:
        self._noted: deque[tuple[datetime, str]] = deque(maxlen=MAX_KEPT)

    def note(self, client: str, now: datetime) -> None:
        """Record a failure."""
        self._noted.append((now, client))

    def is_full(self, client: str, now: datetime) -> bool:
        """Return whether a client has had FAILURES_AN_HOUR."""
        while self._noted and now - self._noted[0][0] >= _HOUR:
            self._noted.popleft()
        return sum(each == client for _, each in self._noted) >= FAILURES_AN_HOUR
