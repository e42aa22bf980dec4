"""When to try again, when to give up, and how much at a time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from tenacity import RetryCallState, wait_chain, wait_fixed, wait_random
from tenacity.wait import wait_base

# RFC 6647 section 4: a server that greylists wants to see us again after some minutes, not at once.
RETRY_MINUTES = (5, 10, 30, 60, 240)
_JITTER = wait_random(0, 30)


def build_backoff(minutes: Sequence[float]) -> wait_base:
    """Waits of so many minutes one after the other, the last one for ever, spread by half a minute."""
    return wait_chain(*(wait_fixed(60 * each) for each in minutes)) + _JITTER


@dataclass(frozen=True, slots=True)
class Schedule:
    """When to try again, and when to give up (RFC 5321 section 4.5.4.1: at least 4 to 5 days).

    `slots` letters are in hand at a time, of them `per_domain` to one domain (0: as many as there are).
    A letter that cannot be made, or in whose middle the process ends, `max_failures` times in a row is put on
    hold, so that the others go on. Where our token is not accepted, the next attempt is after
    `auth_retry_wait`: an operator repairs it, and then all leaves soon.
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
        """The time of the next attempt after `attempts` of them."""
        state = RetryCallState(None, None, (), {})  # type: ignore[arg-type]  # only the count is looked at
        state.attempt_number = max(1, attempts)
        return now + timedelta(seconds=self.backoff(state))
