"""How many mails one client, or one organisation, may bring in an hour."""

from __future__ import annotations

from collections.abc import Callable
from time import monotonic

_HOUR_S = 3600.0


class RateLimiter:
    """At most `per_hour` at once for each key, and as many an hour on from then; 0 sets no limit.

    One number is kept for each key: the time at which its allowance will be whole again (the generic
    cell rate algorithm). Keys are forgotten when that has passed, or when there are too many of them.
    """

    def __init__(
        self, per_hour: int, *, clock: Callable[[], float] = monotonic, max_keys: int = 50_000
    ) -> None:
        self._cost_s = _HOUR_S / per_hour if per_hour else 0.0
        self._clock = clock
        self._max_keys = max_keys
        self._whole_at: dict[str, float] = {}

    def allow(self, key: str) -> bool:
        """Count one more for `key`; False, and nothing counted, when it had its share."""
        if not self._cost_s:
            return True
        now_s = self._clock()
        whole_at = max(self._whole_at.pop(key, now_s), now_s)
        admitted = whole_at + self._cost_s <= now_s + _HOUR_S
        # At the end again, so that the front holds who has been quiet longest.
        self._whole_at[key] = whole_at + self._cost_s if admitted else whole_at
        if len(self._whole_at) > self._max_keys:
            self._prune(now_s)
        return admitted

    def take(self, key: str, most: int) -> int:
        """Count up to `most` for `key`, as many as it has left; gives how many."""
        if not self._cost_s:
            return most
        return next((taken for taken in range(most) if not self.allow(key)), most)

    def give_back(self, key: str, number: int) -> None:
        """Take back what was counted for `key` and not used."""
        if key in self._whole_at:
            self._whole_at[key] -= number * self._cost_s

    def _prune(self, now_s: float) -> None:
        """Drop whose allowance is whole again; if that is nobody, the half that was quiet longest."""
        kept = {key: at for key, at in self._whole_at.items() if at > now_s}
        if len(kept) > self._max_keys:
            kept = dict(list(kept.items())[len(kept) // 2 :])
        self._whole_at = kept
