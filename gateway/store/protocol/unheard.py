"""Mails that changed no case and queued no letter, and what the office can see of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from gateway.mail.address import Address


@dataclass(frozen=True, slots=True)
class UnheardMail:
    """A mail that nobody was notified of. `holds`: `form`, `decision`, `words`, or else `mail`."""

    id: int
    author: str
    holds: str


@dataclass(frozen=True, slots=True)
class KeptMail:
    """The same, with what is needed to read it again: `verdict` is JSON, `raw` the octets kept."""

    id: int
    author: Address
    verdict: str
    raw: bytes


class UnheardMails(Protocol):
    """Mails that nobody was notified of; part of every transaction."""

    def mark_unheard(self, mail_id: int, what: str) -> None:
        """Record what a mail holds that nobody was notified of; empty once somebody was."""
        ...

    def count_unheard(self, since: datetime) -> int:
        """Return how many of them arrived since then."""
        ...

    def unheard_mails(self, since: datetime, limit: int) -> tuple[UnheardMail, ...]:
        """Return those since then that hold a form, a decision or words, the newest at the front."""
        ...

    def unheard_mail(self, mail_id: int) -> KeptMail | None:
        """Return one by its row id; None for any other mail, and without an authenticated author."""
        ...
