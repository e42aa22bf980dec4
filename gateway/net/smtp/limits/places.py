"""The place of a session among all: who counts its client's connections and mails.

In one process that is the listener; a front asks the writer, who counts over all fronts.
"""

from __future__ import annotations

from typing import Protocol

from gateway.net.smtp.limits.rate_limit import RateLimiter
from gateway.net.smtp.limits.resource_usage import ResourceUsage


class Place(Protocol):
    """One for each session; a key is what connections of one client are counted by, `shared` a relay's."""

    def take(self, key: str, *, shared: bool) -> bool:
        """Count the session in; False, and nothing counted, when there are too many."""
        ...

    async def move(self, old: str, new: str, *, shared: bool) -> bool:
        """Count it for another client; False, and nothing changed, when that has too many."""
        ...

    async def allow_mail(self, key: str) -> bool:
        """Count one more mail; False when the client had its share of the hour."""
        ...

    def leave(self, key: str) -> None:
        """Count the session out."""
        ...


class LocalPlace:
    """A place of the listener itself."""

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
