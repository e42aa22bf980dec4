"""A clock that goes only when it is told to."""

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
