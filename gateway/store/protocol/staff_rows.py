"""Store operations that only staff need; part of every transaction."""

from __future__ import annotations

from datetime import date, datetime
from typing import Protocol

from gateway.admission.case.model import Absence, Case, MailWish, StaffWishes
from gateway.mail.address import Address


class StaffRows(Protocol):
    """Absences of staff, their choices of mail, their sign-in codes, and searches for cases."""

    def note_absence(self, absence: Absence) -> None:
        """Record a member's absence, replacing an earlier one, or its end."""
        ...

    def note_mail_wish(self, wish: MailWish) -> None:
        """Record which letters a member chose to receive, in place of an earlier choice, or remove it."""
        ...

    def staff_wishes(self, keys: tuple[str, ...], day: date) -> dict[str, StaffWishes]:
        """Return what members set for themselves, on a day in Japan, by key (`Address.key`)."""
        ...

    def void_sign_in_codes(self, member: Address, now: datetime) -> None:
        """End the codes for the console that are on their way to this mailbox."""
        ...

    def cases_called_by(self, key: str) -> tuple[Case, ...]:
        """Return the cases that the member with this address (`Address.key`) confirmed by telephone."""
        ...

    def find_cases(self, text: str, limit: int) -> tuple[Case, ...]:
        """Return the newest `limit` cases whose number, address, name or organisation contains a text."""
        ...
