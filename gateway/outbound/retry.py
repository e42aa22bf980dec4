"""The retry schedule: when to retry, when to give up, and how many letters at a time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from tenacity import RetryCallState, wait_chain, wait_fixed, wait_random
from tenacity.wait import wait_base

# RFC 6647 section 4: a greylisting server accepts a retry after some minutes, not at once.
RETRY_MINUTES = (5, 10, 30, 60, 240)
_JITTER = wait_random(0, 30)


def build_backoff(minutes: Sequence[float]) -> wait_base:
    """Build waits of these minutes, repeating the last one, with a jitter of up to half a minute."""
    return wait_chain(*(wait_fixed(60 * each) for each in minutes)) + _JITTER


@dataclass(frozen=True, slots=True)
class Schedule:
    """When to retry, and when to give up (RFC 5321 section 4.5.4.1: after at least 4 to 5 days).

    Up to `slots` letters are in progress at a time, of these `per_domain` to one domain (0: no limit). A
    letter is held if building it fails, or the process exits while sending it, `max_failures` times in a row,
    so that the others continue. If our token is rejected, the next attempt is after `auth_retry_wait`, so
    that the letters are sent soon after an operator corrects it.
    """

    backoff: wait_base = field(default_factory=lambda: build_backoff(RETRY_MINUTES))
    give_up_after: timedelta = timedelta(days=5)
    lease: timedelta = timedelta(minutes=15)
    token_life: timedelta = timedelta(days=90)
    slots: int = 32
    per_domain: int = 0
    max_failures: int = 3
    auth_retry_wait: timedelta = timedelta(minutes=10)

    def next_attempt(self, attempts: int, now: datetime) -> datetime:
        """Return the time of the next attempt after `attempts` attempts."""
        state = RetryCallState(None, None, (), {})  # type: ignore[arg-type]  # only the count is looked at
        state.attempt_number = max(1, attempts)
        return now + timedelta(seconds=self.backoff(state))
