"""Store operations that only staff need; part of every transaction."""

from __future__ import annotations

from datetime import date
from typing import Protocol

from gateway.admission.case.model import Absence, Case


class StaffRows(Protocol):
    """Absences of staff, and searches for cases."""

    def note_absence(self, absence: Absence) -> None:
        """Record a member's absence, replacing an earlier one, or its end."""
        ...

    def away_members(self, keys: tuple[str, ...], day: date) -> frozenset[str]:
        """Return the keys of these (`Address.key`) whose members are absent on a day in Japan."""
        ...

    def cases_called_by(self, key: str) -> tuple[Case, ...]:
        """Return the cases that the member with this address (`Address.key`) confirmed by telephone."""
        ...

    def find_cases(self, text: str, limit: int) -> tuple[Case, ...]:
        """Return the newest `limit` cases whose number, address, name or organisation contains a text."""
        ...
