"""A document that a provider publishes, as last fetched.

A provider that is down is left alone for a while. However many browsers wait, one request at a
time is made for it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Generic, TypeVar

from gateway.net.openid.protocol import ProviderError

FIRST_REST, MAX_REST = timedelta(seconds=5), timedelta(seconds=60)
T = TypeVar("T")


class Published(Generic[T]):
    """A document; `now` is the clock. After each failure in a row, the rest is twice as long."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        self._now = now
        self._found: tuple[datetime, T] | None = None
        self._failed_at: datetime | None = None
        self._rest = timedelta()
        self._lock = asyncio.Lock()

    async def get(self, kept: timedelta, fetch: Callable[[], Awaitable[T]]) -> T:
        """Return the document: that fetched at most `kept` ago, or a new one. Raises ProviderError."""
        async with self._lock:
            if self._found is not None and self._now() - self._found[0] <= kept:
                return self._found[1]
            self._check_rest()
            try:
                found = await fetch()
            except ProviderError:
                self._note_failure()
                raise
            self._found, self._failed_at, self._rest = (self._now(), found), None, timedelta()
            return found

    def _check_rest(self) -> None:
        """Raise ProviderError if the last request failed a moment ago."""
        if self._failed_at is None:
            return
        left = self._rest - (self._now() - self._failed_at)
        if timedelta() < left <= self._rest:  # a clock that was set back ends the rest
            raise ProviderError(f"the provider did not answer; next attempt in {left.total_seconds():.0f} s")

    def _note_failure(self) -> None:
        self._failed_at = self._now()
        self._rest = min(max(2 * self._rest, FIRST_REST), MAX_REST)
