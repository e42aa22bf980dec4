"""Rate limit: how many mails a client or an organisation may send per hour."""

from __future__ import annotations

from collections.abc import Callable
from time import monotonic

_HOUR_S = 3600.0


class RateLimiter:
    """Limiter that allows a burst of `per_hour` per key, then that many per hour; 0 means no limit.

    One number is stored per key: the time at which its full allowance is available again (the generic cell
    rate algorithm). A key is dropped after that time, or if there are too many keys.
    """

    def __init__(
        self, per_hour: int, *, clock: Callable[[], float] = monotonic, max_keys: int = 50_000
    ) -> None:
        self._cost_s = _HOUR_S / per_hour if per_hour else 0.0
        self._clock = clock
        self._max_keys = max_keys
        self._whole_at: dict[str, float] = {}

    def allow(self, key: str) -> bool:
        """Count one for `key`; return False, without counting, if its limit is reached."""
        if not self._cost_s:
            return True
        now_s = self._clock()
        whole_at = max(self._whole_at.pop(key, now_s), now_s)
        admitted = whole_at + self._cost_s <= now_s + _HOUR_S
        # Reinserted at the end, so that the keys that were idle longest come first.
        self._whole_at[key] = whole_at + self._cost_s if admitted else whole_at
        if len(self._whole_at) > self._max_keys:
            self._prune(now_s)
        return admitted

    def take(self, key: str, most: int) -> int:
        """Count up to `most` for `key`, as far as its limit permits, and return the number."""
        if not self._cost_s:
            return most
        return next((taken for taken in range(most) if not self.allow(key)), most)

    def give_back(self, key: str, number: int) -> None:
        """Return what was counted for `key` but not used."""
        if key in self._whole_at:
            self._whole_at[key] -= number * self._cost_s

    def _prune(self, now_s: float) -> None:
        """Drop keys with a full allowance; if too many remain, drop the half that was idle longest."""
        kept = {key: at for key, at in self._whole_at.items() if at > now_s}
        if len(kept) > self._max_keys:
            kept = dict(list(kept.items())[len(kept) // 2 :])
        self._whole_at = kept
