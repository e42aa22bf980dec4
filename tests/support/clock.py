"""Clocks that go only when they are told to: one of the calendar, one of seconds."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from tests.support.factories import NOW


@dataclass
class Clock:
    """Give the object itself where a `now` is wanted."""

    moment: datetime = NOW

    def __call__(self) -> datetime:
        return self.moment

    def forward(self, **by: float) -> None:
        self.moment += timedelta(**by)


@dataclass
class MonotonicClock:
    """Seconds, as `time.monotonic` counts them."""

    now_s: float = 1000.0

    def __call__(self) -> float:
        return self.now_s
