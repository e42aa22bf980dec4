"""The place of a session among all sessions: counts connections and mails per client.

With a single process the listener counts; a front asks the writer, which counts over all fronts.
"""

from __future__ import annotations

from typing import Protocol

from gateway.net.smtp.limits.rate_limit import RateLimiter
from gateway.net.smtp.limits.resource_usage import ResourceUsage


class Place(Protocol):
    """The place of one session; a key identifies a client in the counts, `shared` means it is a relay."""

    def take(self, key: str, *, shared: bool) -> bool:
        """Count the session; return False, without counting, if there are too many."""
        ...

    async def move(self, old: str, new: str, *, shared: bool) -> bool:
        """Count the session for another client; return False, changing nothing, if that one has too many."""
        ...

    async def allow_mail(self, key: str) -> bool:
        """Count one more mail; return False if the client's hourly limit is reached."""
        ...

    def leave(self, key: str) -> None:
        """Stop counting the session."""
        ...


class LocalPlace:
    """A place that the listener itself counts."""

    def __init__(self, occupancy: ResourceUsage, limiter: RateLimiter) -> None:
        self._occupancy, self._limiter = occupancy, limiter

    def take(self, key: str, *, shared: bool) -> bool:
        """See `Place`."""
        return self._occupancy.acquire(key, shared=shared)

    async def move(self, old: str, new: str, *, shared: bool) -> bool:
        """See `Place`."""
        return self._occupancy.reassign(old, new, shared=shared)

    async def allow_mail(self, key: str) -> bool:
        """See `Place`."""
        return self._limiter.allow(key)

    def leave(self, key: str) -> None:
        """See `Place`."""
        self._occupancy.release(key)
