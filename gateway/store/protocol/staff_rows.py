"""What only the staff ask of the store: a part of every transaction."""

from __future__ import annotations

from datetime import date
from typing import Protocol

from gateway.admission.case.model import Absence, Case


class StaffRows(Protocol):
    """Who of the staff is away, and cases by what is known of them."""

    def note_absence(self, absence: Absence) -> None:
        """Note a member's absence in place of an earlier one, or its end."""
        ...

    def away_members(self, keys: tuple[str, ...], day: date) -> frozenset[str]:
        """Those of these addresses (`Address.key`) whose members are away on a day in Japan."""
        ...

    def cases_called_by(self, key: str) -> tuple[Case, ...]:
        """The cases that the member of this address (`Address.key`) confirmed by telephone."""
        ...

    def find_cases(self, text: str, limit: int) -> tuple[Case, ...]:
        """The newest cases whose number, address, name or organisation holds a text, at most `limit`."""
        ...
