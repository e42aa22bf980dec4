"""Who has just opened which case, so that two members do not work on it unknowingly; in memory only."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from datetime import datetime, timedelta

RECENT = timedelta(minutes=5)
MAX_KEPT = 1_000


@dataclass(frozen=True, slots=True)
class Opening:
    """A member, by the key of their address, and when they last opened a case."""

    member: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Openings:
    """The openings of each case, of the MAX_KEPT cases opened last. Thread-safe."""

    _kept: dict[str, dict[str, datetime]] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def note(self, number: str, member: str, now: datetime) -> list[Opening]:
        """Record that a member opened a case; return who else did within RECENT, the latest first."""
        with self._lock:
            before = self._kept.pop(number, {})
            found = {who: at for who, at in before.items() if now - at < RECENT and who != member}
            while len(self._kept) >= MAX_KEPT:
                del self._kept[next(iter(self._kept))]
            self._kept[number] = {**found, member: now}
        return sorted((Opening(*one) for one in found.items()), key=lambda one: one.at, reverse=True)
